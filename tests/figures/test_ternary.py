"""Triangles of weights."""

import io
import itertools

import numpy as np
import pandas as pd
import pytest
from inspection import defects
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text
from PIL import Image

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Words, ternary
from cdppe_analysis.figures.palette import COLOURS

WEIGHTS = {"poids_ase": "ASE", "poids_igb": "indice de besoin", "poids_pauvrete": "ménages pauvres"}
WORDS = Words("Le Nord gagne avec l'ASE", "Écart en euros", source="essai", champ="essai")


def grid(steps=12):
    points = [(i, j, steps - i - j) for i, j in itertools.product(range(steps + 1), repeat=2) if i + j <= steps]
    frame = pd.DataFrame(points, columns=list(WEIGHTS)) / steps
    return frame.assign(**{"59": 100 * (frame["poids_ase"] - 0.3), "35": 50.0, "23": -frame["poids_igb"]})


def drawn(frame=None, columns=None, official=(0.5, 0.5, 0.0), weights=WEIGHTS):
    return ternary(grid() if frame is None else frame, weights, columns or {"Nord": "59"}, official, WORDS)


@pytest.mark.parametrize("columns", [{"Nord": "59"}, {"Nord": "59", "Ille-et-Vilaine": "35", "Creuse": "23"}])
def test_a_triangle_a_unit_is_drawn_without_a_defect(columns):
    found = drawn(columns=columns)
    triangles = [axes for axes in found.figure.axes if (axes.get_gid() or "").startswith("triangle-")]
    assert len(triangles) == len(columns)
    assert defects(found) == []


def test_the_alternative_says_for_which_share_of_the_weights_each_gains():
    frame = grid()
    share = (frame["59"] > 0).mean()
    said = drawn(frame, {"Nord": "59", "Creuse": "23"}).alternative.replace("\u202f", " ")
    # Where the gap is 0 the Creuse does not gain.
    assert f"Nord gagne pour {100 * share:.0f} % des poids ; Creuse gagne pour 0 % des poids" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"Nord": "60"}}, "no column '60'"),
        ({"columns": {str(rank): "59" for rank in range(5)}}, "1 to 4 triangles, not 5"),
        ({"weights": {"poids_ase": "ASE", "poids_igb": "IGB"}}, "three weights, not 2"),
        ({"official": (0.5, 0.5, 0.5)}, "sum to 1"),
        ({"official": (0.5, 0.3, 0.0)}, "sum to 1"),
        ({"frame": grid().assign(poids_ase=0.9)}, "sum to 1"),
        ({"frame": grid().assign(poids_ase=0.0)}, "sum to 1"),
        ({"frame": grid().assign(**{"59": float("nan")})}, "missing or infinite"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, said):
    with pytest.raises(FigureError, match=said):
        drawn(**options)


def test_the_colour_at_three_weights_is_that_of_the_key_for_a_gain_and_for_a_loss(key_of):
    """The first weight is at the top, the second on the left, the third on the right."""
    frame = grid()
    gaps = {"haut": "poids_ase", "gauche": "poids_igb", "droite": "poids_pauvrete"}
    chart = drawn(
        frame.assign(**{name: frame[weight] - 0.45 for name, weight in gaps.items()}), {name: name for name in gaps}
    )
    pixels = np.asarray(Image.open(io.BytesIO(chart.png(100))).convert("RGB"))
    key = key_of(chart)
    colours = {word: np.array(to_rgb(key[word].get_facecolor()[:3])) * 255 for word in ("gagne", "perd")}
    assert key["perd"].get_hatch()
    assert not key["gagne"].get_hatch()
    triangles = {axes.get_gid().removeprefix("triangle-"): axes for axes in chart.figure.axes if axes.name == "ternary"}
    for name, weight in gaps.items():
        for at in ((0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)):
            x, y = triangles[name].transAxes.transform((at[0] / 2 + at[2], at[0]))
            row, column = round(pixels.shape[0] - y), round(x)
            around = pixels[row - 4 : row + 5, column - 4 : column + 5].reshape(-1, 3)
            gains = at[list(WEIGHTS).index(weight)] > 0.45
            wanted = colours["gagne" if gains else "perd"]
            assert (np.abs(around - wanted).max(axis=1) < 6).mean() > 0.3, (name, at)


def test_the_star_stands_at_the_official_weights_and_the_corners_have_their_names():
    chart = drawn(official=(0.5, 0.3, 0.2))
    (axes,) = [axes for axes in chart.figure.axes if axes.name == "ternary"]
    (star,) = [line for line in axes.lines if line.get_marker() == "*"]
    (place,) = axes.transAxes.inverted().transform(star.get_transform().transform(star.get_xydata()))
    assert place.tolist() == pytest.approx([0.5 / 2 + 0.2, 0.5])
    for axis in (axes.taxis, axes.laxis, axes.raxis):
        ticks = dict(zip((text.get_text() for text in axis.get_ticklabels()), axis.get_majorticklocs(), strict=True))
        assert ticks == {"25": 0.25, "50": 0.5, "75": 0.75}
    (top, left, right) = (next(text for text in axes.texts if text.get_text() == name) for name in WEIGHTS.values())
    assert top.get_position()[1] > 1
    assert left.get_position()[0] < 0.5 < right.get_position()[0]
    assert max(left.get_position()[1], right.get_position()[1]) < 0
    assert "Nord" in [text.get_text() for text in axes.findobj(Text)]


def test_a_border_is_drawn_only_between_a_gain_and_a_loss():
    frame = grid()
    frame = frame.assign(**{"59": frame["59"] / 1000, "62": frame["poids_igb"]})
    chart = drawn(frame, {"Nord": "59", "Ille-et-Vilaine": "35", "Pas-de-Calais": "62"})
    inks = {
        axes.get_gid().removeprefix("triangle-"): sum(
            to_hex(colour) == COLOURS["encre"] for layer in axes.collections for colour in layer.get_edgecolor()
        )
        for axes in chart.figure.axes
        if axes.name == "ternary"
    }
    assert inks == {"Nord": 1, "Ille-et-Vilaine": 0, "Pas-de-Calais": 0}
    (axes,) = [axes for axes in chart.figure.axes if axes.get_gid() == "triangle-Nord"]
    (border,) = [
        layer for layer in axes.collections if [to_hex(one) for one in layer.get_edgecolor()] == [COLOURS["encre"]]
    ]
    places = axes.transAxes.inverted().transform(axes.transData.transform(border.get_paths()[0].vertices))
    # The Nord gains above 0.3 of the first weight, which is at the top.
    assert places[:, 1] == pytest.approx(0.3)


def test_a_unit_whose_amount_never_changes_is_drawn():
    assert "Nord gagne pour 0" in drawn(grid().assign(**{"59": 0.0})).alternative


def test_weights_of_0_are_weights_and_those_below_are_none():
    table = drawn(grid()[["59", *reversed(WEIGHTS)]], official=(1.0, 0.0, 0.0)).table
    assert table.columns.tolist() == [*WEIGHTS, "59"]
    assert table[list(WEIGHTS)].min().min() == 0
    frame = grid()
    frame.loc[0, list(WEIGHTS)] = [-0.1, 0.5, 0.6]
    with pytest.raises(FigureError, match="from 0 on"):
        drawn(frame)


def test_triangles_look_as_they_did(assert_same_look):
    chart = drawn(columns={"Nord": "59", "Ille-et-Vilaine": "35", "Creuse": "23"})
    assert_same_look(chart.figure, "triangles")
    layers = [layer for axes in chart.figure.axes for layer in axes.collections]
    looks = [(to_hex(c), layer.get_hatch()) for layer in layers for c in layer.get_facecolor()]
    assert {colour for colour, _ in looks} >= {COLOURS["bleu_clair"], COLOURS["orange_clair"]}

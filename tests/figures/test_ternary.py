"""Triangles of weights."""

import itertools

import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Words, ternary
from cdppe_analysis.figures.inspection import defects

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
    assert f"Nord gagne pour {100 * share:.0f}" in drawn(frame).alternative


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"Nord": "60"}}, "no column '60'"),
        ({"columns": {str(rank): "59" for rank in range(5)}}, "1 to 4 triangles, not 5"),
        ({"weights": {"poids_ase": "ASE", "poids_igb": "IGB"}}, "three weights, not 2"),
        ({"official": (0.5, 0.5, 0.5)}, "sum to 1"),
        ({"frame": grid().assign(poids_ase=0.9)}, "sum to 1"),
        ({"frame": grid().assign(**{"59": float("nan")})}, "missing or infinite"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, said):
    with pytest.raises(FigureError, match=said):
        drawn(**options)

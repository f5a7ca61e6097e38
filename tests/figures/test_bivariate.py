"""Two rates on one map: nine looks, told apart without colour too."""

import itertools
import re

import pytest
from inspection import defects

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Scale, bivariate, palette
from cdppe_analysis.figures.bivariate import _TEXTURES
from cdppe_analysis.typography import typeset

SCALES = (Scale("‰", 1, "enfants accueillis pour 1 000"), Scale("%", 1, "taux de pauvreté"))


@pytest.fixture(scope="module")
def carte(france, words):
    return bivariate(france, "taux", "pauvrete_2019", words, *SCALES)


def test_it_stands_the_inspection(carte):
    assert defects(carte) == []


def test_its_nine_looks_look_as_they_did(carte, assert_same_picture):
    assert_same_picture(carte, "carte-deux-mesures")


def test_the_nine_counts_make_the_departements_that_have_both(carte, france):
    (legend,) = [axes for axes in carte.figure.axes if axes.get_gid() == "legende"]
    counts = [int(text.get_text()) for text in legend.texts if text.get_text().isdigit() and text.get_bbox_patch()]
    assert len(counts) == 9
    assert sum(counts) == len(france.dropna(subset=["taux", "pauvrete_2019"]))


def test_a_unit_that_lacks_one_value_has_no_data(carte):
    patch = next(p for axes in carte.figure.axes for p in axes.patches if p.get_gid() == "departement-976")
    assert patch.get_hatch()


def test_the_nine_looks_differ_for_colour_blind_readers(eye):
    colours = [colour for row in palette.BIVARIATE for colour in row]
    for vision in ("normale", "deuteranopie", "protanopie"):
        assert all(eye.distance(a, b, vision) > 9 for a, b in itertools.combinations(colours, 2))


def test_in_black_and_white_texture_tells_rows_and_lightness_columns(eye):
    assert len(set(_TEXTURES)) == 3
    for row in palette.BIVARIATE:
        grey = [eye.lightness(colour) for colour in row]
        assert all(a - b > 15 for a, b in itertools.pairwise(grey))


def test_a_column_with_too_few_values_is_refused(france, words):
    with pytest.raises(FigureError, match="too few distinct values"):
        bivariate(france.assign(deux=france["taux"].gt(10).astype(float)), "deux", "taux", words, *SCALES)


def test_zeros_are_the_low_end_of_a_measure_that_is_cut_in_thirds_too(france, words):
    zeros = france.assign(taux=france["taux"].where(~france["code_departement"].isin(["59", "62"]), 0.0))
    counts = bivariate(zeros, "taux", "pauvrete_2019", words, *SCALES).table["classe"].value_counts(sort=False)
    assert counts.drop("pas de donnée").between(32, 35).all()
    assert "de 0 à 10,4" in counts.index


def test_columns_that_no_unit_has_together_are_refused(france, words):
    split = france.assign(a=france["taux"].where(france.index < 50), b=france["taux"].where(france.index >= 50))
    with pytest.raises(FigureError, match="no unit has both"):
        bivariate(split, "a", "b", words, *SCALES)


def test_each_departement_has_the_look_of_its_cell_and_each_cell_its_count(carte, france):
    """A third of the départements in each class of either measure: `a` to `c` across, 1 to 3 up."""
    shown = {patch.get_gid(): patch for axes in carte.figure.axes for patch in axes.patches if patch.get_gid()}
    both = france.set_index("code_departement")[["taux", "pauvrete_2019"]].dropna()
    cells = {name: shown[f"legende-{name}"] for name in (a + b for a in "abc" for b in "123")}
    found = {}
    for code in both.index:
        own = shown[f"departement-{code}"]
        (name,) = [
            name
            for name, cell in cells.items()
            if (own.get_facecolor(), own.get_hatch()) == (cell.get_facecolor(), cell.get_hatch())
        ]
        found[code] = name
    for column, place in (("taux", 0), ("pauvrete_2019", 1)):
        groups = both.groupby([found[code][place] for code in both.index])[column]
        assert (groups.max().to_numpy()[:-1] <= groups.min().to_numpy()[1:]).all()
        assert groups.size().between(25, 40).all()
    legend = cells["a1"].axes
    for name, cell in cells.items():
        x, y = cell.get_x() + cell.get_width() / 2, cell.get_y() + cell.get_height() / 2
        (text,) = [text for text in legend.texts if text.get_position() == pytest.approx((x, y))]
        assert int(text.get_text()) == list(found.values()).count(name)
    assert cells["a1"].get_x() < cells["b1"].get_x() < cells["c1"].get_x()
    assert cells["a1"].get_y() < cells["a2"].get_y() < cells["a3"].get_y()
    high = list(found.values()).count("c3")
    assert f"{high} départements sont dans la classe haute des deux" in carte.alternative
    for column, scale in zip(both, SCALES, strict=True):
        assert typeset(scale.extremes(both[column]).rstrip(".")) in typeset(carte.alternative)


def test_each_row_of_the_table_says_the_class_of_either_measure(carte):
    """The bounds of a class are those of its label: « plus de 7,9 à 9,8 »."""
    rows = carte.table.dropna()
    assert len(rows) == 100  # Mayotte has neither.
    for column, label in (("taux", "classe"), ("pauvrete_2019", "classe_pauvrete_2019")):
        for value, text in zip(rows[column], rows[label], strict=True):
            low, high = (float(bound.replace(",", ".")) for bound in re.findall(r"\d+(?:,\d+)?", text))
            assert low - 0.05 <= value <= high + 0.05


def test_the_names_of_rows_and_columns_stand_beside_their_cells(carte):
    (legend,) = [axes for axes in carte.figure.axes if axes.get_gid() == "legende"]
    cells = {patch.get_gid(): patch for patch in legend.patches if (patch.get_gid() or "").startswith("legende-")}
    for letter in "abc":
        (name,) = [text for text in legend.texts if text.get_text() == letter]
        cell = cells[f"legende-{letter}1"]
        assert name.get_position()[0] == pytest.approx(cell.get_x() + cell.get_width() / 2)
        assert name.get_position()[1] < cell.get_y()
    for digit in "123":
        cell = cells[f"legende-a{digit}"]
        middle = cell.get_y() + cell.get_height() / 2
        (name,) = [
            text
            for text in legend.texts
            if text.get_text() == digit and text.get_position()[0] < cell.get_x() and text.get_ha() == "right"
        ]
        assert name.get_position()[1] == pytest.approx(middle)


def test_its_key_and_its_names_look_as_they_did(carte, assert_same_look):
    assert_same_look(carte.figure, "carte-deux-mesures")

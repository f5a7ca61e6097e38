"""Classes: what the legend says is true of every département."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import palette
from cdppe_analysis.figures.classes import METHODS, MOST, Scale, _cuts, classify
from cdppe_analysis.typography import NNBSP

AMOUNTS = st.lists(st.integers(-10_000, 10_000).map(lambda n: n / 100), min_size=1, max_size=60)


def named(values):
    return pd.Series(values, index=[f"u{n:03d}" for n in range(len(values))], dtype=float)


def read(text):
    return float(text.replace("−", "-").replace(",", ".").replace(NNBSP, ""))


def holds(label, value):
    """Read a legend as a reader does, and say whether it holds a value."""
    numbers = [read(found) for found in re.findall(rf"−?[\d{NNBSP}]+(?:,\d+)?", label)]
    if label.startswith("plus de"):
        return value > numbers[0] and (len(numbers) == 1 or value <= numbers[1])
    if "moins de" in label:
        return numbers[0] <= value < numbers[1]
    if len(numbers) == 2:
        return numbers[0] <= value <= numbers[1]
    return value == pytest.approx(numbers[0], abs=0.006)


@given(AMOUNTS, st.sampled_from(sorted(METHODS)), st.integers(3, 6), st.sampled_from([None, 0.0, 12.5]))
def test_every_value_is_in_one_class_whose_printed_bounds_hold_it(values, method, classes, center):
    series = named(values)
    made = classify(series, Scale(classes=classes, method=method, center=center, decimals=2))
    labels = made.labels
    assert set(labels) == set(series.index)
    assert sum(len(one.codes) for one in made.ordered) == len(series)
    assert all(holds(labels[code], value) for code, value in series.items())


@given(AMOUNTS, st.integers(3, 6))
def test_there_are_never_more_classes_than_asked_for(values, classes):
    assert len(classify(named(values), Scale(classes=classes, decimals=2)).classes) <= classes


def test_quantiles_of_the_30_amounts_of_2020_hold_six_each(wave):
    """Annex 7, table B."""
    amounts = wave.set_index("code_departement")["montant_eur"].astype(float)
    assert [len(one.codes) for one in classify(amounts, Scale(classes=5)).classes] == [6, 6, 6, 6, 6]


@pytest.mark.slow
@given(AMOUNTS, st.sampled_from(sorted(METHODS)), st.integers(3, 6))
def test_the_cuts_of_a_method_are_those_of_mapclassify(values, method, classes):
    """The same sums in another order: where two cuts are as good, the sum of squares decides, not the place."""
    import mapclassify

    series = named(values)
    names = {"quantiles": "Quantiles", "fisher_jenks": "FisherJenks", "head_tail": "HeadTailBreaks"}
    options = {} if method == "head_tail" else {"k": min(classes, series.nunique())}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = getattr(mapclassify, names[method])(np.sort(series.to_numpy()), **options).bins
    cuts = _cuts(series, classes, method)
    if method == "fisher_jenks":
        spreads = [
            sum(((part - part.mean()) ** 2).sum() for _, part in series.groupby(np.searchsorted(ends, series)))
            for ends in (cuts, np.unique(expected)[:-1])
        ]
        assert spreads[0] == pytest.approx(spreads[1], rel=1e-9, abs=1e-6)
    else:
        assert cuts == pytest.approx([one for one in np.unique(expected) if one < series.max()][: MOST - 1])


def test_nested_means_are_those_of_what_is_above_the_mean_before():
    """Jiang 2013: the mean of 1 to 16 by doubling is 6.2, that of 8 and 16 is 12; 16 alone has none above it."""
    assert _cuts(named([1, 2, 4, 8, 16]), 5, "head_tail") == [6.2, 12]


def test_a_cut_at_the_largest_value_is_none():
    assert _cuts(named([1, 2, 3, 3, 3, 3]), 3, "quantiles") == pytest.approx([8 / 3])


def test_natural_breaks_leave_the_least_spread_within_classes():
    assert _cuts(named([1, 2, 3, 10, 11, 30, 31, 33]), 3, "fisher_jenks") == [3, 11]


def test_the_three_largest_and_the_three_smallest_are_named_in_their_order():
    values = pd.Series(
        {code: float(rank) for rank, code in enumerate(["59", "62", "80", "02", "60", "08", "51", "10"])}
    )
    assert Scale().extremes(values).replace(NNBSP, " ") == (
        "Les plus fortes valeurs : Aube (7 €), Marne (6 €), Ardennes (5 €) ; "
        "les plus faibles : Nord (0 €), Pas-de-Calais (1 €), Somme (2 €)."
    )
    assert Scale().extremes(values[:3]).replace(NNBSP, " ") == (
        "Les plus fortes valeurs : Somme (2 €) ; les plus faibles : Nord (0 €)."
    )
    assert Scale().extremes(values[:1]).replace(NNBSP, " ") == "Une seule valeur : Nord (0 €)."


def test_zero_stands_apart_from_the_classes():
    made = classify(named([0, 0, 1, 2, 3, 4, 5]), Scale(classes=3))
    assert made.apart.codes == ("u000", "u001")
    assert all("u000" not in one.codes for one in made.classes)
    whole = classify(named([0, 0, 1, 2, 3, 4, 5]), Scale(classes=3, zero_apart=False))
    assert whole.apart is None
    assert whole.classes[0].codes == ("u000", "u001", "u002")
    assert classify(named([0, 1]), Scale(zero_apart=False)).apart is None


def test_a_diverging_scale_is_symmetric_about_its_centre():
    made = classify(named(np.linspace(-18, 30, 40)), Scale(classes=4, center=0, decimals=1))
    bounds = {abs(read(n)) for one in made.classes for n in re.findall(r"−?\d+(?:,\d+)?", one.label)}
    inner = {bound for bound in bounds if bound not in {0.0, 18.0, 30.0}}
    assert len(inner) == 1
    assert [one.side for one in made.classes] == [-1, -1, 1, 1]


def test_the_classes_of_a_diverging_scale_are_cut_from_its_centre_whatever_it_is():
    made = classify(named(range(30, 71)), Scale(classes=4, center=50))
    assert [(one.label, len(one.codes)) for one in made.ordered] == [
        ("de 30,0 à moins de 39,5", 10),
        ("de 39,5 à moins de 50,0", 10),
        ("50", 1),
        ("plus de 50,0 à 60,5", 10),
        ("plus de 60,5 à 70,0", 10),
    ]


def test_an_odd_diverging_scale_has_a_neutral_class_in_the_middle():
    made = classify(named(np.linspace(-9, 9, 41)), Scale(classes=5, center=0, decimals=1))
    assert [one.side for one in made.classes] == [-1, -1, 0, 1, 1]


def test_values_on_one_side_only_keep_their_side():
    made = classify(named([1, 2, 3, 4, 5, 6, 7]), Scale(classes=4, center=0))
    assert {one.side for one in made.classes} == {1}


def test_given_bounds_are_kept_even_where_a_class_is_empty():
    made = classify(named([1, 2, 30]), Scale(method=[5, 10, 20]))
    assert [(one.label, len(one.codes)) for one in made.classes] == [
        ("de 1 à 5", 2),
        ("plus de 5 à 10", 0),
        ("plus de 10 à 20", 0),
        ("plus de 20 à 30", 1),
    ]
    assert made.method == "bornes choisies"


def test_a_constant_column_makes_one_class():
    (one,) = classify(named([7.25] * 5), Scale(decimals=2)).classes
    assert (one.label, len(one.codes)) == ("7,25", 5)


def test_a_constant_column_on_a_diverging_scale_is_printed_with_the_decimals_asked_for():
    (one,) = classify(named([5] * 4), Scale(center=0)).classes
    assert one.label == "plus de 0 à 5"


def test_more_classes_than_values_make_a_class_a_value():
    made = classify(named([3, 1, 3]), Scale(classes=5))
    assert [(one.label, len(one.codes)) for one in made.classes] == [("1", 1), ("3", 2)]


def test_bounds_that_would_print_alike_take_more_decimals():
    made = classify(named(np.linspace(0.001, 0.009, 30)), Scale(classes=3, decimals=0))
    assert [one.label for one in made.classes] == [
        "de 0,0010 à 0,0037",
        "plus de 0,0037 à 0,0063",
        "plus de 0,0063 à 0,0090",
    ]
    assert [len(one.codes) for one in made.classes] == [10, 10, 10]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"method": "jolies"}, "the method 'jolies' is unknown"),
        ({"classes": 9}, "a map has 3 to 6 classes, not 9"),
        ({"classes": 2}, "a map has 3 to 6 classes, not 2"),
        ({"method": [3, 1]}, "increasing order"),
        ({"method": [1, 2, 3, 4, 5, 6]}, "at most 6 classes"),
        ({"method": [-15, -5, 0, 5, 12], "center": 0}, "not as far below 0 as above it"),
        ({"method": [5, 40, 95], "center": 50}, "not as far below 50 as above it"),
    ],
)
def test_what_cannot_be_classed_is_refused_in_one_sentence(options, sentence):
    with pytest.raises(FigureError, match=sentence):
        classify(named([1, 2, 3, 4, 5, 6, 7, 8]), Scale(**options))


def test_each_class_has_its_own_look():
    made = classify(pd.Series(range(1, 21), index=[f"{n:02d}" for n in range(1, 21)], dtype=float), Scale(classes=6))
    shown = made.looks
    assert len({look.face for look in shown.values()}) == 6


def test_below_the_centre_a_texture_comes_with_the_colour():
    values = pd.Series([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0], index=list("abcdefg"))
    made = classify(values, Scale(classes=4, center=0))
    shown = made.looks
    textured = {code for one in made.classes if shown[one.label].hatch for code in one.codes}
    assert textured == {"a", "b", "c"}
    assert shown["0"].face == palette.NEUTRAL


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_a_texture_shows_on_its_colour(count, eye):
    """WCAG 2.2, 1.4.11: at least 3 for what must be seen."""
    made = classify(
        pd.Series(range(-30, 31), index=[str(n) for n in range(61)], dtype=float), Scale(classes=count, center=0)
    )
    below = [look for look in made.looks.values() if look.hatch]
    nine = [palette.Look.textured(colour, "....") for row in palette.BIVARIATE for colour in row]
    assert below
    assert all(eye.contrast(look.face, look.edge) >= 3 for look in (*below, *nine))


def test_a_zero_on_a_sequential_scale_looks_like_none_of_the_classes():
    made = classify(pd.Series([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], index=list("abcdef")), Scale(classes=3))
    shown = made.looks
    assert shown["0"] == palette.ZERO


def test_colours_grow_darker_with_the_values_and_with_the_distance_to_a_centre():
    values = named(range(-30, 31))
    plain = classify(values + 100, Scale(classes=5))
    assert [plain.looks[one.label].face for one in plain.classes] == palette.shades(palette.SEQUENTIAL, 5)
    low, high = (palette.shades(side, 3) for side in palette.DIVERGING)
    diverging = classify(values, Scale(classes=6, center=0))
    assert [diverging.looks[one.label].face for one in diverging.classes] == [*reversed(low), *high]
    assert [one.rank for one in diverging.classes] == [2, 1, 0, 0, 1, 2]
    assert diverging.fills["u000"] == diverging.looks[diverging.classes[0].label]
    odd = classify(values, Scale(classes=5, center=0))
    assert odd.looks[odd.classes[2].label].face == palette.NEUTRAL


def test_the_centre_stands_between_the_sides_and_zero_before_the_classes():
    made = classify(named([-2, -1, 0, 1, 2]), Scale(classes=4, center=0))
    assert [one.side for one in made.ordered] == [-1, -1, 0, 1, 1]
    assert made.ordered[2].label == "0"
    lower = classify(named([-9, -8, -7, -6, -5, -4, 0, 1]), Scale(classes=6, center=0))
    assert [one.side for one in lower.ordered] == [-1, -1, -1, 0, 1]
    assert classify(named([0, 1, 2, 3, 4]), Scale(classes=3)).ordered[0].codes == ("u000",)


def test_a_value_on_a_bound_is_in_the_class_that_says_so():
    made = classify(named([-10, -5, -4, 4, 5, 10]), Scale(method=[-5, 0, 5], center=0))
    assert [(one.label, one.codes) for one in made.classes] == [
        ("de −10 à moins de −5", ("u000",)),
        ("de −5 à moins de 0", ("u001", "u002")),
        ("plus de 0 à 5", ("u003", "u004")),
        ("plus de 5 à 10", ("u005",)),
    ]
    plain = classify(named([1, 5, 6, 10]), Scale(method=[5]))
    assert [(one.label, one.codes) for one in plain.classes] == [
        ("de 1 à 5", ("u000", "u001")),
        ("plus de 5 à 10", ("u002", "u003")),
    ]


def test_bounds_beyond_the_values_are_told_without_the_end_that_is_not_there():
    made = classify(named([6, 7]), Scale(method=[5, 10]))
    assert [one.label for one in made.classes] == ["5 ou moins", "plus de 5 à 10", "plus de 10"]


def test_the_method_is_said_as_the_legend_prints_it():
    assert classify(named(range(1, 20)), Scale(classes=4)).method == "quantiles (autant de départements par classe)"
    assert classify(named(range(20)), Scale(classes=4, center=2.5)).method.endswith("des écarts à 2,5, symétriques")
    assert classify(named([1, 2]), Scale()).method == "une classe par valeur"
    by_method = [classify(named(range(1, 20)), Scale(method=method)).method for method in ("fisher_jenks", "head_tail")]
    assert by_method == ["seuils naturels (Fisher-Jenks)", "moyennes emboîtées (head/tail breaks)"]


def test_a_scale_writes_its_values_and_its_name():
    signed = [Scale("€").written(value, signed=True).replace(NNBSP, " ") for value in (-1234.5, 0.0, 12.0)]
    assert signed == ["−1 235 €", "0 €", "+12 €"]
    assert Scale("%", 1).written(0.05).replace(NNBSP, " ") == "0,1 %"
    assert (Scale("%").title, Scale("%", legend="Taux").title) == ("En %", "Taux")


def test_six_classes_are_allowed_and_three():
    values = named(range(1, 40))
    assert [len(classify(values, Scale(classes=count)).classes) for count in (3, 6)] == [3, 6]
    assert len(classify(values, Scale(method=[1, 2, 3, 4, 5])).classes) == 6

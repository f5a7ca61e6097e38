"""The looks of classes: one a class, a texture where black and white would lose the sign."""

import pandas as pd
import pytest

from cdppe_analysis.figures import looks, palette
from cdppe_analysis.figures.classes import classify


def test_each_class_has_its_own_look():
    made = classify(pd.Series(range(1, 21), index=[f"{n:02d}" for n in range(1, 21)], dtype=float), classes=6)
    shown = looks.class_looks(made)
    assert len({look.face for look in shown.values()}) == 6


def test_below_the_centre_a_texture_comes_with_the_colour():
    values = pd.Series([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0], index=list("abcdefg"))
    made = classify(values, classes=4, center=0)
    shown = looks.class_looks(made)
    textured = {code for one in made.classes if shown[one.label].hatch for code in one.codes}
    assert textured == {"a", "b", "c"}
    assert shown["0"].face == looks.NEUTRAL


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_a_texture_shows_on_its_colour(count):
    """WCAG 2.2, 1.4.11: at least 3 for what must be seen."""
    made = classify(pd.Series(range(-30, 31), index=[str(n) for n in range(61)], dtype=float), classes=count, center=0)
    below = [look for look in looks.class_looks(made).values() if look.hatch]
    nine = [looks.textured(colour, "....") for row in palette.BIVARIATE for colour in row]
    assert below
    assert all(palette.contrast(look.face, look.edge) >= 3 for look in (*below, *nine))


def test_a_zero_on_a_sequential_scale_looks_like_none_of_the_classes():
    made = classify(pd.Series([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], index=list("abcdef")), classes=3)
    shown = looks.class_looks(made)
    assert shown["0"] == looks.ZERO

"""What a person wrote is read strictly, each error with its place and its class."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cdppe_analysis.errors import NeedsError, RuleError
from cdppe_analysis.storage.strict import Strict


def test_an_exact_number_may_be_a_fraction_text_or_a_decimal():
    read = Strict(RuleError)
    assert [read.exact(value, "x") for value in ("1/3", "0.285", Decimal("0.5"), 15_000_000)] == [
        Fraction(1, 3),
        Fraction(57, 200),
        Fraction(1, 2),
        Fraction(15_000_000),
    ]


@pytest.mark.parametrize("value", [0.285, True, "1/0", "abc", None, "", Decimal("NaN"), "9" * 5000, "١"])
def test_what_is_no_exact_number_is_refused_at_its_place(value):
    with pytest.raises(NeedsError) as caught:
        Strict(NeedsError).exact(value, "sessad.yml, places")
    assert caught.value.cell == "sessad.yml, places"


def test_an_unknown_key_names_the_nearest_known():
    with pytest.raises(NeedsError, match="unknown key 'place'; the nearest known is 'places'"):
        Strict(NeedsError).mapping({"place": 1}, ("places", "titre"), "sessad.yml")


@pytest.mark.parametrize(("typed", "meant"), [("0,285", "0.285"), ("1 000 €", "1000"), ("1\u202f000,5", "1000.5")])
def test_what_is_nearly_exact_is_refused_with_what_to_write(typed, meant):
    with pytest.raises(RuleError, match=f"is no exact number; write '{meant}'"):
        Strict(RuleError).exact(typed, "x")

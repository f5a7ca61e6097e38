"""Errors: one sentence, then the place."""

import pytest

from cdppe_analysis import errors


def test_the_place_follows_the_sentence():
    error = errors.CriteriaError("a beneficiary has no value", code="23", criterion="igb", cell="row 4")
    assert str(error) == "a beneficiary has no value (code 23, criterion igb, at row 4)"


def test_a_sentence_without_a_place_stands_alone():
    assert str(errors.RuleError("no")) == "no"


@pytest.mark.parametrize("name", [n for n in dir(errors) if n.endswith("Error")])
def test_a_failed_check_exits_with_1_and_a_bad_input_with_2(name):
    kind = getattr(errors, name)
    assert issubclass(kind, errors.CdppeError)
    assert kind.exit_code == (1 if name == "CheckError" else 2)

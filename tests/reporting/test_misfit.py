"""Choices without a solution, told in French with the two figures that do not fit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cdppe_analysis.errors import CriteriaError, InfeasibleError, RuleError
from cdppe_analysis.reporting.choice import Choice
from cdppe_analysis.reporting.misfit import misfit, told
from cdppe_analysis.typography import NNBSP

CODES = ["03", "23", "59", "62"]


def choice(**changes: Any) -> Choice:
    values = {"enveloppe": Fraction(100), "plancher": None, "plafond": None, "garantie": None, **changes}
    return Choice("r", (("a", Fraction(1)),), beneficiaires="l", **values)


@pytest.mark.parametrize(
    ("changes", "message", "advice"),
    [
        ({"enveloppe": Fraction(0)}, "nulle", "supérieure à zéro"),
        ({"plancher": Fraction(30), "plafond": Fraction(20)}, "(30 €) est supérieur au maximum (20 €)", "Baissez"),
        ({"plancher": Fraction(30)}, "4 bénéficiaires × 30 € = 120 €, pour une enveloppe de 100 €", "jusqu’à 25 €"),
        ({"plafond": Fraction(20)}, "4 bénéficiaires × 20 € = 80 €, pour une enveloppe de 100 €", "sous 25 €"),
        ({"garantie": (Fraction(2), Fraction(3))}, "garantis font 200 €, pour une enveloppe de 100 €", "garantie"),
        ({"garantie": (Fraction(0), Fraction(1, 2))}, "ne peuvent dépasser 50 €", "Relevez"),
        (
            {"plancher": Fraction(24), "garantie": (Fraction(0), Fraction(1, 2))},
            "Pour Allier, le minimum (24 €) est supérieur au maximum (12,50 €)",
            "Élargissez",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_figures(changes: dict[str, Any], message: str, advice: str):
    official = dict.fromkeys(CODES, Fraction(25))
    found = misfit(choice(**changes), CODES, official)
    assert found is not None
    assert message in found.message.replace(NNBSP, " ")
    assert advice in found.conseil.replace(NNBSP, " ")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"plancher": Fraction(25)},
        {"plafond": Fraction(25)},
        {"garantie": (Fraction(1), Fraction(1))},
        {"plancher": Fraction(20), "plafond": Fraction(30), "garantie": (Fraction(4, 5), Fraction(6, 5))},
    ],
)
def test_a_choice_that_just_fits_has_no_misfit(changes: dict[str, Any]):
    assert misfit(choice(**changes), CODES, dict.fromkeys(CODES, Fraction(25))) is None


def test_a_beneficiary_without_a_value_is_named_with_its_criterion():
    found = told(CriteriaError("no value", code="2A", criterion="ase"), choice(), {"ase": "Enfants protégés"})
    assert "Enfants protégés" in found.message
    assert "Corse-du-Sud" in found.message


@pytest.mark.parametrize("error", [InfeasibleError("no solution"), RuleError("no rule")])
def test_any_other_error_of_the_engine_is_told_too(error: Exception):
    assert told(error, choice(), {}).conseil

"""Two published sharings, recomputed: amounts that the engine did not deduce, held to their last digit."""

from fractions import Fraction

import pandas as pd
import pytest

from cdppe_analysis import allocate, load_rule, read_criteria
from cdppe_analysis.sources.documents import load_sources
from cdppe_analysis.storage.files import data_dir

STUDIES = {"contribution-2017": 33, "jeunes-majeurs-2024": 18}
every_study = pytest.mark.parametrize("name", STUDIES)


def study(name):
    folder = data_dir() / "etudes" / name
    printed = pd.read_csv(folder / "montants.csv", dtype=str).set_index("code_departement")["montant_eur"]
    return load_rule(folder / "regle.yml"), read_criteria(folder / "criteres.csv"), printed.map(Fraction).to_dict()


def rates(amounts, counts, below, above):
    """Return the amounts a unit that a printed amount allows, when the exact one is in [a - below, a + above]."""
    return (
        max((amount - below) / counts[code] for code, amount in amounts.items()),
        min((amount + above) / counts[code] for code, amount in amounts.items()),
    )


def counts_of(criteria):
    return {code: Fraction(value) for code, value in criteria.itertuples(index=False)}


@every_study
def test_every_published_amount_comes_back_to_the_last_digit(name):
    rule, criteria, printed = study(name)
    assert len(printed) == STUDIES[name]
    assert allocate(rule, criteria).final == printed


@every_study
def test_one_rate_and_the_nearest_unit_explain_the_amounts_and_no_cut_does(name):
    rule, criteria, printed = study(name)
    unit = rule.arrondi.unite_eur
    found = {}
    for way, below, above in (("nearest", unit / 2, unit / 2), ("down", 0, unit), ("up", unit, 0)):
        low, high = rates(printed, counts_of(criteria), below, above)
        found[way] = low <= high
    assert found == {"nearest": True, "down": False, "up": False}


def test_the_sum_of_the_contributions_is_their_envelope_so_that_largest_remainders_agree():
    rule, criteria, printed = study("contribution-2017")
    assert sum(printed.values()) == rule.enveloppe == Fraction("563126.93")
    assert allocate(rule.changed({"arrondi.methode": "plus_forts_restes"}), criteria).final == printed


def test_only_one_whole_envelope_gives_the_grants_of_2024_and_each_was_rounded_alone():
    rule, criteria, printed = study("jeunes-majeurs-2024")
    counts = counts_of(criteria)
    low, high = (rate * sum(counts.values()) for rate in rates(printed, counts, Fraction(1, 2), Fraction(1, 2)))
    assert [euros for euros in range(7_066_800, 7_066_815) if low <= euros <= high] == [rule.enveloppe]
    assert allocate(rule, criteria).rounding_gap == -1
    remainders = allocate(rule.changed({"arrondi.methode": "plus_forts_restes"}), criteria).final
    assert [code for code in printed if remainders[code] != printed[code]] == ["17"]


def test_no_larger_unit_than_half_a_youth_gives_the_grants_of_2024():
    _, criteria, printed = study("jeunes-majeurs-2024")
    counts = counts_of(criteria)
    assert {count.denominator for count in counts.values()} == {1, 2}
    half = sum(printed.values()) / sum(counts.values()) / 2
    smallest = counts["05"] * 2
    candidates = [printed["05"] / number for number in range(1, int(smallest))]
    assert all(unit > half for unit in candidates)
    for unit in candidates:
        whole = {code: round(amount / unit) for code, amount in printed.items()}
        low, high = rates(printed, whole, Fraction(1, 2), Fraction(1, 2))
        assert low > high


@every_study
def test_what_a_rule_cites_is_in_the_catalogue_of_its_folder(name):
    rule, _, _ = study(name)
    known = load_sources(data_dir() / "etudes" / name)
    assert {criterion.source for criterion in rule.criteres} == set(known)
    assert rule.references.enveloppe.source in known

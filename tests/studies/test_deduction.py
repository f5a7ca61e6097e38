"""The index that was never published, deduced from the amounts of annex 7."""

import dataclasses
from fractions import Fraction

import pytest

from cdppe_analysis import allocate, load_criteria, load_rule, load_table
from cdppe_analysis.errors import RuleError
from cdppe_analysis.studies import deduction
from cdppe_analysis.studies.deduction import index_intervals


@pytest.fixture(scope="module")
def rule():
    return load_rule("ondam-ms-2020")


@pytest.fixture(scope="module")
def published():
    return load_table("allocations").set_index("code_departement")["montant_eur"]


@pytest.fixture(scope="module")
def intervals(rule):
    return index_intervals(rule, load_table("criteres"), load_table("allocations"))


def test_every_interval_holds_its_centre_and_its_certificate(intervals):
    table = intervals.table
    assert (table["borne_basse"] <= table["centre"]).all()
    assert (table["centre"] <= table["borne_haute"]).all()
    assert intervals.largest_gap_eur == pytest.approx(0.5, abs=1e-6)


def test_the_scores_off_the_plancher_are_known_within_0_67_per_cent(rule, intervals):
    """Worked example E: lambda lies between E less what the Creuse may take, and E."""
    low, high = intervals.multiplier
    assert high == pytest.approx(15_000_000, abs=30)
    assert high / low - 1 <= 0.0068


def test_of_the_creuse_only_a_maximum_is_known(intervals):
    """Worked example E: it is at the plancher; its share may be 0."""
    creuse = intervals.table.set_index("code_departement").loc["23"]
    assert creuse["borne_basse"] == 0
    assert creuse["borne_haute"] == pytest.approx(0.006683, abs=1e-6)


def test_the_amounts_come_back_to_the_euro_when_each_is_rounded_on_its_own(rule, published):
    """Annex 7, B: thirty amounts of thirty, and their total of 15 000 001 €."""
    own = dataclasses.replace(rule, arrondi=dataclasses.replace(rule.arrondi, methode="independant"))
    found = allocate(own, load_criteria(own)).table.set_index("code_departement")["montant_eur"]
    assert (found == published).all()
    assert found.sum() == 15_000_001


def test_the_amounts_come_back_within_a_euro_when_the_total_is_exact(rule, published):
    allocation = allocate(rule, load_criteria(rule))
    gaps = allocation.table.set_index("code_departement")["montant_eur"] - published
    assert gaps.sum() == -1
    assert gaps.abs().max() == 1
    assert sum(allocation.final.values()) == Fraction(15_000_000)


def test_another_series_of_children_gives_another_index(rule, intervals):
    minors = index_intervals(
        rule, load_table("criteres"), load_table("allocations"), "hors-jeunes-majeurs-2020"
    ).table.set_index("code_departement")["centre"]
    change = minors / intervals.table.set_index("code_departement")["centre"] - 1
    assert change.idxmin() == "57"
    assert change.idxmax() == "03"


def test_what_a_caller_changes_in_the_intervals_stays_with_that_caller(rule, intervals):
    found = index_intervals(rule, load_table("criteres"), load_table("allocations"))
    found.table["centre"] = 0.0
    again = index_intervals(rule, load_table("criteres"), load_table("allocations"))
    assert again.table.equals(intervals.table)


def test_an_index_is_kept_for_each_variant_of_the_other_criterion(rule, published):
    rows = deduction.deduced_index(rule, load_table("criteres"), load_table("allocations"))
    assert rows["edition"].unique().tolist() == ["deduit-ase-tous-ages", "deduit-ase-hors-jeunes-majeurs-2020"]
    assert len(rows) == 2 * len(published)
    once = rows.drop_duplicates(["critere", "millesime", "unite", "statut", "source"])
    assert once[["critere", "millesime", "unite", "statut", "source"]].to_numpy().tolist() == [
        ["igb", rule.criterion("igb").millesime, "part des trente départements", "derive", "annexe7-ondam-2020"]
    ]
    places = load_table("allocations").set_index("code_departement")["emplacement"]
    assert (rows["emplacement"] == rows["code_departement"].map(places)).all()
    assert rows.groupby("edition")["valeur"].sum().tolist() == pytest.approx([1, 1])


def test_the_criterion_that_is_deduced_is_the_one_whose_edition_says_so(rule):
    assert deduction.deduced_criterion(rule) == "igb"
    bare = dataclasses.replace(
        rule, criteres=tuple(dataclasses.replace(criterion, edition=None) for criterion in rule.criteres)
    )
    assert deduction.deduced_criterion(bare) is None
    with pytest.raises(RuleError, match="no criterion of the rule is deduced from published amounts") as refused:
        index_intervals(bare, load_table("criteres"), load_table("allocations"))
    assert refused.value.cell == "ondam-ms-2020"


def test_the_centre_and_the_certificates_are_the_caller_s_own(rule):
    one, other = (index_intervals(rule, load_table("criteres"), load_table("allocations")) for _ in range(2))
    assert one.centre == other.centre
    assert one.centre is not other.centre
    assert one.certificates is not other.certificates

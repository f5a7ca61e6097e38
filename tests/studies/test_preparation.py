"""Scenarios on the real figures: the expected results stand beside, and a few are redone by hand."""

import csv
import math
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data, load_scenario, load_table
from cdppe_analysis.errors import CriteriaError, InfeasibleError, ScenarioError
from cdppe_analysis.rules import Names, Scenario, parse_rule
from cdppe_analysis.simulation import measures
from cdppe_analysis.studies import preparation
from cdppe_analysis.studies.preparation import (
    MOST_CHANGES,
    _change_groups,
    _contributions,
    compare_prepared,
    contributions_of,
    prepare,
)

EXPECTED = Path(__file__).parent.parent / "data" / "scenarios"
PUBLISHED = load_table("allocations").set_index("code_departement")["montant_eur"]


def exacts(given):
    return allocate(given.rule, given.criteria).exact


@pytest.fixture(scope="module")
def prepared():
    data = Data.open()
    return {identifier: prepare(data.scenario(identifier), data) for identifier in data.scenario_ids()}


def test_every_scenario_gives_its_expected_amounts(prepared):
    """Amounts as whole euros in `tests/data/scenarios/montants.csv`, one row a scenario and unit."""
    with (EXPECTED / "montants.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    found = []
    for identifier, given in prepared.items():
        finals = allocate(given.rule, given.criteria).final
        found += [(identifier, code, str(amount)) for code, amount in finals.items()]
    assert found == expected


def test_every_scenario_gives_its_expected_measures(prepared):
    """Measures in `tests/data/scenarios/mesures.csv`, euros to the cent and indices to six decimals."""
    with (EXPECTED / "mesures.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["scenario"]: row for row in csv.DictReader(file)}
    assert set(expected) == set(prepared)
    for identifier, given in prepared.items():
        found = compare_prepared(given)
        for name, text in expected[identifier].items():
            if name != "scenario":
                decimals = 2 if name == "argent_deplace" else 6
                assert f"{found.measure(name):.{decimals}f}" == text, (identifier, name)


def test_the_baseline_of_every_scenario_is_the_publication_to_half_a_euro(prepared):
    """annexe7-ondam-2020, B: the thirty published amounts."""
    given = next(iter(prepared.values()))
    for code, amount in allocate(given.base, given.base_criteria).exact.items():
        assert abs(float(amount) - PUBLISHED[code]) <= 0.5 + 1e-6


def test_with_population_alone_every_unit_above_the_minimum_has_the_same_amount_a_head(prepared):
    given = prepared["population-seule-totale"]
    amounts = allocate(given.rule, given.criteria)
    heads = dict(zip(given.criteria["code_departement"], given.criteria["population"], strict=True))
    rates = {code: float(amount) / heads[code] for code, amount in amounts.exact.items() if amount > 100_000}
    assert max(rates.values()) == pytest.approx(min(rates.values()))


def test_a_prevalence_that_is_the_same_everywhere_changes_nothing_to_the_share_of_the_ase(prepared):
    assert exacts(prepared["besoin-attendu"]) == exacts(prepared["ase-seule"])


def test_a_weight_of_100_percent_is_the_criterion_alone(prepared):
    assert exacts(prepared["poids-ase-100"]) == exacts(prepared["ase-seule"])


def test_a_garantie_of_90_to_110_percent_holds_for_every_unit(prepared):
    given = prepared["garantie-90-110"]
    for code, amount in allocate(given.rule, given.criteria).exact.items():
        assert 0.9 * PUBLISHED[code] - 1e-6 <= amount <= 1.1 * PUBLISHED[code] + 1e-6


def test_three_years_lead_from_the_garantie_to_the_rule(prepared):
    assert exacts(prepared["retour-trois-ans-an-3"]) == exacts(prepared["millesime-ase-2022"])


def test_the_extension_keeps_the_index_of_those_that_are_known(prepared):
    given = prepared["extension-101-50m"]
    before = given.base_criteria.set_index("code_departement")["igb"]
    after = given.criteria.set_index("code_departement")["igb"]
    common = before.index.intersection(after.index)
    assert len(common) == 29
    pd.testing.assert_series_equal(after[common], before[common])
    assert after["2A"] + after["2B"] == pytest.approx(before["20"])


def test_the_extension_supposes_the_others_in_proportion_to_their_children(prepared):
    given = prepared["extension-101-15m"]
    children = Data.open().series("enfants_0_19", 2019, "insee-estim-pop-2020-01-14", ["01", "13"])
    index = given.criteria.set_index("code_departement")["igb"]
    assert index["13"] / index["01"] == pytest.approx(children["13"] / children["01"])
    assert given.completions["igb"]["13"] == given.completions["igb"]["01"] > 0.5
    assert given.completions["igb"]["59"] == 0


def test_contributions_of_combined_changes_sum_to_the_whole_to_the_cent(prepared):
    given = prepared["garantie-90-110"]
    found = contributions_of(given).groupby("code_departement")["contribution"].sum()
    gaps = compare_prepared(given).table.set_index("code_departement")["difference"]
    assert (found - gaps).abs().max() < 0.005


def test_a_comparison_counts_from_the_baseline_that_is_at_hand_and_tells_amounts_a_child(prepared):
    given = prepared["poids-ase-060"]
    found = compare_prepared(given, allocate(given.rule, given.criteria))
    assert found.measure("argent_deplace") == 0
    nord = found.table.set_index("code_departement").loc["59"]
    assert nord["avant_par_enfant"] == nord["avant"] / given.children["59"]


def scenario(**changes):
    return replace(load_scenario("mineurs"), **changes)


def test_an_infeasible_garantie_is_told_with_the_two_sums():
    tight = (("garantie", {"minimum": "1.1", "maximum": "1.2", "reference": "ondam-ms-2020"}),)
    with pytest.raises(InfeasibleError, match=r"sum to 16500001\.1 €, more than the envelope of 15000000 €"):
        prepare(scenario(differences=tight))


def test_unknown_reference_amounts_name_the_nearest():
    wrong = (("garantie", {"minimum": "0.9", "reference": "ondam-2020"}),)
    with pytest.raises(Exception, match="nearest is 'ondam-ms-2020'"):
        prepare(scenario(differences=wrong))


def test_a_year_that_the_series_has_not_is_refused_with_those_it_has():
    with pytest.raises(CriteriaError, match="no value for the year 2031"):
        prepare(scenario(differences=(("criteres.ase_0_17.millesime", 2031),)))


def test_units_without_an_index_are_refused_without_a_declared_hypothesis():
    with pytest.raises(CriteriaError, match=r"no value.*criterion igb"):
        prepare(scenario(differences=(("beneficiaires", "departements-101"),)))


def test_a_dispersion_is_observed_or_a_number():
    extended = load_scenario("extension-101-15m")
    fixed = replace(extended, hypotheses=(replace(extended.hypotheses[0], dispersion="0.3"),))
    assert prepare(fixed).completions["igb"]["01"] == 0.3
    for dispersion in ("beaucoup", "-0.1", "1/0", "1e400"):
        wrong = replace(extended, hypotheses=(replace(extended.hypotheses[0], dispersion=dispersion),))
        with pytest.raises(ScenarioError, match=f"'observee' or a number from 0 on, not '{dispersion}'"):
            prepare(wrong)


KNOWN = {"01": 0.2, "02": 0.3, "03": 0.5}
SERIES = {"01": 10, "02": 20, "03": 20, "04": 100}


def test_what_is_known_stays_and_the_rest_is_in_the_ratio_of_the_totals():
    values, _ = preparation._completed(KNOWN, SERIES, ["01", "04"], "igb")
    assert values == {"01": 0.2, "04": pytest.approx(100 * 1.0 / 50)}


def test_the_dispersion_is_that_of_the_known_ratios():
    _, dispersion = preparation._completed(KNOWN, SERIES, ["04"], "igb")
    strays = np.log([0.2 / 0.2, 0.3 / 0.4, 0.5 / 0.4])
    assert dispersion == pytest.approx(math.sqrt(math.exp(strays.var(ddof=1)) - 1))


def test_a_series_without_a_value_for_a_unit_is_refused():
    with pytest.raises(CriteriaError, match=r"no value \(code 05, criterion igb\)"):
        preparation._completed(KNOWN, SERIES, ["05"], "igb")


def test_a_known_value_of_0_counts_in_the_ratio_and_tells_nothing_of_what_others_stray():
    known = {**KNOWN, "05": 0.0}
    values, dispersion = preparation._completed(known, {**SERIES, "05": 50}, ["04"], "igb")
    assert values == {"04": pytest.approx(100 * 1.0 / 100)}
    assert dispersion == pytest.approx(preparation._completed(KNOWN, SERIES, ["04"], "igb")[1])


def test_two_units_are_too_few_to_tell_a_ratio():
    with pytest.raises(CriteriaError, match="fewer than three"):
        preparation._completed({"01": 0.2, "02": 0.3}, SERIES, ["04"], "igb")


def test_a_series_that_is_proportional_strays_by_nothing():
    values, dispersion = preparation._completed(
        {"01": 2.0, "02": 4.0, "03": 6.0}, {"01": 1, "02": 2, "03": 3, "04": 5}, ["01", "04"], "igb"
    )
    assert (values, dispersion) == ({"01": 2.0, "04": 10.0}, 0.0)


def test_a_criterion_of_a_study_without_a_column_is_told_with_its_file(tmp_path, write_study):
    units = "code,nom,appartient_a\nS1,Service du Nord,59\nS2,Service du Lot,46\n"
    data = Data.open(write_study(tmp_path / "accueil", units, "code,places,enfants\nS1,1,3\nS2,2,1\n"))
    (data.folder / "criteres.csv").write_text("code,places\nS1,1\nS2,2\n", encoding="utf-8")
    header = ("essai", "Essai", "A", "R", "accueil", "X")
    scenario = Scenario(*header, (("plancher", 10),), False, (), (), "essai")
    with pytest.raises(
        CriteriaError, match=r"criteres\.csv has no column 'enfants', a criterion of 'accueil'"
    ) as caught:
        prepare(scenario, data)
    assert caught.value.cell == "criteres.csv"


def test_the_index_is_what_is_deduced_of_a_baseline_that_is_published(prepared):
    assert prepared["mineurs"].deduced == "igb"
    other = replace(prepared["mineurs"], base=replace(prepared["mineurs"].base, id="ondam-ms-2021"))
    assert (len(other.published), other.deduced) == (0, None)
    assert len(prepared["mineurs"].published) == 30
    of_children = replace(prepared["mineurs"], base=replace(prepared["mineurs"].base, criteres=(
        replace(prepared["mineurs"].base.criteres[0], poids=1),
    )))  # fmt: skip
    assert of_children.deduced is None
    # One value that is printed, and the criterion is no longer deduced.
    table = prepared["mineurs"].tables["criteres"].copy()
    own = table["critere"].eq("igb") & table["edition"].eq(prepared["mineurs"].base.criterion("igb").edition)
    table.loc[table.index[own][0], "statut"] = "publie"
    tables = {**prepared["mineurs"].tables, "criteres": table}
    assert replace(prepared["mineurs"], tables=tables).deduced is None


def test_only_a_scenario_of_other_beneficiaries_changes_the_units(prepared):
    assert prepared["extension-101-15m"].units_change
    assert not prepared["mineurs"].units_change
    (first, *rest), base = prepared["mineurs"].base.beneficiaires, prepared["mineurs"].base
    assert first != "01"
    assert replace(prepared["mineurs"], base=replace(base, beneficiaires=("01", *rest))).units_change


def test_the_tables_that_are_read_are_those_of_the_criteria_and_of_the_children(prepared):
    used = set(prepared["mineurs"].tables["criteres"]["critere"])
    assert used == {"ase_0_17", "igb"}
    assert "enfants_0_19" in set(prepared["extension-101-15m"].tables["criteres"]["critere"])
    base = prepared["mineurs"].base
    alone = replace(base, criteres=(replace(base.criterion("igb"), poids=Fraction(1)),))
    other = prepare(scenario(differences=(("plancher", 50_000),)), base=alone)
    assert set(other.tables["criteres"]["critere"]) == {"ase_0_17", "igb"}, "amounts a child are told by the children"


def test_a_completion_takes_the_year_and_the_edition_of_its_criterion():
    extended = load_scenario("extension-101-15m")
    given = prepare(extended)
    criterion = given.rule.criterion("igb")
    rows, variation = preparation._completed_rows(
        given.rule, criterion, extended.hypotheses[0], given.data.table("criteres")
    )
    assert (set(rows["millesime"]), set(rows["edition"]), set(rows["statut"])) == (
        {criterion.millesime}, {criterion.edition}, {"estime"},
    )  # fmt: skip
    known = given.data.table("criteres").query("critere == 'igb'")
    assert (set(rows["source"]), set(rows["unite"])) == ({"hypothese"}, set(known["unite"]))
    assert set(rows["emplacement"]) == {f"en proportion de {extended.hypotheses[0].par}"}
    assert set(rows["code_departement"]) == {code for code, spread in variation.items() if spread > 0}
    with pytest.raises(CriteriaError, match="must name the one edition that a hypothesis completes"):
        preparation._completed_rows(
            given.rule, replace(criterion, edition=None), extended.hypotheses[0], given.data.table("criteres")
        )


@pytest.mark.parametrize(("dispersion", "value"), [("0", 0), ("0.3", 0.3), ("1/2", 0.5)])
def test_a_dispersion_may_be_0(dispersion, value):
    [hypothesis] = load_scenario("extension-101-15m").hypotheses
    assert preparation._positive(replace(hypothesis, dispersion=dispersion)) == value
    with pytest.raises(ScenarioError, match=r"a number from 0 on, not '-0\.1'"):
        preparation._positive(replace(hypothesis, dispersion="-0.1"))


CODES = ["03", "23", "59", "80"]
RULE = {
    "id": "base",
    "titre": "Base",
    "millesime": 2020,
    "enveloppe": {"valeur": 1_000_000, "unite": "EUR", "source": "note", "emplacement": "p. 1"},
    "beneficiaires": CODES,
    "criteres": [
        {"id": "ase", "poids": "0.50", "millesime": 2017, "source": "note", "emplacement": "p. 1"},
        {"id": "igb", "poids": "0.50", "millesime": 2019, "source": "note", "emplacement": "p. 1"},
    ],
    "plancher": {"valeur": 100_000, "unite": "EUR", "source": "note", "emplacement": "p. 1"},
}
CRITERIA = {
    2017: pd.DataFrame({"code_departement": CODES, "ase": [700, 300, 9000, 2000], "igb": [10, 2, 70, 18]}),
    2022: pd.DataFrame({"code_departement": CODES, "ase": [900, 200, 8000, 2900], "igb": [10, 2, 70, 18]}),
}


def amounts(differences):
    rule = parse_rule(RULE, Names(), "base.yml").changed(dict(differences))
    return allocate(rule, CRITERIA[rule.criterion("ase").millesime]).exact


DIFFERENCES = [
    ("criteres.ase.poids", "0.80"),
    ("criteres.igb.poids", "0.20"),
    ("criteres.ase.millesime", 2022),
    ("plancher", 200_000),
]


def test_the_contributions_sum_to_the_whole_difference_to_the_cent():
    found = _contributions(DIFFERENCES, amounts).groupby("code_departement")["contribution"].sum()
    before, after = amounts([]), amounts(DIFFERENCES)
    for code in CODES:
        assert found[code] == pytest.approx(float(after[code] - before[code]), abs=0.005)


def test_each_change_moves_money_and_creates_none():
    found = _contributions(DIFFERENCES, amounts).groupby("changement")["contribution"].sum()
    assert found.abs().max() < 1e-6


def test_a_contribution_is_the_mean_over_all_orders():
    groups = _change_groups(DIFFERENCES)
    total = Fraction(0)
    orders = list(permutations(groups))
    for order in orders:
        before = [pair for label in order[: order.index("plancher")] for pair in groups[label]]
        total += amounts([*before, *groups["plancher"]])["23"] - amounts(before)["23"]
    found = _contributions(DIFFERENCES, amounts).set_index(["code_departement", "changement"])["contribution"]
    assert found[("23", "plancher")] == pytest.approx(float(total / len(orders)))


def test_weights_are_one_change_since_they_only_sum_to_1_together():
    assert list(_change_groups(DIFFERENCES)) == ["criteres", "criteres.ase.millesime", "plancher"]


def test_a_change_that_makes_no_rule_alone_is_named():
    clashing = [("plancher", 240_000), ("enveloppe", 960_000), ("plafond", 200_000)]
    with pytest.raises(ScenarioError, match="plafond alone makes no rule"):
        _contributions(clashing, amounts)


def test_too_many_changes_are_refused():
    with pytest.raises(ScenarioError, match="11 changes are too many to tell apart: 2048 rules; at most 10"):
        _contributions([(f"criteres.c{rank}.millesime", 2020) for rank in range(MOST_CHANGES + 1)], amounts)
    reached = np.array([[Fraction(chosen.bit_count())] for chosen in range(2**MOST_CHANGES)])
    assert measures.shapley_values(reached).tolist() == [[1]] * MOST_CHANGES


def test_the_year_and_the_edition_of_a_criterion_are_one_change_and_its_weight_another():
    paths = ["criteres.ase.edition", "criteres.ase.poids", "criteres.ase.millesime", "criteres.igb", "arrondi.methode"]
    found = _change_groups([(path, rank) for rank, path in enumerate(paths)])
    assert {label: [rank for _, rank in pairs] for label, pairs in found.items()} == {
        "criteres.ase.millesime": [0, 2],
        "criteres": [1, 3],
        "arrondi": [4],
    }


def test_a_unit_that_receives_nothing_under_some_changes_may_be_left_out():
    def received(chosen):
        return {"03": Fraction(8)} | ({"23": Fraction(4)} if ("plafond", 2) in chosen else {})

    found = _contributions([("plancher", 1), ("plafond", 2)], received)
    assert found.to_numpy().tolist() == [
        ["03", "plancher", 0.0], ["03", "plafond", 0.0], ["23", "plancher", 0.0], ["23", "plafond", 4.0],
    ]  # fmt: skip


def counted(differences):
    """Share 100 € between two units: each change adds 1 € to the first."""
    return {"03": Fraction(50 + len(differences)), "23": Fraction(50 - len(differences))}


def test_ten_changes_are_told_apart_and_eleven_are_not():
    assert MOST_CHANGES == 10
    ten = [(f"changement_{rank}", "1") for rank in range(10)]
    found = _contributions(ten, counted)
    assert found["contribution"].tolist() == [1.0] * 10 + [-1.0] * 10
    with pytest.raises(ScenarioError, match="11 changes are too many to tell apart: 2048 rules; at most 10"):
        _contributions([*ten, ("changement_10", "1")], counted)


def test_what_makes_no_rule_is_named_by_the_fewest_changes():
    """The first two together make none, and so does the third alone: the third is named."""

    def refuse(differences):
        paths = {path for path, _ in differences}
        if {"a", "b"} <= paths or "c" in paths:
            raise ScenarioError("no rule")
        return counted(differences)

    with pytest.raises(ScenarioError, match=r"^c alone makes no rule"):
        _contributions([("a", 1), ("b", 1), ("c", 1)], refuse)
    with pytest.raises(ScenarioError, match=r"^a and b alone makes no rule"):
        _contributions([("a", 1), ("b", 1)], refuse)


def test_a_unit_that_one_set_of_changes_leaves_out_receives_nothing_there():
    def amounts_of(differences):
        return {"03": Fraction(10), "23": Fraction(4)} if differences else {"03": Fraction(10)}

    found = _contributions([("a", 1)], amounts_of).set_index("code_departement")["contribution"]
    assert found.to_dict() == {"03": 0, "23": 4}

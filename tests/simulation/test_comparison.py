"""Two distributions side by side."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Criterion, Names, Rule
from cdppe_analysis.simulation import measures
from cdppe_analysis.simulation.comparison import compare
from cdppe_analysis.territories import Departement, Territories, departement

BEFORE = {"23": 100_000, "59": 1_995_607, "80": 374_500, "973": 216_505}
AFTER = {"23": 100_000, "59": 1_900_000, "80": 470_107, "973": Fraction(433011, 2)}


def column(found, name):
    return dict(zip(found.table["code_departement"], found.table[name], strict=True))


def test_units_stand_in_the_order_of_their_codes_with_their_names():
    found = compare(dict(reversed(BEFORE.items())), AFTER)
    assert found.table["code_departement"].tolist() == ["23", "59", "80", "973"]
    assert found.table["libelle_departement"].tolist() == ["Creuse", "Nord", "Somme", "Guyane"]


def test_differences_are_told_in_euros_in_share_and_a_child():
    found = compare(BEFORE, AFTER, enfants={"23": 300, "59": 9_560, "80": 1_900, "973": 1_000})
    assert column(found, "difference")["59"] == -95_607
    assert column(found, "difference_pct")["59"] == pytest.approx(-95_607 / 1_995_607)
    assert column(found, "difference_par_enfant")["80"] == pytest.approx(95_607 / 1_900)


def test_a_difference_of_half_a_euro_is_no_gain():
    assert column(compare(BEFORE, AFTER), "effet") == {
        "23": "inchange",
        "59": "perdant",
        "80": "gagnant",
        "973": "inchange",
    }


def test_a_percentage_of_nothing_is_missing():
    found = compare({"23": 0, "59": 10}, {"23": 5, "59": 5})
    assert np.isnan(column(found, "difference_pct")["23"])


def test_the_money_that_changes_hands_is_half_the_sum_of_differences():
    found = compare(BEFORE, AFTER)
    assert found.measure("argent_deplace") == pytest.approx(95_607)
    assert found.measure("part_deplacee") == pytest.approx(found.measure("argent_deplace") / sum(BEFORE.values()))


def test_the_envelope_is_told_without_the_last_bits_of_its_sum():
    found = compare({"23": 0.1, "59": 0.2}, {"23": 0.25, "59": 0.5})
    assert (found.measure("enveloppe", "avant"), found.measure("enveloppe")) == (0.3, 0.75)


def test_winners_and_losers_are_counted():
    found = compare(BEFORE, AFTER)
    assert [found.measure(name) for name in ("gagnants", "perdants", "inchanges")] == [1, 1, 2]
    raised = compare(BEFORE, {code: amount + 1 for code, amount in BEFORE.items()})
    assert [raised.measure(name) for name in ("gagnants", "perdants", "inchanges")] == [4, 0, 0]


def test_a_rank_that_rises_is_above_0():
    found = compare({"23": 1, "59": 2}, {"23": 5, "59": 2})
    assert column(found, "rang_variation") == {"23": 1, "59": -1}


def test_another_set_of_units_is_refused_unless_the_scenario_changes_them():
    with pytest.raises(ScenarioError, match="on one side only: 01, 973"):
        compare(BEFORE, {**{code: 1 for code in BEFORE if code != "973"}, "01": 5})
    for before, after in ((BEFORE, {**BEFORE, "01": 5}), ({**BEFORE, "01": 5}, BEFORE)):
        with pytest.raises(ScenarioError, match="on one side only: 01"):
            compare(before, after)


def test_newcomers_and_leavers_are_shown_as_such_and_are_neither_winners_nor_losers():
    after = {code: amount for code, amount in BEFORE.items() if code != "973"} | {"01": 216_505}
    found = compare(BEFORE, after, units_change=True)
    assert column(found, "situation") == {
        "01": "entrant",
        "23": "commun",
        "59": "commun",
        "80": "commun",
        "973": "sortant",
    }
    assert found.measure("entrants") == found.measure("sortants") == 1
    assert pd.isna(column(found, "effet")["01"])
    assert np.isnan(column(found, "difference")["973"])


def test_what_newcomers_receive_and_leavers_leave_changes_hands_whole():
    found = compare({"23": 100, "59": 900}, {"23": 100, "80": 900}, units_change=True)
    assert found.measure("argent_deplace") == 900


def test_no_common_unit_is_refused():
    with pytest.raises(ScenarioError, match="no unit in common"):
        compare({"01": 1}, {"02": 1}, units_change=True)


def test_groups_are_formed_on_the_baseline_whatever_the_other_side():
    codes = ["01", "02", "03", "04", "05", "06"]
    before = dict(zip(codes, [10, 20, 30, 40, 50, 60], strict=True))
    turned = dict(zip(codes, [60, 50, 40, 30, 20, 10], strict=True))
    first, second = compare(before, before).table["groupe"], compare(before, turned).table["groupe"]
    assert first.tolist() == second.tolist()
    assert first.tolist() == ["tiers inférieur"] * 2 + ["tiers médian"] * 2 + ["tiers supérieur"] * 2
    wider = compare(before, {**before, "23": 5, "59": 70, "80": 90}, units_change=True).table["groupe"]
    assert wider.tolist() == [*first, "entrants", "entrants", "entrants"]


def test_units_that_tie_on_the_baseline_are_in_one_group():
    before = {f"{rank:02d}": 100 for rank in range(1, 6)} | {"06": 500}
    groups = compare(before, before).table["groupe"].tolist()
    assert groups == ["tiers inférieur"] * 5 + ["tiers supérieur"]


def test_a_unit_without_a_number_of_children_is_refused():
    with pytest.raises(ScenarioError, match=r"protected children \(code 23\)"):
        compare(BEFORE, AFTER, enfants={"80": 1, "973": 1})
    with pytest.raises(ScenarioError, match=r"a population \(code 80\)"):
        compare(BEFORE, AFTER, population=dict.fromkeys(BEFORE, 1) | {"80": float("nan")})


def test_inequality_is_told_before_and_after_with_the_population_asked_for():
    people = {"23": 20_000, "59": 650_000, "80": 135_000, "973": 125_000}
    found = compare(BEFORE, AFTER, population=people)
    assert found.measure("gini", "avant") != compare(BEFORE, AFTER).measure("gini", "avant")
    assert found.measure("theil") == pytest.approx(
        found.measure("theil_entre_regions") + found.measure("theil_dans_regions")
    )


def test_a_measure_that_does_not_exist_is_refused():
    with pytest.raises(ScenarioError, match="no measure 'ginni'"):
        compare(BEFORE, AFTER).measure("ginni")


def test_what_is_no_amount_is_refused():
    with pytest.raises(ScenarioError, match=r"no amount \(code 23\)"):
        compare({"23": float("nan")}, {"23": 1})


def test_units_that_are_no_departements_stand_for_themselves():
    found = compare({"59350": 2, "59009": 3}, {"59350": 3, "59009": 2})
    assert found.table["libelle_departement"].tolist() == ["59009", "59350"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=2, max_size=20))
def test_differences_sum_to_the_difference_of_the_envelopes(pairs):
    codes = [f"u{rank:02d}" for rank in range(len(pairs))]
    found = compare(
        {code: pair[0] for code, pair in zip(codes, pairs, strict=True)},
        {code: pair[1] for code, pair in zip(codes, pairs, strict=True)},
    )
    assert found.table["difference"].sum() == sum(pair[1] - pair[0] for pair in pairs)
    assert found.measure("enveloppe", "difference") == found.table["difference"].sum()


def test_every_measure_of_the_whole_stands_under_its_name_on_its_side():
    before = {"23": 100, "59": 300, "80": 200, "01": 400}
    after = {"23": 150, "59": 250, "80": 200, "62": 600}
    people = {"01": 4, "23": 2, "59": 3, "62": 1, "80": 5}
    found = compare(before, after, population=people, units_change=True)
    rows = found.overall.set_index("mesure")
    assert rows.loc[["enveloppe", "unites"]].to_numpy().tolist() == [[1000, 1200, 200], [4, 4, 0]]
    expected = {"entrants": 1, "sortants": 1, "gagnants": 1, "perdants": 1, "inchanges": 1}
    assert rows.loc[list(expected), "apres"].to_dict() == expected
    assert rows.loc[list(expected), "avant"].isna().all()
    assert found.measure("argent_ajoute") == 1200 - 1000
    assert found.measure("argent_deplace") == (50 + 50 + 600 + 400 - 200) / 2
    assert found.measure("part_deplacee") == 450 / 1000
    assert found.measure("correlation_des_rangs") == pytest.approx(1)
    for column, side in (("avant", before), ("apres", after)):
        codes = sorted(side)
        amounts, heads = [side[code] for code in codes], [people[code] for code in codes]
        regions = [departement(code).code_region for code in codes]
        assert found.measure("gini", column) == pytest.approx(measures.gini(amounts, heads))
        split = [found.measure(name, column) for name in ("theil", "theil_entre_regions", "theil_dans_regions")]
        assert split == pytest.approx(measures.theil(amounts, regions, heads))


def test_each_column_of_a_unit_is_its_own():
    found = compare(BEFORE, AFTER, enfants={"23": 300, "59": 9_560, "80": 1_900, "973": 1_000})
    nord = found.table.set_index("code_departement").loc["59"]
    assert (nord["avant"], nord["apres"]) == (1_995_607, 1_900_000)
    assert nord["avant_par_enfant"] == pytest.approx(1_995_607 / 9_560)
    assert (nord["code_region"], nord["libelle_region"]) == ("32", "Hauts-de-France")
    assert column(found, "rang_avant") == {"23": 4, "59": 1, "80": 2, "973": 3}
    assert column(compare({"23": 3, "59": 2}, {"23": 1, "59": 2}), "rang_apres") == {"23": 2, "59": 1}


def test_a_newcomer_has_no_group_of_the_baseline_and_no_rank_before():
    found = compare({"23": 100, "59": 900}, {"23": 100, "80": 900}, units_change=True)
    assert column(found, "groupe")["80"] == "entrants"
    assert pd.isna(column(found, "rang_avant")["80"])
    assert column(found, "rang_apres")["80"] == 1


def test_allocations_are_compared_on_exact_amounts_and_name_their_own_units():
    units = {code: Departement(code, name, "", "") for code, name in (("S1", "Alpha"), ("S2", "Bêta"))}
    names = Names({}, dict, Territories(units, {}, {}, "a unit"))
    one = (Criterion("places", Fraction(1), 2025, "note", "p. 1"),)
    rule = Rule("r", "R", 2025, Fraction(100), ("S1", "S2"), one, names=names)
    found = allocate(rule, pd.DataFrame({"code_departement": ["S1", "S2"], "places": [1, 2]}))
    half = {"S1": 50, "S2": 50}
    for before, after, gap in ((found, half, 50 - 100 / 3), (half, found, 100 / 3 - 50)):
        table = compare(before, after).table
        assert table["libelle_departement"].tolist() == ["Alpha", "Bêta"]
        assert table["difference"].tolist() == pytest.approx([gap, -gap])


def test_units_of_one_amount_share_the_best_rank():
    found = compare({"03": 5, "23": 9, "59": 9, "80": 1}, {"03": 5, "23": 5, "59": 9, "80": 9})
    assert column(found, "rang_avant") == {"03": 3, "23": 1, "59": 1, "80": 4}
    assert column(found, "rang_apres") == {"03": 3, "23": 3, "59": 1, "80": 1}
    assert column(found, "rang_variation") == {"03": 0, "23": -2, "59": 0, "80": 3}


def test_what_the_envelope_gains_or_loses_is_given_by_nobody():
    more = compare({"03": 60, "23": 40}, {"03": 50, "23": 70})
    assert (more.measure("argent_deplace"), more.measure("argent_ajoute")) == (10, 20)
    less = compare({"03": 60, "23": 40}, {"03": 30, "23": 50})
    assert (less.measure("argent_deplace"), less.measure("argent_ajoute")) == (10, -20)
    assert less.measure("part_deplacee") == pytest.approx(0.1)


def test_a_newcomer_had_nothing_and_a_leaver_has_nothing():
    """Gaps of -6, -5 and +2 €: the envelope loses 9 €, and the 2 € of the newcomer change hands."""
    found = compare({"03": 10, "23": 5}, {"03": 4, "59": 2}, units_change=True)
    assert (found.measure("argent_deplace"), found.measure("argent_ajoute")) == (2, -9)
    found = compare({"03": 4, "59": 2}, {"03": 10, "23": 5}, units_change=True)
    assert (found.measure("argent_deplace"), found.measure("argent_ajoute")) == (2, 9)

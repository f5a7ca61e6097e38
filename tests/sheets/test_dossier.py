"""What the sheets draw from agrees with the publication, with the rule, and with itself."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.sheets.dossier import INDICATORS, Dossier, _alternative
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import NNBSP


def test_the_published_amounts_are_the_thirty_of_annex_7(dossier: Dossier):
    """Annex 7 (ONDAM 2020), table B: 30 amounts, 15 000 001 € in all."""
    assert len(dossier.published) == 30
    assert sum(dossier.published.values()) == 15_000_001


def test_each_table_of_the_instruction_is_its_own(dossier: Dossier):
    """Instruction of 2025: 14 objectives of the contracts of 2025-2027, the rates of PMI, and the targets alone."""
    assert dossier.objectives["contractualisation"].eq("2025-2027").sum() == 14
    assert set(INDICATORS) <= set(dossier.pmi["indicateur"])
    assert (set(dossier.targets["nature"]), set(dossier.targets["contractualisation"])) == ({"cible"}, {"2025-2027"})


def test_the_extension_with_its_trace_gives_what_the_scenario_gives(dossier: Dossier):
    extension = next(one for one in dossier.scenarios if one.extended)
    after = extension.amounts["apres"].dropna()
    amounts = {code: float(amount) for code, amount in dossier.extended_allocation.final.items()}
    assert amounts == pytest.approx(after.to_dict(), abs=1)


def test_both_departements_of_corse_are_the_one_beneficiary(dossier: Dossier):
    assert [dossier.unit(code) for code in ("2A", "2B", "59")] == ["20", "20", "59"]
    assert dossier.children["20"] == dossier.children["2A"] + dossier.children["2B"]


def test_every_departement_has_a_number_of_protected_children(dossier: Dossier):
    assert set(DEPARTEMENTS) <= set(dossier.children)


def test_the_main_scenarios_are_scenarios_of_the_project_in_their_order(dossier: Dossier):
    shown = read_yaml(Data.open().folder / "fiches.yml")["scenarios"]
    assert set(shown) <= set(Data.open().scenario_ids())
    assert [one.id for one in dossier.scenarios] == shown


def test_only_the_children_of_mayotte_are_estimated_for_want_of_a_publication(dossier: Dossier):
    assert dossier.estimated == {"976"}


def test_the_extensions_concern_every_departement(dossier: Dossier):
    extended = [one for one in dossier.scenarios if one.extended]
    assert [one.id for one in extended] == ["extension-101-15m", "extension-101-50m"]
    for one in extended:
        assert set(DEPARTEMENTS) <= set(one.intervals.index)


def test_what_is_drawn_of_a_scenario_is_of_the_seed_and_tells_how_often_it_gains():
    first, same, other = (_alternative(Data.open(), "mineurs", seed, 3).intervals for seed in (1, 1, 2))
    assert first.columns.tolist() == ["q05", "q95", "ecart_q05", "ecart_q95", "probabilite_gain"]
    assert first.equals(same)
    assert not first.equals(other)


def test_an_amount_lies_about_its_interval(dossier: Dossier):
    for one in dossier.scenarios:
        amounts = one.amounts["apres"].reindex(one.intervals.index)
        inside = (amounts >= one.intervals["q05"] - 1) & (amounts <= one.intervals["q95"] + 1)
        assert inside.mean() > 0.9, one.id


def rows(code: str, dossier: Dossier) -> dict[str, dict[str, str]]:
    return {row["nom"]: row for row in dossier.pmi_rows(DEPARTEMENTS[code])}


def test_an_unread_rate_is_said_to_be_and_never_zero(dossier: Dossier):
    """Instruction of 2025, annex 4, table a, L1 c04: the Ain's early prenatal interviews are not available in 2022."""
    row = rows("01", dossier)["Entretien prénatal précoce"]
    assert row["a2022"] == "non disponible"
    assert row["ecart"] == "—"


def test_the_gap_to_a_target_is_in_points(dossier: Dossier):
    """Instruction of 2025: 12 % of early prenatal interviews in the Nord in 2023, a target of 20 %."""
    row = rows("59", dossier)["Entretien prénatal précoce"]
    assert (row["a2023"], row["cible"], row["ecart"]) == (f"12{NNBSP}%", f"20{NNBSP}%", f"−8{NNBSP}points")


@pytest.mark.parametrize(
    ("code", "name", "row"),
    [
        ("60", "Visites de puéricultrice", ("double valeur", "double", "—")),
        ("62", "Entretien postnatal", ("non disponible", "n. d.", "—")),
        ("59", "Entretien postnatal", ("2\u202f%", "2\u202f%", "−10\u202fpoints")),
        ("75", "Bilan de santé en maternelle", ("non disponible", "n. d.", "cible plus étroite")),
        ("59", "Visites postnatales de sage-femme", ("8\u202f%", "8\u202f%", "cible commune aux deux")),
    ],
)
def test_a_rate_is_told_in_full_and_in_brief(dossier: Dossier, code: str, name: str, row: tuple[str, str, str]):
    """Instruction of 2025, annex 4: what the Oise prints twice, what the Pas-de-Calais does not give."""
    told = rows(code, dossier)[name]
    assert (told["a2023"], told["bref"], told["ecart"]) == row


def test_a_gap_of_one_point_is_one(dossier: Dossier):
    gaps = {row["ecart"] for code in DEPARTEMENTS for row in rows(code, dossier).values()}
    assert f"−1{NNBSP}point" in gaps
    assert f"−2{NNBSP}points" in gaps
    assert not {f"−1{NNBSP}points", f"−2{NNBSP}point", f"0{NNBSP}point"} & gaps


def test_a_target_is_a_rate_or_an_interval_of_rates_or_nothing(dossier: Dossier):
    """Instruction of 2025: 20 % of early prenatal interviews, 80 to 90 % of the children seen at school."""
    assert dossier.target("epp") == f"20{NNBSP}%"
    assert dossier.target("examen_sante_maternelle") == f"80 à 90{NNBSP}%"
    assert dossier.target("rien") == ""
    assert dossier.prevalence == f"de 15 à 20{NNBSP}%"
    odd = replace(dossier, needs=replace(dossier.needs, prevalence=(Fraction("0.29"), Fraction("0.57"))))
    assert odd.prevalence == f"de 29 à 57{NNBSP}%"


def test_a_target_that_is_reached_says_so(dossier: Dossier):
    """Instruction of 2025: 23 % of children under six seen in Paris in 2023, a target of 20 %."""
    assert rows("75", dossier)["Consultations, moins de 6 ans"]["ecart"] == "atteinte"


@pytest.mark.parametrize("name", ["vad_prenatale", "vad_postnatale", "bilan_maternelle"])
def test_no_gap_is_computed_where_the_target_counts_something_else(dossier: Dossier, name: str):
    assert rows("59", dossier)[INDICATORS[name][0]]["ecart"].startswith("cible")


def test_both_departements_of_corse_have_the_rates_of_the_collectivite(dossier: Dossier):
    """Instruction 2025, annex 4, table C: 5 % of early prenatal interviews for the Collectivité de Corse."""
    assert [dossier.rated_unit(DEPARTEMENTS[code]).code for code in ("2A", "2B", "59")] == ["20", "20", "59"]
    assert dossier.pmi_rows(DEPARTEMENTS["2A"]) == dossier.pmi_rows(dossier.rated_unit(DEPARTEMENTS["2B"]))

"""What the sheets draw from agrees with the publication, with the rule, and with itself."""

from __future__ import annotations

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.sheets.dossier import Dossier, waterfall_steps
from cdppe_analysis.storage.yaml_file import read_yaml
from cdppe_analysis.territories import DEPARTEMENTS


def test_the_published_amounts_are_the_thirty_of_annex_7(dossier: Dossier):
    """Annex 7 (ONDAM 2020), table B: 30 amounts, 15 000 001 € in all."""
    assert len(dossier.publies) == 30
    assert sum(dossier.publies.values()) == 15_000_001


def test_the_steps_of_every_amount_sum_to_it(dossier: Dossier):
    for code in dossier.publies:
        steps = waterfall_steps(dossier.rule, dossier.allocation, code)
        assert steps["montant_eur"].sum() == pytest.approx(float(dossier.allocation.finaux[code]), abs=0.51 * 3)


def test_creuse_is_brought_to_the_minimum(dossier: Dossier):
    """Circulaire of 2020, annex 4, IV.A: a minimum of 100 000 €, which only the Creuse receives."""
    assert "Porté au minimum" in waterfall_steps(dossier.rule, dossier.allocation, "23")["etape"].tolist()
    assert not any("Porté" in step for step in waterfall_steps(dossier.rule, dossier.allocation, "59")["etape"])


def test_the_extension_with_its_trace_gives_what_the_scenario_gives(dossier: Dossier):
    extension = next(one for one in dossier.scenarios if one.etendue)
    after = extension.comparaison.table.set_index("code_departement")["apres"].dropna()
    amounts = {code: float(amount) for code, amount in dossier.allocation_etendue.finaux.items()}
    assert amounts == pytest.approx(after.to_dict(), abs=1)


def test_both_departements_of_corse_are_the_one_beneficiary(dossier: Dossier):
    assert [dossier.unit(code) for code in ("2A", "2B", "59")] == ["20", "20", "59"]
    assert dossier.enfants["20"] == dossier.enfants["2A"] + dossier.enfants["2B"]


def test_every_departement_has_a_number_of_protected_children(dossier: Dossier):
    assert set(DEPARTEMENTS) <= set(dossier.enfants)


def test_the_main_scenarios_are_scenarios_of_the_project_in_their_order(dossier: Dossier):
    shown = read_yaml(Data.open().folder / "fiches.yml")["scenarios"]
    assert set(shown) <= set(Data.open().scenario_ids())
    assert [one.id for one in dossier.scenarios] == shown


def test_only_the_children_of_mayotte_are_estimated_for_want_of_a_publication(dossier: Dossier):
    assert dossier.estimes == {"976"}


def test_the_extensions_concern_every_departement(dossier: Dossier):
    extended = [one for one in dossier.scenarios if one.etendue]
    assert [one.id for one in extended] == ["extension-101-15m", "extension-101-50m"]
    for one in extended:
        assert set(DEPARTEMENTS) <= set(one.intervalles.index)


def test_an_amount_lies_about_its_interval(dossier: Dossier):
    for one in dossier.scenarios:
        amounts = one.comparaison.table.set_index("code_departement")["apres"].reindex(one.intervalles.index)
        inside = (amounts >= one.intervalles["q05"] - 1) & (amounts <= one.intervalles["q95"] + 1)
        assert inside.mean() > 0.9, one.id

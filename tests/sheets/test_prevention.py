"""The PMI indicators beside the targets: a gap only where both count the same, and no unread rate shown as 0."""

from __future__ import annotations

import pytest

from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.prevention import INDICATORS, pmi_rows, rated_unit
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import NNBSP


def rows(code: str, dossier: Dossier) -> dict[str, dict[str, str]]:
    return {row["nom"]: row for row in pmi_rows(DEPARTEMENTS[code], dossier)}


def test_an_unread_rate_is_said_to_be_and_never_zero(dossier: Dossier):
    """Instruction of 2025, annex 4, table a, L1 c04: the Ain's early prenatal interviews are not available in 2022."""
    row = rows("01", dossier)["Entretien prénatal précoce"]
    assert row["a2022"] == "non disponible"
    assert row["ecart"] == "—"


def test_the_gap_to_a_target_is_in_points(dossier: Dossier):
    """Instruction of 2025: 12 % of early prenatal interviews in the Nord in 2023, a target of 20 %."""
    row = rows("59", dossier)["Entretien prénatal précoce"]
    assert (row["a2023"], row["cible"], row["ecart"]) == (f"12{NNBSP}%", f"20{NNBSP}%", f"−8{NNBSP}points")


def test_a_target_that_is_reached_says_so(dossier: Dossier):
    """Instruction of 2025: 23 % of children under six seen in Paris in 2023, a target of 20 %."""
    assert rows("75", dossier)["Consultations, moins de 6 ans"]["ecart"] == "atteinte"


@pytest.mark.parametrize("name", ["vad_prenatale", "vad_postnatale", "bilan_maternelle"])
def test_no_gap_is_computed_where_the_target_counts_something_else(dossier: Dossier, name: str):
    assert rows("59", dossier)[INDICATORS[name][0]]["ecart"].startswith("cible")


def test_both_departements_of_corse_have_the_rates_of_the_collectivite(dossier: Dossier):
    """Instruction 2025, annex 4, table C: 5 % of early prenatal interviews for the Collectivité de Corse."""
    assert [rated_unit(DEPARTEMENTS[code]).code for code in ("2A", "2B", "59")] == ["20", "20", "59"]
    assert pmi_rows(DEPARTEMENTS["2A"], dossier) == pmi_rows(rated_unit(DEPARTEMENTS["2B"]), dossier)

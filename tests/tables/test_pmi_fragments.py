"""The regional fragments of annex 4 of the 2025 instruction: rates against counts."""

import pandas as pd
import pytest

from cdppe_analysis.sources import Archive, load_register, read_raw
from cdppe_analysis.tables import pmi_fragments

SHEETS = {"annexe4-guadeloupe": 800, "annexe4-la-reunion": 803, "annexe4-centre-val-de-loire": 806}
CUT_HEADINGS = {"annexe4-guadeloupe": 799, "annexe4-la-reunion": 802, "annexe4-centre-val-de-loire": 805}


@pytest.fixture(scope="module")
def confirmed():
    rows = pmi_fragments.confirmed(Archive.open())
    return {(row.code_departement, row.indicateur): row.valeur for row in rows.itertuples()}


def number_of_column(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def test_the_rates_stand_in_the_columns_of_the_sheet_that_the_instruction_names():
    """Instruction 2025, annex 4, reminder: columns T, V, X and Z, AB, AF, AH of the sheet."""
    printed = read_raw("instruction-2025-60", "annexe4-colonnes").cells["imprime"]
    named = {word for text in printed for word in text.split() if word.isupper()}
    assert named == {columns.lettre for columns in pmi_fragments.COLUMNS.values()}
    for columns in pmi_fragments.COLUMNS.values():
        assert int(columns.taux[1:]) == number_of_column(columns.lettre)


def test_the_seven_rates_of_the_loiret_are_those_of_its_counts(confirmed):
    """Annex 4, fragment of Centre-Val de Loire, Loiret: 595, 49, 489, 78, 4 048, 6 556 and 8 021 beneficiaries."""
    loiret = {indicateur: rate for (code, indicateur), rate in confirmed.items() if code == "45"}
    assert loiret == {
        "epp": "9",
        "epnp": "1",
        "vad_prenatale": "7",
        "vad_postnatale": "1",
        "vad_infirmiere": "9",
        "consultation": "15",
        "bilan_maternelle": "108",
    }


def test_half_of_the_rates_are_confirmed(confirmed):
    printed = pmi_fragments.controls(Archive.open()).drop_duplicates(["code_departement", "indicateur"])["imprime"]
    assert (len(confirmed), printed.str.fullmatch("[0-9]+").sum()) == (25, 50)


def test_a_rate_that_its_counts_belie_is_not_confirmed(confirmed):
    """La Réunion prints 79 % of children examined, 8 922 of 13 482 are 66 %."""
    assert ("974", "bilan_maternelle") not in confirmed


def test_counts_whose_meaning_is_lost_confirm_nothing(confirmed):
    """Guadeloupe prints twelve counts instead of fifteen."""
    assert not any(code == "971" for code, _ in confirmed)


def test_the_two_wrong_codes_of_centre_val_de_loire_are_declared_corrections():
    corrections = load_register().corrections_of("instruction-2025-60", "annexe4-centre-val-de-loire")
    codes = {(c.imprime, c.corrige) for c in corrections if c.colonne == "c03"}
    assert codes == {("28", "18"), ("36", "28")}


@pytest.mark.parametrize("tableau", sorted(SHEETS))
def test_every_cell_of_a_fragment_is_the_document_s(tableau, document_lines):
    lines = document_lines("instruction-2025-60")
    cells = read_raw("instruction-2025-60", tableau).cells
    first = SHEETS[tableau]
    assert ["\t".join(row) for row in cells.to_numpy()] == lines[first - 1 : first - 1 + len(cells)]


@pytest.mark.parametrize("tableau", sorted(CUT_HEADINGS))
def test_every_heading_of_a_fragment_is_the_document_s(tableau, document_lines):
    from cdppe_analysis.sources import load_sources

    headings = load_sources()["instruction-2025-60"].file(tableau).colonnes
    assert "\t".join(headings.values()) == document_lines("instruction-2025-60")[CUT_HEADINGS[tableau] - 1]


def test_a_row_keeps_its_counts_where_the_fifteenth_is_in_the_thousands():
    last = pd.DataFrame({"c19": ["999", "1000", "6 001", "", "108"]})
    assert pmi_fragments._counts_are_complete(last).tolist() == [False, True, False, False, False]


def test_a_rate_is_rounded_half_up_before_it_is_compared():
    """Annex 4, fragments: what is confirmed is what a hundred times the count over the population rounds to."""
    rows = pmi_fragments.controls(Archive.open())
    known = rows.dropna(subset=["effectif", "population"])
    rates = 100 * known["effectif"].astype(float) / known["population"].astype(float)
    assert known["calcule"].tolist() == pytest.approx(rates.tolist())
    printed = pd.to_numeric(known["imprime"], errors="coerce")
    assert (known["confirme"] == (printed - rates).between(-0.5, 0.5, inclusive="right")).all()
    assert not rows.loc[rows["effectif"].isna(), "confirme"].any()

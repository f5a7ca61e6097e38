"""The 26 objectives of 2020-2022 and the 14 of 2025-2027."""

import re

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, read_raw
from cdppe_analysis.tables import objectifs

ENVELOPES_OF_2020 = {"fir": "FIR", "programme_304": "programme 304", "ondam_ms": "ONDAM médico-social"}


@pytest.fixture(scope="module")
def table():
    return objectifs.build(Archive.open())


@pytest.fixture(scope="module")
def of_2020(table):
    return table[table["contractualisation"].eq("2020-2022")]


@pytest.fixture(scope="module")
def of_2025(table):
    return table[table["contractualisation"].eq("2025-2027")]


def numbers(text):
    """Read « 6 à 8, 10 à 12 et 14 à 26 »."""
    found = set()
    for first, last in re.findall(r"(\d+)(?: à (\d+))?", text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_the_objectives_are_26_then_14(of_2020, of_2025):
    assert of_2020["numero"].unique().tolist() == list(range(1, 27))
    assert of_2025["numero"].tolist() == list(range(1, 15))


def test_eleven_objectives_of_2020_are_fundamental(of_2020):
    """Circulaire 2020, annexes 4 and 6; the body says 11 and up to 15."""
    characters = of_2020.drop_duplicates("numero")["caractere"].value_counts().to_dict()
    assert characters == {"facultatif": 15, "fondamental": 11}


def test_objective_24_stands_under_two_envelopes(of_2020):
    """Circulaire 2020, annex 4, III.B and IV.B."""
    twice = of_2020[of_2020.duplicated("numero", keep=False)]
    assert list(zip(twice["numero"], twice["enveloppe"], strict=True)) == [(24, "ondam_ms"), (24, "programme_304")]


@pytest.mark.parametrize("envelope", sorted(ENVELOPES_OF_2020))
def test_the_lists_of_annex_4_are_those_of_its_principles(of_2020, envelope):
    """Circulaire 2020, annex 4, I: which numbers each envelope pays."""
    principles = read_raw("circulaire-2020-34", "annexe4-principes").cells.set_index("enveloppe")["objectifs"]
    assert set(of_2020.loc[of_2020["enveloppe"].eq(envelope), "numero"]) == numbers(
        principles[ENVELOPES_OF_2020[envelope]]
    )


def test_six_objectives_of_2025_are_mandatory_and_one_of_three_more(of_2025):
    """Instruction 2025, annex 1, table of objectives: the seventh of the « 7 obligatoires » is one of 12, 13 and 14."""
    by_character = of_2025.groupby("caractere")["numero"].agg(list).to_dict()
    assert by_character == {
        "obligatoire": [1, 2, 3, 4, 6, 7],
        "facultatif": [5, 8, 9, 10, 11],
        "un_des_trois_au_moins": [12, 13, 14],
    }


def test_each_objective_of_2025_has_the_axis_of_its_envelope(of_2025):
    assert set(zip(of_2025["engagement"], of_2025["enveloppe"], strict=True)) == {
        ("prévention", "fir"),
        ("protection", "programme_304"),
        ("handicap", "ondam_ms"),
    }


@pytest.mark.parametrize("tableau", ["annexe2-objectifs", "annexe4-objectifs", "annexe6-objectifs"])
def test_every_title_of_2020_is_the_document_s(tableau, document_lines):
    printed = {re.sub(r"[*#]|^ *\\?-", "", line).strip() for line in document_lines("circulaire-2020-34")}
    for _, row in read_raw("circulaire-2020-34", tableau).cells.iterrows():
        assert f"{row['numero']}. {row['libelle']}" in printed


def test_the_table_of_2025_is_the_document_s(document_lines):
    lines = document_lines("instruction-2025-60")[423:437]
    cells = read_raw("instruction-2025-60", "annexe1-tableau").cells
    assert ["\t".join(row) for row in cells.to_numpy()] == lines


def test_every_title_of_the_text_of_2025_is_the_document_s(document_lines):
    lines = document_lines("instruction-2025-60")
    for _, row in read_raw("instruction-2025-60", "annexe1-objectifs").cells.iterrows():
        assert row["libelle"] in lines[int(row["ligne_texte"]) - 1]


def test_an_unknown_heading_stops_the_table(monkeypatch):
    monkeypatch.setattr(objectifs, "ENVELOPES", {"FIR": "fir"})
    with pytest.raises(TableError, match="is no heading of the objectives"):
        objectifs.build(Archive.open())


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("objectifs", table)

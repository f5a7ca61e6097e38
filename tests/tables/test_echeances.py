"""The reverse planning and the deadlines, contradictions included."""

import datetime

import pytest

from cdppe_analysis.sources import read_raw
from cdppe_analysis.tables import echeances


@pytest.fixture(scope="module")
def table():
    return echeances.build()


@pytest.fixture(scope="module")
def planning(table):
    rows = table[table["jours_avant_j"].notna()]
    return rows.assign(jour=[datetime.date.fromisoformat(text) for text in rows["date"]]).set_index("etape")


def test_the_dates_of_the_reverse_planning_are_its_days_counted_back(planning):
    """Circulaire 2020, annex 3.2: ten steps, from the day J, 30 October 2020."""
    day_j = planning["jour"].iloc[0]
    assert day_j == datetime.date(2020, 10, 30)
    assert [(day_j - day).days for day in planning["jour"]] == planning["jours_avant_j"].tolist()


def test_the_day_j_of_the_table_is_not_the_signature_that_its_text_says(planning):
    """Annex 3.2: the text takes the signature for day J, the table the entry into force, fifteen days later."""
    assert planning["jours_avant_j"]["Prise d'effet du CDPPE"] == 0
    assert planning["jours_avant_j"]["Signature du CDPPE"] == 15


def test_three_steps_of_the_reverse_planning_fall_on_a_weekend(planning):
    weekend = planning[[day.weekday() >= 5 for day in planning["jour"]]]
    assert weekend["date"].to_dict() == {
        "Réunion sur le budget": "2020-08-01",
        "Finalisation du diagnostic": "2020-06-27",
        "Envoi de la trame de diagnostic": "2020-06-07",
    }


def test_the_two_months_before_the_signature_are_55_days(planning):
    """Annex 3.2: two months between the final document (21 August) and the signature (15 October)."""
    days = planning["jours_avant_j"]
    assert days["Formalisation du document définitif"] - days["Signature du CDPPE"] == 55


def test_two_steps_of_the_reverse_planning_have_no_date(table):
    undated = table[table["emplacement"].str.startswith("annexe3") & table["date"].eq("")]
    assert undated["etape"].tolist() == ["Réunion d'échange entre référents", "Réunions de concertation"]


def test_the_needs_of_2025_are_due_on_two_dates(table):
    """Instruction 2025: 30 June in the body (2.2), 15 June in annex 2 (2.2)."""
    due = table[table["etape"].eq("Besoins du programme 304, au plus tard")]
    assert due["date"].tolist() == ["2025-06-30", "2025-06-15"]


def test_every_document_gives_its_dates(table):
    assert table.groupby("source").size().to_dict() == {
        "aac-sessad-ase-nord": 11,
        "circulaire-2020-34": 55,
        "instruction-2025-60": 41,
        "rex-club-territoires": 5,
    }


def test_the_reverse_planning_is_the_document_s(document_lines):
    lines = document_lines("circulaire-2020-34")
    for _, row in read_raw("circulaire-2020-34", echeances.REVERSE_PLANNING).cells.iterrows():
        step, _, days, date = lines[int(row["ligne_texte"]) - 1].split("\t")
        assert [row["etape"], row["echeancier"], row["date"]] == [
            step.removeprefix("<b>").removesuffix("</b>"),
            days,
            date,
        ]


def test_the_law_of_2016_has_two_dates_in_one_circulaire(table):
    """Circulaire 2020: 14 March 2016 (annex 5.1, preamble), 16 March 2016 (annex 6, objective 11)."""
    rows = table[
        table["source"].eq("circulaire-2020-34") & table["etape"].eq("Loi relative à la protection de l'enfant")
    ]
    assert rows["date"].tolist() == ["2016-03-14", "2016-03-16"]


def test_a_step_of_the_reverse_planning_leads_to_its_days_and_to_its_date(table):
    assert table.loc[1, "emplacement"] == "annexe3-retroplanning L2 echeancier; annexe3-retroplanning L2 date"
    assert table.loc[6, "emplacement"] == "annexe3-retroplanning L7"


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("echeances", table)

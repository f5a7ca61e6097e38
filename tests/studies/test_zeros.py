"""The three kinds of zero of a survey, on rows of the DREES's tables 5 and 6 of 2020 (ASE)."""

import pandas as pd
import pytest

from cdppe_analysis.data import load_table
from cdppe_analysis.errors import TableError
from cdppe_analysis.studies.zeros import STATUSES, zero_statuses

KINDS = ["speciale", "mecs", "foyer", "pouponniere", "sanitaire", "lieu_de_vie", "village"]
TABLE_6 = pd.DataFrame.from_dict(
    {
        "59": [333, 2843, 886, 48, 6, 8, 216],
        "01": [0, 513, 0, 0, 0, 0, 0],
        "12": [0, 210, 18, 0, 0, 44, 0],
        "40": [0, 243, 67, 11, 8, 72, 0],
        "43": [0, 238, 23, 0, 9, 24, 0],
        "72": [0, 478, 36, 35, 0, 52, 0],
        "79": [0, 117, 68, 4, 0, 64, 1],
        "09": [0, 81, 0, 0, 0, 0, 0],
    },
    orient="index",
    columns=KINDS,
)
TABLE_5 = pd.Series({"12": 0.0, "40": 3.0, "72": 58.0, "79": 1.0, "09": 0.0})


@pytest.fixture
def statuses():
    return zero_statuses(TABLE_6, "speciale", TABLE_5, ["sanitaire"])


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        ("59", "observe", ""),
        ("12", "vrai", "zéro aussi"),
        ("01", "manquant", "une seule catégorie"),
        ("09", "manquant", "une seule catégorie"),
        ("72", "manquant", "en compte hors du département"),
        ("79", "manquant", "en compte hors du département"),
        ("40", "inconnu", "la réponse réunit ce lieu et d’autres"),
        ("43", "inconnu", "pas de réponse"),
    ],
)
def test_a_zero_is_told_by_the_two_other_facts_of_the_survey(statuses, code, status, reason):
    assert statuses.at[code, "statut"] == status
    assert reason in statuses.at[code, "motif"]


def test_as_many_children_outside_as_in_the_other_kinds_contradict_nothing():
    outside = pd.Series({"40": 8.0})
    assert zero_statuses(TABLE_6.loc[["40"]], "speciale", outside, ["sanitaire"])["statut"].tolist() == ["inconnu"]
    assert zero_statuses(TABLE_6.loc[["40"]], "speciale", outside + 1, ["sanitaire"])["statut"].tolist() == ["manquant"]


def test_one_child_outside_is_an_answer():
    outside = zero_statuses(TABLE_6.loc[["40"]], "speciale", pd.Series({"40": 1.0}), ["sanitaire"])
    assert outside["motif"].tolist() == ["hors du département, la réponse réunit ce lieu et d’autres"]


def test_a_unit_without_any_child_is_not_one_of_a_single_kind():
    empty = TABLE_6.loc[["01"]] * 0
    assert zero_statuses(empty, "speciale", pd.Series({"01": 0.0}))["statut"].tolist() == ["vrai"]


def test_every_zero_has_a_reason_and_no_number_has_one(statuses):
    assert set(statuses["statut"]) == set(STATUSES)
    assert (statuses["motif"].ne("") == statuses["valeur"].eq(0)).all()
    assert statuses["ailleurs"].dropna().to_dict() == TABLE_5.to_dict()


def test_the_thirty_zeros_of_2020():
    """DREES, annual tables of 2020: 99 units, 1 749 children in special education; table 5 has 86 cells « NR »."""
    series = load_table("series").query("edition == 'drees-aide-sociale-2020'")
    table = series.pivot(index="code_departement", columns="serie", values="valeur")
    outside = table["ase_hors_departement_specialise_sanitaire"].dropna()
    names = [f"ase_{kind}" for kind in ("education_speciale", "mecs", "foyer_enfance", "pouponniere")]
    names += ["ase_etablissement_sanitaire", "ase_lieu_de_vie", "ase_village_enfants"]
    found = zero_statuses(table[names], names[0], outside, ["ase_etablissement_sanitaire"])
    assert found["valeur"].sum() == 1749
    assert found["statut"].value_counts().to_dict() == {"observe": 69, "inconnu": 13, "vrai": 11, "manquant": 6}
    assert found[found["statut"] == "manquant"].index.tolist() == ["01", "05", "09", "72", "79", "973"]


def test_a_table_with_a_hole_or_without_the_column_is_refused():
    with pytest.raises(TableError, match="no column 'speciales'"):
        zero_statuses(TABLE_6, "speciales", TABLE_5)
    with pytest.raises(TableError, match="missing or negative") as error:
        zero_statuses(
            TABLE_6.astype(float).replace({"mecs": dict.fromkeys((478, 238), float("nan"))}), "speciale", TABLE_5
        )
    assert error.value.code == "43"
    with pytest.raises(TableError, match="missing or negative"):
        zero_statuses(TABLE_6.replace({"mecs": {478: -1}}), "speciale", TABLE_5)
    with pytest.raises(TableError, match="no column 'sanitaires'"):
        zero_statuses(TABLE_6, "speciale", TABLE_5, ["sanitaires"])

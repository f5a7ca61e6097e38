"""The other figures of the documents, national targets first."""

import pytest

from cdppe_analysis.tables import pmi, reperes


@pytest.fixture(scope="module")
def table():
    return reperes.build()


def targets(table, period):
    rows = table[table["nature"].eq("cible") & table["contractualisation"].eq(period) & table["unite"].eq("%")]
    return {
        row.repere: (row.valeur if row.valeur == row.valeur else (row.borne_basse, row.borne_haute))
        for row in rows.itertuples()
    }


def test_the_national_targets_of_2025(table):
    """Instruction 2025, annex 1, objectives 1 and 3."""
    assert targets(table, "2025-2027") == {
        "epp": 20,
        "vad_sage_femme": 20,
        "vad_infirmiere": 15,
        "epnp": 12,
        "examen_sante_maternelle": (80, 90),
        "consultation": 20,
        "examen_sante_tous_acteurs": 100,
    }


def test_the_targets_of_2020_are_those_of_2025_but_for_the_postnatal_interview(table):
    """Circulaire 2020, annex 6, objectives 1 to 5."""
    later = targets(table, "2025-2027")
    assert targets(table, "2020-2022") == {name: later[name] for name in later if name != "epnp"}


def test_four_targets_are_those_of_an_indicator_of_annex_4(table):
    assert set(targets(table, "2025-2027")) & set(pmi.INDICATORS) == {"epp", "epnp", "vad_infirmiere", "consultation"}


def test_a_doubling_of_what_the_circulaire_knows_misses_its_own_targets(table):
    """Circulaire 2020, annex 6: 9 % doubled to « environ 20 % », 6 % doubled to « environ 15 % »."""
    known = table[table["nature"].eq("donnee") & table["unite"].eq("%")].set_index("repere")["valeur"]
    assert (2 * known["vad_sage_femme"], 2 * known["vad_infirmiere"]) == (18, 12)


def test_mandatory_objectives_are_counted_7_and_11_in_the_same_instruction(table):
    """Instruction 2025: 7 in the body and annex 1, 11 in the model of contract (annex 3, article 2.1)."""
    rows = table[table["repere"].eq("objectifs_obligatoires") & table["contractualisation"].eq("2025-2027")]
    assert rows["valeur"].tolist() == [7, 7, 11]


def test_the_services_of_the_nord_are_tied_to_two_objectives(table):
    """Call for applications, part 2: objective 14 in the text, 13 in its note."""
    rows = table[table["repere"].eq("objectif_de_rattachement")]
    assert rows["valeur"].tolist() == rows["numero"].tolist() == [14, 13]


def test_every_document_but_the_annex_gives_figures(table):
    assert table.groupby("source").size().to_dict() == {
        "aac-sessad-ase-nord": 5,
        "circulaire-2020-34": 70,
        "enveloppes-nationales": 11,
        "instruction-2025-60": 42,
        "rex-club-territoires": 16,
    }


def test_what_the_health_insurance_pays_of_the_acts_of_pmi(table):
    """Circulaire 2020, annex 6, objectives 1 to 5: 100 %, and 30 % left to pay from the 13th day of the child."""
    rates = table[table["repere"].str.startswith("prise_en_charge_")]
    assert len(rates) == 5
    assert set(rates["valeur"]) == {100}
    left = table.set_index("repere")["valeur"]
    assert left["reste_a_charge_vad_postnatale"] == 30
    assert left["premier_jour_avec_reste_a_charge"] == left["dernier_jour_sans_reste_a_charge"] + 1 == 13


def test_an_age_keeps_its_bounds(table):
    """Circulaire 2020, annex 6: 0 to 7 for the PCH, beyond 7 for the rest, under 3 in a centre parental."""
    bounds = table.set_index("repere")[["borne_basse", "borne_haute"]]
    assert bounds.loc["age_pch_parentalite"].tolist() == [0, 7]
    assert bounds.loc["age_au_dela_de_la_pch", "borne_basse"] == 7
    assert bounds.loc["age_centre_parental", "borne_haute"] == 3
    assert bounds.loc["age_tres_jeunes_enfants"].tolist() == [0, 3]


def test_data_that_lag_behind_the_year_of_the_contract_are_counted_in_years(table):
    """Instruction 2025, annex 1, objectives 1 and 3: the data of the year N-2."""
    assert table.loc[table["repere"].eq("recul_des_donnees"), "valeur"].tolist() == [2, 2]


def test_the_national_amounts_are_those_that_were_printed(table):
    """Press and parliamentary documents: 80 M€ in 2020, 107 M€ and 33 M€ in 2021, 140 M€ of the State in 2022."""
    own = table[table["source"].eq("enveloppes-nationales") & table["nature"].eq("credit")]
    amounts = {(row.repere, row.millesime): row.valeur for row in own.itertuples()}
    assert amounts == {
        ("credits_strategie", 2020): 80e6,
        ("credits_programme_304", 2021): 107e6,
        ("credits_fir", 2021): 33e6,
        ("credits_action_17", 2021): 246_250_457,
        ("credits_action_17_executes", 2021): 153_433_458,
        ("credits_etat", 2022): 140e6,
        ("credits_trois_ans", 2022): 600e6,
    }
    assert own["note"].str.contains("Media social|accens-avocats|loi de règlement|question écrite").all()


def test_the_committed_table_is_the_one_that_is_built(table, assert_committed):
    assert_committed("reperes", table)

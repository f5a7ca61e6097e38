"""The tables drawn from running text, held to the passages that they come from."""

import datetime
import hashlib
import re

import pytest

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.sources import Archive
from cdppe_analysis.tables import narrative, pmi

ENVELOPES_OF_2020 = {"fir": "FIR", "programme_304": "programme 304", "ondam_ms": "ONDAM médico-social"}


def changed(copy, name, before, after):
    """Give the archive of a copy of the data in which a raw table of the feedback session says something else."""
    path = copy / "raw" / "rex-club-territoires" / f"{name}.csv"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    catalogue = copy / "sources.yml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return Archive.open(copy)


def test_a_territory_that_is_none_is_refused(whole_data_copy):
    with pytest.raises(TerritoryError, match="Sambre"):
        narrative.prevalence(changed(whole_data_copy, "prevalence", ",Somme,", ",Sambre,"))


def test_the_whole_country_has_no_code(prevalence):
    assert prevalence.loc[0, ["territoire", "code_departement"]].tolist() == ["France", ""]


def test_a_cell_without_a_figure_is_refused_unless_it_is_known_to_have_none(whole_data_copy):
    archive = changed(whole_data_copy, "prevalence", "proportion comparable", "proportion semblable")
    with pytest.raises(TableError, match=r"'proportion semblable' is no figure.*prevalence L4 imprime"):
        narrative.prevalence(archive)


@pytest.fixture(scope="module")
def prevalence():
    return narrative.prevalence(Archive.open())


def test_the_national_estimate_stays_a_range(prevalence):
    """Feedback session, introduction: 15 to 20 % of the children in care, 2 to 3 % of the general population."""
    national = prevalence[prevalence["territoire"].eq("France") & prevalence["indicateur"].eq("situation_de_handicap")]
    assert national[["borne_basse", "borne_haute"]].to_numpy().tolist() == [[15, 20], [2, 3]]
    assert national["valeur"].isna().all()


def test_a_notification_is_not_a_situation_nor_a_following_by_the_ase(prevalence):
    """Bouches-du-Rhône 17 %, Somme 21 %, its SAS 66 %: notifications; Gironde, above 50 %: followed by the ASE."""
    notified = prevalence[prevalence["indicateur"].eq("notification_mdph")]
    assert notified.set_index("code_departement")["valeur"].to_dict() == {"13": 17, "80": 66}
    assert sorted(notified["valeur"]) == [17, 21, 66]
    assert prevalence.loc[prevalence["indicateur"].eq("suivi_ase"), "borne_basse"].tolist() == [50]


def test_the_loiret_s_comparable_proportion_has_no_figure(prevalence):
    loiret = prevalence[prevalence["code_departement"].eq("45")].iloc[0]
    assert loiret[["valeur", "borne_basse", "borne_haute"]].isna().all()
    assert "sans chiffre" in loiret["note"]


def test_three_times_more_is_a_ratio_and_no_percentage(prevalence):
    row = prevalence[prevalence["indicateur"].eq("descolarisation_a_15_ans")].iloc[0]
    assert (row["valeur"], row["unite"]) == (3, "rapport")


def test_no_two_rows_share_definition_population_and_place(prevalence):
    assert not prevalence.duplicated(["indicateur", "territoire", "population"]).any()
    assert len(prevalence) == 8


def test_the_three_means_are_in_days_and_in_printed_months():
    """Feedback session, box of the introduction: 221 days (7 months), 304 (10), 171 (5)."""
    sejours = narrative.sejours(Archive.open()).set_index("public")
    assert sejours["duree_jours"].to_dict() == {"ensemble": 221, "handicap": 304, "sans_handicap": 171}
    assert sejours["mois_imprimes"].to_dict() == {"ensemble": 7, "handicap": 10, "sans_handicap": 5}
    assert set(sejours["code_departement"]) == {"45"}


def test_each_mean_leads_back_to_its_cell():
    assert narrative.sejours(Archive.open())["emplacement"].tolist() == [
        "sejours L1 jours; sejours L1 mois",
        "sejours L2 jours; sejours L2 mois",
        "sejours L3 jours; sejours L3 mois",
    ]


@pytest.fixture(scope="module")
def reperes():
    return narrative.reperes(Archive.open())


def targets(reperes, period):
    rows = reperes[reperes["nature"].eq("cible") & reperes["contractualisation"].eq(period) & reperes["unite"].eq("%")]
    return {
        row.repere: (row.valeur if row.valeur == row.valeur else (row.borne_basse, row.borne_haute))
        for row in rows.itertuples()
    }


def test_the_national_targets_of_2025(reperes):
    """Instruction 2025, annex 1, objectives 1 and 3."""
    assert targets(reperes, "2025-2027") == {
        "epp": 20,
        "vad_sage_femme": 20,
        "vad_infirmiere": 15,
        "epnp": 12,
        "examen_sante_maternelle": (80, 90),
        "consultation": 20,
        "examen_sante_tous_acteurs": 100,
    }


def test_the_targets_of_2020_are_those_of_2025_but_for_the_postnatal_interview(reperes):
    """Circulaire 2020, annex 6, objectives 1 to 5."""
    later = targets(reperes, "2025-2027")
    assert targets(reperes, "2020-2022") == {name: later[name] for name in later if name != "epnp"}


def test_four_targets_are_those_of_an_indicator_of_annex_4(reperes):
    assert set(targets(reperes, "2025-2027")) & set(pmi.indicators()) == {
        "epp",
        "epnp",
        "vad_infirmiere",
        "consultation",
    }


def test_a_doubling_of_what_the_circulaire_knows_misses_its_own_targets(reperes):
    """Circulaire 2020, annex 6: 9 % doubled to « environ 20 % », 6 % doubled to « environ 15 % »."""
    known = reperes[reperes["nature"].eq("donnee") & reperes["unite"].eq("%")].set_index("repere")["valeur"]
    assert (2 * known["vad_sage_femme"], 2 * known["vad_infirmiere"]) == (18, 12)


def test_mandatory_objectives_are_counted_7_and_11_in_the_same_instruction(reperes):
    """Instruction 2025: 7 in the body and annex 1, 11 in the model of contract (annex 3, article 2.1)."""
    rows = reperes[reperes["repere"].eq("objectifs_obligatoires") & reperes["contractualisation"].eq("2025-2027")]
    assert rows["valeur"].tolist() == [7, 7, 11]


def test_the_services_of_the_nord_are_tied_to_two_objectives(reperes):
    """Call for applications, part 2: objective 14 in the text, 13 in its note."""
    rows = reperes[reperes["repere"].eq("objectif_de_rattachement")]
    assert rows["valeur"].tolist() == rows["numero"].tolist() == [14, 13]


def test_every_document_but_the_annex_gives_figures(reperes):
    assert reperes.groupby("source").size().to_dict() == {
        "aac-sessad-ase-nord": 5,
        "circulaire-2020-34": 70,
        "enveloppes-nationales": 11,
        "instruction-2025-60": 42,
        "rex-club-territoires": 16,
    }


def test_what_the_health_insurance_pays_of_the_acts_of_pmi(reperes):
    """Circulaire 2020, annex 6, objectives 1 to 5: 100 %, and 30 % left to pay from the 13th day of the child."""
    rates = reperes[reperes["repere"].str.startswith("prise_en_charge_")]
    assert len(rates) == 5
    assert set(rates["valeur"]) == {100}
    left = reperes.set_index("repere")["valeur"]
    assert left["reste_a_charge_vad_postnatale"] == 30
    assert left["premier_jour_avec_reste_a_charge"] == left["dernier_jour_sans_reste_a_charge"] + 1 == 13


def test_an_age_keeps_its_bounds(reperes):
    """Circulaire 2020, annex 6: 0 to 7 for the PCH, beyond 7 for the rest, under 3 in a centre parental."""
    bounds = reperes.set_index("repere")[["borne_basse", "borne_haute"]]
    assert bounds.loc["age_pch_parentalite"].tolist() == [0, 7]
    assert bounds.loc["age_au_dela_de_la_pch", "borne_basse"] == 7
    assert bounds.loc["age_centre_parental", "borne_haute"] == 3
    assert bounds.loc["age_tres_jeunes_enfants"].tolist() == [0, 3]


def test_data_that_lag_behind_the_year_of_the_contract_are_counted_in_years(reperes):
    """Instruction 2025, annex 1, objectives 1 and 3: the data of the year N-2."""
    assert reperes.loc[reperes["repere"].eq("recul_des_donnees"), "valeur"].tolist() == [2, 2]


def test_the_national_amounts_are_those_that_were_printed(reperes):
    """Press and parliamentary documents: 80 M€ in 2020, 107 M€ and 33 M€ in 2021, 140 M€ of the State in 2022."""
    own = reperes[reperes["source"].eq("enveloppes-nationales") & reperes["nature"].eq("credit")]
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


@pytest.fixture(scope="module")
def dispositifs():
    return narrative.dispositifs(Archive.open())


def test_there_are_seventeen_schemes(dispositifs):
    assert dispositifs.groupby("source")["nom"].nunique().to_dict() == {
        "rex-club-territoires": 14,
        "aac-sessad-ase-nord": 3,
    }


def test_the_three_services_of_the_nord_have_14_places_and_276_000_euros_each(dispositifs):
    """Call for applications, 3.3, 4.1, 5.1 and 5.2."""
    nord = dispositifs[dispositifs["type"].eq("sessad_ase") & dispositifs["indicateur"].eq("dotation")]
    assert nord["nom"].str.removeprefix("SESSAD ASE ").tolist() == [
        "Flandre maritime",
        "Flandre intérieure",
        "Douaisis",
    ]
    assert set(zip(nord["places"], nord["valeur"], nord["ouverture"], strict=True)) == {(14, 276000, "2026-S2")}


def test_the_places_of_the_feedback_session_are_printed_for_two_schemes(dispositifs):
    """DEMMAC (Morbihan): 16 places; MEMS (Gironde): 10 places."""
    places = dispositifs.dropna(subset="places").drop_duplicates("nom").set_index("nom")["places"]
    assert places[["DEMMAC", "MEMS"]].to_dict() == {"DEMMAC": 16, "MEMS": 10}
    assert len(places) == 5


def test_a_scheme_without_a_figure_keeps_its_row(dispositifs):
    """Loiret: boarding medico-educational institutes, awaiting an answer."""
    row = dispositifs[dispositifs["nom"].eq("IME avec internats")].iloc[0]
    assert (row["indicateur"], row["ouverture"], row["emplacement"]) == ("", "", "dispositifs-rex L6")


def test_a_figure_of_no_scheme_stops_the_table(whole_data_copy):
    """A scheme renamed in one of the two raw tables."""
    archive = changed(whole_data_copy, "dispositifs", "DEMMAC", "DEMAC")
    with pytest.raises(TableError, match="the figures of 'DEMMAC' belong to no scheme"):
        narrative.dispositifs(archive)


@pytest.fixture(scope="module")
def echeances():
    return narrative.echeances(Archive.open())


@pytest.fixture(scope="module")
def planning(echeances):
    rows = echeances[echeances["jours_avant_j"].notna()]
    return rows.assign(jour=[datetime.date.fromisoformat(text) for text in rows["date"]]).set_index("etape")


def test_the_dates_of_the_reverse_planning_are_its_days_counted_back(planning):
    """Circulaire 2020, annex 3.2: ten steps, from the day J, 30 October 2020."""
    day_j = planning["jour"].iloc[0]
    assert day_j == datetime.date(2020, 10, 30)
    assert [(day_j - day).days for day in planning["jour"]] == planning["jours_avant_j"].tolist()


def test_the_day_j_of_the_table_is_not_the_signature_that_its_text_says(planning):
    """Annex 3.2: the text takes the signature for day J, the echeances the entry into force, fifteen days later."""
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


def test_two_steps_of_the_reverse_planning_have_no_date(echeances):
    undated = echeances[echeances["emplacement"].str.startswith("annexe3") & echeances["date"].eq("")]
    assert undated["etape"].tolist() == ["Réunion d'échange entre référents", "Réunions de concertation"]


def test_the_needs_of_2025_are_due_on_two_dates(echeances):
    """Instruction 2025: 30 June in the body (2.2), 15 June in annex 2 (2.2)."""
    due = echeances[echeances["etape"].eq("Besoins du programme 304, au plus tard")]
    assert due["date"].tolist() == ["2025-06-30", "2025-06-15"]


def test_every_document_gives_its_dates(echeances):
    assert echeances.groupby("source").size().to_dict() == {
        "aac-sessad-ase-nord": 11,
        "circulaire-2020-34": 55,
        "instruction-2025-60": 41,
        "rex-club-territoires": 5,
    }


def test_the_reverse_planning_is_the_document_s(document_lines):
    lines = document_lines("circulaire-2020-34")
    for _, row in Archive.open().raw("circulaire-2020-34", "annexe3-retroplanning").cells.iterrows():
        step, _, days, date = lines[int(row["ligne_texte"]) - 1].split("\t")
        assert [row["etape"], row["echeancier"], row["date"]] == [
            step.removeprefix("<b>").removesuffix("</b>"),
            days,
            date,
        ]


def test_the_law_of_2016_has_two_dates_in_one_circulaire(echeances):
    """Circulaire 2020: 14 March 2016 (annex 5.1, preamble), 16 March 2016 (annex 6, objective 11)."""
    rows = echeances[
        echeances["source"].eq("circulaire-2020-34") & echeances["etape"].eq("Loi relative à la protection de l'enfant")
    ]
    assert rows["date"].tolist() == ["2016-03-14", "2016-03-16"]


def test_a_step_of_the_reverse_planning_leads_to_its_days_and_to_its_date(echeances):
    assert echeances.loc[1, "emplacement"] == "annexe3-retroplanning L2 echeancier; annexe3-retroplanning L2 date"
    assert echeances.loc[6, "emplacement"] == "annexe3-retroplanning L7"


@pytest.mark.parametrize("name", ["prevalence", "sejours", "reperes", "dispositifs", "echeances"])
def test_the_committed_table_is_the_one_that_is_built(name, assert_committed):
    assert_committed(name, getattr(narrative, name)(Archive.open()))


@pytest.fixture(scope="module")
def objectifs():
    return narrative.objectifs(Archive.open())


@pytest.fixture(scope="module")
def of_2020(objectifs):
    return objectifs[objectifs["contractualisation"].eq("2020-2022")]


@pytest.fixture(scope="module")
def of_2025(objectifs):
    return objectifs[objectifs["contractualisation"].eq("2025-2027")]


def numbers(text):
    """Read « 6 à 8, 10 à 12 et 14 à 26 »."""
    spans = re.findall(r"(\d+)(?: à (\d+))?", text)
    return {number for first, last in spans for number in range(int(first), int(last or first) + 1)}


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
    principles = Archive.open().raw("circulaire-2020-34", "annexe4-principes").cells.set_index("enveloppe")["objectifs"]
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
    for _, row in Archive.open().raw("circulaire-2020-34", tableau).cells.iterrows():
        assert f"{row['numero']}. {row['libelle']}" in printed


def test_the_table_of_2025_is_the_document_s(document_lines):
    lines = document_lines("instruction-2025-60")[423:437]
    cells = Archive.open().raw("instruction-2025-60", "annexe1-tableau").cells
    assert ["\t".join(row) for row in cells.to_numpy()] == lines


def test_every_title_of_the_text_of_2025_is_the_document_s(document_lines):
    lines = document_lines("instruction-2025-60")
    for _, row in Archive.open().raw("instruction-2025-60", "annexe1-objectifs").cells.iterrows():
        assert row["libelle"] in lines[int(row["ligne_texte"]) - 1]


def test_an_unknown_heading_of_the_objectives_stops_the_table(monkeypatch):
    said = {**narrative._said(), "enveloppe": {"FIR": "fir"}}
    monkeypatch.setattr(narrative, "_said", lambda: said)
    with pytest.raises(TableError, match="is no heading of the objectives"):
        narrative.objectifs(Archive.open())


def test_the_committed_objectives_are_those_that_are_built(objectifs, assert_committed):
    assert_committed("objectifs", objectifs)


@pytest.mark.parametrize("name", ["prevalence", "sejours", "reperes", "dispositifs", "echeances", "objectifs"])
def test_the_rows_of_a_table_are_numbered_from_none(name):
    table = getattr(narrative, name)(Archive.open())
    assert table.index.tolist() == list(range(len(table)))

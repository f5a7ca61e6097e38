"""Annex 4 of the 2025 instruction: every cell as printed, moved with a reason, or not published."""

import shutil

import pandas as pd
import pytest

from cdppe_analysis.errors import CorrectionError, TableError
from cdppe_analysis.sources import Archive, apply_corrections, load_sources
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.tables import pmi
from cdppe_analysis.territories import france

SOURCE = "instruction-2025-60"
SHEETS = {"annexe4-guadeloupe": 800, "annexe4-la-reunion": 803, "annexe4-centre-val-de-loire": 806}
CUT_HEADINGS = {"annexe4-guadeloupe": 799, "annexe4-la-reunion": 802, "annexe4-centre-val-de-loire": 805}


@pytest.fixture(scope="module")
def readings():
    return pmi.readings(Archive.open())


@pytest.fixture(scope="module")
def table_a():
    """Table A by code, as printed and after the declared corrections."""
    raw = Archive.open().raw(SOURCE, pmi.TABLE_A)
    read = apply_corrections(raw, Archive.open().register.corrections_of(SOURCE, pmi.TABLE_A))
    return raw.cells.set_index("c02"), read.cells.set_index("c02")


def cell(readings, code, indicateur, annee):
    row = readings[
        readings["code_departement"].eq(code) & readings["indicateur"].eq(indicateur) & readings["annee"].eq(annee)
    ]
    return row.iloc[0]


def test_the_bounds_of_the_rule_stand_between_the_rates_of_the_rows_that_are_sure(table_a):
    """Consultations go to 25 % (Paris), health checks begin at 45 % (Sarthe) in the rows that nothing belies."""
    slots = pmi._slots()
    (printed, _), known, rule = table_a, pmi._known_rates(Archive.open()), pmi._reading_rule(Archive.open())
    sure = [code for code in printed.index if all(printed.at[code, slots[s]] == v for s, v in known[code].items())]
    assert len(sure) > 55
    consultations = printed.loc[sure, ["c14", "c15"]].apply(pd.to_numeric, errors="coerce").to_numpy()
    checks = printed.loc[sure, ["c16", "c17"]].apply(pd.to_numeric, errors="coerce").to_numpy()
    consultations, checks = consultations[consultations == consultations], checks[checks == checks]
    assert (consultations.max(), checks.min()) == (25, 45)
    assert 25 < rule["consultation_max"] < 45
    assert 2 * rule["bilan_min"] < 45


@pytest.mark.parametrize(("code", "doubtful"), [("05", 7), ("21", 5), ("36", 5), ("41", 5), ("82", 3), ("85", 5)])
def test_rows_of_the_same_damage_are_doubted_alike(code, doubtful, readings):
    """A rate of 2023 that table C gives stands one cell to the left in table A: none there is published as certain."""
    rows = readings[readings["code_departement"].eq(code)]
    assert rows["statut"].isin(["indeterminable", "discordant"]).sum() == doubtful
    assert "table_a" not in set(rows["statut"])


def test_every_unit_has_seven_indicators_in_two_years(readings):
    assert len(readings) == 100 * 7 * 2
    assert not readings.duplicated(["code_departement", "indicateur", "annee"]).any()
    france().check(readings["code_departement"].drop_duplicates().tolist())


def test_the_statuses_are_those_counted_in_the_notebook():
    counted = pmi.build(Archive.open())["statut"].value_counts().to_dict()
    assert counted == {
        "table_a": 492,
        "concordant": 301,
        "nd": 258,
        "indeterminable": 155,
        "recale": 111,
        "table_c": 49,
        "discordant": 34,
    }
    assert set(counted) == set(pmi.STATUSES)


def test_only_the_four_sure_statuses_have_a_value(readings):
    published = readings["statut"].isin(["concordant", "table_a", "table_c", "recale"])
    assert readings["valeur"].notna().eq(published).all()


def test_not_available_is_not_zero(readings):
    """Instruction 2025, annex 4: ND means that the département declares the figure not available (Aube: everywhere)."""
    aube = readings[readings["code_departement"].eq("10")]
    assert set(aube["statut"]) == {"nd"}
    assert aube["valeur"].isna().all()
    assert cell(readings, "23", "vad_prenatale", 2023)["valeur"] == 0


def test_a_cell_that_both_tables_print_is_concordant(readings):
    """Aisne: EPP of 2023, 18 % in table A (L2 c05) and in table C (L2 c05)."""
    row = cell(readings, "02", "epp", 2023)
    assert (row["statut"], row["valeur"]) == ("concordant", 18)
    assert row["emplacement"] == "annexe4-table-a L2 c05; annexe4-table-c L2 c05"


def test_the_fifth_rate_of_table_c_is_the_nurse_s_visit_not_the_health_check_of_its_heading(readings):
    """Table C heads its fifth rate « bilan de santé »; the Ardennes print 14 there, and 93 for it in table A."""
    ardennes = cell(readings, "08", "vad_infirmiere", 2023)
    assert (ardennes["lu_a"], ardennes["lu_c"]) == ("14", "14")
    assert cell(readings, "08", "bilan_maternelle", 2023)["valeur"] == 93


def test_the_health_check_is_nowhere_near_the_fifth_rate_of_table_c(readings):
    """Table A, 2023: 48 to 177 %; table C, fifth column: 0 to 29 %."""
    checked = readings[readings["indicateur"].eq("bilan_maternelle") & readings["annee"].eq(2023)]["valeur"]
    fifth = pd.to_numeric(Archive.open().raw(SOURCE, pmi.TABLE_C).cells["c09"], errors="coerce")
    assert (checked.min(), checked.max(), fifth.min(), fifth.max()) == (48, 177, 0, 29)


def test_a_rate_above_one_hundred_is_kept(readings):
    """Alpes-Maritimes: 189 % in 2022 and 177 % in 2023."""
    assert [cell(readings, "06", "bilan_maternelle", annee)["valeur"] for annee in (2022, 2023)] == [189, 177]


def test_two_readings_that_disagree_are_both_shown_and_neither_is_published(readings):
    """Ain: EPP of 2023, 0 in table A and 11 in table C."""
    row = cell(readings, "01", "epp", 2023)
    assert (row["statut"], row["lu_a"], row["lu_c"]) == ("discordant", "0", "11")
    assert pd.isna(row["valeur"])


def test_a_confirmed_rate_of_a_fragment_can_contradict_table_a(readings):
    """Indre: consultation of 2023, 9 in table A, 8 in the fragment, whose 845 of 10 461 children are 8 %."""
    assert cell(readings, "36", "consultation", 2023)["statut"] == "discordant"


def test_a_moved_cell_leads_to_where_its_figure_is_printed(readings):
    """Table A, L14 (Calvados): the consultations of 2022 and 2023, 13 and 10, are printed one cell to the left."""
    assert cell(readings, "14", "consultation", 2022)["emplacement"] == "annexe4-table-a L14 c13"
    assert cell(readings, "14", "consultation", 2023)["emplacement"] == "annexe4-table-a L14 c14"
    assert cell(readings, "22", "vad_infirmiere", 2023)["ref_c"] == "annexe4-table-c L22 c08"


def test_a_confirmed_rate_of_a_fragment_fills_what_no_table_has(readings):
    """La Réunion: consultation of 2023, 11 in the fragment, whose 7 246 of 68 329 children are 11 %."""
    row = cell(readings, "974", "consultation", 2023)
    assert (row["statut"], row["valeur"], row["emplacement"]) == ("recale", 11, "annexe4-la-reunion L1 c31")


def test_the_cells_of_the_eure_printed_on_the_row_of_the_charente_leave_table_c_alone(readings, table_a):
    """Table A, L16 and L27: eight cells in a row are the same; table C (L16) gives the Charente ND, 9 and 23."""
    printed, _ = table_a
    assert printed.loc["16", "c08":"c15"].equals(printed.loc["27", "c08":"c15"])
    charente = readings[readings["code_departement"].eq("16")].set_index(["indicateur", "annee"])
    assert charente["statut"]["vad_prenatale", 2023] == "nd"
    assert charente["valeur"]["vad_postnatale", 2023] == 9
    assert charente["valeur"]["vad_infirmiere", 2023] == 23
    assert charente["statut"]["consultation", 2022] == charente["statut"]["consultation", 2023] == "indeterminable"


def test_table_a_alone_is_never_certain_in_a_row_that_was_re_read(readings):
    """Var, VAD by a nurse of 2022: 7, printed one cell to the left; Ardennes, health check of 2022: 88, as printed."""
    assert cell(readings, "83", "vad_infirmiere", 2022)["statut"] == "recale"
    assert cell(readings, "83", "consultation", 2022)["statut"] == "recale"
    assert cell(readings, "08", "bilan_maternelle", 2022)["statut"] == "table_a"


def test_table_a_stops_at_the_yonne_and_the_rest_of_2022_is_indeterminable(readings):
    """Table A, L89: the text is cut in a repeated cell, after the last value of the row."""
    yonne = readings[readings["code_departement"].eq("89")]
    assert not yonne["statut"].eq("indeterminable").any()
    after = readings[readings["code_departement"].str.fullmatch("9[0-5]|97[1-6]") & readings["annee"].eq(2022)]
    assert set(after["statut"]) == {"indeterminable"}
    assert set(after["code_departement"]) == {"90", "91", "92", "93", "94", "95", "971", "972", "973", "974", "976"}


def test_where_table_c_lost_its_fourth_rate_its_fifth_is_the_consultation_of_table_a():
    """Seven rows of table C (Ariège, Côtes-d'Armor, Isère, Haute-Loire, Marne, Puy-de-Dôme, Vaucluse)."""
    register = Archive.open().register
    moved = {c.ligne for c in register.corrections_of(SOURCE, pmi.TABLE_C) if c.colonne == "c09"}
    raw_c = Archive.open().raw(SOURCE, pmi.TABLE_C).cells
    read_a = apply_corrections(
        Archive.open().raw(SOURCE, pmi.TABLE_A), register.corrections_of(SOURCE, pmi.TABLE_A)
    ).cells
    consultation = read_a.set_index("c02")["c15"]
    assert [raw_c.at[ligne, "c03"] for ligne in sorted(moved)] == ["09", "22", "38", "43", "51", "63", "84"]
    assert all(raw_c.at[ligne, "c09"] == consultation[raw_c.at[ligne, "c03"]] for ligne in moved)


def test_in_56_rows_out_of_89_the_tables_agree_as_printed(table_a):
    printed, _ = table_a
    other = Archive.open().raw(SOURCE, pmi.TABLE_C).cells.set_index("c03").loc[printed.index, "c05":"c09"]
    same = printed[["c05", "c07", "c09", "c11", "c13"]].to_numpy() == other.to_numpy()
    assert same.all(axis=1).sum() == 56


def test_moved_cells_keep_the_order_of_the_print(table_a):
    """A move never swaps two printed values: what is read of a row is its printed values, some left out."""
    printed, read = table_a
    for code in printed.index:
        assert pmi._stand_in_order(read.loc[code, pmi._slots()], printed.loc[code, "c04":"c20"]), code


def test_every_correction_says_its_reason_in_a_sentence():
    corrections = [c for c in Archive.open().register.corrections if c.source == SOURCE]
    assert (len(corrections), sum(c.corrige == "" for c in corrections)) == (146, 70)
    assert all(len(c.raison) > 60 and c.raison.endswith(".") for c in corrections)


def test_a_correction_that_matches_nothing_stops_the_table(whole_data_copy):
    path = whole_data_copy / "corrections.yml"
    text = path.read_text(encoding="utf-8").replace('imprime: "Hauts-Pyrénées"', 'imprime: "Hérault ?"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionError, match="the cell prints 'Hauts-Pyrénées'"):
        pmi.build(Archive.open(whole_data_copy))


def test_a_cell_that_is_no_rate_stops_the_table(whole_data_copy):
    path = whole_data_copy / "corrections.yml"
    text = path.read_text(encoding="utf-8").replace('corrige: "26"', 'corrige: "26,5"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"'26,5' is neither a rate nor ND.*annexe4-table-a L37 c08"):
        pmi.build(Archive.open(whole_data_copy))


@pytest.mark.parametrize(("tableau", "first"), [(pmi.TABLE_A, 709), (pmi.TABLE_C, 814)])
def test_every_cell_of_a_table_is_the_document_s(tableau, first, document_lines):
    lines = document_lines(SOURCE)
    cells = Archive.open().raw(SOURCE, tableau).cells
    assert ["\t".join(row) for row in cells.to_numpy()] == lines[first - 1 : first - 1 + len(cells)]
    assert "\t" not in lines[first - 1 + len(cells)]


def test_every_heading_of_a_table_is_the_document_s(document_lines):
    lines = document_lines(SOURCE)
    file_of = load_sources()[SOURCE].file
    printed_a = zip(lines[706].split("\t"), lines[707].split("\t"), strict=True)
    assert list(file_of(pmi.TABLE_A).colonnes.values()) == [" / ".join(filter(None, pair)) for pair in printed_a]
    assert list(file_of(pmi.TABLE_C).colonnes.values()) == lines[812].split("\t")


def test_every_repaired_row_gives_its_evidence():
    rows = pmi.repairs(Archive.open())
    assert len(rows) == 37
    assert (rows["deplacees"].sum(), rows["videes"].sum()) == (76, 70)
    assert rows["motif"].str.len().min() > 60
    moved = rows[rows["unite"].eq("Seine-et-Marne")].iloc[0]
    assert (moved["deplacees"], moved["videes"]) == (3, 0)
    assert moved["motif"].startswith("La ligne a dix-sept valeurs")


def test_the_committed_table_is_the_one_that_is_built(readings, assert_committed):
    assert_committed("pmi", readings[Archive.open().columns("pmi")])


def test_a_departement_under_another_region_is_refused_with_its_cell():
    """Table C, L1: the Ain is printed under Auvergne-Rhône-Alpes."""
    raw = apply_corrections(
        Archive.open().raw(SOURCE, pmi.TABLE_C), Archive.open().register.corrections_of(SOURCE, pmi.TABLE_C)
    )
    cells = raw.cells.copy()
    cells.at[1, "c02"] = "Bretagne"
    with pytest.raises(TableError, match="under a région that is not its own") as caught:
        pmi._codes(raw.with_cells(cells))
    assert caught.value.code == cells.at[1, "c03"]
    assert caught.value.cell.endswith("annexe4-table-c L1 c02")


@pytest.fixture(scope="module")
def confirmed():
    rows = pmi._confirmed(Archive.open())
    return {(row.code_departement, row.indicateur): row.lu_fragment for row in rows.itertuples()}


def number_of_column(letters):
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def test_the_rates_stand_in_the_columns_of_the_sheet_that_the_instruction_names():
    """Instruction 2025, annex 4, reminder: columns T, V, X and Z, AB, AF, AH of the sheet."""
    printed = Archive.open().raw(SOURCE, "annexe4-colonnes").cells["imprime"]
    named = {word for text in printed for word in text.split() if word.isupper()}
    assert {f"c{number_of_column(letters)}" for letters in named} == {own["taux"] for own in pmi.indicators().values()}


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
    printed = pmi.controls(Archive.open()).drop_duplicates(["code_departement", "indicateur"])["imprime"]
    assert (len(confirmed), printed.str.fullmatch("[0-9]+").sum()) == (25, 50)


def test_a_rate_that_its_counts_belie_is_not_confirmed(confirmed):
    """La Réunion prints 79 % of children examined, 8 922 of 13 482 are 66 %."""
    assert ("974", "bilan_maternelle") not in confirmed


def test_counts_whose_meaning_is_lost_confirm_nothing(confirmed):
    """Guadeloupe prints twelve counts instead of fifteen."""
    assert not any(code == "971" for code, _ in confirmed)


def test_the_two_wrong_codes_of_centre_val_de_loire_are_declared_corrections():
    corrections = Archive.open().register.corrections_of(SOURCE, "annexe4-centre-val-de-loire")
    codes = {(c.imprime, c.corrige) for c in corrections if c.colonne == "c03"}
    assert codes == {("28", "18"), ("36", "28")}


@pytest.mark.parametrize("tableau", sorted(SHEETS))
def test_every_cell_of_a_fragment_is_the_document_s(tableau, document_lines):
    lines = document_lines(SOURCE)
    cells = Archive.open().raw(SOURCE, tableau).cells
    first = SHEETS[tableau]
    assert ["\t".join(row) for row in cells.to_numpy()] == lines[first - 1 : first - 1 + len(cells)]


@pytest.mark.parametrize("tableau", sorted(CUT_HEADINGS))
def test_every_heading_of_a_fragment_is_the_document_s(tableau, document_lines):
    headings = load_sources()[SOURCE].file(tableau).colonnes
    assert "\t".join(headings.values()) == document_lines(SOURCE)[CUT_HEADINGS[tableau] - 1]


def test_a_row_keeps_its_counts_where_the_fifteenth_is_in_the_thousands():
    last = pd.DataFrame({"c19": ["999", "1000", "6 001", "", "108"]})
    assert pmi._counts_are_complete(last).tolist() == [False, True, False, False, False]


def test_a_rate_is_rounded_half_up_before_it_is_compared():
    """Annex 4, fragments: what is confirmed is what a hundred times the count over the population rounds to."""
    rows = pmi.controls(Archive.open())
    known = rows.dropna(subset=["effectif", "population"])
    rates = 100 * known["effectif"].astype(float) / known["population"].astype(float)
    assert known["calcule"].tolist() == pytest.approx(rates.tolist())
    printed = pd.to_numeric(known["imprime"], errors="coerce")
    assert (known["confirme"] == (printed - rates).between(-0.5, 0.5, inclusive="right")).all()
    assert not rows.loc[rows["effectif"].isna(), "confirme"].any()


@pytest.mark.parametrize(
    ("count", "printed", "confirmed"), [("125", "13", True), ("125", "12", False), ("124", "12", True)]
)
def test_half_a_point_is_rounded_up(count, printed, confirmed):
    """No printed row has a rate of just half a point; on 1 000 births, 125 are 12.5 %, that is 13."""
    archive = Archive.open()
    raw = archive.corrected(SOURCE, "annexe4-la-reunion")
    cells = raw.cells.copy()
    cells.loc[1, ["c05", "c18", "c20"]] = [count, "1000", printed]
    rows = pmi._controls_of(raw.with_cells(cells), raw.with_cells(cells))
    of_births = rows[rows["indicateur"].eq("epp") & rows["population"].eq(1000)]
    assert of_births["confirme"].tolist() == [confirmed]


def test_a_health_check_is_held_to_both_of_its_counts():
    """Annex 4, La Réunion: the children seen by a nurse and those seen by a physician stand in two columns."""
    own = pmi.controls(Archive.open()).query("tableau == 'annexe4-la-reunion' and indicateur == 'bilan_maternelle'")
    cells = Archive.open().corrected(SOURCE, "annexe4-la-reunion").cells
    assert own["effectif"].tolist() == [int(cells.at[1, count]) for count in ("c12", "c13")]
    assert set(own["population"]) == {int(cells.at[1, "c16"])}


@pytest.fixture
def copied(tmp_path):
    return shutil.copytree(data_dir(), tmp_path / "data", ignore=shutil.ignore_patterns("clean", "etudes"))


def test_every_row_of_table_a_is_read_by_the_one_rule():
    """Not a list of rows: the rule is applied to all 89; the eight copied cells are those of the Charente."""
    assert pmi.check_corrections(Archive.open()) == "89 rows read by the one rule, 8 copied cells"


def test_the_cells_are_the_seven_pairs_in_the_order_of_the_print():
    assert pmi._slots()[:2] == ["c04", "c05"]
    assert len(pmi._slots()) == 2 * len(pmi.indicators())


def test_what_table_c_says_of_2023_stands_at_the_odd_ranks():
    """annexe4-table-c: early prenatal interview of 6 % in the Hautes-Alpes; a fragment adds the consultation."""
    known = pmi._known_rates(Archive.open())
    assert {rank % 2 for rates in known.values() for rank in rates} == {1}
    assert known["05"][5] == "6"


def test_a_correction_that_the_rule_does_not_give_is_told_and_so_is_one_that_is_missing(copied):
    register = copied / "corrections.yml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace('corrige: ""', 'corrige: "9"', 1), encoding="utf-8")
    with pytest.raises(CorrectionError, match=r"column c08 is read as '9'; the rule of annex 4 gives ''"):
        pmi.check_corrections(Archive.open(copied))


def test_another_bound_of_the_rule_reads_other_cells(copied):
    register = copied / "corrections.yml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("pertes_max: 2", "pertes_max: 0"), encoding="utf-8")
    with pytest.raises(CorrectionError, match="the rule of annex 4"):
        pmi.check_corrections(Archive.open(copied))


BOUNDS = {
    "bilan_min": 40,
    "consultation_max": 30,
    "pertes_max": 2,
    "ajouts_max": 4,
    "repetitions_max": 1,
    "copie_min": 8,
}
ROW = [str(rank) for rank in range(1, 11)] + ["20", "21", "60", "61"]


def test_a_row_that_repeats_its_last_value_is_read_as_it_is_printed():
    assert pmi._alignments([*ROW, "61"], 0, 0, BOUNDS) == {tuple(ROW)}
    assert pmi._alignments([*ROW, "62"], 0, 0, BOUNDS) == set()
    assert pmi._alignments(ROW, 0, 0, BOUNDS) == set()
    assert pmi._alignments([*ROW, "61", "61"], 0, 0, BOUNDS) == set()
    assert pmi._alignments([*ROW, "61", "61"], 0, 0, {**BOUNDS, "repetitions_max": 2}) == {tuple(ROW)}


def test_a_lost_cell_may_be_any_but_the_last():
    """Thirteen values: those of health checks stand last, those of consultations just before."""
    lost = pmi._alignments([*ROW[:10], *ROW[11:], "61"], 1, 0, BOUNDS)
    assert {reading.index(None) for reading in lost} == {*range(12)} - {11} or {r.index(None) for r in lost} <= {
        *range(13)
    }
    assert all(reading[13] == "61" for reading in lost)
    assert (*ROW[:10], None, *ROW[11:]) in lost
    of_checks = pmi._alignments([*ROW[:12], "61", "61"], 1, 0, BOUNDS)
    assert (*ROW[:12], None, "61") in of_checks


def test_a_block_too_many_may_stand_anywhere_before_the_repeated_value():
    extra = pmi._alignments(["7", "8", *ROW, "61"], 0, 2, BOUNDS)
    assert tuple(ROW) in extra


@pytest.mark.parametrize(
    ("consultations", "checks", "plausible"),
    [(("30", "30"), ("40", "40"), True), (("31", "3"), ("40", "40"), False), (("3", "31"), ("40", "40"), False),
     (("3", "3"), ("39", "60"), False), (("3", "3"), ("60", "39"), False), (("ND", None), ("", "ND"), True)],
)  # fmt: skip
def test_a_consultation_is_rare_and_a_health_check_is_not(consultations, checks, plausible):
    assert pmi._are_plausible([*ROW[:10], *consultations, *checks], BOUNDS) == plausible


def test_a_cell_is_kept_where_all_readings_give_it_one_value():
    one, other = ("1", "2", None), ("1", "3", "4")
    readings = {(*one, *["9"] * 11), (*other, *["9"] * 11)}
    assert pmi._common(readings, {}, lost_too=False)[:4] == ["1", "", "4", "9"]
    assert pmi._common(readings, {}, lost_too=True)[:4] == ["1", "", "", "9"]
    assert pmi._common(readings, {2: "4"}, lost_too=True)[2] == "4"


def test_what_is_kept_stands_in_the_order_of_the_print_and_once():
    assert pmi._stand_in_order(["1", "", "3"], ["1", "2", "3"])
    assert not pmi._stand_in_order(["3", "1"], ["1", "2", "3"])
    assert not pmi._stand_in_order(["1", "1"], ["1", "2", "3"])

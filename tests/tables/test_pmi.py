"""Annex 4 of the 2025 instruction: every cell as printed, moved with a reason, or not published."""

from itertools import combinations

import pandas as pd
import pytest

from cdppe_analysis.errors import CorrectionError, TableError
from cdppe_analysis.sources import apply_corrections, load_register, load_sources, read_raw
from cdppe_analysis.tables import pmi
from cdppe_analysis.territories import check_codes

SOURCE = "instruction-2025-60"
SLOTS = [column for indicator in pmi.INDICATORS.values() for column in indicator.table_a]


@pytest.fixture(scope="module")
def readings():
    return pmi.readings()


@pytest.fixture(scope="module")
def table_a():
    """Table A by code, as printed and after the declared corrections."""
    raw = read_raw(SOURCE, pmi.TABLE_A)
    read = apply_corrections(raw, load_register().corrections_of(SOURCE, pmi.TABLE_A))
    return raw.cells.set_index("c02"), read.cells.set_index("c02")


def cell(readings, code, indicateur, annee):
    row = readings[
        readings["code_departement"].eq(code) & readings["indicateur"].eq(indicateur) & readings["annee"].eq(annee)
    ]
    return row.iloc[0]


def alignments(printed, lost, extra, known):
    """All ways to read a printed row as fourteen values with `lost` cells missing and a block of `extra` too many.

    The values left over at the end repeat the last one, as in every whole row. No `known` value is contradicted, and
    only the ways that find the most of them are kept.
    """
    found = []
    for missing in combinations(range(13), lost):
        for first in range(14 - lost + 1 if extra else 1):
            values = iter(printed[:first] + printed[first + extra :])
            slots = tuple(None if slot in missing else next(values) for slot in range(14))
            agrees = all(slots[slot] in (None, value) for slot, value in known.items())
            if agrees and set(values) <= {slots[13]}:
                found.append(slots)
    confirmed = [sum(slots[slot] == value for slot, value in known.items()) for slots in found]
    return {slots for slots, count in zip(found, confirmed, strict=True) if count == max(confirmed)}


def of_2023(epp=None, epnp=None, pre=None, post=None, nurse=None, consultation=None):
    values = dict(zip(range(1, 13, 2), (epp, epnp, pre, post, nurse, consultation), strict=True))
    return {slot: value for slot, value in values.items() if value is not None}


# For each row that has too many or too few values, or visibly repeats a pair: how many cells were lost, how many are
# too much, and what table C (for the consultation, also the fragment) knows of 2023, disagreements left out.
DAMAGED = {
    "09": (1, 0, of_2023("12", "6", "11", None, "6", "29")),
    "14": (1, 0, of_2023("13", "5", "4", "2", "3")),
    "37": (2, 2, of_2023("4", "1", "ND", "ND", "9", "16")),
    "65": (0, 1, of_2023("ND", "ND", None, "2", "5")),
    "77": (0, 2, of_2023("8", "0", "ND", "ND", "6")),
    "83": (1, 0, of_2023("4", "2", "ND", "ND", "5")),
    "88": (1, 0, of_2023("14", "1", "ND", "ND", "15")),
}

# Rows of the right length where a move would explain away a disagreement: read as printed, or moved.
COMPETING = {
    "05": (1, 1, of_2023("12", "ND", "6", "8", "3")),
    "13": (2, 2, of_2023("4", "ND", "4", "5", "14")),
    "69": (2, 2, of_2023("6", "ND", "ND", "ND", "10")),
    "85": (1, 0, of_2023("13", "2", "ND", "ND", "4")),
}


@pytest.mark.parametrize("code", sorted(DAMAGED))
def test_a_moved_cell_is_the_one_reading_that_contradicts_nothing(code, table_a, readings):
    """Where the tables disagree in any case, the cell stays as printed and is published by neither."""
    printed, read = table_a
    lost, extra, known = DAMAGED[code]
    possible = alignments([text for text in printed.loc[code, "c04":"c20"] if text], lost, extra, known)
    assert possible
    places = readings[readings["code_departement"].eq(code)].set_index("ref_a")["statut"]
    ligne = list(printed.index).index(code) + 1
    for slot, column in enumerate(SLOTS):
        if places[f"annexe4-table-a L{ligne} {column}"] == "discordant":
            continue
        values = {reading[slot] for reading in possible} - ({None} if slot in known else set())
        unanimous = next(iter(values)) if len(values) == 1 and None not in values else ""
        assert read.at[code, column] == unanimous, f"{code} {column}: {values}"


@pytest.mark.parametrize("code", sorted(COMPETING))
def test_where_two_readings_compete_only_what_both_give_is_kept(code, table_a):
    printed, read = table_a
    lost, extra, known = COMPETING[code]
    values = [text for text in printed.loc[code, "c04":"c20"] if text]
    possible = alignments(values, lost, extra, known) | alignments(values, 0, 0, {})
    assert len(possible) > 1
    for slot, column in enumerate(SLOTS):
        if slot not in known and read.at[code, column]:
            assert {reading[slot] for reading in possible} == {read.at[code, column]}, f"{code} {column}"


def test_every_unit_has_seven_indicators_in_two_years(readings):
    assert len(readings) == 100 * 7 * 2
    assert not readings.duplicated(["code_departement", "indicateur", "annee"]).any()
    check_codes(readings["code_departement"].drop_duplicates().tolist())


def test_the_statuses_are_those_counted_in_the_notebook():
    counted = pmi.build()["statut"].value_counts().to_dict()
    assert counted == {
        "table_a": 579,
        "concordant": 301,
        "nd": 256,
        "indeterminable": 150,
        "table_c": 46,
        "discordant": 38,
        "recale": 30,
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
    fifth = pd.to_numeric(read_raw(SOURCE, pmi.TABLE_C).cells["c09"], errors="coerce")
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


def test_a_confirmed_rate_of_a_fragment_fills_what_no_table_has(readings):
    """La Réunion: consultation of 2023, 11 in the fragment, whose 7 246 of 68 329 children are 11 %."""
    row = cell(readings, "974", "consultation", 2023)
    assert (row["statut"], row["valeur"], row["emplacement"]) == ("recale", 11, "annexe4-la-reunion L1 c32")


def test_the_cells_of_the_eure_printed_on_the_row_of_the_charente_are_not_published(readings, table_a):
    """Table A, L16 and L27: eight cells in a row are the same; table C belies them for the Charente."""
    printed, _ = table_a
    assert printed.loc["16", "c08":"c15"].equals(printed.loc["27", "c08":"c15"])
    charente = readings[readings["code_departement"].eq("16")].set_index(["indicateur", "annee"])["statut"]
    assert charente["vad_prenatale", 2023] == "discordant"
    assert charente["consultation", 2022] == charente["consultation", 2023] == "indeterminable"


def test_table_a_stops_at_the_yonne_and_the_rest_of_2022_is_indeterminable(readings):
    """Table A, L89: the text is cut in a repeated cell, after the last value of the row."""
    yonne = readings[readings["code_departement"].eq("89")]
    assert not yonne["statut"].eq("indeterminable").any()
    after = readings[readings["code_departement"].str.fullmatch("9[0-5]|97[1-6]") & readings["annee"].eq(2022)]
    assert set(after["statut"]) == {"indeterminable"}
    assert set(after["code_departement"]) == {"90", "91", "92", "93", "94", "95", "971", "972", "973", "974", "976"}


def test_where_table_c_lost_its_fourth_rate_its_fifth_is_the_consultation_of_table_a():
    """Seven rows of table C (Ariège, Côtes-d'Armor, Isère, Haute-Loire, Marne, Puy-de-Dôme, Vaucluse)."""
    register = load_register()
    moved = {c.ligne for c in register.corrections_of(SOURCE, pmi.TABLE_C) if c.colonne == "c09"}
    raw_c = read_raw(SOURCE, pmi.TABLE_C).cells
    read_a = apply_corrections(read_raw(SOURCE, pmi.TABLE_A), register.corrections_of(SOURCE, pmi.TABLE_A)).cells
    consultation = read_a.set_index("c02")["c15"]
    assert [raw_c.at[ligne, "c03"] for ligne in sorted(moved)] == ["09", "22", "38", "43", "51", "63", "84"]
    assert all(raw_c.at[ligne, "c09"] == consultation[raw_c.at[ligne, "c03"]] for ligne in moved)


def test_in_56_rows_out_of_89_the_tables_agree_as_printed(table_a):
    printed, _ = table_a
    other = read_raw(SOURCE, pmi.TABLE_C).cells.set_index("c03").loc[printed.index, "c05":"c09"]
    same = printed[["c05", "c07", "c09", "c11", "c13"]].to_numpy() == other.to_numpy()
    assert same.all(axis=1).sum() == 56


def test_moved_cells_keep_the_order_of_the_print(table_a):
    """A move never swaps two printed values: what is read of a row is its printed values, some left out."""
    printed, read = table_a
    for code in printed.index:
        values = iter(printed.loc[code, "c04":"c20"])
        kept = [text for text in read.loc[code, SLOTS] if text]
        assert all(text in values for text in kept), code


def test_every_correction_says_its_reason_in_a_sentence():
    corrections = [c for c in load_register().corrections if c.source == SOURCE]
    assert (len(corrections), sum(c.corrige == "" for c in corrections)) == (129, 61)
    assert all(len(c.raison) > 60 and c.raison.endswith(".") for c in corrections)


def test_a_correction_that_matches_nothing_stops_the_table(whole_data_copy):
    path = whole_data_copy / "corrections.yml"
    text = path.read_text(encoding="utf-8").replace('imprime: "Hauts-Pyrénées"', 'imprime: "Hérault ?"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionError, match="the cell prints 'Hauts-Pyrénées'"):
        pmi.build(whole_data_copy)


def test_a_cell_that_is_no_rate_stops_the_table(whole_data_copy):
    path = whole_data_copy / "corrections.yml"
    text = path.read_text(encoding="utf-8").replace('corrige: "26"', 'corrige: "26,5"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"'26,5' is neither a rate nor ND.*annexe4-table-a L37 c08"):
        pmi.build(whole_data_copy)


@pytest.mark.parametrize(("tableau", "first"), [(pmi.TABLE_A, 709), (pmi.TABLE_C, 814)])
def test_every_cell_of_a_table_is_the_document_s(tableau, first, document_lines):
    lines = document_lines(SOURCE)
    cells = read_raw(SOURCE, tableau).cells
    assert ["\t".join(row) for row in cells.to_numpy()] == lines[first - 1 : first - 1 + len(cells)]
    assert "\t" not in lines[first - 1 + len(cells)]


def test_every_heading_of_a_table_is_the_document_s(document_lines):
    lines = document_lines(SOURCE)
    file_of = load_sources()[SOURCE].file
    printed_a = zip(lines[706].split("\t"), lines[707].split("\t"), strict=True)
    assert list(file_of(pmi.TABLE_A).colonnes.values()) == [" / ".join(filter(None, pair)) for pair in printed_a]
    assert list(file_of(pmi.TABLE_C).colonnes.values()) == lines[812].split("\t")


def test_every_repaired_row_gives_its_evidence():
    rows = pmi.repairs()
    assert len(rows) == 29
    assert (rows["deplacees"].sum(), rows["videes"].sum()) == (68, 61)
    assert rows["motif"].str.len().min() > 60
    moved = rows[rows["unite"].eq("Seine-et-Marne")].iloc[0]
    assert (moved["deplacees"], moved["videes"]) == (3, 0)
    assert moved["motif"].startswith("La ligne a dix-sept valeurs")

"""A whole annex: the real one, the small ones of each fault, those made by program; conservation over all."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdppe_analysis.errors import CdppeError, CheckError, TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.documents import read_document, text_document
from cdppe_analysis.ingestion.grids import Text
from cdppe_analysis.sources import Archive

CASES = {
    "C3_code_tiret.tsv": {"01": ("441826",), "02": ("474211.5",), "03": ("270647",)},
    "F1_codereg_codedep.csv": {"01": ("441826",), "03": ("270647",), "02": ("474211",), "75": ("474211",)},
    "F1_montant_avant_nom.csv": {"01": ("441000",), "02": ("474000",), "03": ("270000",)},
    "F1_places_avant_nom.md": {"01": ("14",), "02": ("28",), "03": ("7",)},
    "F1_rang_code.pdf": {"01": ("643309", "21813.14"), "04": ("166298", "5638.79"), "2A": ("154100", "5225.18")},
    "F1_rang_puis_code.md": {"01": ("643309", "21813.14"), "05": ("145213", "4923.84")},
    "F1_vague_avant_nom.csv": {"69": ("1", "441826"), "38": ("2", "270647"), "59": ("1", "474211")},
    "F1_vague_code.pdf": {"01": ("1", "441826"), "04": ("1", "115661"), "07": ("3", "171179")},
    "F2_entete_montant_de_la.md": {"01": ("643309", "21813.14"), "03": ("353262", "11978.31")},
    "F2_ligne_finit_par_la.txt": {"01": ("643309",), "02": ("554040",), "03": ("353262",)},
    "F2_titre_finit_par_la.md": {"01": ("643309",), "02": ("554040",), "03": ("353262",)},
    "F3_parentheses.csv": {"69": ("-4211",), "38": ("270647",), "59": ("474211",)},
    "F3_reprises_total_egal.pdf": {"01": ("-8174",), "02": ("-4211",), "03": ("-12500",)},
    "F3_signe_espace.csv": {"01": ("-4211",), "02": ("474211",), "03": ("270647",)},
    "F3_signe_moins.csv": {"69": ("-4211",), "38": ("270647",), "59": ("474211",)},
    "F3_signe_plus.csv": {"01": ("4211",), "02": ("474211",), "03": ("270647",)},
    "F4_regions_seules_refus.txt": {"84": ("9907469",), "11": ("25682002",), "93": ("4322421",)},
    "F4_regions_total_exact.pdf": {"84": ("77402020",), "94": ("2825349",), "04": ("5377921",)},
    "F4_regions_total_exact.txt": {"84": ("77402020",), "94": ("2825349",), "04": ("5377921",)},
    "F6_unite_a_16_lignes.md": {"01": ("643000",), "02": ("554000",), "03": ("353000",)},
    "F7_places_marquees_ke.md": {"01": ("14", "276000"), "02": ("28", "552000"), "03": ("7", "138000")},
    "F7_pourcents_tus.txt": {"01": ("1.010841", "5441"), "33": ("1.514559", "642062"), "11": ("0.728982", "0")},
    "R_2A-2B_CORSE.md": {"19": ("67750",), "20": ("51500",), "21": ("45500",)},
    "R_DOM_TOM.md": {"971": ("3818725",), "973": ("1947027",)},
    "R_DRIHL.txt": {"44": ("62244105",), "11": ("164098181",), "94": ("2825349",), "04": ("5377921",)},
    "R_ancienne_region_Alsace.md": {"67": ("91426008", "82635129"), "24": ("60811868", "64975586")},
    "R_codes_trois_chiffres.md": {"01": ("1345060",), "02": ("987200",), "2A": ("259140",)},
    "R_csv_guillemets.csv": {"01": ("441826",), "02": ("474211",), "2A": ("270647",)},
    "R_csv_virgules.csv": {"01": ("638425", "17639358", "315", "27.63"), "19": ("241535", "14764655", "469", "61.13")},
    "R_tiret_euro.txt": {"11": ("0.728982", None), "01": ("1.010841", "5441"), "02": ("0.744533", "25649")},
}


@pytest.mark.parametrize("name", CASES)
def test_each_small_annex_that_was_misread_is_read(shared, figures, name):
    found = figures(read_annex(shared / "cas" / "annexes" / name))
    expected = {code: tuple(None if v is None else Decimal(v) for v in each) for code, each in CASES[name].items()}
    assert {code: found[code] for code in expected} == expected


def test_a_number_glued_to_another_sign_is_refused_with_its_text_and_place(shared):
    with pytest.raises(TableError, match=r"'n°1 204 211 €', in the column 'Montant', is no number taken whole") as told:
        read_annex(shared / "cas" / "annexes" / "F3_numero_colle.csv")
    assert told.value.cell == "l. 2"


@pytest.fixture(scope="module")
def real(shared):
    return read_annex(shared / "documents" / "annexe7-repartition-ondam-2020.txt")


def test_the_real_annex_gives_its_30_rows_cell_for_cell(real):
    """Annexe 7 of 2020, B: the same cells as the raw table that was made by hand."""
    raw = Archive.open().raw("annexe7-ondam-2020", "b-enveloppes").cells
    columns = ["region", "dotation_region", "departement", "dotation_departement"]
    frame = real.frame()
    assert frame["ligne"].astype(int).tolist() == raw.index.tolist()
    assert frame[columns].to_dict("list") == raw[columns].to_dict("list")


def test_the_numbers_of_the_real_annex_by_fate(real):
    """Annexe 7 of 2020: 30 amounts, 15 régions and a total; the dates and shares of the text are set apart."""
    assert real.told() == "66 nombres : 30 lus, 16 totaux vérifiés, 20 mis à part"
    assert list(real.apart) == ["hors du tableau"]


def test_the_15_régions_of_the_real_annex_are_exact_and_its_total_misses_by_1_euro(real):
    """Annexe 7 of 2020, B: « TOTAL 15 000 000 € », where the thirty amounts make 15 000 001 €."""
    assert Counter(check.status for check in real.table.checks) == {"egal": 15, "arrondi": 1}
    assert (real.table.checks[-1].total, real.table.checks[-1].added) == (15_000_000, 15_000_001)


def test_the_remarks_of_the_real_annex_are_its_four_bare_amounts_and_its_total(real):
    """Annexe 7 of 2020, B: Bourgogne-Franche-Comté, Centre-Val de Loire, Corse and Guyane print no €."""
    assert [(remark.kind, remark.text) for remark in real.remarks] == [
        *(("unite", text) for text in ("575 939", "309 383", "112 192", "216 505")),
        ("arrondi", "15 000 000 €"),
    ]


@pytest.mark.parametrize(
    "name", ["circulaire-2020-34", "rex-club-des-territoires", "cahier-des-charges-sessad-ase-nord"]
)
def test_the_documents_without_a_table_of_territories_say_so(shared, name):
    with pytest.raises(TableError, match=r"no column of the table .* names territories|holds no table"):
        read_annex(shared / "documents" / f"{name}.txt")


def digits(text):
    return Counter(re.findall("[0-9]", text))


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(10**6, 2 * 10**6),
    form=st.sampled_from(["semicolons", "tabs", "markdown", "html", "xlsx", "spaces", "stream"]),
)
def test_a_made_annex_is_right_or_refused_and_no_digit_is_lost(annexes, tmp_path, seed, form):
    """Conservation: the digits of the document are those of its numbers, each with one fate."""
    made = annexes.make(seed, form)
    path = annexes.write(made, tmp_path)
    answer, why = annexes.verdict(made, path)
    assert answer in ("right", "refused"), why
    try:
        annex = read_annex(path)
    except CdppeError:
        return
    blocks = read_document(path).blocks
    cells = [b.text if isinstance(b, Text) else "".join(c for row in b.rows for c in row.cells) for b in blocks]
    assert sum((digits(number.text) for number in annex.numbers), Counter()) == sum(map(digits, cells), Counter())
    assert sum(annex.counts.values()) == len(annex.numbers)


def test_a_total_that_is_not_the_sum_is_refused_with_both_figures_unless_accepted(read):
    lines = "Département;Montant (€)", "Ain;100", "Aisne;200", "Total;310"
    with pytest.raises(CheckError, match=r"vaut 310.€ ; ses parties font 300.€ \(−10.€\)"):
        read(*lines)
    assert [remark.kind for remark in read(*lines, accept_gaps=True).remarks] == ["ecart"]


def test_several_tables_ask_for_a_choice_and_each_is_read(read, figures):
    lines = ["Volet A", "| Ain | 1 € |", "| Aisne | 2 € |", "", "Volet B", "| Ain | 3 € |", "| Aisne | 4 € |"]
    with pytest.raises(TableError, match=r"holds 2 tables: choose one with --table \(1: 'Volet A' ; 2: 'Volet B'\)"):
        read(*lines)
    assert figures(read(*lines, table=2)) == {"01": (3,), "02": (4,)}
    assert [number.text for number in read(*lines, table=2).apart["autre tableau"]] == ["1", "2"]
    with pytest.raises(TableError, match="has no table 3: it has 2"):
        read(*lines, table=3)


def test_the_count_tells_each_fate(read):
    annex = read("Rang;Code;Nom;M (€)", "1;01;Ain;1", "2;02;Aisne;2", ";;Total;3", "Source : 2019")
    assert annex.told() == "8 nombres : 2 lus, 2 codes, 2 rangs, 1 total vérifié, 1 mis à part"


def test_a_row_that_lost_its_columns_is_refused(read):
    with pytest.raises(TableError, match="looks like a row and stands outside the table") as told:
        read("| Ain | 1 € |", "| Aisne | 2 € |", "", "Allier : 3 €")
    assert told.value.cell == "l. 4"


def test_columns_have_the_name_printed_above_and_values_their_unit(read):
    frame = read("Département;Population;Dotation (k€)", "Ain;643 309;441,5", "Aisne;554 040;-2").frame()
    assert frame["Dotation (k€)"].tolist() == ["441,5", "-2"]
    assert frame["dotation_eur"].tolist() == ["441500", "-2000"]
    assert frame["population"].tolist() == ["643309", "554040"]


def test_codes_of_two_kinds_are_both_in_the_table(read):
    frame = read("Dép.;FINESS;Nom;M (€)", "01;010000123;IME A;4", "59;590000456;IME B;5").frame()
    assert frame["code"].tolist() == ["010000123", "590000456"]
    assert frame["Dép."].tolist() == ["01", "59"]


def documented(title):
    """Give the rows of a table of docs/ingest.md: what, the lines of the example, what it gives."""
    text = (Path(__file__).parents[2] / "docs" / "ingest.md").read_text(encoding="utf-8").partition(f"## {title}\n")[2]
    rows = [
        re.split(r"(?<!\\)\|", line)[1:-1] for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")
    ]
    return [(a.strip(), b.strip().strip("`").replace("\\|", "|").split(" ⏎ "), c.strip()) for a, b, c in rows[2:]]


@pytest.mark.parametrize(("layout", "lines", "given"), documented("What is read"))
def test_every_layout_that_the_documentation_says_is_read_is(read, figures, layout, lines, given):
    expected = {}
    for part in given.split(" · "):
        code, _, values = part.partition(":")
        expected[code] = tuple(Decimal(value) for value in values.split())
    found = figures(read(*lines))
    assert {code: tuple(v for v in values if v is not None) for code, values in found.items()} == expected


@pytest.mark.parametrize(("what", "lines", "reason"), documented("What is refused"))
def test_every_layout_that_the_documentation_says_is_refused_is_for_its_reason(read, what, lines, reason):
    with pytest.raises(CdppeError, match=re.escape(reason)):
        read(*lines)


FORMS = {
    "csv": "Département;Montant\nAisne;{}\nAin;1 204 €\nAllier;300 000 €\nGers;12 €",
    "markdown": "|Département|Montant|\n|---|---|\n|Ain|1 204 €|\n|Aisne|{}|\n|Allier|300 000 €|\n|Gers|12 €|",
    "spaces": "Nom        Montant\nAin        1 204 €\nAisne {:>12}\nAllier   300 000 €\nGers        12 €",
    "text": "Ain 1 204 €\nAisne {}\nAllier 300 000 €\nGers 12 €",
    "first of a text": "Aisne {}\nAin 1 204 €\nAllier 300 000 €\nGers 12 €",
    "last of a text": "Ain 1 204 €\nAllier 300 000 €\nGers 12 €\nAisne {}",
    "after codes": "01 Ain 1 204 €\n02 Aisne {}\n03 Allier 300 000 €\n32 Gers 12 €",
    "a cell a line": "Ain\n1 204 €\nAisne\n{}\nAllier\n300 000 €\nGers\n12 €",
    "list": "- Ain : 1 204 € ;\n- Aisne : {} ;\n- Allier : 300 000 € ;\n- Gers : 12 €.",
}
PRINTED = {
    **dict.fromkeys(("4 211 €", "+4 211 €", "4 211 €*", "4 211 € (1)", "4 211(1) €", "4 211¹ €", "4 211 €²"), "4211"),
    **dict.fromkeys(("4'211 €", "4 211€", "4\u202f211\u00a0€", "4 211 euros", "4 211 €."), "4211"),
    **dict.fromkeys(("-4 211 €", "− 4 211 €", "–4 211 €", "(4 211 €)", "(4 211) €", "- 4 211 €"), "-4211"),
    **dict.fromkeys(("4,2 Md€", "4,2 milliards d'euros"), "4200000000"),
    **dict.fromkeys(("1.204,50 €", "1 204,50 €", "1,204.50 €"), "1204.5"),
    **dict.fromkeys(("1,2 million €", "1,2 million d'euros", "1 200 k€"), "1200000"),
    **dict.fromkeys(("≥ 4 211 €", "±4 211 €", "~4 211 €", "< 4 211 €", "env. 4 211 €", "4 211 € env.", "n° 4 211 €")),
    **dict.fromkeys(("½ €", "½", "#REF!", "٤ €", "4 211 $", "1e3 €", "1 2O4 €", "4 21 1 €", "4 211,- €", "4_211 €")),
    **dict.fromkeys(("2 x 4 211 €", "4 à 5 €", "4 211 €/an", "4 211 € (dont 12 €)", "--4 211 €", "4 211 € -", "00 €")),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_amount_is_read_whole_in_every_form_or_refused(read, figures, form):
    """Conservation: whatever stands around the digits, never another number."""
    for cell, value in PRINTED.items():
        try:
            found = figures(read(FORMS[form].format(cell), name="annexe.csv" if form == "csv" else "text"))
        except CdppeError:
            continue
        assert value is not None, cell
        assert found == {"01": (1204,), "02": (Decimal(value),), "03": (300_000,), "32": (12,)}, cell


def test_every_amount_that_has_one_reading_is_read_from_a_csv(read, figures):
    for cell, value in PRINTED.items():
        if value is not None:
            assert figures(read(FORMS["csv"].format(cell), name="annexe.csv"))["02"] == (Decimal(value),), cell


def test_the_frame_of_an_annex_has_what_is_printed_then_what_it_is_worth(read):
    annex = read(
        "Code;Département;Places;Montant (k€);Part (%);Taux (‰)",
        "01;Ain;4;1,5;10,5;3",
        "46;Lot;5;2;20;4",
        "59;Nord;6;3;69,5;5",
        "Total;;15;6,5;100;",
    )
    frame = annex.frame()
    assert frame.columns.tolist() == [
        "ligne", "nature", "emplacement", "code_region", "region", "code_departement", "departement", "Places",
        "Montant (k€)", "Part (%)", "Taux (‰)", "places", "montant_eur", "part_pct", "taux",
    ]  # fmt: skip
    assert frame.loc[0].tolist() == [
        "1", "departement", "l. 2", "84", "", "01", "Ain", "4", "1,5", "10,5", "3", "4", "1500", "10.5", "3",
    ]  # fmt: skip
    assert frame.loc[3].tolist()[:5] == ["4", "total", "l. 5", "", "Total"]
    assert annex.told() == "18 nombres : 12 lus, 3 codes, 3 totaux vérifiés"
    assert annex.remarks_frame().columns.tolist() == ["emplacement", "nature", "texte", "remarque"]
    assert [(column.kind, column.unit) for column in annex.table.columns] == [
        ("code", ""), ("nom", ""), ("nombre", "places"), ("montant", "k€"), ("pourcentage", "%"), ("ratio", "‰"),
    ]  # fmt: skip


def test_the_frame_of_régions_and_of_communes_has_their_own_columns(read):
    regions = read("Région;Dotation (€)", "Bretagne;10", "Normandie;20", "Total;30").frame()
    assert regions.columns.tolist() == [
        "ligne", "nature", "emplacement", "code_region", "region", "Dotation (€)", "dotation_eur",
    ]  # fmt: skip
    assert regions.loc[0].tolist() == ["1", "region", "l. 2", "53", "Bretagne", "10", "10"]
    communes = read("Code;Commune;Dotation (M€)", "59350;Lille;2", "59512;Roubaix;3", "62041;Arras;4")
    assert communes.frame().columns.tolist()[3:] == ["code", "libelle", "Dotation (M€)", "dotation_eur"]
    assert communes.frame().loc[2].tolist()[3:] == ["62041", "Arras", "4", "4000000"]
    [remark] = communes.remarks
    assert (remark.place, remark.kind, remark.text) == ("l. 4", "total", "Dotation (M€)")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Montant en milliers d'euros", "montant_en_eur"),
        ("Dotation (Md€)", "dotation_eur"),
        ("Dotation, Mds €", "dotation_eur"),
        ("Crédits (millions €)", "credits_eur"),
        ("KEUR", "montant_eur"),
        ("Crédits 2026 en M€", "credits_2026_en_eur"),
    ],
)
def test_a_column_of_values_in_euros_is_not_named_by_a_multiple_of_the_euro(heading, name):
    read = annex_of(text_document(f"Nom;{heading}\nAin;4\nLot;5"))
    assert read.frame().columns[-1] == name


TABLE = ("Nom;M (€)", "Ain;1", "Lot;2")


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (["abc"], "l. 4"),
        (["abcd"], "abcd"),
        (["# Répartition des crédits de 2024", "", "(en euros)"], "Répartition des crédits de 2024"),
        (["Titre de dix-neuf l", "court"], "court"),
        (["Titre de vingt lettr", "court"], "Titre de vingt lettr"),
        (["x" * 120], "x" * 100),
        ([";Titre du tableau en entier"], "Titre du tableau en entier"),
    ],
)
def test_the_title_is_the_nearest_of_twenty_letters_else_the_nearest_of_four(read, above, title):
    annex = read(*above, *([] if ";" in above[0] else [""]), *TABLE)
    assert (annex.table.title, annex.titles) == (title, (title,))


def test_a_table_is_chosen_from_1_to_the_last(read):
    assert read(*TABLE, table=1) == read(*TABLE)
    for number in (0, 2):
        with pytest.raises(TableError, match=f"text has no table {number}: it has 1") as told:
            read(*TABLE, table=number)
        assert told.value.cell == "--table"


@pytest.mark.parametrize("first", [True, False])
def test_a_table_of_units_beside_one_of_territories_is_read_where_it_is_asked_for(read, figures, first):
    units = ("Autre tableau", "", "Code;Commune;M (€)", "59350;Lille;1", "59512;Loos;2")
    lines = (*TABLE, "", *units) if first else (*units, "", "Le premier tableau", "", *TABLE)
    annex = read(*lines)
    assert annex.titles == ("l. 2" if first else "Le premier tableau", "Autre tableau")
    assert annex.table == read(*lines, table=1).table
    assert figures(read(*lines, table=2)) == {"59350": (1,), "59512": (2,)}
    apart = {reason: [number.text for number in numbers] for reason, numbers in annex.apart.items()}
    assert apart == {"tableau sans territoire": ["59350", "1", "59512", "2"]}


def test_the_unit_below_a_table_is_its_own_where_no_other_table_follows(read):
    below = ("Nom;Montant", "Ain;1", "Lot;2", "en milliers d'euros")
    assert read(*below).table.columns[1].unit == "k€"
    other = ("Nom;Places", "Nord;1", "Oise;2")
    assert [read(*below, "", *other, table=number).table.columns[1].unit for number in (1, 2)] == ["", "places"]


def test_the_name_of_a_column_of_values_has_ten_words_and_its_unit_once(read):
    lines = "Nom;Montant en euros;a b c d e f g h i j k l;Taux en pct", "Ain;1;2;3 %", "Lot;2;3;4 %"
    assert list(read(*lines).frame())[-3:] == ["montant_en_eur", "a_b_c_d_e_f_g_h_i_j", "taux_en_pct"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            "Dép.;M (€) ⏎ Ain;1,50 ⏎ Lot;2,00 ⏎ Total;9,75",
            "vaut 9,75\u202f€ ; ses parties font 3,50\u202f€ (−6,25\u202f€)",
        ),
        ("Dép.;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Total;9", "vaut 9\u202f€ ; ses parties font 3\u202f€ (−6\u202f€)"),
        ("Dép.;M (€) ⏎ Ain;1,50 ⏎ Lot;2 ⏎ Total;9", "vaut 9\u202f€ ; ses parties font 3,50\u202f€ (−5,50\u202f€)"),
        ("Dép.;Places ⏎ Ain;1 ⏎ Lot;2 ⏎ Total;1 000", "vaut 1\u202f000 ; ses parties font 3 (−997)"),
    ],
)
def test_a_gap_is_told_in_the_unit_of_its_column_with_cents_where_there_are(read, lines, sentence):
    with pytest.raises(CheckError) as told:
        read(*lines.split(" ⏎ "))
    assert sentence in str(told.value)
    assert told.value.cell == "l. 4"


def test_columns_of_one_heading_are_numbered_from_the_second(read):
    columns = list(read("Dép.;M (€);M (€);M (€)", "Ain;1;2;3", "Lot;1;2;3").frame())
    assert columns[columns.index("departement") + 1 :][:3] == ["M (€)", "M (€)_2", "M (€)_3"]


def test_a_table_that_can_not_be_understood_is_one_to_choose_and_says_why(read):
    second = "Volet B, sans unité", "Nom;Montant (en milliers)", "Ain;1", "Lot;2"
    with pytest.raises(TableError, match=r"\(1: 'Volet A' ; 2: 'Volet B, sans unité'\)"):
        read("Volet A", *TABLE, *second)
    with pytest.raises(TableError, match="gives a measure and no unit of money"):
        read("Volet A", *TABLE, *second, table=2)
    assert read("Volet A", *TABLE, *second, table=1).table.title == "Volet A"


def test_the_title_of_a_table_has_no_mark_of_markdown():
    read = annex_of(
        text_document("## Dotations de 2026, en euros\n\n| Nom | Montant |\n|---|---|\n| Ain | 4 |\n| Lot | 5 |")
    )
    assert read.table.title == "Dotations de 2026, en euros"


def test_totals_of_régions_that_look_like_codes_of_communes_are_no_codes():
    rows = [
        "Auvergne-Rhône-Alpes;26243;Ain;10000",
        ";;Allier;16243",
        "Bretagne;29300;Finistère;20000",
        ";;Morbihan;9300",
    ]
    read = annex_of(text_document("\n".join(["Région;Total de la région;Département;Crédits (k€)", *rows])))
    assert [row.code for row in read.table.rows if row.kind == "departement"] == ["01", "03", "29", "56"]


def test_a_row_with_another_word_outside_the_table_is_refused_and_a_note_is_not(read, figures):
    lines = ["| Ain | 1 € |", "| Corse | 2 € |", ""]
    with pytest.raises(TableError, match=r"'Gers env\. 14 €' looks like a row"):
        read(*lines, "Gers env. 14 €")
    for note in ("Corse : les deux départements reçoivent 12 €", "* Corse : 2 départements", "Paris, le 12 mars 2024"):
        assert figures(read(*lines, note))["20"] == (2,)


def test_names_of_communes_without_columns_are_refused_with_the_way_out(read):
    with pytest.raises(TableError, match=r"'Lille 10 €' names no département .* read in columns only \(a CSV"):
        read("Lille 10 €", "Roubaix 7 €", "Tourcoing 5 €")


@pytest.mark.parametrize(
    ("lines", "message", "place"),
    [
        (("Ain 12x4 €", "Rien"), "'12x4 €', beside 'Ain', is no number taken whole", "l. 1"),
        (("Alpha 12", "Bêta 13", "Gamma 14"), "'Alpha 12' names no département nor région: other names", "l. 1"),
        (("Les 15 M€ sont répartis entre les départements.",), "its amounts stand in sentences, as 'Les 15 M€", "l. 1"),
        (
            (
                "Article 1er",
                "Le montant attribué au département du Nord est de 4 €.",
                "Article 2",
                "Fait le 12 mars 2024.",
            ),
            "its amounts stand in sentences, as 'Le montant",
            "l. 2",
        ),
        (("Dép.;Année;M", "01;2023;4", "01;2024;5", "02;2023;6"), "'01' stands 2 times under 'Dép.'", None),
        (("Rien du tout",), "holds no table: no name of a territory is followed by a number", None),
    ],
)
def test_a_document_without_a_table_says_what_it_has_instead(read, lines, message, place):
    with pytest.raises(TableError) as refused:
        read(*lines)
    assert message in refused.value.message
    assert refused.value.cell == place


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Nord 12 fois ⏎ Lot 5", "'12 fois', beside 'Nord', is no number taken whole", "l. 1"),
        ("Nom;Note ⏎ Ain;4 h ⏎ Lot;5 h", "'4 h' is no number taken whole", "l. 2"),
        ("Nom;Note ⏎ Ain;une note de plus de 20 lettres ⏎ Lot;vu", "no cell of the table of text is a number", "l. 1"),
        ("Code;Nom ⏎ 01;Ain ⏎ 02;Aisne", "no cell of the table of text is a number taken whole", "l. 1"),
        ("Thème;Note ⏎ Santé;4 ⏎ Social;5", "no column of the table of text names territories", "l. 1"),
        ("Zone A 12 ⏎ Zone B 13 ⏎ Texte ⏎ Autre", "'Zone A 12' names no département nor région", "l. 1"),
        ("Zone A 12 ⏎ Zone B 13 ⏎ Texte ⏎ Autre ⏎ Encore", "text holds no table", None),
        ("Zone A 12 ⏎ Lot 5", "'Zone A 12' names no département nor région", "l. 1"),
        ("Nom;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nord 12 €", "a row has 1 cells where the others have 2", "l. 4"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Nord environ ⏎ 12 €", "'Nord environ 12 €' looks like a row", "l. 3"),
        ("Dép.;A;B;C (€) ⏎ Ain;1;2;3 ⏎ Lot;3;4;5 ⏎ 59  Nord  5", "'59  Nord  5' looks like a row and stands", "l. 4"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Zone A 12 €", "'Zone A' names no département, région nor total", "l. 3"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Aa Bb Cc Dd Ee Ff 1 204", "'Aa Bb Cc Dd Ee Ff' names no département", "l. 3"),
        # Beside a table of columns: a name and a number, with one other word, in letters or on two lines.
        *(
            (f"Nom;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎  ⏎ {line}", f"'{line.replace(' ⏎ ', ' ')}' looks like a row", "l. 5")
            for line in ("Gers : 4", "Gers : 4 -", "Gers : 4 € (note)", "Gers ⏎ 4 €")
        ),
        *(
            (f"Nom;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎  ⏎ {line}", f"'{line}' holds a number in letters", "l. 5")
            for line in ("Gers quatre", "Gers vingt et un")
        ),
        # Beside a text without columns: the end of a name that a line cuts.
        ("Ain 1 € ⏎ Lot 2 € ⏎ Alpes-de- ⏎ Haute-Provence environ 12 €", "'Haute-Provence environ 12 €' looks", "l. 4"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ environ 12 000", "'environ' names no département, région nor total", "l. 3"),
        # A name and a number in one cell.
        ("Nom;M (€) ⏎ Lot1;2 ⏎ Ain;1 ⏎ Nord;3", "'Lot1' holds a name and a number: is it a footnote mark?", "l. 2"),
        ("Commune;M (€) ⏎ Lens;2 ⏎ Ain 12;1 ⏎ Loos;3", "'Ain 12' holds a name and a number: its columns", "l. 3"),
        ("Dép.;M (€) ⏎ Foo;2 ⏎ Bar;1 ⏎ Ain;3", "under 'Dép.', too few names are known: Foo, Bar", None),
        ("Dép.;M (€) ⏎ Meurhe-et-Moselle;2 ⏎ Bar;1", "too few names are known: Meurhe-et-Moselle, Bar", None),
    ],
)
def test_a_line_that_may_be_a_row_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(CdppeError, lines, reason, place)


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("Gers bien", {}),
        ("Gers : 4 - vu", ["4"]),
        ("Le Gers et ses 4 cantons", ["4"]),
        ("Gers et un peu 4 €", ["4"]),
        ("Texte ⏎ 4 €", ["4"]),
    ],
)
def test_a_line_of_words_beside_a_table_of_columns_is_set_apart(read, line, apart):
    annex = read("Nom;M (€)", "Ain;1", "Lot;2", "", *line.split(" ⏎ "))
    assert [row.code for row in annex.table.rows] == ["01", "46"]
    assert [number.text for numbers in annex.apart.values() for number in numbers] == [*apart]


@pytest.mark.parametrize("lines", ["Dép.;M (€) ⏎ Foo;2 ⏎ Bar;1", "Nom;M (€) ⏎ Foo;2 ⏎ Bar;1 ⏎ Ain;3"])
def test_names_of_which_few_are_known_are_kept_where_none_is_near_or_the_heading_is_of_others(read, lines):
    assert [row.kind for row in read(*lines.split(" ⏎ ")).table.rows] == ["unite"] * lines.count(" ⏎ ")


def test_what_is_odd_in_the_file_is_said_first():
    lines = text_document("Nom;M (€)\nAin;-4\nLot;5", remarks=("Le fichier est lu en UTF-16.",))
    first, second, *_ = annex_of(lines).remarks
    assert (first.place, first.kind, first.text, first.sentence) == ("", "fichier", "", "Le fichier est lu en UTF-16.")
    assert second.kind == "signe"


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("Pour le Nord, il y a 12 € de plus que prévu en tout", ["12"]),
        ("le 3 mars 2021", ["3", "2021"]),
        ("Aa Bb Cc Dd Ee Ff Gg 1 204", ["1 204"]),
    ],
)
def test_a_line_of_many_words_or_a_date_is_set_apart(read, line, numbers):
    annex = read("Ain 1 €", "Lot 2 €", line)
    assert [row.code for row in annex.table.rows] == ["01", "46"]
    assert {reason: [number.text for number in each] for reason, each in annex.apart.items()} == {
        "hors du tableau": numbers
    }


def test_an_empty_row_among_the_headings_of_a_page_names_nothing(read, short):
    empty = "<tr><th>Dép.<th>M (€)<tr><th><th><tr><td>Ain<td>4<tr><td>Lot<td>5"
    assert short(read(f"<table>{empty}</table>"))[1] == "01: 4 · 46: 5"


@pytest.mark.parametrize("line", ["Gers €", "Gers : €", "Gers %"])
def test_a_name_with_a_unit_and_no_number_below_lines_without_columns_is_refused(check_refused, line):
    reason = f"'{line}', of the numbers after it, has 0 where the others have 1"
    check_refused(TableError, f"Ain 1 € ⏎ Lot 2 € ⏎ {line}", reason, "l. 3")


@pytest.mark.parametrize("odd", ["Ã‰tampes", "Ã€", "Ã©", "â‚¬", "Ã´"])
def test_letters_that_were_encoded_twice_are_refused_wherever_they_stand(check_refused, odd):
    reason = f"the letters of '{odd}' are those of another encoding: save text again in UTF-8"
    check_refused(TableError, f"Nom;Montant (k€) ⏎ Ain;4 ⏎ Lot;5 ⏎ {odd} verser", reason, "l. 4")


@pytest.mark.parametrize(
    ("lines", "kind", "sentence"),
    [
        (
            "Dép.;Places ⏎ Ain;s ⏎ Lot;2 ⏎ Total;9",
            "masque",
            "« Total », sous « Places », vaut 9 ; ses parties font 2 (−7) : "
            "une au moins n'est pas imprimée, et rien ne vérifie les autres.",
        ),
        (
            "Dép.;M (k€) ⏎ Ain;1,2 ⏎ Lot;2,4 ⏎ Total;3,7",
            "arrondi",
            "« Total », sous « M (k€) », vaut 3\u202f700\u202f€ ; ses parties font 3\u202f600\u202f€ (−100\u202f€) : "
            "l'arrondi de chaque montant suffit à l'expliquer.",
        ),
    ],
)
def test_a_gap_that_may_be_one_of_rounding_or_of_a_secret_is_said_with_its_reason(read, lines, kind, sentence):
    [remark, *_] = read(*lines.split(" ⏎ ")).remarks
    assert (remark.place, remark.kind, remark.sentence) == ("l. 4", kind, sentence)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            "Ain;1,50 ⏎ Lot;2,25 ⏎ Total;9,25",
            "vaut 9,25\u202f€ ; ses parties font 3,75\u202f€ (−5,50\u202f€) : ce n'est",
        ),
        (
            "Ain;1,50 ⏎ Lot;2,75 ⏎ Total;10,25",
            "vaut 10,25\u202f€ ; ses parties font 4,25\u202f€ (−6\u202f€) : ce n'est",
        ),
        (
            "Ain;5 ⏎ Lot;6 ⏎ Total;9",
            "vaut 9\u202f€ ; ses parties font 11\u202f€ (+2\u202f€) : ce n'est pas un arrondi.",
        ),
    ],
)
def test_each_figure_of_a_gap_has_cents_where_it_has_some_and_the_gap_its_sign(check_refused, rows, told):
    check_refused(CheckError, f"Dép.;M (€) ⏎ {rows}", told, "l. 4")


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        (
            "Région;Code;Dép.;Code Insee;M (€) ⏎ ARA;01;Ain;01;4 ⏎ HDF;02;Aisne;02;5",
            ["Code", "Code Insee", "M (€)", "m_eur"],
        ),
        ("Région;Code;Dép.;M (€) ⏎ ARA;01;Ain;4 ⏎ HDF;02;Aisne;5", ["M (€)", "m_eur"]),
        ("Région;Code région;Dép.;M (€) ⏎ ARA;84;Ain;4 ⏎ HDF;32;Aisne;5", ["Code région", "M (€)", "m_eur"]),
        ("Rang;Dép.;;M (€) ⏎ 1;Ain;vu;4 ⏎ 2;Lot;lu;5", ["Rang", "texte", "M (€)", "m_eur"]),
    ],
)
def test_names_régions_and_the_one_code_of_each_row_are_printed_once_in_the_frame(read, lines, columns):
    named = ["ligne", "nature", "emplacement", "code_region", "region", "code_departement", "departement"]
    assert list(read(*lines.split(" ⏎ ")).frame()) == [*named, *columns]


def test_ranks_and_a_total_are_told_in_the_singular_and_the_plural(read):
    rows = "Rang;Dép.;M (€)", "1;Ain;4", "2;Lot;5", ";Total;9"
    assert read(*rows).told() == "5 nombres : 2 lus, 2 rangs, 1 total vérifié"
    assert read(*rows[:3], "", "Page 3").told() == "5 nombres : 2 lus, 2 rangs, 1 mis à part"
    assert read(*rows[:2]).told() == "2 nombres : 1 lu, 1 rang"


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Dép.;Note ⏎ 01;vu ⏎ 02;lu", "no cell of the table of text is a number taken whole", "l. 1"),
        ("Zone A 12 ⏎ Zone B 13 ⏎ Un deux trois quatre cinq six sept 8 €", "'Zone A 12' names no département", "l. 1"),
        (
            "Zone A 12 ⏎ Zone B 13 ⏎ Un deux trois quatre cinq six sept huit 8 €",
            "text holds no table: its amounts stand in sentences, as 'Un deux trois quatre cinq six sept huit 8 €'",
            "l. 3",
        ),
        (
            "Zone A 12 au Lot ⏎ Zone B 13",
            "'Zone A 12 au Lot' names a territory among other words: it is no row",
            "l. 1",
        ),
    ],
)
def test_why_there_is_no_table_is_told_with_the_line_that_shows_it(check_refused, lines, reason, place):
    check_refused(TableError, lines, reason, place)


def test_a_decimal_comma_that_cuts_the_fields_of_a_csv_is_told_with_how_many_there_are(read):
    with pytest.raises(
        TableError, match="a row has 4 fields where the headings have 3: is the comma a decimal"
    ) as told:
        read("Département,Places,Montant (€)", "Ain,4,1204,50", "Hérault,5,2300,00", name="annexe.csv")
    assert told.value.cell == "l. 2"


@pytest.mark.parametrize("sign", ["€", "%"])
def test_a_name_and_a_unit_among_other_words_below_lines_without_columns_look_like_a_row(check_refused, sign):
    reason = (
        f"'Gers environ {sign}' looks like a row and stands outside the table: it holds more than names and numbers"
    )
    check_refused(TableError, f"Ain 1 € ⏎ Lot 2 € ⏎ Gers environ {sign}", reason, "l. 3")


def test_words_without_a_unit_below_lines_without_columns_are_a_note(read, short):
    assert short(read("Ain 1 €", "Lot 2 €", "Gers environ"))[1] == "01: 1 · 46: 2"


@pytest.mark.parametrize("heads", ["Origine;Paris", "Origine;Paris;Marne"])
def test_a_département_that_heads_a_column_of_figures_names_no_row(read, heads):
    columns = heads.count(";")
    annex = read(heads, "Ain" + ";1" * columns, "Lot" + ";2" * columns)
    assert [row.code for row in annex.table.rows] == ["01", "46"]
    assert [column.heading for column in annex.table.columns] == heads.split(";")


def test_each_number_of_two_tables_is_read_in_one_and_set_apart_in_the_other(read):
    lines = "Volet A 7", "", "Nom;M (€)", "Ain;1", "Lot;2", "", "Volet B 8", "", "Nom;M (€)", "Nord;3", "Oise;4"
    others = {1: [("3", "l. 10"), ("4", "l. 11")], 2: [("1", "l. 4"), ("2", "l. 5")]}
    for table, numbers in others.items():
        annex = read(*lines, table=table)
        assert (annex.table.title, annex.titles) == (annex.titles[table - 1], ("Volet A 7", "Volet B 8"))
        apart = {reason: [(each.text, each.place) for each in found] for reason, found in annex.apart.items()}
        assert apart == {"hors du tableau": [("7", "l. 1"), ("8", "l. 7")], "autre tableau": numbers}
        assert annex.counts == {"lu": 2, "code": 0, "rang": 0, "total": 0, "a_part": 4}


def test_the_frame_has_the_région_and_the_total_of_a_table_of_départements_in_their_own_column(read):
    annex = read(
        "Région;Dép.;Taux %;M (Md€);Note", "Bretagne;;;3;x", ";Finistère;2;1;", ";Morbihan;3;2;y", "Total;;;3;"
    )
    frame = annex.frame()
    assert list(frame)[7:] == ["Taux %", "M (Md€)", "Note", "taux_pct", "m_eur"]
    assert frame.values.tolist() == [
        ["1", "region", "l. 2", "53", "Bretagne", "", "", "", "3", "x", "", "3000000000"],
        ["2", "departement", "l. 3", "53", "", "29", "Finistère", "2", "1", "", "2", "1000000000"],
        ["3", "departement", "l. 4", "53", "", "56", "Morbihan", "3", "2", "y", "3", "2000000000"],
        ["4", "total", "l. 5", "", "Total", "", "", "", "3", "", "", "3000000000"],
    ]


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("une note de 19 signe", "no cell of the table of text is a number taken whole"),
        ("une note de 19 sign", "'une note de 19 sign' is no number taken whole"),
    ],
)
def test_a_cell_of_fewer_than_twenty_letters_with_a_figure_may_be_an_amount(read, note, reason):
    with pytest.raises(TableError, match=reason):
        read("Nom;Note", f"Ain;{note}", "Lot;vu")


def test_a_decimal_comma_in_a_csv_of_two_columns_is_told(read):
    with pytest.raises(TableError, match="a row has 3 fields where the headings have 2: is the comma a decimal mark"):
        read("Département,Montant (€)", "Ain,1204,50", "Hérault,2300,00", name="annexe.csv")


def test_a_name_of_five_words_among_others_is_told(check_refused):
    line = "Crédits des Terres australes et antarctiques françaises 12"
    check_refused(TableError, f"{line} ⏎ Zone B 13", f"'{line}' names a territory among other words", "l. 1")

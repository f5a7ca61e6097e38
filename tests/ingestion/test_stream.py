"""A text that has lost its columns."""

import pytest

from cdppe_analysis.errors import CdppeError, TableError


def test_a_cell_a_line_is_read_and_prose_that_ends_with_an_article_is_not_a_name(read, figures):
    annex = read("réparti au titre de la", "contractualisation :", "", "Ain", "643 309 €", "Aisne", "554 040 €")
    assert figures(annex) == {"01": (643309,), "02": (554040,)}


def test_a_name_cut_over_lines_is_put_together_from_its_parts(read, figures):
    annex = read(
        "Les crédits de 106 939 € sont répartis ainsi entre deux départements",
        "Alpes-de-Haute-",
        "Provence",
        "106 939 €",
        "Pas-de-",
        "Calais 2 €",
    )
    assert figures(annex) == {"04": (106939,), "62": (2,)}


def test_codes_before_the_names_are_codes(read, figures):
    assert figures(read("01 Ain 4 211 €", "2A Corse-du-Sud 5 €", "03 Allier 6 €")) == {
        "01": (4211,),
        "2A": (5,),
        "03": (6,),
    }


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["2 Rhône 4 211 €", "1 Nord 5 €", "3 Paris 6 €"], "'2' stands on the left of 'Rhône'"),
        (["441", "Ain", "474", "Aisne", "270", "Allier"], "'441' stands alone above 'Ain'"),
        (["Ain - 4 211 €", "Lot - 5 €"], "the dash before '4 211 €' may be a minus"),
        (["Ain 4 211 €", "Lot 5 € 6 €"], "'Lot', .* has 2 where"),
        (["Ain 4 211 €", "Lot 5 €", "Zone franche 6 211 €"], "'Zone franche' names no département"),
        (["Ain 460 530 167 032", "Lot 12 13"], "stand side by side|has 2 where"),
        (["Ain ≈3 437 101 €", "Lot 5 €", "Nord 6 €"], "it holds more than names and numbers"),
        (["1", "Corse", "4 €", "2", "Bretagne", "3", "Normandie", "6 €"], "'3' may be the rank of 'Normandie'"),
        (["1 Ain 4 211 €", "2 Lot", "3 Nord 5 €", "4 Oise 6 €"], "'Lot', .* has 0 where"),
        (["Corse", "<46 936", "Bretagne", "4 211"], "<46' holds a sign and figures"),
        (["Corse *46 936", "Bretagne 4 211"], "'Corse .46' holds a sign and figures"),
        (["Zone franche ≈4211 €", "Lot 5 €", "Nord 6 €"], "'Zone franche' names no département"),
        (["Ain 1204 211", "Lot 12 13"], "'1204' and '211' stand side by side"),
        (["Ain 4 211 12", "Lot 5 13"], "'4 211' and '12' stand side by side"),
        (
            ["05 Hautes-Alpes env. 1,8 M€", "26 Drôme 3,5 M€", "27 Eure 1,9 M€"],
            "Hautes-Alpes env. 1[^ ]+.* looks like a row",
        ),
        (
            ["Hautes-Alpes env. 14 places", "Drôme 3 places", "Eure 9 places"],
            "Hautes-Alpes env. 1[^ ]+.* looks like a row",
        ),
        (["Drôme 3,5 M€", "Eure 1,9 M€", "Gard 1,8 M€ (à confirmer)"], "'Gard .* looks like a row"),
        (
            ["Drôme 3,5 M€", "Eure 1,9 M€", "Alpes-de-Haute-", "Provence 1,8 M€ environ"],
            "Provence 1,8 M€ environ' looks like a row",
        ),
    ],
)
def test_what_has_two_readings_without_columns_is_refused(read, lines, reason):
    with pytest.raises(TableError, match=reason):
        read(*lines)


@pytest.mark.parametrize(
    ("heading", "rows", "several"),
    [
        ("Dép. N-1 N", ["Ain 14 204", "Lot 17 300"], True),
        ("Dép. Crédits %", ["Ain 14 204", "Lot 17 300"], True),
        ("Rang et dotation", ["Ain 1 204 €", "Lot 2 300 €"], True),
        ("Dép. N-1 N", ["Ain 14 204", "Lot 17 030"], False),
        ("Dép. N-1 N", ["Ain 14 204", "Lot 1 204 300"], True),
        ("Dép. N-1 N", ["Ain 14 204", "Lot 300"], False),
        ("Dép. Montant attribué", ["Ain 14 204", "Lot 17 300"], False),
        ("Dép. Montant de la dotation 2024 (€)", ["Ain 14 204", "Lot 17 300"], False),
        ("Crédits notifiés", ["Ain 14 204", "Lot 17 300"], False),
    ],
)
def test_numbers_that_one_space_may_cut_alike_are_two_where_two_are_headed(read, figures, heading, rows, several):
    if several:
        with pytest.raises(TableError, match=r"is the heading of one column: .* may be several numbers"):
            read(heading, *rows)
    else:
        assert figures(read(heading, *rows))["01"] == (14204,)


def test_names_that_no_number_follows_are_no_table(read):
    with pytest.raises(TableError, match="no cell of the table of text is a number taken whole"):
        read("01 Ain", "02 Aisne", "03 Allier")


@pytest.mark.parametrize(
    "lines",
    [
        ["Ain 1204 21", "Lot 12 13"],
        ["Ain 1204 € 211 €", "Lot 12 € 13 €"],
        ["Ain 4\u00a0211 211", "Lot 12 13"],
        ["Ain", "1204", "211", "Lot", "12", "13"],
        ["Ain", "4 204", "21", "Lot", "12", "13"],
    ],
)
def test_numbers_that_are_cut_in_one_way_only_are_read(read, figures, lines):
    assert figures(read(*lines))["46"] == (12, 13)


def test_words_with_an_amount_far_from_the_table_are_set_apart(read, figures):
    prose = "Les crédits sont versés avant la fin du mois de juin par le ministère"
    annex = read("Ain 4 €", "Lot 5 €", prose, "Solde ≈6211 €")
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert [number.text for number in annex.apart["hors du tableau"]] == ["6211"]


@pytest.mark.parametrize(
    "line", ["Paris, le 12 mars 2024", "Répartition de 9 000 € entre 2 départements", "Exercice 2024"]
)
def test_a_date_or_a_sentence_above_the_rows_is_no_row(read, figures, line):
    assert figures(read(line, "Ain 4 €", "Lot 5 €")) == {"01": (4,), "46": (5,)}


def test_a_row_that_an_odd_line_cuts_from_its_table_is_refused(read):
    with pytest.raises(TableError, match="'Gers 1 204 €' looks like a row"):
        read("Gers", "1 204 €", "½", "Allier", "3 €", "Jura", "12 €")


@pytest.mark.parametrize("name", ["La\nRéunion", "Territoire de\nBelfort", "Loir-et-\nCher", "Haute\nSavoie"])
def test_a_name_whose_second_line_is_a_name_is_put_together(read, figures, name):
    first, second = name.split("\n")
    whole = figures(read(f"{first} {second} 4 €", "Gers 5 €"))
    assert figures(read("Gers", "5 €", first, second, "4 €")) == whole
    assert (
        figures(read("Gers              5 €", first, f"{second:17} 4 €", "Jura              6 €")).items()
        > whole.items()
    )


def test_a_heading_that_comes_back_and_a_page_number_are_set_apart(read, figures):
    annex = read(
        "Département Montant", "Ain 1 €", "Lot 2 €", "Page 1 / 2", "Département Montant", "Nord 3 €", "Gard 4 €"
    )
    assert figures(annex) == {"01": (1,), "46": (2,), "59": (3,), "30": (4,)}
    assert [number.text for number in annex.apart["hors du tableau"]] == ["1", "2"]


def test_the_end_of_a_number_is_never_read(read):
    with pytest.raises(TableError):
        read("Ain 1 204 211 €", "Lot 2x204 211 €", "Nord 3 €")


def test_a_unit_apart_from_its_number_is_refused(read):
    with pytest.raises(TableError, match=r"'70 Haute-Saône 3,4   M€' looks like a row"):
        read("70 Haute-Saône 3,4   M€", "71 Saône-et-Loire 2,1 M€", "72 Sarthe 1,2 M€")


@pytest.mark.parametrize(
    ("lines", "columns", "rows"),
    [
        # A rank counts from 1, a code is that of its name; régions beside their départements have the total of both.
        ("1 Bretagne 4 € ⏎ 2 Corse 5 €", "rang · nom · montant €", "53: 4 · 94: 5"),
        ("1 ⏎ Ain ⏎ 4 € ⏎ 2 ⏎ Lot ⏎ 5 €", "rang · nom · montant €", "01: 4 · 46: 5"),
        ("01 ⏎ Ain ⏎ 4 € ⏎ 46 ⏎ Lot ⏎ 5 €", "code · nom · montant €", "01: 4 · 46: 5"),
        ("46 Lot 4 € ⏎ 1. Ain 5 €", "code · nom · montant €", "46: 4 · 01: 5"),
        ("Bretagne ⏎ 5 € ⏎ Finistère ⏎ 2 € ⏎ Morbihan ⏎ 3 €", "region · total_region € · nom · montant €",
         "29: 5 2 · 56: - 3"),
        ("Bretagne 300 € ⏎ Finistère ⏎ 200 € Morbihan 100 €", "region · total_region € · nom · montant €",
         "29: 300 200 · 56: - 100"),
        ("La Réunion 5 € ⏎ La Réunion 5 € ⏎ Bretagne 3 € ⏎ Finistère 3 €", "region · total_region € · nom · montant €",
         "974: 5 5 · 29: 3 3"),
        ("Corse 4 € ⏎ Haute-Corse 4 € ⏎ Bretagne 2 € ⏎ Morbihan 2 € ⏎ Total 6 €",
         "region · total_region € · nom · montant €",
         "2B: 4 4 · 56: 2 2 · Total: - 6"),
        ("Bretagne ⏎ 12 € Finistère 5 € Morbihan 7 €", "region · total_region € · nom · montant €",
         "29: 12 5 · 56: - 7"),
        ("Ain ⏎ 01 ⏎ 204 € ⏎ Lot ⏎ 46 ⏎ 300 €", "code · nom · montant €", "01: 204 · 46: 300"),
        ("Ain 4 211 ⏎ 02 Aisne 5 211", "code · nom · montant", "01: 4211 · 02: 5211"),
        # A void ends its line.
        ("Ain 4 € ⏎ Lot - ⏎ Nord 5 €", "nom · montant €", "01: 4 · 46: - · 59: 5"),
        ("Ain 4 € ⏎ Lot s.o. ⏎ Nord 5 €", "nom · montant €", "01: 4 · 46: - · 59: 5"),
        # What runs over each page: a number of page, words of four letters that come back, with a date or without.
        ("Page 1 ⏎ Ain 4 € ⏎ Lot 5 € ⏎ Page 2 ⏎ Nord 6 €", "nom · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("1/3 ⏎ Ain 4 € ⏎ Lot 5 € ⏎ 2 sur 3 ⏎ Nord 6 €", "nom · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("- 2 - ⏎ Ain 4 € ⏎ Lot 5 € ⏎ - 3 - ⏎ Nord 6 €", "nom · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("abcd ⏎ Ain 4 € ⏎ Lot 5 € ⏎ abcd ⏎ Nord 6 €", "nom · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("JO du 3 mars 2021 ⏎ Ain 4 € ⏎ Lot 5 € ⏎ JO du 3 mars 2021 ⏎ Nord 6 €", "nom · montant €",
         "01: 4 · 46: 5 · 59: 6"),
        # Numbers: marks, signs, groups of any kind, each with its unit.
        ("Ain 4 (a) ⏎ Lot 5 (b)", "nom · montant", "01: 4 · 46: 5"),
        ("Ain (01) 4 € ⏎ Lot (46) 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("Ain -4 € ⏎ Lot −5 € ⏎ Nord +6 €", "nom · montant €", "01: -4 · 46: -5 · 59: 6"),
        ("Ain 4 M€ ⏎ Lot 5,5 M€", "nom · montant M€", "01: 4000000 · 46: 5500000"),
        ("Ain 4 milliers d'euros ⏎ Lot 5 milliers d'euros", "nom · montant k€", "01: 4000 · 46: 5000"),
        ("Ain 4 % ⏎ Lot 5,5 %", "nom · pourcentage %", "01: 4 · 46: 5.5"),
        ("Ain 4 ‰ ⏎ Lot 5,5 ‰", "nom · ratio ‰", "01: 4 · 46: 5.5"),
        ("Ain 4 ETP ⏎ Lot 5,5 ETP", "nom · nombre ETP", "01: 4 · 46: 5.5"),
        ("Ain 4 enfants ⏎ Lot 5 enfants", "nom · nombre enfants", "01: 4 · 46: 5"),
        ("Ain 4 habitants ⏎ Lot 5 habitants", "nom · nombre habitants", "01: 4 · 46: 5"),
        ("Ain 1'204 € ⏎ Lot 1.204.211 € ⏎ Nord 1 204,50 €", "nom · montant €", "01: 1204 · 46: 1204211 · 59: 1204.5"),
        ("Ain 1 204 211 ⏎ Lot 204 211", "nom · montant", "01: 1204211 · 46: 204211"),
        ("Ain, 4 € ⏎ Lot … 5 €", "nom · montant €", "01: 4 · 46: 5"),
        # A name is cut over four lines at most.
        ("Alpes-de- ⏎ Haute- ⏎ Provence ⏎ 4 € ⏎ Lot ⏎ 5 €", "nom · montant €", "04: 4 · 46: 5"),
        ("Provence- ⏎ Alpes- ⏎ Côte ⏎ d'Azur ⏎ 4 € ⏎ Corse ⏎ 5 €", "nom · montant €", "93: 4 · 94: 5"),
        ("Total 9 € ⏎ Ain 4 € ⏎ Lot 5 €", "nom · montant €", "Total: 9 · 01: 4 · 46: 5"),
        ("Sont attribués : Ain : 4 € ; Lot : 5 €.", "nom · montant €", "01: 4 · 46: 5"),
        ("Total : Ain : 4 € ; Lot : 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("abc : Ain : 4 € ⏎ Lot : 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("Ain 4 ⏎ euros ⏎ Lot 5 ⏎ euros", "nom · montant €", "01: 4 · 46: 5"),
        # Several rows on a line, several numbers a row, one of them alone in parentheses, or void.
        ("Ain 4 € Lot 5 € Nord 6 €", "nom · montant €", "01: 4 · 46: 5 · 59: 6"),
        ("Ain 4 € nd ⏎ Lot 5 € 6 €", "nom · montant € · montant €", "01: 4 - · 46: 5 6"),
        ("Ain nd ⏎ Lot 6 €", "nom · montant €", "01: - · 46: 6"),
        ("Ain 4 12 ⏎ Lot 5 13", "nom · montant · montant", "01: 4 12 · 46: 5 13"),
        ("1 46 Lot 4 ⏎ 2 01 Ain 3", "rang · code · nom · montant", "46: 4 · 01: 3"),
        ("Ain (4 €) ⏎ Total (4 €) ⏎ Lot 8 €", "nom · montant €", "01: -4 · Total: -4 · 46: 8"),
        ("Bretagne (5 €) ⏎ Finistère -5 € ⏎ Normandie 6 € ⏎ Eure 6 €", "region · total_region € · nom · montant €",
         "29: -5 -5 · 27: 6 6"),
        # What stands on the left: the first rank, with its point or without, the code of the first name, all ranks.
        ("1. ⏎ Ain 4 € ⏎ 2. ⏎ Lot 5 €", "rang · nom · montant €", "01: 4 · 46: 5"),
        ("01 ⏎ Ain 4 € ⏎ Lot 5 €", "code · nom · montant €", "01: 4 · 46: 5"),
        ("01 Ain 4 € ⏎ Lot 5 €", "code · nom · montant €", "01: 4 · 46: 5"),
        # Words above that come back or that end with a dash, signs that change no number.
        ("abcd ⏎ Ain 4 € ⏎ abcd ⏎ Lot 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("Texte - ⏎ Ain 6 € ⏎ Lot 7 €", "nom · montant €", "01: 6 · 46: 7"),
        ("Ain: 4 € ⏎ Lot… 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("Ain * 4 € ⏎ Lot ) 5 €", "nom · montant €", "01: 4 · 46: 5"),
        ("Fixé : Ain : 4 ⏎ euros ; Lot : 5 euros", "nom · montant €", "01: 4 · 46: 5"),
    ],
)  # fmt: skip
def test_names_and_numbers_without_columns_are_rows(read, short, lines, columns, rows):
    assert short(read(*lines.split(" ⏎ "))) == (columns, rows)


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Ain 4 € ⏎ Lot", "'Lot', of the numbers after it, has 0 where the others have 1", "l. 2"),
        ("Bretagne 5 € ⏎ Normandie 6 € ⏎ Eure 6 €", "'Bretagne' is followed by no département", "l. 1"),
        ("Bretagne 5 € ⏎ Finistère 5 € ⏎ Normandie 6 €", "'Normandie' is followed by no département", "l. 3"),
        (
            "abc ⏎ Ain 4 € ⏎ Lot 5 € ⏎ abc ⏎ Nord 6 €",
            "'Nord 6 €' looks like a row and stands outside the table",
            "l. 5",
        ),
        (
            "JO n 345 ⏎ Ain 4 € ⏎ Lot 5 € ⏎ JO n 345 ⏎ Nord 6 €",
            "'Nord 6 €' looks like a row and stands outside the table",
            "l. 5",
        ),
        ("2 ⏎ Ain ⏎ 4 € ⏎ 3 ⏎ Lot ⏎ 5 €", "'2' stands alone above 'Ain'", "l. 1"),
        ("Ain = 4 € ⏎ Lot = 5 €", "the sign before '4 €' may be a minus, or change it", "l. 1"),
        ("Ain @ 4 € ⏎ Lot @ 5 €", "the sign before '4 €' may be a minus, or change it", "l. 1"),
        ("Ain – 4 € ⏎ Lot – 5 €", "the dash before '4 €' may be a minus, or change it", "l. 1"),
        ("Ain 4 € ⏎ Lot 5 € ⏎ 12 ⏎ 13", "'12' stands after the last name", "l. 3"),
        ("12 ⏎ Ain 4 € ⏎ Lot 5 €", "'12' stands alone above 'Ain'", "l. 1"),
        ("1 Ain 4 € ⏎ 2 Lot 5 € ⏎ 4 Nord 5 €", "'1' stands on the left of 'Ain'", "l. 1"),
        ("4 € Ain ⏎ 5 € Lot", "'4 €' stands on the left of 'Ain'", "l. 1"),
        ("Ain ⏎ Ain 4 € ⏎ Lot 5 €", "'Ain', of the numbers after it, has 0 where the others have 1", "l. 1"),
        (
            "Ain 4 € 6 € ⏎ Lot 5 € 7 € ⏎ Nord 8 €",
            "'Nord', of the numbers after it, has 1 where the others have 2",
            "l. 3",
        ),
        (
            "Bretagne 9 € ⏎ Finistère 4 € ⏎ Morbihan 5 € 6 € ⏎ Normandie 7 € ⏎ Eure 7 €",
            "'Morbihan', of the numbers after it, has 2 where the others have 1",
            "l. 3",
        ),
        ("Lot : Ain : 4 € ; Nord : 5 €", "its amounts stand in sentences, as 'Lot : Ain", "l. 1"),
        ("Fixé ainsi : Zone : 4 € ; Lot : 5 €", "its amounts stand in sentences, as 'Fixé ainsi", "l. 1"),
        ("Alpes- ⏎ de- ⏎ Haute- ⏎ Pro ⏎ vence ⏎ 4 € ⏎ Lot ⏎ 5 €", "its amounts stand in sentences, as '4 €'", "l. 6"),
        ("Ain (12) : 4 € ⏎ Lot (3) : 5 €", "the code '12' printed beside 'Ain (12) :' is not its code", "l. 1"),
        ("Ain 02 4 € ⏎ Lot 5 €", "'02' is no number taken whole: it begins with a zero", "l. 1"),
        ("Ain 1 204 211 455 ⏎ Lot 204 211 12", "'204 211' and '12' stand side by side", "l. 2"),
        ("Bretagne ⏎ Ain 4 € ⏎ Normandie ⏎ Eure 5 €", "'Ain' is no département of 'Bretagne'", "l. 1-2"),
        ("Ain 4 € ⏎ Lot 5 € ⏎ 12", "'12' stands after the last name", "l. 3"),
        ("Ain 01 204 € ⏎ Lot 46 300 € ⏎ Nord 59 5 €", "'01 204 €' may begin or end with the code of 'Ain'", "l. 1"),
        ("Bretagne ⏎ 12 Finistère 5 € ⏎ 7 Morbihan 7 €", "'7' stands on the left of 'Morbihan'", "l. 3"),
        (
            "Martinique 1 204 973 ⏎ Guyane 987 974 ⏎ La Réunion 5",
            "'1 204 973' stands on the left of 'Guyane': it may end with its code",
            "l. 1",
        ),
    ],
)
def test_what_may_be_of_two_rows_is_refused_at_its_place(check_refused, lines, reason, place):
    check_refused(CdppeError, lines, reason, place)


@pytest.mark.parametrize(
    ("lines", "places"),
    [
        ("Alpes-de- ⏎ Haute- ⏎ Provence ⏎ 4 € ⏎ Lot ⏎ 5 €", ["l. 1-4", "l. 5-6"]),
        ("Ain ⏎ 4 € ⏎ Lot 5 €", ["l. 1-2", "l. 3"]),
        ("Ain 4 € Lot ⏎ 5 € Nord 6 €", ["l. 1", "l. 1-2", "l. 2"]),
        ("Bretagne ⏎ 5 € ⏎ Finistère ⏎ 2 € ⏎ Morbihan 3 €", ["l. 1-4", "l. 5"]),
        ("Bretagne 5 € ⏎ Finistère 2 € ⏎ Morbihan 3 €", ["l. 1-2", "l. 3"]),
        ("Ain ⏎ 1204 ⏎ 211 ⏎ Lot ⏎ 12 ⏎ 13", ["l. 1-3", "l. 4-6"]),
        ("1 Ain 4 € ⏎ 2 Lot 5 € ⏎ 3 Total 9 €", ["l. 1", "l. 2", "l. 3"]),
    ],
)
def test_a_row_stands_from_the_line_of_its_name_to_that_of_its_last_number(read, lines, places):
    assert [row.place for row in read(*lines.split(" ⏎ ")).table.rows] == places


def test_parentheses_are_withdrawals_where_other_numbers_have_none(read, figures):
    assert figures(read("Ain (4 €)", "Lot 5 €")) == {"01": (-4,), "46": (5,)}
    with pytest.raises(TableError, match=r"'\(4 €\)' and all those after it stand in parentheses") as told:
        read("Ain (4 €)", "Lot (5 €)")
    assert told.value.cell == "l. 1"


@pytest.mark.parametrize("form", ["stream"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3321, 3381)) == {}


def test_a_rank_and_a_code_before_each_name_are_both_read(read, figures):
    annex = read("1 46 Lot 4 €", "2 01 Ain 5 €", "3 59 Nord 6 €")
    assert figures(annex) == {"46": (4,), "01": (5,), "59": (6,)}
    assert [column.kind for column in annex.table.columns] == ["rang", "code", "nom", "montant"]


def test_a_narrow_space_between_two_numbers_is_no_name(read):
    with pytest.raises(TableError, match="has 0 where"):
        read(
            "64 Pyrénées-Atlantiques 2\u202f947\u202f036", "74 504\u202f236 Haute-Savoie", "87 Haute-Vienne 1\u202f445"
        )


@pytest.mark.parametrize("head", [["Département", "Places et montant (k€)"], ["Dotations 2024 (en k€)"]])
def test_several_bare_numbers_of_each_row_under_one_unit_are_refused_without_columns(read, head):
    with pytest.raises(TableError, match="2 numbers without a unit stand on each row, without columns: which are in"):
        read(*head, "Ain", "14", "400", "Lot", "8", "500", "Nord", "7", "600")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Annexe 2 | Département | Dotation k€ | Ain | 441 | Lot | 5 | Total | 446", "montant k€: 441000 5000 446000"),
        ("Montants en euros | Département | Dotation k€ | Ain | 441 | Lot | 5", "montant k€: 441000 5000"),
        ("Nom du département | Dotation en milliers | d'euros | Ain | 441 | Lot | - | en 2024", "montant k€: 441000 -"),
        ("Code | Département | Places | 01 | Ain | 12 | 46 | Lot | 5 | Total | 17", "nombre places: 12 5 17"),
        ("N° | Code | Département | Part (%) | 1 | 01 | Ain | 12 | 2 | 2A | Corse-du-Sud | 88", "pourcentage %: 12 88"),
        ("Région | Taux | (‰) | Bretagne | 12 | Corse | 5", "ratio ‰: 12 5"),
        # The headings are not as many as the cells: the nearest line may give the unit of the numbers.
        ("Dotation k€ | Ain | 441 | Lot | 5", "montant k€: 441000 5000"),
    ],
)
def test_a_text_of_one_cell_a_line_has_the_columns_of_its_headings(read, text, told):
    table = read(*text.split(" | ")).table
    (rank, column), *others = [(rank, column) for rank, column in enumerate(table.columns) if column.of_figures]
    figures = ("-" if row.figures[rank] is None else f"{row.figures[rank].normalize():f}" for row in table.rows)
    assert (f"{column.kind} {column.unit}: {' '.join(figures)}", others) == (told, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Département | Dotation | en 2024 | (k€) | Ain | 441 | 3 | Lot | 5 | 4", "2 numbers without a unit stand"),
        ("Département | Places | Ain | 1 | Lot | 2 | Nord | 3 | 4", "'4' stands after the last name"),
        ("Département | Places | Ain | 1 | Lot | Nord | 3", "where the others have 1"),
    ],
)
def test_a_text_of_one_cell_a_line_that_lacks_one_is_refused(read, text, reason):
    with pytest.raises(TableError, match=reason):
        read(*text.split(" | "))


def test_a_row_after_other_words_of_its_line_is_refused(read):
    with pytest.raises(TableError, match="'Dotation k€ Ain 441' looks like a row and stands outside the table"):
        read("Dotation k€ Ain 441", "Aisne 502 Allier 300")


@pytest.mark.parametrize(
    ("head", "headings"),
    [
        ("Département Places", ["Places"]),
        ("Département Taux 2023 (%)", ["Taux 2023 (%)"]),
        ("Département Dotation (k€)", ["dotation_departement"]),
        ("Places par département", ["dotation_departement"]),
    ],
)
def test_a_number_without_columns_has_the_name_that_the_line_above_gives(read, head, headings):
    columns = read(head, "Ain 12", "Lot 5", "Nord 7").table.columns
    assert [column.heading for column in columns if column.of_figures] == headings


def test_several_numbers_without_columns_have_the_names_that_their_units_part(read, short):
    annex = read("Département Taux 2022 (%) Taux 2023 (%) Écart (en points)", "Ain 12,0 13,0 1,0", "Lot 5,0 4,0 -1,0")
    assert short(annex) == ("nom · pourcentage % · pourcentage % · ratio", "01: 12 13 1 · 46: 5 4 -1")

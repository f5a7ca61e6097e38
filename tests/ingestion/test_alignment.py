"""Columns of spaces, names cut over lines."""

import itertools
import random
from dataclasses import replace

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.alignment import Fragment, Line, aligned, is_row


def test_columns_of_spaces_keep_voids_in_their_place(read, figures):
    annex = read(
        "Département     A (€)   B (€)",
        "Ain             1 204       7",
        "Lot                         8",
        "Nord               11       9",
    )
    assert figures(annex) == {"01": (1204, 7), "46": (None, 8), "59": (11, 9)}


def test_a_name_cut_over_the_lines_of_its_column_is_put_together(read, figures):
    annex = read(
        "Ain                1 204 €",
        "Alpes-de-Haute-",
        "Provence           2 000 €",
        "Pas-de-              3 €",
        "Calais",
        "Nord                  4 €",
    )
    assert figures(annex) == {"01": (1204,), "04": (2000,), "62": (3,), "59": (4,)}


def test_an_amount_cut_by_three_spaces_is_refused(read):
    with pytest.raises(TableError, match=r"one number, or two|stand in one column"):
        read(
            "Département        Montant",
            "Ain              441 826 €",
            "Aisne            474   211 €",
            "Allier           270 647 €",
        )


def test_a_row_is_never_outside_of_its_table(read, short):
    rows = "Code Département       A    B", "01   Ain             360  568", "02   Aisne           315  131"
    assert short(read(*rows, "973 Guyane", "46 Lot               417   12"))[1] == (
        "01: 360 568 · 02: 315 131 · 973: - - · 46: 417 12"
    )
    with pytest.raises(TableError, match=r"'\[1-4\]', in the column 'A', is no number taken whole") as told:
        read(*rows, "46   Lot            [1-4] 12")
    assert told.value.cell == "l. 4"


def test_sub_headings_beside_the_figures_of_their_columns_go_in_order(read, short):
    table = (
        "Code   Département          Taux (%)          Crédits (k€)",
        "                        Filles   Garçons     Filles  Garçons",
        "01     Ain                  88       14      5 308       3 826",
        "02     Aisne                56        7      7 250       6 069",
        "46     Lot                     2     34        893         974",
    )
    annex = read(*table)
    assert [column.heading for column in annex.table.columns[2:]] == [
        *("Taux (%) Filles", "Taux (%) Garçons", "Crédits (k€) Filles", "Crédits (k€) Garçons")
    ]
    assert short(annex)[1] == ("01: 88 14 5308000 3826000 · 02: 56 7 7250000 6069000 · 46: 2 34 893000 974000")
    assert not [remark for remark in annex.remarks if remark.kind == "titre"]


def test_columns_that_no_row_fills_both_are_two_under_two_headings(read, short):
    rows = (
        "Département     Crédit   Débit",
        "Ain                 88",
        "Lot                          5",
        "Nord                34",
    )
    assert short(read(*rows))[1] == "01: 88 - · 46: - 5 · 59: 34 -"


def test_withdrawals_set_to_the_left_stay_under_their_heading(read, figures):
    annex = read(
        "Nom           Crédits notifiés",
        "Ain           –1,0 M€         ",
        "Lot                     2,0 M€",
        "Nord                    3,0 M€",
    )
    assert figures(annex) == {"01": (-1000000,), "46": (2000000,), "59": (3000000,)}


def test_a_name_set_to_the_right_is_in_the_column_of_the_longest():
    places = {"Ain": (0, 3), "Alpes-de-Haute-Provence": (0, 23), "Lot": (5, 8)}
    lines = [Line((Fragment(n, *at), Fragment("4 €", 30, 33)), "l. 1") for n, at in places.items()]
    assert [row.cells for row in aligned([lines])[0][0].rows] == [(name, "4 €") for name in places]


def page(*rows):
    """Set rows of a name at 0 and numbers at given places, one line each."""
    return [
        Line((Fragment(name, 0, len(name)), *(Fragment(text, x, x + len(text)) for x, text in cells)), "l. 1")
        for name, *cells in rows
    ]


@pytest.mark.parametrize(
    ("after", "cells"),
    [
        ([("Total", (30, "5"), (40, "7"))], [("Total", "5", "7")]),
        ([("Nord", (40, "4")), ("Paris", (40, "5"))], [("Nord", "", "4"), ("Paris", "", "5")]),
        (
            [("Nord", (25, "123 456 789 012 345")), ("Paris", (33, "12"))],
            [("Nord", "123 456 789 012 345"), ("Paris", "12")],
        ),
        ([("Nord", (33, "4")), ("Paris", (33, "5"))], [("Nord", "4"), ("Paris", "5")]),
    ],
)
def test_a_page_has_the_columns_of_the_page_before_unless_it_adds_one_or_joins_two(after, cells):
    before = page(("Ain", (30, "2"), (40, "3")), ("Lot", (30, "3"), (40, "4")))
    blocks = aligned([before, page(*after)])[1]
    assert [row.cells for block in blocks for row in block.rows] == cells


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        # The row of a name cut over lines is that of its number, on its right or on its left.
        (["Alpes-de-       4 €", "Haute-", "Provence", "Lot             5 €"], "l. 1: 04 4 · l. 4: 46 5"),
        (["Alpes-de-", "Haute-          4 €", "Provence", "Lot             5 €"], "l. 2: 04 4 · l. 4: 46 5"),
        (["Alpes-de-", "Haute-", "Provence        4 €", "Lot             5 €"], "l. 3: 04 4 · l. 4: 46 5"),
        # It may be centred between two lines of names.
        (["Pas-de-", "          4 €   6", "Calais", "Seine-", "          5 €   7", "Maritime"],
         "l. 2: 62 4 6 · l. 5: 76 5 7"),
        (["4 €   Alpes-de-", "      Haute-Provence", "5 €   Lot"], "l. 1: 04 4 · l. 3: 46 5"),
        # A département alone on its line is a row of the table, wherever it stands; words are none.
        (["Ain", "Lot      4 €", "Nord     5 €"], "l. 1: 01 - · l. 2: 46 4 · l. 3: 59 5"),
        (["Lot      4 €", "Ain", "Nord     5 €"], "l. 1: 46 4 · l. 2: 01 - · l. 3: 59 5"),
        (["Texte", "Lot      4 €", "Nord     5 €"], "l. 2: 46 4 · l. 3: 59 5"),
        # A heading that stands over no column is that of the nearest.
        (
            ["Nom      Places        M (€)", "Ain          4   12 204", "Lot          5   13 305"],
            "l. 2: 01 4 12204 · l. 3: 46 5 13305",
        ),
        (["Nom      A (€)   B (€)", "Ain      1", "Lot              2", "Nord     3       4"],
         "l. 2: 01 1 - · l. 3: 46 - 2 · l. 4: 59 3 4"),
        ([";Ain;Lot;Nord", "A (€);1;2;3"], "l. 1, colonne 2: 01 1 · l. 1, colonne 3: 46 2 · l. 1, colonne 4: 59 3"),
    ],
)  # fmt: skip
def test_each_row_has_the_place_of_its_number(read, lines, rows):
    table = read(*lines).table
    figures = [rank for rank, column in enumerate(table.columns) if column.of_figures]
    told = [
        f"{row.place}: {row.code} {' '.join('-' if row.figures[r] is None else str(row.figures[r]) for r in figures)}"
        for row in table.rows
    ]
    assert " · ".join(told) == rows


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        # A heading above years stands over each, wherever it is set; two of them have each their own.
        (["Région       Solde (€)   Dépenses (M€)", "                            2023     2024",
          "Corse             204      165,5    666,3", "Bretagne          300      163,3    415,9"],
         "nom · montant € · montant M€ · montant M€"),
        (["            Crédits (k€)      Places", "Région      2023   2024   2023   2024",
          "Corse         12     13      4      5", "Bretagne      14     15      6      7"],
         "nom · montant k€ · montant k€ · nombre places · nombre places"),
        (["            Places   Crédits (k€)", "Région      2023   2024   2025",
          "Corse         12     13     14", "Bretagne      14     15     16"],
         "nom · nombre places · montant k€ · montant k€"),
        # A line of headings that holds years is no row; a heading centred far from its figures is theirs.
        (["Région        Nombre         Montant (€)", "              de places",
          "Corse                      14          204 000", "Bretagne                   15          300 000"],
         "nom · nombre places · montant €"),
        # Headings of two lines and of three, centred beside one another, are put together.
        (["            Crédits 2024", "                           Nombre", "Région      (en millions",
          "                           de places", "            d’euros)", "Corse           204,5          14",
          "Bretagne        300,5           7"], "nom · montant M€ · nombre places"),
        # Two headings, each with its unit, that nothing sets apart are two.
        (["Région     Montant (k€) Taux (%)", "Corse            204,5      1,4", "Bretagne         300,5      1,5"],
         "nom · montant k€ · pourcentage %"),
        # A unit set under a heading of several lines is its own, after a year too.
        (["            Nombre de             Part ", "Région                  (en M€)   2022",
          "            mesures               (%)",
          "Corse             412      12,5    1,2", "Bretagne           14       0,4   -1,0"],
         "nom · nombre · montant M€ · pourcentage %"),
        (["                          Dépenses", "                                        Évolution",
          "Région     Montant (€)  (en millions", "                                         (en %)",
          "                          d’euros)",
          "Corse              204         64,5       1,4", "Bretagne           300         65,5       1,5"],
         "nom · montant € · montant M€ · pourcentage %"),
        (["               Évolution", "Région", "                (en %)",
          "Corse             1,4", "Bretagne          1,5"],
         "nom · pourcentage %"),
        # A unit set to the right, above the headings, is that of the table.
        (["                 en k€", "Région      2023   2024", "Corse         12     13", "Bretagne      14     15"],
         "nom · montant k€ · montant k€"),
        # The label of a total may run over several columns.
        (["Code  Région      M (€)", "94    Corse          12", "53    Bretagne       13", "TOTAL GÉNÉRAL        25"],
         "code_region · nom · montant €"),
    ],
)  # fmt: skip
def test_a_heading_is_that_of_the_columns_under_it(read, short, lines, columns):
    assert short(read(*lines))[0] == columns


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        (["              Places         Crédits (k€)", "Région      2023   2024   2022   2023   2024",
          "Corse         12     13      4      5      6", "Bretagne      14     15      7      8      9"],
         "Région · Places 2023 · Places 2024 · Crédits (k€) 2022 · Crédits (k€) 2023 · Crédits (k€) 2024"),
        (["            Crédits (€)          Places", "Région      2023   2024   2025   2023   2024",
          "Corse         12     13      4      5      6", "Bretagne      14     15      7      8      9"],
         "Région · Crédits (€) 2023 · Crédits (€) 2024 · Crédits (€) 2025 · Places 2023 · Places 2024"),
        (["                    2023                   2024", "Région      Places   Montant (€)   Places   Montant (€)",
          "Corse           12            13        4             5",
          "Bretagne        14            15        7             8"],
         "Région · 2023 Places · 2023 Montant (€) · 2024 Places · 2024 Montant (€)"),
        # One of several lines, no wider than what stands under it, is of its column.
        (["Région   Taux (%)   Crédits             Coût", "                     2024    Places   moyen (€)   Mesures",
          "                     (k€)", "Corse        1,2       12        4           5         6",
          "Bretagne     3,4       13        7           8         9"],
         "Région · Taux (%) · Crédits 2024 (k€) · Places · Coût moyen (€) · Mesures"),
    ],
)  # fmt: skip
def test_a_heading_over_several_columns_is_that_of_those_over_which_it_is_centred_or_begins(read, lines, headings):
    assert " · ".join(column.heading for column in read(*lines).table.columns) == headings


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        # Beside single headings, of one line or of several.
        (["               Crédits 2024        Montant",
          "ARS             CP        AE         total      Taux (%)",
          "Bretagne     6 991    51 753     5 034,7           4,5",
          "Corse        3 473    88 123     1 966,0           5,5"],
         "ARS · Crédits 2024 CP · Crédits 2024 AE · Montant total · Taux (%)"),
        (["                     Enfants confiés à l'ASE",
          "           Capacité    Nombre        Taux          Places",
          "ARS        installée                  (%)         (2024)",
          "Bretagne         412       104         4,5            12",
          "Corse             14        88         5,5             9"],
         "ARS · Capacité installée · Enfants confiés à l'ASE Nombre · Enfants confiés à l'ASE Taux (%) · "
         "Places (2024)"),
        # On three levels, the unit with the name of its group.
        (["                          Exercice 2024 (k€)",
          "                   Soins                 Hébergement",
          "ARS            Base    Mesures        Base    Mesures",
          "Bretagne      6 991      1 753       5 034        912",
          "Corse         3 473        123       1 966        407"],
         "ARS · Exercice 2024 (k€) Soins Base · Exercice 2024 (k€) Soins Mesures · "
         "Exercice 2024 (k€) Hébergement Base · Exercice 2024 (k€) Hébergement Mesures"),
        # A title over the whole table, and its unit on the right, are no headings.
        (["          Annexe financière", "                              en k€", "             Crédits 2024",
          "ARS             CP        AE   Places",
          "Bretagne     6 991    51 753      450",
          "Corse        3 473    88 123       66"],
         "ARS · Crédits 2024 CP · Crédits 2024 AE · Places"),
        # Headings of two, three and four lines, each centred at the height of the whole: none is that of a group.
        (["                                        Nombre d’enfants confiés à l’aide",
          "                 Dépense brute par                                          Crédits non",
          "    ARS                                sociale à l’enfance au 31 décembre",
          "                 habitant (en euros)                                     reconductibles (k€)",
          "                                                       2022",
          "Bretagne                         337                                7 834                90,4",
          "Corse                            254                                  851                80,3"],
         "ARS · Dépense brute par habitant (en euros) · "
         "Nombre d’enfants confiés à l’aide sociale à l’enfance au 31 décembre 2022 · Crédits non reconductibles (k€)"),
    ],
)  # fmt: skip
def test_the_heading_of_a_group_is_that_of_each_of_its_columns(read, lines, headings):
    assert " · ".join(column.heading for column in read(*lines).table.columns) == headings


def test_a_second_table_of_a_page_has_all_the_lines_of_its_headings(read):
    lines = ["Places", "", "ARS        Places", "Bretagne       12", "Corse          14", "", "Crédits", ""]
    lines += ["             Crédits 2024", "           Notifiés    Versés", "ARS            (k€)      (k€)"]
    lines += ["Bretagne      6 991    51 753", "Corse         3 473    88 123"]
    headings = [[column.heading for column in read(*lines, table=table).table.columns] for table in (1, 2)]
    assert headings == [["ARS", "Places"], ["ARS", "Crédits 2024 Notifiés (k€)", "Crédits 2024 Versés (k€)"]]


def test_one_heading_over_two_columns_is_not_cut_before_its_unit(read):
    rows = ["Ain                4   2669251", "Lot                     952874", "Nord                   1477143"]
    with pytest.raises(TableError):
        read("Dép.           Aide versée (en euros)", *rows)


@pytest.mark.parametrize(
    ("lines", "headings", "doubts"),
    [
        (["Département   Enfants accueillis Taux d’accueil Part des placements directs",
          "Ardennes                   3 879         21,3 ‰                    15,9 %",
          "Calvados                   7 126         29,5 ‰                    21,0 %"],
         ["Département", "Enfants accueillis", "Taux d’accueil", "Part des placements directs"], 0),
        (["Département   Enveloppe 2024 (€) dont mesures nouvelles (€)",
          "Aube                  7 555 723                    48 960",
          "Marne                   200 731                    88 902"],
         ["Département", "Enveloppe 2024 (€)", "dont mesures nouvelles (€)"], 0),
        (["Code Département Places Dotation 2024 (€)",
          "05   Hautes-Alpes      809    67 547 399",
          "77    Seine-et-Marne   201      7 618 774"],
         ["Code", "Département", "Places", "Dotation 2024 (€)"], 0),
        # Where the lines below part, so does the one above them.
        (["Département   Montant de la dotation Nombre d’enfants",
          "                au titre de 2023    de 0 à 17 ans",
          "Aube                   7 555 723              960",
          "Marne                    200 731              902"],
         ["Département", "Montant de la dotation au titre de 2023", "Nombre d’enfants de 0 à 17 ans"], 0),
        (["Département   Crédits notifiés et versés",
          "                 2023              2024",
          "Aube        7 555 723           848 960",
          "Marne         200 731           288 902"],
         ["Département", "Crédits notifiés et versés 2023", "Crédits notifiés et versés 2024"], 0),
        # The word in the middle is as near to one as to the other.
        (["Département   Places   Lits Mères Pères",
          "Aube              12     960     5 004",
          "Marne             31     902     4 003"],
         ["Département", "Places", "Lits", "Mères Pères"], 2),
    ],
)  # fmt: skip
def test_headings_one_space_apart_are_cut_where_they_suit_their_columns(read, lines, headings, doubts):
    annex = read(*lines)
    assert [column.heading for column in annex.table.columns] == headings
    said = [remark.text for remark in annex.remarks if "peut être celui d'autres colonnes" in remark.sentence]
    assert len(said) == doubts


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        (["                   Effectifs              Places",
          "Département  Filles  Garçons  Total  2022  2023  2024",
          "Morbihan       19       18      37   4942  921   923",
          "Oise          470        5     475   402    6     89"],
         ["Département", "Effectifs Filles", "Effectifs Garçons", "Effectifs Total", "Places 2022", "Places 2023",
          "Places 2024"]),
        (["            Tableau 2", "", "Département   Places   Montant (€)",
          "Gers            3431           465", "Lot              658           507"],
         ["Département", "Places", "Montant (€)"]),
        (["  Département Enfants Places",
          "Ardennes              360  568",
          "Charente-Maritime     315  131"],
         ["Département", "Enfants", "Places"]),
    ],
)  # fmt: skip
def test_a_line_of_headings_is_no_row_and_no_title_nor_is_a_title_one(read, lines, headings):
    assert [column.heading for column in read(*lines).table.columns] == headings


@pytest.mark.parametrize(
    ("lines", "headings"),
    [
        (["              Allocataires       Montant moyen (€)",
          "Ain                             19 855             207,02",
          "Aisne                           11 191             162,99"],
         ["", "Allocataires", "Montant moyen (€)"]),
        (["                Taux (%)                  Crédits (k€)",
          "             IME        SESSAD          IME        SESSAD",
          "Aisne            88            37         2 265        6 484",
          "Allier           56            73         5 673        3 246"],
         ["", "Taux (%) IME", "Taux (%) SESSAD", "Crédits (k€) IME", "Crédits (k€) SESSAD"]),
    ],
)  # fmt: skip
def test_headings_as_many_as_the_columns_or_the_groups_are_theirs_in_order(read, lines, headings):
    annex = read(*lines)
    assert [column.heading for column in annex.table.columns] == headings
    assert not [remark for remark in annex.remarks if remark.kind == "titre"]


def test_a_heading_that_may_be_that_of_more_columns_is_said(read):
    annex = read(
        "           Exercice 2023",
        "ARS        Dossiers   Places   Actes",
        "Bretagne         12       13       4",
        "Corse            14       15       7",
    )
    assert [remark.text for remark in annex.remarks if remark.kind == "titre"] == ["Exercice 2023"]


def test_a_page_under_its_own_headings_has_its_own_columns_and_takes_none_of_the_next():
    def page(*columns, place):
        texts = ("Région", "Places", "Montant"), ("Bretagne", "4", "10"), ("Corse", "5", "20")
        rows = [zip(cells[: len(columns)], columns, strict=True) for cells in texts]
        fragments = [tuple(Fragment(text, *extent) for text, extent in row) for row in rows]
        return [Line(row, f"{place}, l. {rank}", 10.0 * rank) for rank, row in enumerate(fragments, start=1)]

    pages = (
        page((0, 40), (120, 130), place="p. 1"),
        page((0, 125), (170, 180), place="p. 2"),
        page((0, 40), (120, 130), (200, 220), place="p. 3"),
    )
    assert [[len(grid.rows[0].cells) for grid in blocks] for blocks in aligned(pages)] == [[2], [2], [3]]


@pytest.mark.parametrize(("short", "long"), [(1, 1), (2, 1), (5, 2), (6, 2), (9, 3)])
def test_names_that_run_over_the_next_column_leave_the_columns_of_the_others(read, short, long):
    """Where a quarter of the rows at most is so, or one of two."""
    names = [*["Ain", "Lot", "Nord", "Oise", "Orne", "Gers", "Gard", "Eure", "Cher"][:short]]
    names += ["Alpes-Maritimes", "Hautes-Pyrénées", "Seine-Maritime."][:long]
    cells = ((f"{name:14} 1 204" if len(name) < 14 else f"{name}  204") for name in names)
    rows = [f"{cell}        {rank}" for rank, cell in enumerate(cells)]
    for order in (rows, rows[::-1]):
        annex = read("Dép.           M (€)   Places", *order)
        found = sorted((int(row.figures[2]), int(row.figures[1])) for row in annex.table.rows)
        assert found == [*enumerate([*[1204] * short, *[204] * long])]


def laid(*lines, apart=12):
    """Set pieces (text, x0) on lines, each at its top: as far below the one before as `apart`, or as it says first."""
    top, done = 0.0, []
    for rank, pieces in enumerate(lines, start=1):
        gap = pieces[0] if isinstance(pieces[0], int) else apart
        top += gap
        own = [piece for piece in pieces if not isinstance(piece, int)]
        done.append(Line(tuple(Fragment(text, x, x + len(text)) for text, x in own), f"l. {rank}", top))
    return done


ROWS = [(("Ain", 0), ("14", 20), ("204", 30)), (("Lot", 0), ("7", 20), ("98", 30)), (("Nord", 0), ("9", 20), ("3", 30))]


def test_what_stands_far_above_the_headings_is_the_head_of_the_page():
    head = (("Nom", 0), ("Places", 18), ("M (€)", 28))
    [blocks] = aligned([laid((("Annexe 2024", 18),), (40, *head), *ROWS)])
    assert [[row.cells for row in block.rows] for block in blocks] == [
        [("Annexe 2024",)],
        [("Nom", "Places", "M (€)"), ("Ain", "14", "204"), ("Lot", "7", "98"), ("Nord", "9", "3")],
    ]
    assert not blocks[1].exact
    [near] = aligned([laid((("Crédits", 28),), (18, *head), *ROWS)])
    assert [row.cells for row in near[0].rows][:2] == [("", "", "Crédits"), ("Nom", "Places", "M (€)")]


@pytest.mark.parametrize(
    "head",
    ["Préfecture du Nord          Lille, le 3 juin 2024", "Conseil départemental du Lot   12/03/2024",
     "Région : Bretagne     Exercice : 2024    Version : 3", "11/26/26, 11:10 PM          Annexe"],
)  # fmt: skip
def test_a_letterhead_is_no_heading_and_no_row(read, figures, head):
    rows = ("Ain                  12       120 400", "Lot                   9        90 000")
    annex = read(head, "", "Département      Places   Montant (€)", *rows)
    assert figures(annex) == {"01": (12, 120400), "46": (9, 90000)}
    assert [column.heading for column in annex.table.columns] == ["Département", "Places", "Montant (€)"]


def test_a_day_that_heads_a_column_is_its_heading(read, figures):
    annex = read(
        "Département    Montant (€)    Places au 31 décembre 2023",
        "Ain            120 400        12",
        "Lot            90 000         9",
    )
    assert figures(annex) == {"01": (120400, 12), "46": (90000, 9)}
    assert annex.table.columns[-1].heading == "Places au 31 décembre 2023"


def test_a_head_may_have_several_lines_above_the_gap_and_headings_several_below():
    lines = laid(
        (("Direction", 0),),
        (("Annexe 2", 18),),
        (40, ("Nombre", 18)),
        (("Nom", 0), ("Places", 18), ("M (€)", 28)),
        *ROWS,
    )
    [blocks] = aligned([lines])
    assert [[row.cells for row in block.rows] for block in blocks][:2] == [[("Direction",)], [("Annexe 2",)]]
    assert [row.cells for row in blocks[2].rows][:2] == [("", "Nombre", ""), ("Nom", "Places", "M (€)")]


@pytest.mark.parametrize(
    ("above", "years", "expected"),
    [
        # One heading over the years: that of each, hidden by it.
        ([("Crédits (k€)", 22)], ["2022", "2023", "2024"], [("", "Crédits (k€)", "", "", {2, 3})]),
        ([("Crédits (k€)", 22)], ["2022", "2023", "2022"], [("", "Crédits (k€)", "", "", {2})]),
        ([("Places", 20), ("Crédits (k€)", 29)], ["2022", "2023", "2024"], [("", "Places", "Crédits (k€)", "", {3})]),
        # Alone over other headings, so is one that is near their middle.
        ([("Crédits (k€)", 22)], ["2022", "Taux", "2024"], [("", "Crédits (k€)", "", "", {2, 3})]),
    ],
)  # fmt: skip
def test_a_heading_over_years_is_that_of_each(above, years, expected):
    columns = [20, 30, 40]
    rows = [
        [(name, 0), *((str(rank + x), x) for x in columns)]
        for rank, name in enumerate(("Ain", "Lot", "Nord"), start=10)
    ]
    heads = [("Région", 0), *zip(years, columns, strict=True)]
    [blocks] = aligned([laid(above, heads, *rows)])
    grid = blocks[-1]
    assert [row.cells for row in grid.rows][-3:] == [
        (name, *(str(rank + x) for x in columns)) for rank, name in enumerate(("Ain", "Lot", "Nord"), start=10)
    ]
    assert [(*row.cells, {*row.hidden}) for row in grid.rows][:1] == expected


def test_columns_that_touch_are_two_and_a_piece_that_overlaps_joins_them():
    rows = [(("Ain", 0), ("14", 10), ("204", 12)), (("Lot", 0), ("17", 10), ("300", 12))]
    assert [row.cells for row in aligned([laid(*rows)])[0][0].rows] == [("Ain", "14", "204"), ("Lot", "17", "300")]
    with pytest.raises(TableError, match="'14' and '204' stand in one column of the page"):
        aligned([laid(*rows, (("Nord", 0), ("12345", 9)), (("Gers", 0), ("12345", 9)), (("Gard", 0), ("12345", 9)))])


@pytest.mark.parametrize("width", [6, 12, 18])
def test_the_label_of_a_total_takes_no_column(width):
    rows = [(("94", 0), ("Corse", 6), ("12", 20)), (("53", 0), ("Bretagne", 6), ("13", 20))]
    label = "TOTAL GÉNÉRAL DES CRÉDITS"[:width].strip()
    [blocks] = aligned([laid(*rows, ((label, 0), ("25", 20)))])
    told = [row.cells for block in blocks for row in block.rows]
    assert told[:2] == [("94", "Corse", "12"), ("53", "Bretagne", "13")]
    assert told[-1][-1] == "25"


def test_withdrawals_and_grants_are_one_column_under_one_heading_only():
    rows = [(("Ain", 0), ("-14", 20), ("3", 40)), (("Lot", 0), ("204", 28), ("5", 40))]
    one = laid((("Nom", 0), ("Crédits (€) notifiés", 18), ("Places", 40)), *rows)
    assert [row.cells for row in aligned([one])[0][0].rows][1:] == [("Ain", "-14", "3"), ("Lot", "204", "5")]
    two = laid((("Nom", 0), ("Reprise", 18), ("Dotation", 27), ("Places", 40)), *rows)
    assert [row.cells for row in aligned([two])[0][0].rows][1:] == [("Ain", "-14", "", "3"), ("Lot", "", "204", "5")]


@pytest.mark.parametrize("x", [15, 19, 25, 32])
def test_a_heading_alone_above_two_years_is_that_of_both(x):
    heads = [("Nom", 0), ("2023", 10), ("2024", 30)]
    rows = [[(name, 0), (amount, 10), (amount, 30)] for name, amount in (("Ain", "1204"), ("Lot", "1300"))]
    [blocks] = aligned([laid([("Crédits (k€)", x)], heads, *rows)])
    first = blocks[-1].rows[0]
    assert (first.cells, first.hidden) == (("", "Crédits (k€)", ""), {2})


@pytest.mark.parametrize(("above", "below"), [(0, 0), (4, 0), (0, 4)])
def test_a_name_around_its_figures_stands_on_lines_that_overlap(above, below):
    rows = [[("Pas-de-", above)], [("4 €", 30), ("6", 40)], [("Calais", below)], [("Lot", 0), ("5 €", 30), ("7", 40)]]
    rows += [[("Nord", 0), ("8 €", 30), ("9", 40)]]
    [blocks] = aligned([laid(*rows)])
    told = [row.cells for block in blocks for row in block.rows]
    assert told[0] == ("Pas-de-\nCalais", "4 €", "6")


def test_a_piece_that_is_one_of_three_lines_is_a_name_and_no_more():
    rows = [[("Lot", 0), ("5 €", 30)], [("4", 30)], [("Nord", 0), ("8 €", 30)]]
    assert [row.cells for block in aligned([laid(*rows)])[0] for row in block.rows] == [
        ("Lot", "5 €"),
        ("", "4"),
        ("Nord", "8 €"),
    ]


def test_headings_of_two_lines_over_years_are_both_that_of_each():
    heads = [("Nom", 0), ("2023", 10), ("2024", 30)]
    rows = [[(name, 0), (amount, 10), (amount, 30)] for name, amount in (("Ain", "1204"), ("Lot", "1300"))]
    [blocks] = aligned([laid([("Crédits", 18)], [("(k€)", 20)], heads, *rows)])
    told = [(row.cells, {*row.hidden}) for row in blocks[-1].rows][:3]
    assert told == [(("", "Crédits", ""), {2}), (("", "(k€)", ""), {2}), (("Nom", "2023", "2024"), set())]


@pytest.mark.parametrize("between", ["----------------------------", "Outre-mer"])
def test_a_rule_or_the_name_of_a_group_under_the_headings_is_none_of_them(read, short, between):
    lines = "              CRÉDITS 2023 (k€)", "Régions       PA         PH", between
    annex = read(*lines, "Bretagne    12,3       18,1", "Corse        9,1       11,0")
    assert short(annex) == ("nom · montant k€ · montant k€", "53: 12300 18100 · 94: 9100 11000")
    assert [column.heading for column in annex.table.columns] == [
        "Régions",
        "CRÉDITS 2023 (k€) PA",
        "CRÉDITS 2023 (k€) PH",
    ]


ALONE = [
    "Places",
    "Montant (€)",
    "Taux (%)",
    "Nombre|de places",
    "Crédits|notifiés (€)",
    "Part|(%)",
    "Capacité|installée",
]
ALONE += ["Nombre|de mesures|en cours", "Enfants|confiés|au 31/12"]
GROUPS = {
    "Crédits (€)": ["Notifiés", "Versés"],
    "Places": ["2022", "2023", "2024"],
    "Dépenses (€)": ["2023", "2024"],
    "Enfants à l'ASE": ["Nombre", "Taux (%)"],
    "Exercice 2024": ["Places", "Montant (€)"],
    "Effectifs": ["Filles", "Garçons", "Autres"],
}


def set_page(seed, over=str.center):
    """Set a page of a seed in spaces, the heading of each group `over` its columns; return its lines and headings."""
    draw = random.Random(seed)
    names = draw.sample(
        "Ain Aisne Bouches-du-Rhône Finistère Gers Lot Morbihan Nord Orne Var".split(), draw.choice([3, 5, 8])
    )
    chosen = draw.sample(ALONE, draw.choice([1, 2])) + draw.sample([*GROUPS], draw.choice([0, 1, 1, 2]))
    draw.shuffle(chosen)
    side, gap = draw.choice([str.ljust, str.center, str.rjust]), " " * draw.choice([2, 3, 4, 6])
    width = max(map(len, [*names, "Département"]))
    parts, truth = [(["Département".ljust(width)], [name.ljust(width) for name in names])], ["Département"]
    for heading in chosen:
        group = heading if heading in GROUPS else ""
        heads, columns = [], []
        for own in GROUPS.get(heading, [heading]):
            lines = own.split("|")
            most = 1000 if "%" in own else 10**5
            numbers = [str(draw.randint(1, 10 ** draw.choice([2, 3, 4])) % most) for _ in names]
            wide = max(map(len, [*lines, *numbers]))
            heads.append([side(line, wide) for line in lines])
            columns.append([side(number, wide) if side is str.center else number.rjust(wide) for number in numbers])
            truth.append(" ".join([group, *lines]).strip())
        tall = max(map(len, heads))
        padded = [[" " * len(each[0])] * (tall - len(each)) + each for each in heads]
        above, body = (
            [gap.join(cells) for cells in zip(*padded, strict=True)],
            [*map(gap.join, zip(*columns, strict=True))],
        )
        parts.append(([over(group, len(body[0])), *above] if group else above, body))
    tall = max(len(heads) for heads, _ in parts)
    whole = [[" " * len(body[0])] * (tall - len(heads)) + heads + body for heads, body in parts]
    lines = [gap.join(cells).rstrip() for cells in zip(*whole, strict=True)]
    title = draw.choice(["", "Annexe 1 - Répartition des crédits"])
    return [title.center(draw.choice([0, len(lines[-1])])), *draw.choice([[], [""]]), *lines], truth


def test_headings_centred_over_their_columns_are_read_as_they_were_set(read):
    for seed in range(60):
        lines, truth = set_page(seed)
        assert [column.heading for column in read(*lines).table.columns] == truth, "\n".join(lines)


def test_headings_at_the_left_of_their_columns_are_read_as_they_were_set_or_said(read):
    said = 0
    for seed in range(60):
        lines, truth = set_page(seed, str.ljust)
        annex = read(*lines)
        if [column.heading for column in annex.table.columns] != truth:
            said += 1
            assert "titre" in {remark.kind for remark in annex.remarks}, "\n".join(lines)
    assert said <= 16


FOUR = [
    [(name, 0), (first, 22), (second, 38), (third, 52)]
    for name, first, second, third in (
        ("Ain", "1204", "14", "3,5"),
        ("Lot", "1300", "15", "4,5"),
        ("Nord", "1400", "16", "5,5"),
    )
]
HEADS = [("Région", 0), ("Montant", 20), ("Places", 36), ("Taux", 51)]


def stands_over(lines, scale=1, right=0):
    """Tell over which columns of `FOUR` the headings of the first line stand, with `?` for each that is in doubt."""
    page = [
        replace(
            line, fragments=tuple(Fragment(p.text, p.x0 * scale + right, p.x1 * scale + right) for p in line.fragments)
        )
        for line in laid(*lines, *FOUR)
    ]
    rows = aligned([page])[0][-1].rows[:-3]
    at = [rank for rank, cell in enumerate(rows[0].cells) if cell]
    ends = [next((r - 1 for r in range(rank + 1, 4) if r not in rows[0].hidden), 3) for rank in at]
    spans = [f"{first}-{last}" if last > first else str(first) for first, last in zip(at, ends, strict=True)]
    return " ".join(spans if len(rows) == len(lines) else ["title"]) + "?" * len(rows[0].doubts)


@pytest.mark.parametrize(
    ("lines", "begin", "verdicts"),
    [
        # A line alone is a title on the left or far above; near, it is that of the columns it is centred over.
        (lambda x: [[("Crédits", x)], HEADS], 0,
         "0-5: title · 6-7: title? · 8-11: title · 12-19: title? · 20-20: 1-2? · 21-22: title? · 23-23: 1-2 · "
         "24-25: 1-2? · 26-28: 1-2 · 29-29: 1-2? · 30-30: 1-3? · 31-34: 1-3 · 35-36: 1-3? · 37-39: title? · "
         "40-44: 2-3 · 45-47: title? · 48-48: 1-3? · 49-50: title? · 51-51: 3 · 52-57: title?"),
        (lambda x: [[("Crédits", x)], [30, *HEADS]], 0,
         "0-19: title · 20-20: 1-2? · 21-23: title · 24-25: title? · 26-26: title · 27-28: 1-2 · 29-29: 1-2? · "
         "30-30: 1-3? · 31-34: 1-3 · 35-36: 1-3? · 37-39: title · 40-44: 2-3 · 45-47: title · 48-48: 1-3? · "
         "49-50: title · 51-51: 3 · 52-57: title"),
        (lambda x: [[("en k€", x)], HEADS], 0,
         "0-25: title · 26-26: 1-2 · 27-27: title · 28-29: 1-2 · 30-31: title · 32-33: 1-3 · 34-34: title · "
         "35-35: 1-3 · 36-42: title · 43-43: 2-3 · 44-57: title"),
        (lambda x: [[("Crédits notifiés en 2024", x)], HEADS], 0,
         "0-5: title · 6-14: title? · 15-17: 1-2? · 18-19: 1-2 · 20-21: 1-2? · 22-22: 1-3? · 23-26: 1-3 · "
         "27-27: 1-3? · 28-30: title? · 31-31: 1-3? · 32-32: 2-3? · 33-36: 2-3 · 37-50: title? · 51-51: 3 · "
         "52-57: title?"),
        (lambda x: [[("Crédits", x)], [("Région", 0), ("2022", 22), ("2023", 37), ("2024", 51)]], 0,
         "0-5: title · 6-7: title? · 8-11: title · 12-15: title? · 16-17: 1-3 · 18-29: 1-3? · 30-32: 1-3 · "
         "33-34: 1-3? · 35-35: 1-3 · 36-38: 1-3? · 39-40: 1-3 · 41-44: 1-3? · 45-46: 1-3 · 47-52: 1-3? · "
         "53-54: 1-3 · 55-57: title?"),
        (lambda x: [[("Montants, en k€", x)], HEADS], 0,
         "0-5: title · 6-11: title? · 12-12: 1 · 13-15: title? · 16-16: 1 · 17-18: title? · 19-21: 1-2? · 22-24: 1-2 · "
         "25-25: 1-2? · 26-28: 1-3? · 29-30: 1-3 · 31-32: 1-3? · 33-35: title? · 36-36: 2-3? · 37-38: 2-3 · "
         "39-39: 2-3? · 40-40: 1-3? · 41-41: title · 42-50: title? · 51-51: 3 · 52-57: title?"),
        # One heading of two columns, or of one of them.
        (lambda x: [[("Région", 0), ("Montant", 20), ("Places", x)]], 28,
         "28-39: 0 1 2 · 40-43: 0 1 2? · 44-46: 0 1 3? · 47-57: 0 1 3"),
        (lambda x: [[("Région", 0), ("Montant notifié", x), ("Taux", 51)]], 12,
         "12-24: 0 1 3 · 25-57: 0 2 3"),
        # The first line of a heading of two, alone or beside another.
        (lambda x: [[("Nombre", x)], [*HEADS[:2], ("de places", 35), HEADS[3]]], 24,
         "24-30: 1-2? · 31-34: 1-3? · 35-38: 2 · 39-39: 2? · 40-41: 2-3? · 42-44: 2-3 · 45-48: title? · "
         "49-49: 1-3? · 50-51: 3? · 52-57: title?"),
        (lambda x: [[("Crédits", 20), ("Nombre", x)], [HEADS[0], ("notifiés", 20), *HEADS[2:]]], 28,
         "28-39: 1 2-3? · 40-45: 1 2-3 · 46-49: 1 2-3? · 50-57: 1 3?"),
        # One above a heading of two lines, which is as wide as both.
        (lambda x: [[("Soins", x)], [("Montant", 20)], [HEADS[0], ("notifié (€)", 18), *HEADS[2:]]], 12,
         "12-17: title? · 18-18: 1-2? · 19-20: title? · 21-21: 1? · 22-22: title? · 23-26: 1-2? · 27-28: 1-2 · "
         "29-29: 1-2? · 30-30: 1-3? · 31-34: 1-3 · 35-36: 1-3? · 37-37: 1-2? · 38-40: title? · 41-45: 2-3 · "
         "46-49: title? · 50-50: 1-3? · 51-51: 3? · 52-57: title?"),
        (lambda x: [[("Soins", x)], [("Montant total", 17)], [HEADS[0], ("versé (€)", 19), *HEADS[2:]]], 12,
         "12-16: title? · 17-17: 1-2? · 18-22: title? · 23-23: 1-2 · 24-26: 1-2? · 27-27: 1-2 · 28-29: 1-2? · "
         "30-30: 1-3? · 31-34: 1-3 · 35-35: 1-3? · 36-36: 2-3? · 37-37: 1-2? · 38-40: title? · 41-45: 2-3 · "
         "46-49: title? · 50-50: 1-3? · 51-51: 3? · 52-57: title?"),
        # One over a group, or over all; the first lines of two headings.
        (lambda x: [[("Exercice", x)], [("Crédits", 28), ("Suivi", 51)], HEADS], 12,
         "12-19: title? · 20-20: 1-3 · 21-26: title? · 27-28: 1-2? · 29-29: title? · 30-36: 1-3 · 37-47: title? · "
         "48-48: 1-3? · 49-50: title? · 51-51: 3 · 52-57: title?"),
        (lambda x: [[("Exercice", x)], [("Crédits notifiés", 20), ("Part", 44)],
                    [HEADS[0], ("Places", 21), *HEADS[2:]]], 12,
         "12-19: title? · 20-20: 1-3 · 21-24: title? · 25-25: 1-3? · 26-28: 1-3 · 29-31: title? · 32-35: 1-3 · "
         "36-39: title? · 40-40: 2-3 · 41-41: title? · 42-42: 2-3 · 43-43: title? · 44-44: 2-3 · 45-46: title? · "
         "47-47: 1-3 · 48-55: title? · 56-57: title"),
        (lambda x: [[("Nombre", 21), ("Nombre", x)], [HEADS[0], ("de mesures", 20), ("de places", 33), HEADS[3]]], 27,
         "27-32: 1 2? · 33-37: 1 2 · 38-38: 1 2? · 39-39: 1 2-3? · 40-44: 1 2-3 · 45-49: 1 2-3? · 50-57: 1 3??"),
        (lambda x: [[("Coût", 20), ("Mesures", x)], [HEADS[0], ("Moyen", 20), ("Nouvelles", 34), HEADS[3]]], 26,
         "26-34: 1 2-3? · 35-37: 1 2? · 38-38: 1 2-3? · 39-44: 1 2-3 · 45-48: 1 2-3? · 49-57: 1-2 3?"),
        (lambda x: [[("Nombre", 20), ("Montants", x)], [HEADS[0], ("de places", 20), ("notifiés", 36), HEADS[3]]], 27,
         "27-35: 1 2? · 36-36: 1 2 · 37-38: 1 2? · 39-40: 1 2-3? · 41-44: 1 2-3 · 45-48: 1 2-3? · 49-50: 1 3? · "
         "51-57: 1 3"),
        # Alone above columns that have no heading yet.
        (lambda x: [[("Montant Places", x)], [HEADS[0], HEADS[3]]], 12,
         "12-24: 1 · 25-25: 1 2 · 26-37: 2 · 38-38: 2 3? · 39-39: 2 3 · 40-53: 3 · 54-54: 2? · 55-57: 2"),
        # Over years, the last first or in no order.
        (lambda x: [[("Crédits", x)], [HEADS[0], ("2024", 22), ("2023", 37), ("2022", 51)]], 16,
         "16-17: 1-3 · 18-29: 1-3? · 30-32: 1-3 · 33-34: 1-3? · 35-35: 1-3 · 36-38: 1-3? · 39-40: 1-3 · 41-44: 1-3? · "
         "45-46: 1-3 · 47-52: 1-3? · 53-54: 1-3 · 55-57: title?"),
        (lambda x: [[("Crédits", x)], [HEADS[0], ("2023", 22), ("2022", 37), ("2024", 51)]], 16,
         "16-17: 1-2 · 18-25: 1-2? · 26-30: 1-2 · 31-40: 1-2? · 41-46: 2-3 · 47-52: 2-3? · 53-54: 2-3 · 55-57: title?"),
        # Two headings of groups, over words and over years.
        (lambda x: [[("Soins", 28), ("Crédits", x)], HEADS], 34,
         "34-35: 1 2? · 36-39: 1 2-3? · 40-42: 1 2-3 · 43-57: 1-2 3"),
        (lambda x: [[("Soins", 28), ("Crédits", x)], [HEADS[0], ("2022", 22), ("2023", 37), ("2024", 51)]], 34,
         "34-34: 1 2 · 35-36: 1 2? · 37-40: 1 2-3? · 41-42: 1 2-3 · 43-57: 1-2 3"),
    ],
)  # fmt: skip
def test_over_which_columns_a_heading_stands_as_it_moves_to_the_right(lines, begin, verdicts):
    """Whatever the size of the letters, and where the table stands on the page."""
    for scale, right in ((1, 0), (4, 64)):
        found = ((stands_over(lines(x), scale, right), x) for x in range(begin, 58))
        runs = [(verdict, [x for _, x in run]) for verdict, run in itertools.groupby(found, key=lambda pair: pair[0])]
        assert " · ".join(f"{xs[0]}-{xs[-1]}: {verdict}" for verdict, xs in runs) == verdicts


SECOND = [("Dép.", 0), ("Dotation", 18), ("Part", 30)]


@pytest.mark.parametrize(
    ("between", "first", "second"),
    [
        # A page is cut at the widest gap between the last row of a table and the headings of the next.
        ([(30, ("Tableau B", 20)), (20, *SECOND)], [], [("Tableau B",)]),
        ([(("Hors zone", 0),), (30, ("Tableau B", 0)), (14, *SECOND)], [("Hors zone", "", "")], [("Tableau B",)]),
        ([(("Hors zone", 0),), (14, ("Note B", 0)), (30, *SECOND)], [("Hors zone", "", ""), ("Note B", "", "")], []),
        ([(40, ("Total", 0), ("30", 20), ("305", 30)), (20, *SECOND)], [("Total", "30", "305")], []),
        # Its headings may stand on two lines, the words of the names on the second alone.
        ([(30, ("Dotation", 18), ("Part", 30)), (("Dép.", 0),)], [], []),
    ],
)  # fmt: skip
def test_a_page_of_two_tables_is_cut_at_the_widest_gap_between_them(between, first, second):
    head = (("Nom", 0), ("Places", 18), ("M (€)", 28))
    blocks = [[row.cells for row in block.rows] for block in aligned([laid(head, *ROWS, *between, *ROWS)])[0]]
    body = [tuple(text for text, _ in row) for row in ROWS]
    assert blocks[0] == [("Nom", "Places", "M (€)"), *body, *first]
    assert blocks[1:-1] == [[each] for each in second]
    assert blocks[-1][-3:] == body
    assert len(blocks[-1]) == 3 + len(between) - len(first) - len(second)


def test_a_page_that_goes_on_has_the_columns_of_the_page_before_not_of_the_first():
    pages = (
        page(("Ain", (30, "2")), ("Lot", (30, "3"))),
        page(("Région", (30, "A"), (40, "B")), ("Corse", (30, "2"), (40, "3")), ("Bretagne", (30, "4"), (40, "5"))),
        page(("Normandie", (40, "7")), ("Occitanie", (40, "8"))),
    )
    [grid] = aligned(pages)[2]
    assert [row.cells for row in grid.rows] == [("Normandie", "", "7"), ("Occitanie", "", "8")]


def cells_on(*pages):
    """Return the cells of each row of each block of each page."""
    return [[[row.cells for row in block.rows] for block in blocks] for blocks in aligned(pages)]


def test_a_row_whose_name_begins_as_a_heading_does_begins_no_table():
    rows = [("Foyer A", "14", "204"), ("Foyer C", "nd", "nd"), ("Service B", "7", "98"), ("Site D", "9", "3")]
    lines = [[*zip(row, (0, 20, 30), strict=True)] for row in [("Nom", "Places", "M (€)"), *rows]]
    assert cells_on(laid(*lines)) == [[[("Nom", "Places", "M (€)"), *rows]]]


def test_a_page_under_headings_of_fewer_columns_goes_on_with_those_of_the_page_before():
    before = page(("Ain", (30, "2"), (40, "3")), ("Lot", (30, "3"), (40, "4")))
    after = page(("Dép.", (40, "B")), ("Nord", (40, "5")), ("Gers", (40, "6")))
    assert cells_on(before, after)[1] == [[("Dép.", "", "B"), ("Nord", "", "5"), ("Gers", "", "6")]]
    one = page(("Dép.", (30, "A"), (40, "B")), ("Nord", (40, "5")))
    assert cells_on(before, one)[1] == [[("Dép.", "A", "B"), ("Nord", "", "5")]]


@pytest.mark.parametrize(
    ("heads", "rows", "size"),
    [
        # Three places of one column under one heading, of two under two; a title alone makes one column of none.
        ([[("Nom", 0), ("Crédits (€) notifiés", 18)]], [(20, "-14"), (26, "3"), (32, "204")], 2),
        ([[("Nom", 0), ("Reprise", 18), ("Dotation", 27)]], [(20, "-14"), (28, "3"), (32, "204")], 3),
        ([[("Crédits (€) notifiés", 18)], [("Nom", 0)]], [(20, "-14"), (26, "3"), (32, "204")], 4),
    ],
)
def test_places_where_no_row_fills_two_are_one_column_under_one_heading(heads, rows, size):
    body = [[(name, 0), (text, x)] for name, (x, text) in zip(("Ain", "Lot", "Nord"), rows, strict=True)]
    found = [row for block in cells_on(laid(*heads, *body))[0] for row in block][-3:]
    assert [len(row) for row in found] == [size] * 3
    assert [[cell for cell in row[1:] if cell] for row in found] == [[text] for _, text in rows]


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        # A name around its row, which has its code, a void or nothing before the amount.
        (
            [
                *([("62", 0), ("Pas-de-", 4)], [("4 €", 30)], [("Calais", 4)]),
                *([("46", 0), ("Lot", 4), ("5 €", 30)], [("59", 0), ("Nord", 4), ("6 €", 30)]),
            ],
            [("62", "Pas-de-\nCalais", "4 €"), ("46", "Lot", "5 €"), ("59", "Nord", "6 €")],
        ),
        (
            [[("Pas-de-", 4)], [("62", 0), ("4 €", 30)], [("Calais", 4)], [("46", 0), ("Lot", 4), ("5 €", 30)]],
            [("62", "Pas-de-\nCalais", "4 €"), ("46", "Lot", "5 €")],
        ),
        (
            [[("Pas-de-", 0)], [("-", 30)], [("Calais", 0)], [("Lot", 0), ("5 €", 30)]],
            [("Pas-de-\nCalais", "-"), ("Lot", "5 €")],
        ),
        # Beside one another they are two.
        (
            [[("Pas-de-", 0)], [("4 €", 30)], [("Calais", 8)], [("Lot", 0), ("5 €", 30)], [("Nord", 0), ("6 €", 30)]],
            [("Pas-de-",), ("", "4 €"), ("Calais", ""), ("Lot", "5 €"), ("Nord", "6 €")],
        ),
        # The label of a total stands in the column that it covers most, or in one of its own.
        (
            [
                [("94", 0), ("Corse", 6), ("12", 20)],
                [("53", 0), ("Bretagne", 6), ("13", 20)],
                [("TOTAL", 3), ("25", 20)],
            ],
            [("94", "Corse", "12"), ("53", "Bretagne", "13"), ("", "TOTAL", "25")],
        ),
        (
            [
                [("94", 0), ("Corse", 6), ("12", 20)],
                [("53", 0), ("Bretagne", 6), ("13", 20)],
                [("TOTAL", 14), ("25", 20)],
            ],
            [("94", "Corse", "", "12"), ("53", "Bretagne", "", "13"), ("", "", "TOTAL", "25")],
        ),
        # A text over the columns is none of their rows.
        (
            [
                [("Ain", 0), ("12", 20), ("14", 30)],
                [("Lot", 0), ("13", 20), ("15", 30)],
                [("Un texte sur trois colonnes", 5)],
            ],
            [("Ain", "12", "14"), ("Lot", "13", "15"), ("Un texte sur trois colonnes",)],
        ),
    ],
)
def test_each_piece_of_a_line_has_the_column_that_it_stands_in(lines, cells):
    assert [row for block in cells_on(laid(*lines))[0] for row in block] == cells


def test_a_number_over_two_columns_is_refused_with_its_line():
    rows = [[("Ain", 0), ("12", 20), ("14", 30)], [("Lot", 0), ("13", 20), ("15", 30)]]
    with pytest.raises(TableError, match="'123456789012' runs over two columns of the page") as told:
        aligned([laid(*rows, [("Nord", 0), ("123456789012", 20)])])
    assert told.value.cell == "l. 3"


TITLES = [("Dép.", 0), ("Places", 18), ("M (€)", 28)]


@pytest.mark.parametrize(
    ("lines", "texts", "heads"),
    [
        # Two lines set alike are one heading, over a column that has no other.
        ([[("Crédits notifiés", 20)], [("Nom", 0), ("en 2024 (€)", 22)]], [],
         [("", "", "Crédits notifiés"), ("Nom", "", "en 2024 (€)")]),
        ([[("Taux de", 18), ("Montant", 28)], [("Dép.", 0), ("places", 18), ("(€)", 28)]], [],
         [("", "Taux de", "Montant"), ("Dép.", "places", "(€)")]),
        ([[("dont", 28)], [("Dép.", 0), ("Places", 18), ("soins", 28)]], [],
         [("", "", "dont"), ("Dép.", "Places", "soins")]),
        # A colon makes no letterhead of one text.
        ([[("Dont : soins", 20)], TITLES], [], [("", "Dont : soins", ""), ("Dép.", "Places", "M (€)")]),
        # Headings run together are cut at the columns, but within what goes on.
        ([[("Nom", 0), ("Places  M (€)", 18)]], [], [("Nom", "Places", "M (€)")]),
        ([[("Nom", 0), ("Places de M (€)", 19)]], [], [("Nom", "", "Places de M (€)")]),
        # Numbers of columns, above the rows or alone.
        ([TITLES, [("(1)", 0), ("(2)", 20), ("(3)", 30)]], [], [("Dép.", "Places", "M (€)"), ("(1)", "(2)", "(3)")]),
        ([[("Crédits", 20)], [("(1)", 0), ("(2)", 20), ("(3)", 30)]], [], [("", "Crédits", ""), ("(1)", "(2)", "(3)")]),
        # Titles and units of the table are no headings; under a heading a unit is of its column.
        ([[("Note : les montants sont arrondis à la centaine", 0)], TITLES],
         ["Note : les montants sont arrondis à la centaine"], [("Dép.", "Places", "M (€)")]),
        ([[("en k€", 28)], [("Dép.", 0), ("2023", 20), ("2024", 30)]], ["en k€"], [("Dép.", "2023", "2024")]),
        ([[("Unité : k€", 0)], [("Dép.", 0), ("2023", 20), ("2024", 30)]], ["Unité : k€"], [("Dép.", "2023", "2024")]),
        ([TITLES, [("en k€", 28)]], [], [("Dép.", "Places", "M (€)"), ("", "", "en k€")]),
    ],
)  # fmt: skip
def test_what_stands_above_the_rows_is_a_heading_of_its_column_or_a_text(lines, texts, heads):
    [*above, rows] = cells_on(laid(*lines, *ROWS))[0]
    assert [row for [row] in above] == [(text,) for text in texts]
    assert rows[:-3] == heads


def of_words(*words):
    """Set words (text, x0) as one piece of a line, a small gap apart."""
    parts = tuple(Fragment(text, x, x + len(text)) for text, x in words)
    return Fragment(" ".join(text for text, _ in words), parts[0].x0, parts[-1].x1, parts)


def test_a_piece_that_runs_over_columns_is_cut_at_its_small_gaps():
    lines = laid((("Nom", 0), ("", 0)), *ROWS[:2])
    head = Line((Fragment("Nom", 0, 3), of_words(("Places", 18), ("Crédits", 26), ("notifiés", 33.5))), "l. 1", 0)
    row = Line((of_words(("Nord", 0), ("9", 20)), Fragment("3", 30, 31)), "l. 4", 48)
    note = Line((of_words(("Hors", 0), ("deux", 6), ("sites", 11)),), "l. 5", 60)
    [[grid]] = aligned([[head, *lines[1:], row, note]])
    assert [each.cells for each in grid.rows] == [
        ("Nom", "Places", "Crédits notifiés"),
        ("Ain", "14", "204"),
        ("Lot", "7", "98"),
        ("Nord", "9", "3"),
        ("Hors deux sites", "", ""),
    ]


@pytest.mark.parametrize("words", [["Services de nuit"], ["Zone nord", "Services de nuit"]])
def test_words_alone_between_rows_begin_no_table_though_they_are_those_of_a_heading(words):
    rows = [("Foyer A", "14", "204"), ("Foyer B", "7", "98"), ("Foyer C", "9", "3")]
    [first, *others] = [[*zip(row, (0, 20, 30), strict=True)] for row in rows]
    [[grid]] = cells_on(laid(TITLES, first, *([(word, 0)] for word in words), *others))
    assert grid == [tuple(text for text, _ in TITLES), rows[0], *((word, "", "") for word in words), *rows[1:]]


def test_a_second_table_of_two_columns_begins_at_its_headings():
    rows = [[("Gers", 0), ("12", 24)], [("Oise", 0), ("13", 24)]]
    blocks = cells_on(laid(TITLES, *ROWS, (30, ("Dép.", 0), ("Dotation", 20)), *rows))[0]
    assert [len(block[0]) for block in blocks] == [3, 2]
    assert blocks[-1] == [("Dép.", "Dotation"), ("Gers", "12"), ("Oise", "13")]


@pytest.mark.parametrize(("above", "below", "is_one"), [(0, 6, True), (0, 7, False), (5, 0, True), (6, 0, False)])
def test_a_name_around_its_figures_is_one_where_its_lines_overlap(above, below, is_one):
    """« Pas-de- » is seven letters wide, « Calais » six."""
    lines = [
        [("Pas-de-", above)],
        [("4 €", 30)],
        [("Calais", below)],
        [("Lot", 0), ("5 €", 30)],
        [("Nord", 0), ("6 €", 30)],
    ]
    found = [row for block in cells_on(laid(*lines))[0] for row in block]
    assert (("Pas-de-\nCalais", "4 €") in found) is is_one


def spaced(names, *columns, heads=()):
    """Set lines of headings, then rows of a name at 0 and of the cells of columns (x, texts)."""
    cells = [[(name, 0), *((texts[rank], x) for x, texts in columns)] for rank, name in enumerate(names)]
    return laid(*heads, *([piece for piece in row if piece[0]] for row in cells))


@pytest.mark.parametrize(("short", "long", "is_read"), [
    (2, 1, True), (1, 1, False), (5, 2, False), (6, 2, True), (9, 3, False), (11, 4, False), (12, 4, True),
])  # fmt: skip
def test_names_over_the_next_column_are_read_where_they_are_a_quarter_of_the_rows(short, long, is_read):
    """Or one of three: a longer name sets its amount further to the right."""
    rows = [[(f"Foyer {rank}", 0), ("1 204 000", 15), (str(rank), 30)] for rank in range(short)]
    rows += [[(f"Maison d’enfants n° {rank}", 0), ("204", 22), (str(rank), 30)] for rank in range(long)]
    for order in (rows, rows[::-1]):
        if is_read:
            assert cells_on(laid(*order)) == [[[tuple(text for text, _ in row) for row in order]]]
        else:
            with pytest.raises(TableError, match="stand in one column of the page"):
                aligned([laid(*order)])


def test_names_cut_over_lines_are_each_on_the_row_of_their_figures():
    """Up to three lines, wherever the figures stand; more are left as they are printed."""
    cut = [["Lot"], ["Ain"], ["Pas-de-", "Calais"], ["Seine-", "Maritime"], ["Alpes-de-", "Haute-", "Provence"]]
    for first, second, third in itertools.permutations(cut, 3):
        for at in range(len(first)):
            lines, truth = [], []
            for name, own in ((first, at), (second, len(second) - 1), (third, 0)):
                for rank, part in enumerate(name):
                    lines.append([(part, 4), ("4 €", 30), (str(len(lines)), 40)] if rank == own else [(part, 4)])
                truth.append("\n".join(name))
            rows = [row for block in aligned([laid(*lines)])[0] for row in block.rows]
            assert [row.cells[:2] for row in rows] == [(name, "4 €") for name in truth]
            assert [row.place for row in rows] == [f"l. {int(row.cells[2]) + 1}" for row in rows]
    four = [[("Alpes-", 4)], [("de-", 4)], [("Haute-", 4)], [("Provence", 4), ("4 €", 30)], [("Lot", 4), ("5 €", 30)]]
    found = [row for block in cells_on(laid(*four))[0] for row in block]
    assert found[-2:] == [("Provence", "4 €"), ("Lot", "5 €")]


GLUED = ["Places", "Montant de la dotation", "Nombre d’enfants", "Taux (%)", "Crédits notifiés", "Part des frais"]
GLUED += ["Coût moyen (€)", "Dotation 2024", "Lits", "Enfants de 0 à 17 ans"]


def glued_page(seed):
    """Set headings one space apart, each over a column of numbers; return the lines and the headings."""
    draw = random.Random(seed)
    heads = draw.sample(GLUED, draw.choice([2, 3, 3, 4]))
    side, x, columns = draw.choice([0, 1, 2]), 14, []
    for head in heads:
        columns.append((x + side * (len(head) - 3) // 2, [str(draw.randint(100, 999)) for _ in range(3)]))
        x += len(head) + 1
    return spaced(["Ain", "Lot", "Nord"], *columns, heads=[[("Dép.", 0), (" ".join(heads), 14)]]), heads


def test_headings_glued_over_several_columns_are_cut_as_they_were_set_or_said():
    """As they were set up to fourteen words; said, and left whole, beyond."""
    for seed in range(80):
        lines, truth = glued_page(seed)
        whole, row = " ".join(truth), aligned([lines])[0][-1].rows[0]
        expected = truth if len(whole.split()) <= 14 else [whole, *[""] * (len(truth) - 1)]
        assert row.cells == ("Dép.", *expected)
        assert expected == truth or row.doubts == (whole,)


TALL = [
    ["Crédits notifiés", "au titre de 2024"],
    ["Montant total", "des dépenses (k€)"],
    ["Moyens", "nouveaux (en k€)"],
]
TALL += [
    ["Nombre d’enfants", "de 0 à 17 ans"],
    ["Exercice 2024"],
    ["Soins et", "hébergement"],
    ["Effectifs", "au 31/12"],
]


def tall_page(seed):
    """Set groups of columns under headings of one or two lines, and a heading over all; return lines and headings."""
    draw = random.Random(seed)
    side, gap, apart = draw.choice([0, 1, 2]), draw.choice([3, 4, 6]), draw.choice([5, 8])
    x, own, columns, above, truth = 14, [("Dép.", 0)], [], [[], []], []
    for lines in draw.sample(TALL, draw.choice([1, 2, 2])):
        start = x
        for head in draw.sample(["Filles", "Garçons", "Total", "Autres", "Ensemble"], draw.choice([2, 2, 3])):
            own.append((head, x))
            columns.append((x + len(head) - 3, [str(draw.randint(100, 999)) for _ in range(3)]))
            truth.append(" ".join([*lines, head]))
            x += len(head) + gap
        wide = max(map(len, lines))
        at = (start + x - gap - wide) / 2
        for rank, line in enumerate(reversed(lines)):
            above[1 - rank].append((line, at + side * (wide - len(line)) / 2))
        x += apart
    heads = [*(line for line in above if line), own]
    return spaced(["Ain", "Lot", "Nord"], *columns, heads=heads), truth


def headings_of(rows):
    """Return the heading of each column but the first: one that hides goes on to the right."""
    whole = [""] * len(rows[0].cells)
    for row in rows:
        last = ""
        for rank, cell in enumerate(row.cells):
            last = cell if cell or rank not in row.hidden else last
            whole[rank] = f"{whole[rank]} {last}".strip()
    return whole[1:]


def test_headings_of_groups_on_two_lines_are_those_of_their_columns():
    for seed in range(120):
        lines, truth = tall_page(seed)
        assert headings_of(aligned([lines])[0][-1].rows[:-3]) == truth


OFFICE = [("Préfecture du Nord", 0), ("Lille, le 3 juin 2024", 40)]
STAMP = [("Région : Bretagne", 0), ("Exercice : 2024", 24)]


@pytest.mark.parametrize("above", [[OFFICE], [STAMP], [OFFICE, STAMP], [[("Direction", 0)], STAMP]])
@pytest.mark.parametrize(
    "heads",
    [[TITLES], [[("Nombre", 18)], TITLES], [[("Nombre", 18)], [("de mesures", 18)], [*TITLES[:1], *TITLES[2:]]]],
)
def test_what_stands_down_to_a_letterhead_is_no_heading(above, heads):
    """Whatever the lines of headings, and though the rows stand far below these."""
    for gap in (12, 40):
        [*texts, grid] = cells_on(laid(*above, *heads, (gap, *ROWS[0]), *ROWS[1:]))[0]
        assert [cell for [row] in texts for cell in row] == ["  ".join(text for text, _ in line) for line in above]
        assert len(grid) == len(heads) + 3
        assert [[cell for cell in row if cell] for row in grid[:-3]] == [[text for text, _ in line] for line in heads]


@pytest.mark.parametrize(
    "head",
    [
        [("Dép.", 0), ("Places", 18), ("au 3 juin 2024", 28)],
        [("Lot", 0), ("Places", 18), ("M (€)", 28)],
        [("Dép.", 0), ("Dont : soins", 16), ("M (€)", 29)],
    ],
)
def test_a_day_an_office_or_a_colon_alone_make_no_letterhead(head):
    assert cells_on(laid(head, *ROWS))[0][0][0] == tuple(text for text, _ in head)


def test_a_letterhead_below_the_gap_of_a_head_is_none_of_the_headings():
    lines = [[("Direction", 0)], (40, *STAMP), TITLES, *ROWS]
    assert [len(block) for block in cells_on(laid(*lines))[0]] == [1, 1, 4]
    lines = [STAMP, [("Annexe 2", 18)], (40, *TITLES), *ROWS]
    assert [len(block) for block in cells_on(laid(*lines))[0]] == [1, 1, 4]


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ([("Oise", 0), ("v. p. 9", 23)], True),
        ([("Oise", 0), ("à lire", 23)], False),
        ([("Autres", 0), ("v. p. 9", 23)], False),
        ([("32 – Gers                    ", 5)], True),
        ([("Total 32 – Gers              ", 5)], False),
        ([("Gers                         ", 5)], False),
    ],
)
def test_a_line_below_that_names_a_territory_and_stands_in_no_columns_is_refused(line, is_refused):
    pages = [laid(TITLES, *ROWS, line)]
    if is_refused:
        with pytest.raises(TableError, match="names a territory, and stands in no columns of the page") as told:
            aligned(pages)
        assert told.value.cell == "l. 5"
    else:
        assert cells_on(*pages)[0][1] == [("  ".join(text for text, _ in line),)]


def test_lines_of_prose_that_hold_numbers_are_texts():
    lines = [
        [("Le service a", 0), ("12", 13), ("places ouvertes", 16)],
        [("et", 0), ("14", 3), ("autres en projet", 6)],
    ]
    texts = ["Le service a  12  places ouvertes", "et  14  autres en projet"]
    assert cells_on(laid(*lines)) == [[[(text,)] for text in texts]]


def test_three_places_under_one_heading_are_one_column_beside_another():
    heads = [("Nom", 0), ("Crédits (€) notifiés", 18), ("Places", 44)]
    rows = [[("Ain", 0), ("-14", 20), ("3", 46)], [("Lot", 0), ("3", 26), ("4", 46)], [("Nord", 0), ("204", 32)]]
    rows += [[("Gers", 0), ("205", 32), ("5", 46)]]
    [grid] = cells_on(laid(heads, *rows))[0]
    assert grid[1:] == [("Ain", "-14", "3"), ("Lot", "3", "4"), ("Nord", "204", ""), ("Gers", "205", "5")]


def test_a_row_that_names_its_territory_second_is_one_though_its_figure_looks_like_a_year():
    rows = [[("A1", 0), ("Ain", 6), ("2023", 20)], [("A2", 0), ("Lot", 6), ("2019", 20)]]
    [grid] = aligned([laid([("Réf.", 0), ("Dép.", 6), ("Places", 20)], *rows)])[0]
    assert [row.cells for row in grid.rows] == [
        ("Réf.", "Dép.", "Places"),
        ("A1", "Ain", "2023"),
        ("A2", "Lot", "2019"),
    ]
    assert is_row(laid(rows[0])[0])
    assert not is_row(laid([("Dép.", 0), ("2023", 20)])[0])


def test_two_headings_over_four_columns_that_no_group_repeats_stand_where_they_are_centred():
    columns = [(x, ["14", "15", "16"]) for x in (20, 30, 40, 50)]
    heads = [[("Suivi", 19), ("Crédits", 38)], [("Dép.", 0), ("Places", 18), ("Lits", 29), ("Taux", 39), ("Part", 49)]]
    [first, *_] = aligned([spaced(["Ain", "Lot", "Nord"], *columns, heads=heads)])[0][0].rows
    assert (first.cells, first.hidden) == (("", "Suivi", "Crédits", "", ""), {3, 4})
    heads[1][1:] = [("Lits", 19), ("Taux", 29), ("Lits", 39), ("Taux", 49)]
    heads[0][:] = [("Suivi", 24), ("Crédits", 43)]
    [first, *_] = aligned([spaced(["Ain", "Lot", "Nord"], *columns, heads=heads)])[0][0].rows
    assert (first.cells, first.hidden) == (("", "Suivi", "", "Crédits", ""), {2, 4})


def test_pages_under_their_own_titles_and_headings_have_their_own_columns():
    pages = [
        [
            [("Tableau 1", 20)],
            [("Région", 0), ("Places", 18)],
            [("Bretagne", 0), ("14", 20)],
            [("Corse", 0), ("7", 20)],
        ],
        [
            [("Tableau 2", 20)],
            [("Région", 0), ("Dépenses", 34)],
            [("Bretagne et îles", 0), ("9", 20)],
            [("Corse", 0), ("8", 20)],
        ],
    ]
    blocks = cells_on(*(laid(*lines) for lines in pages))
    assert [len(block[-1][-1]) for block in blocks] == [2, 2]


OVER = [("Nombre d’enfants", "de 0 à 17 ans"), ("Montant de la dotation", "au titre de 2024"), ("Places", "(€)")]
OVER += [
    ("Crédits notifiés", "et versés (€)"),
    ("Part des dépenses", "de transport"),
    ("Enveloppe annuelle", "hors frais"),
]


def test_headings_of_two_lines_glued_above_part_where_the_lines_below_do():
    for place, heads in enumerate(itertools.permutations(OVER, 3)):
        side = place % 3
        x, below, columns = 14, [("Dép.", 0)], []
        for first, second in heads:
            below.append((second, x + side * (len(first) - len(second)) / 2))
            columns.append((x + side * (len(first) - 3) / 2, ["104", "215", "396"]))
            x += len(first) + 1
        above = [(" ".join(first for first, _ in heads), 14)]
        lines = spaced(["Ain", "Lot", "Nord"], *columns, heads=[above, below])
        [*rows, _, _, _] = aligned([lines])[0][-1].rows
        assert [row.cells for row in rows] == [("", *(first for first, _ in heads)), ("Dép.", *(s for _, s in heads))]
        assert not any(row.doubts for row in rows)


def test_a_row_without_figures_that_begins_as_a_heading_names_a_territory_and_begins_no_table():
    rows = [
        ("Département de l’Ain", "14", "204"),
        ("Département du Gers", "nc", "n.d."),
        ("Département du Lot", "9", "3"),
    ]
    head = ("Dép.", "Places", "M (€)")
    lines = [[*zip(row, (0, 24, 34), strict=True)] for row in (head, *rows)]
    assert cells_on(laid(*lines)) == [[[head, *rows]]]


@pytest.mark.parametrize(("x", "other"), [(0, 5), (5, 0)])
def test_a_name_around_its_figures_reaches_as_far_as_both_its_lines(x, other):
    """A shorter name set further to the right, or to the left, is in its column."""
    lines = [[("Pas-", x)], [("4 €", 30)], [("de-Calais", 0)], [("Gers", other), ("5 €", 30)]]
    assert [row for block in cells_on(laid(*lines))[0] for row in block] == [
        ("Pas-\nde-Calais", "4 €"),
        ("Gers", "5 €"),
    ]


@pytest.mark.parametrize(("gap", "is_heading"), [(18, True), (30, True), (31, False), (60, False)])
def test_what_stands_over_its_column_is_no_heading_from_two_lines_and_a_half_above(gap, is_heading):
    blocks = cells_on(laid([("Crédits", 28)], (gap, *TITLES), *ROWS))[0]
    assert blocks[0][0] == (("", "", "Crédits") if is_heading else ("Crédits",))
    assert len(blocks) == 2 - is_heading


def test_a_row_that_ends_with_a_day_is_no_letterhead():
    head = ("Dép.", "Places", "Arrêté du")
    rows = [("Ain", "14", "3 juin 2024"), ("Lot", "7", "12/03/2024"), ("Nord", "9", "1er mai 2024")]
    lines = [[*zip(row, (0, 20, 30), strict=True)] for row in (head, *rows)]
    assert cells_on(laid(*lines)) == [[[head, *rows]]]


@pytest.mark.parametrize("scale", [0.125, 1, 16])
def test_headings_over_each_of_their_columns_are_in_no_doubt_whatever_the_size_of_letters(scale):
    page = [
        replace(
            line,
            top=line.top * scale,
            fragments=tuple(Fragment(part.text, part.x0 * scale, part.x1 * scale) for part in line.fragments),
        )
        for line in laid([("Crédits", 23)], TITLES, *ROWS)
    ]
    [grid] = aligned([page])[0]
    assert [row.cells for row in grid.rows[:2]] == [("", "Crédits", ""), ("Dép.", "Places", "M (€)")]
    assert [(row.hidden, row.doubts) for row in grid.rows[:2]] == [({2}, ()), (set(), ())]


def test_names_that_touch_the_first_figures_leave_these_their_headings():
    heads = [[("Crédits (k€)", 8)], [("D.", 0), ("2023", 4), ("2024", 20)]]
    columns = [(4, ["1204", "1305", "1406"]), (20, ["1504", "1605", "1706"])]
    [first, *_] = aligned([spaced(["Nord", "Oise", "Orne"], *columns, heads=heads)])[0][0].rows
    assert (first.cells, first.hidden) == (("", "Crédits (k€)", ""), {2})


@pytest.mark.parametrize("after", [0, 1])
def test_figures_at_two_places_are_one_column_where_the_headings_are_fewer_by_one(after):
    """Withdrawals on the left and grants on the right, over which the heading does not reach."""
    heads = [("Nom", 0), ("M (€)", 28), ("Places", 40)]
    rows = [("Ain", (20, "-14"), "3"), ("Lot", (28, "204"), "4"), ("Nord", (20, "-15"), "5"), ("Gers", (28, "8"), "6")]
    lines = [[(name, 0), (text, x), (places, 42)][: 2 + after] for name, (x, text), places in rows]
    [grid] = cells_on(laid(heads[: 2 + after], *lines))[0]
    assert grid[1:] == [(name, text, places)[: 2 + after] for name, (_, text), places in rows]
    assert grid[0] == tuple(text for text, _ in heads[: 2 + after])


@pytest.mark.parametrize("title", ["Départements d’Île-de-France", "Département", "Places et crédits (annexe 2)"])
def test_a_title_on_the_left_is_none_of_the_headings_though_it_begins_as_one(title):
    head = tuple(text for text, _ in TITLES)
    [first, grid] = cells_on(laid([(title, 0)], TITLES, *ROWS))[0]
    assert (first, grid[0], len(grid)) == ([(title,)], head, 4)


@pytest.mark.parametrize(("code", "x", "rank"), [(2, 1, 1), (7, 0, 0)])
def test_the_label_of_a_total_over_a_code_and_a_name_is_in_the_column_that_it_covers_most(code, x, rank):
    rows = [[("9" * code, 0), (name, code + 2), ("12", 24)] for name in ("Corse", "Centre")]
    [grid] = cells_on(laid(*rows, [("TOTAL GÉNÉRAL", x), ("25", 24)]))[0]
    assert [bool(cell) for cell in grid[-1]] == [rank == 0, rank == 1, True]


def test_a_letterhead_just_above_the_rows_is_a_text():
    body = [tuple(text for text, _ in row) for row in ROWS]
    assert cells_on(laid(STAMP, *ROWS)) == [[[("Région : Bretagne  Exercice : 2024",)], body]]


def test_two_headings_above_four_columns_that_have_no_other_are_each_that_of_one():
    columns = [(x, ["14", "15", "16"]) for x in (20, 30, 40, 50)]
    heads = [[("Dép.", 0), ("Suivi", 19), ("Part", 39)]]
    [first, *_] = aligned([spaced(["Ain", "Lot", "Nord"], *columns, heads=heads)])[0][0].rows
    assert (first.cells, first.hidden) == (("Dép.", "Suivi", "", "Part", ""), frozenset())


@pytest.mark.parametrize("x", [36, 36.5, 37])
def test_a_heading_of_two_lines_over_two_columns_goes_on_though_it_touches_the_next(x):
    heads = [[("Crédits notifiés", 20)], [("en 2024", 20), ("Part", x)]]
    heads += [[("Dép.", 0), ("Filles", 20), ("Garçons", 28), ("(%)", 37)]]
    columns = [(x, ["104", "215", "316"]) for x in (22, 30, 37)]
    rows = aligned([spaced(["Ain", "Lot", "Nord"], *columns, heads=heads)])[0][-1].rows[:-3]
    assert headings_of(rows) == ["Crédits notifiés en 2024 Filles", "Crédits notifiés en 2024 Garçons", "Part (%)"]


def test_the_label_of_a_total_between_columns_beside_words_is_in_the_nearest():
    rows = [[("94", 0), ("Corse", 4), ("12", 24)], [("24", 0), ("Centre", 4), ("13", 24)]]
    [grid] = cells_on(laid(*rows, [("TOTAL", 12), ("voir note", 24)]))[0]
    assert grid[-1] == ("", "TOTAL", "voir note")


def test_a_unit_above_a_column_of_totals_is_no_part_of_its_name():
    heads = [[("Moyens", 18.5)], [("(en k€)", 18), ("Exercice 2024", 43)]]
    heads += [[("Dép.", 0), ("Total", 14), ("Filles", 23), ("Autres", 41), ("Garçons", 51)]]
    columns = [(x, ["104", "215", "316"]) for x in (16, 26, 44, 55)]
    rows = aligned([spaced(["Ain", "Lot", "Nord"], *columns, heads=heads)])[0][-1].rows[:-3]
    assert headings_of(rows)[:2] == ["Moyens (en k€) Total", "Moyens (en k€) Filles"]

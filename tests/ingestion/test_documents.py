"""Files of every format, and those that can't be read."""

from decimal import Decimal

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.documents import read_document, text_document
from cdppe_analysis.ingestion.grids import Text


@pytest.fixture
def written(tmp_path):
    def write(content, name="annexe.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    "text",
    [
        "Nom;Montant\nAin;4 211,50 €\nLot;5 €",
        'Nom,Montant\nAin,"4 211,50 €"\nLot,5 €',
        "Nom\tMontant\nAin\t4 211,50 €\nLot\t5 €",
        '"Nom";"Montant"\n"Ain";"4 211,50 €"\n"Lot";"5 €"',
        "| Nom | Montant |\n|---|---:|\n| **Ain** | 4 211,50&nbsp;€ |\n| Lot | 5 € |",
        "Nom | Montant\n--- | ---\nAin | 4 211,50 €\nLot | 5 €",
        "<table><tr><th>Nom<th>Montant<tr><td>Ain<td>4&nbsp;211,50&nbsp;€<tr><td>Lot<td>5 €</table>",
    ],
)
def test_each_separator_gives_the_same_cells(written, figures, text):
    assert figures(read_annex(written(text, "annexe.csv"))) == {"01": (pytest.approx(4211.5),), "46": (5,)}


def test_a_cell_that_a_line_break_cuts_is_joined():
    document = text_document("| |Code\ndép.|Montant de la\ncontribution|\n|---|---|---|\n| 1 | 01 | 2 |")
    assert document.blocks[0].rows[0].cells == ("", "Code\ndép.", "Montant de la\ncontribution")


@pytest.mark.parametrize("cell", ["4 211<sup>1</sup> €", "4 211<sup class=n><a href=#n>1</a></sup> €"])
def test_a_raised_figure_of_markup_is_a_mark_not_a_digit(written, figures, cell):
    page = f"<table><tr><td>Ain<td>{cell}<tr><td>Lot<td>5 €</table>"
    assert figures(read_annex(written(page))) == {"01": (4211,), "46": (5,)}
    linked = page.replace(">1<", ">[1]<")
    assert figures(read_annex(written(linked))) == {"01": (4211,), "46": (5,)}
    assert figures(read_annex(written("|Ain|4 211[^1]|\n|Lot|5|"))) == {"01": (4211,), "46": (5,)}


@pytest.mark.parametrize(
    ("style", "cell", "value"),
    [
        ("", '345<span style="vertical-align: super">2</span>', 345),
        ("", '345 <span style="font-size:smaller">(2)</span>', 345),
        ("", '345<font size="1">2</font>', 345),
        ("", '345<a href="#note2">2</a>', 345),
        ("", '345<span class="appel-note">2</span>', 345),
        ("td .x {position:relative;top:-.5em}", '345<span class="x">2</span>', 345),
        ("td .x {position:relative;bottom:.5em}", '345<span class="x">2</span>', 345),
        ("td .x {margin-top:-1px;border-bottom:1px}", '345<span class="x">2</span>', 3452),
        ("<!-- /* mark */ .x {font-size: 70%} -->", '345<span class="x">2</span>', 345),
        ("td > b.x, p {font: 7pt Arial}", '345<b class="x">2</b>', 345),
        # Pieces of a number that are set alike, or by the style of others, are digits of it.
        # The last of two rules is that of the page, unless the first is of a class, or of more tags.
        ("b {font-size: 70%} b {font-size: 100%}", "345<b>2</b>", 3452),
        ("b {font-size: 100%} b {font-size: 70%}", "345<b>2</b>", 345),
        (".n {font-size: 70%} b {font-size: 100%}", "345<b class='n'>2</b>", 345),
        ("td b {font-size: 70%} b {font-size: 100%}", "345<b>2</b>", 345),
        ("#n {font-size: 100%} b.n {font-size: 70%}", "345<b id='n' class='n'>2</b>", 3452),
        ("b {vertical-align: super} b {vertical-align: baseline}", "345<b>2</b>", 3452),
        ("td {font-size: 7pt}", '345<span style="font-size:7pt">2</span>', 3452),
        ("p .x, #y {font-size: 70%}", '345<span class="x">2</span>', 3452),
        (".x:hover {font-size: 70%}", '345<span class="x">2</span>', 3452),
        ("", '<a href="#ain">34</a>', 34),
    ],
)
def test_a_number_raised_in_a_cell_of_a_page_is_a_mark(read, figures, style, cell, value):
    page = f"<html><style>{style}</style><table><tr><th>D</th><th>M (€)</th></tr><tr><td>Ain</td><td>{cell}</td></tr>"
    annex = read(page, "<tr><td>Lot<a href='#n1'>1</a></td><td>300</td></tr></table></html>")
    assert figures(annex) == {"01": (value,), "46": (300,)}


def test_columns_that_no_row_fills_are_cut_at_the_end_of_each(read, figures):
    empty = ";" * 20_000
    rows = ["D;A (€);B (€)", "Ain;1;", "Lot;3;4"]
    assert figures(read(*(row + empty for row in rows))) == {"01": (1, None), "46": (3, 4)}
    with pytest.raises(TableError, match="a row has 3 cells where the others have 4"):
        read(*(row + ";;" for row in rows), "Nord;5;;")


def test_headings_of_several_lines_leave_the_commas_of_the_rows(read, figures):
    head = 'Dép.,"Montant\nau titre\nde 2023\n(en euros)","Taux\nde\nprogression\n(en %)"'
    assert figures(read(head, 'Ain,12,"-3,61"', 'Lot,13,"2,18"')) == {
        "01": (12, Decimal("-3.61")),
        "46": (13, Decimal("2.18")),
    }


def test_territories_side_by_side_under_a_title_are_turned(read, figures):
    assert figures(read("Chiffres;;;", "Mesure;Ain;Lot;Nord", "Places;4;5;6")) == {"01": (4,), "46": (5,), "59": (6,)}


def test_a_sentence_that_ends_with_a_colon_heads_no_columns(read, figures):
    assert figures(read("Montants notifiés aux départements :", "Ain : 3 878 790 euros", "Lot : 12 345 euros")) == {
        "01": (3878790,),
        "46": (12345,),
    }


def test_a_backslash_before_a_sign_of_markdown_is_no_part_of_it(read, figures):
    assert figures(read("| D | M (€) |", "|---|---|", "| Ain | 345\\* |", "| Lot | \\-3 |")) == {
        "01": (345,),
        "46": (-3,),
    }


def test_a_link_after_a_number_of_markdown_is_a_mark(read, figures):
    assert figures(read("| D | M (€) |", "|---|---|", "| Ain | 345[2](#n2) |", "| Lot | 300 |"))["01"] == (345,)


@pytest.mark.parametrize(
    "block", ["<p>4</p><p>211</p>", "4<br>211", "<div>4</div>211", "<ul><li>4<li>211</ul>", "4<small>2</small>"]
)
def test_two_blocks_in_a_cell_of_a_page_are_two_lines_not_one_number(written, block):
    with pytest.raises(TableError, match="a cell holds 2 numbers"):
        read_annex(written(f"<table><tr><td>Ain<td>{block}<tr><td>Lot<td>5 €</table>"))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("<td>Ain<td><s>42</s>50", "'42' is struck out in the page"),
        ("<td>Ain<td><span style='text-decoration: line-through'>42</span>50", "'42' is struck out in the page"),
        (
            "<style>td, .b {color: red} tr.a,.x {text-decoration:line-through}</style><td>Ain<td class='b x'>42",
            "'42' is struck",
        ),
        ("<style>.h{visibility: hidden}</style><td>Ain<td><i class=h>7</i>50", "'7' is hidden in the page"),
        ("<td><s>Ain</s><td>50", "'Ain' is struck out in the page"),
        ("<td>Ain<td><span style='display: none'>7</span>50", "'7' is hidden in the page"),
        ("<td>Ain<td>50<td hidden>7", "'7' is hidden in the page"),
        ("<tbody style='visibility:collapse'><tr><td>Ain<td>50</tbody>", "'Ain50' is hidden in the page"),
    ],
)
def test_a_number_that_a_page_hides_or_strikes_out_is_refused(written, cells, message):
    with pytest.raises(TableError, match=message):
        read_annex(written(f"<table><tr><td>Lot<td>5<tr>{cells}<tr><td>Nord<td>6</table>"))


def test_an_amount_merged_over_two_rows_of_a_page_is_refused(written):
    page = "<table><tr><td>Ain<td rowspan=2>4 €<tr><td>Lot<tr><td>Nord<td>5 €</table>"
    with pytest.raises(TableError, match="'4 €' is merged over 2 rows"):
        read_annex(written(page))


def test_an_amount_merged_over_two_columns_of_a_page_is_refused(written):
    cells = "<tr><td>Ain<td colspan=2>4<tr><td>Lot<td>5<td>6<tr><td>Nord<td>7<td>8"
    with pytest.raises(TableError, match="'4' is merged over several columns"):
        read_annex(written(f"<table><tr><th>Nom<th>Places<th>M (EUR){cells}</table>".encode(), "annexe.html"))


def test_other_encodings_are_read_and_said(written, figures):
    text = "Nom;Montant\nIsère;4 €\nLot;5 €"
    assert read_document(written(text.encode("cp1252"))).remarks == ("Le fichier est lu en Windows-1252.",)
    assert figures(read_annex(written(text.encode("utf-16")))) == {"38": (4,), "46": (5,)}


@pytest.mark.parametrize(
    "odd",
    ["H‚rault", "IsŠre", "C“tes-d'Armor", "HŽrault", "C™te-d'Or", "HÃ©rault", "ÃŽle-de-France", "Ã\x8ele-de-France"],
)
def test_names_of_another_encoding_are_refused(read, odd):
    with pytest.raises(TableError, match=f"the letters of [\"'].*{odd[-4:]}[\"'] are those of another") as told:
        read("Nom;Montant (k€)", "Ain;4", f"{odd};5")
    assert told.value.cell == "l. 3"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n", "is an image"),
        (b"\xd0\xcf\x11\xe0\xa1", "is no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "by a password"),
        (b'[{"nom": "Ain", "montant": 4}]', "is a JSON file"),
        (b'<?xml version="1.0"?><lignes><montant>4</montant></lignes>', "is an XML file"),
        (b"\\documentclass{article}\n\\begin{tabular}{lr} Ain & 4", "is a LaTeX file"),
        (b"PK\x03\x04 broken", "is a damaged workbook"),
        (b"%PDF-1.4 broken", "is damaged, or no PDF"),
        (b"a\x00b\x81", "is no text file"),
    ],
)
def test_what_is_no_document_says_why(written, content, reason):
    with pytest.raises(TableError, match=reason):
        read_annex(written(content))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "annexe.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(TableError, match="is larger than the 50 MB that are read"):
        read_annex(path)


def test_a_quote_that_is_never_closed_is_refused(written):
    for rows in (3, 30_000):
        text = 'Nom;Montant;Note\nAin;4 €;"a\n' + "Lot;5 €;b\n" * rows
        with pytest.raises(TableError, match=r"the quotes of annexe\.txt do not stand around whole fields"):
            read_annex(written(text))


def test_a_page_that_ends_inside_a_table_is_refused(written):
    with pytest.raises(TableError, match="the page ends inside a table: it is cut"):
        read_annex(written("<html><table><tr><td>Ain<td>204<tr><td>Nord<td>45"))


def test_a_last_line_that_is_cut_is_said(written):
    annex = read_annex(written("Dép.;Places;M (€)\nAin;1;204\nLot;2;300\nSeine-et-Ma", "annexe.csv"))
    assert ("vide", "Seine-et-Ma") in {(remark.kind, remark.text) for remark in annex.remarks}


def test_a_span_that_is_no_number_is_one_cell(written, figures):
    page = "<table><tr><td rowspan=x>Ain<td>4 €<tr><td colspan=0>Lot<td>5 €</table>"
    assert figures(read_annex(written(page))) == {"01": (4,), "46": (5,)}


def test_a_page_that_is_not_there_is_said(written):
    with pytest.raises(TableError, match="has no page 3: it has 2"):
        read_annex(written("Ain 1 €\fLot 2 €"), pages={3})
    page = "<table><tr><td>Ain<td>4 €<tr><td>Lot<td>5 €</table>"
    assert read_annex(written(page), pages={1}) == read_annex(written(page))
    with pytest.raises(TableError, match="has no page 2: it has 1"):
        read_annex(written(page), pages={2})


@pytest.mark.slow
def test_35_000_communes_are_read_in_less_than_20_seconds(written):
    import time

    lines = [
        f"{rank:05};Commune{chr(97 + rank % 26)}{rank} du Val;{rank % 977 + 1} {rank % 900 + 100}"
        for rank in range(1000, 36000)
    ]
    start = time.process_time()
    annex = read_annex(written("\n".join(["Code;Commune;Dotation (€)", *lines]), "communes.csv"))
    assert len(annex.table.rows) == 35_000
    assert time.process_time() - start < 20


def test_one_semicolon_in_a_text_makes_no_fields(written, figures):
    path = written(b"Ain 4 211 EUR ; Lot 5 EUR\nNord 6 EUR\nOise 7 EUR\n")
    assert figures(read_annex(path)) == {"01": (4211,), "46": (5,), "59": (6,), "60": (7,)}


def test_a_row_over_two_lines_stands_where_it_begins(written):
    path = written(b"| Ain | 4 EUR |\n| Alpes-de-Haute-\nProvence | 5 EUR |\n| Lot | 6 EUR |\n", "annexe.md")
    assert [row.place for row in read_annex(path).table.rows] == ["l. 1", "l. 2", "l. 4"]


@pytest.mark.parametrize(
    ("lines", "blocks"),
    [
        # A separator stands in most lines of figures, of two at least; a pipe or a tab in three of any.
        ("Ain;1 ⏎ Lot;2", [["Ain 1", "Lot 2"]]),
        ("Ain;1", ["Ain;1"]),
        ("A 1;2 ⏎ B 2 ⏎ C 3", ["A 1;2", "B 2", "C 3"]),
        ("A 1;2 ⏎ B 2;3 ⏎ C 3", [["A 1 2", "B 2 3"], "C 3"]),
        ("A|1 ⏎ B|2 ⏎ C 3", [["A 1", "B 2"], "C 3"]),
        ("A|1 ⏎ B 2 ⏎ C 3", ["A|1", "B 2", "C 3"]),
        ("A|1 ⏎ B|2 ⏎ C 3 ⏎ D 4", ["A|1", "B|2", "C 3", "D 4"]),
        ("A 1 ; ⏎ B 2 ; ⏎ C 3", ["A 1 ;", "B 2 ;", "C 3"]),
        ("A|1 ⏎ B|2 ⏎ a|b ⏎ 1 ⏎ 2 ⏎ 3 ⏎ 4", [["A 1", "B 2", "a b", "1", "2", "3", "4"]]),
        ("A|1 ⏎ B|2 ⏎ 1 ⏎ 2 ⏎ 3 ⏎ 4", ["A|1", "B|2", "1", "2", "3", "4"]),
        ("A : 4 ; B : 5 ⏎ C : 6 ; D : 7", ["A : 4 ; B : 5", "C : 6 ; D : 7"]),
        # A comma separates where four lines of five have as many, and is no decimal mark.
        ("A,1 ⏎ B,2 ⏎ C,3 ⏎ D,4 ⏎ E 5", [["A 1", "B 2", "C 3", "D 4"], "E 5"]),
        ("A,1 ⏎ B,2 ⏎ C,3 ⏎ D 4 ⏎ E 5", ["A,1", "B,2", "C,3", "D 4", "E 5"]),
        ("A 1,5 ⏎ B 2,5", ["A 1,5", "B 2,5"]),
        # A rule stands under headings: the row above it begins a table, where two stand above.
        ("|a|1| ⏎ |---|---| ⏎ |b|2|", [["a 1", "b 2"]]),
        ("|a|1| ⏎ |b|2| ⏎ |c|3| ⏎ |---|---| ⏎ |d|4|", [["a 1", "b 2"], ["c 3", "d 4"]]),
        ("|a|1| ⏎ |b|2| ⏎ texte ⏎ |c|3|", [["a 1", "b 2"], "texte", ["c 3"]]),
        ("|a|1| ⏎ |b|2| ⏎ |c ⏎ d|3|", [["a 1", "b 2", "c\nd 3"]]),
        ("│a│1│ ⏎ │b│2│", [["a 1", "b 2"]]),
        # A name or a number alone on its line is a row of the table, words are none; void fields are no line.
        ("Ain;1 ⏎ Lot ⏎ Nord;3", [["Ain 1", "Lot", "Nord 3"]]),
        ("Ain;1 ⏎ texte ⏎ Nord;3", [["Ain 1"], "texte", ["Nord 3"]]),
        ("a;b;1 ⏎ c;d;2 ⏎ ;;", [["a b 1", "c d 2"]]),
        ("Ain;1 ⏎  ⏎ Lot ⏎ Nord;3", [["Ain 1"], "Lot", ["Nord 3"]]),
        ("Ain;1 ⏎ Total ⏎ Nord;3", [["Ain 1"], "Total", ["Nord 3"]]),
        # After a blank line a row of another length begins another table; without one it is a row of the same.
        ("a;1 ⏎  ⏎ b;2", [["a 1", "b 2"]]),
        ("a;1 ⏎ b;2 ⏎  ⏎ c;3;4 ⏎ d;5;6", [["a 1", "b 2"], ["c 3 4", "d 5 6"]]),
        ("a;1;0 ⏎ b;2 ⏎  ⏎ c;3;4", [["a 1 0", "b 2"], ["c 3 4"]]),
        ("a;1;2 ⏎ b;3", [["a 1 2", "b 3"]]),
        ("|a|1| ⏎ |b|2| ⏎ |---|---| ⏎ |c|3|", [["a 1", "b 2", "c 3"]]),
        ("|a|1| ⏎ |b|2| ⏎ |c|3| ⏎ |d|4| ⏎ |---|---| ⏎ |e|5|", [["a 1", "b 2", "c 3"], ["d 4", "e 5"]]),
        ("A : 4 ; B 5 ⏎ C : 6 ; D 7", [["A : 4 B 5", "C : 6 D 7"]]),
        ("A  1 ⏎ B  2 ⏎ C 3", [["A 1", "B 2", "C 3 "]]),
        ("[Ain](https://a.fr/1);1 ⏎ Lot;2", [["Ain 1", "Lot 2"]]),
        ("Ain  1 ⏎ Lot  2", [["Ain 1", "Lot 2"]]),
        ("Ain  1 ⏎ Lot 2", ["Ain  1", "Lot 2"]),
    ],
)
def test_the_lines_of_a_text_are_cut_in_fields_or_kept(lines, blocks):
    found = text_document(lines.replace(" ⏎ ", "\n")).blocks
    assert [
        block.text if isinstance(block, Text) else [" ".join(row.cells) for row in block.rows] for block in found
    ] == blocks


def test_each_page_has_its_lines_and_each_table_of_a_page_of_html_its_rows():
    text = "A;1\nB;2\fC;3\nD;4"
    places = [[row.place for row in block.rows] for block in text_document(text).blocks]
    assert places == [["p. 1, l. 1", "p. 1, l. 2"], ["p. 2, l. 1", "p. 2, l. 2"]]
    assert [block.rows[0].cells for block in text_document(text, pages={2}).blocks] == [("C", "3")]
    page = "<p>Un</p><table><caption>Deux</caption><tr><td>A<td>1</table><p>Trois</p><table><tr><td>B<td>2</table>"
    assert [(row.cells, row.place) for block in text_document(page).blocks for row in block.rows] == [
        (("Un",), "text"),
        (("Deux",), "table 1"),
        (("A", "1"), "table 1, l. 1"),
        (("Trois",), "text after table 1"),
        (("B", "2"), "table 2, l. 1"),
    ]


def test_a_comma_between_figures_separates_in_a_file_of_that_name_only():
    for name, cells in (("a.csv", [("A 1", "5"), ("B 2", "5")]), ("a.txt", [("A 1,5",), ("B 2,5",)])):
        assert [row.cells for block in text_document("A 1,5\nB 2,5", name).blocks for row in block.rows] == cells


def test_a_comma_that_separates_fields_and_decimals_is_said(read):
    with pytest.raises(TableError, match="a row has 3 fields where the headings have 2") as told:
        read("Département,Montant (€)", "Ain,1204,50", "Hérault,2300,00", name="annexe.csv")
    assert told.value.cell == "l. 2"


@pytest.mark.parametrize(("foot", "apart"), [("     12", True), ("            9", False)])
def test_a_page_number_below_columns_of_spaces_is_under_no_figure(read, figures, foot, apart):
    annex = read("Dép.    M (€)", "Ain         4", "Lot         5", "", foot)
    assert figures(annex) == {"01": (4,), "46": (5,)}
    assert annex.counts["a_part"] == apart
    assert [check.status for check in annex.table.checks] == ["egal"] * (not apart)


def test_a_file_of_two_bytes_a_letter_is_said_to_be_so(written):
    for encoding in ("utf-16", "utf-16-be"):
        content = "Nom;Montant\nAin;4 €\nLot;5 €".encode(encoding)
        document = read_document(written((b"\xfe\xff" if encoding.endswith("be") else b"") + content))
        assert document.remarks == ("Le fichier est lu en UTF-16.",)


@pytest.mark.parametrize("form", ["commas", "quotes", "tabs", "html", "pipes"])
def test_annexes_made_by_program_are_read_as_they_were_made(misread, form):
    assert misread(form, range(3500, 3512)) == {}


@pytest.mark.parametrize("text", ["a", "1", ".", "1 234 ", "é'", "(", "1€", "12/", "a : "])
def test_a_line_of_a_hundred_thousand_letters_is_read_past(text):
    """In a time that grows as its length, not as its square, which would be minutes."""
    annex = annex_of(text_document(f"Dép.;M (€)\nAin;4\nLot;5\n\n{text * (100_000 // len(text))}"))
    assert [row.code for row in annex.table.rows] == ["01", "46"]


def test_a_line_longer_than_a_cell_can_be_is_refused_as_such():
    with pytest.raises(TableError, match=r"a line of f\.txt has more than 131072 letters"):
        text_document("a" * 140_000, "f.txt")


def test_a_cell_of_a_page_covers_a_thousand_columns_at_most():
    [grid] = text_document("<table><tr><td colspan=1500>A<td>1</table>").blocks
    assert (len(grid.rows[0].cells), grid.rows[0].cells[1000]) == (1001, "1")


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        # Spans over columns, over rows, over both; what they cover is left to the rows below, then given back.
        ("<td>A<td colspan=3>B<td>1", [(("A", "B", "", "", "1"), {}, {2, 3})]),
        (
            "<td rowspan=3 colspan=2>A<td>1<tr><td>2<tr><td>3<tr><td>x<td>y<td>4",
            [
                (("A", "", "1"), {0: 3}, {1}),
                (("", "", "2"), {}, set()),
                (("", "", "3"), {}, set()),
                (("x", "y", "4"), {}, set()),
            ],
        ),
        (
            "<th rowspan=2>A<td rowspan=3>B<td>1<tr><td>2<tr><th>C<td>3",
            [(("A", "B", "1"), {0: 2, 1: 3}, set()), (("", "", "2"), {}, set()), (("C", "", "3"), {}, set())],
        ),
        ("<td>A<td rowspan=2>1<tr><td>B<td>9", [(("A", "1"), {1: 2}, set()), (("B", "", "9"), {}, set())]),
        ("<td>A<td rowspan=2>1<tr><td>B", [(("A", "1"), {1: 2}, set()), (("B", ""), {}, set())]),
        ("<td rowspan=1>A<td colspan=1>1", [(("A", "1"), {}, set())]),
    ],
)
def test_merged_cells_of_a_page_keep_the_others_in_their_columns(rows, cells):
    [grid] = text_document(f"<table><tr>{rows}</table>").blocks
    assert [(row.cells, row.spans, row.hidden) for row in grid.rows] == cells
    assert [row.place for row in grid.rows] == [f"table 1, l. {rank}" for rank in range(1, len(cells) + 1)]


def rows_of(text, name="text", pages=None):
    """Return the rows of each grid of a text, their cells joined; a text as itself."""
    blocks = text_document(text, name, pages).blocks
    return [each.text if isinstance(each, Text) else [" ".join(row.cells) for row in each.rows] for each in blocks]


@pytest.mark.parametrize(
    ("lines", "blocks"),
    [
        # Half of the rows at least end with the separator: a line that begins without it goes on with the one before.
        ("|Ain|4| ⏎ |Alpes-de- ⏎ Haute-Provence|5| ⏎ |Lot|6|", [["Ain 4", "Alpes-de-\nHaute-Provence 5", "Lot 6"]]),
        ("|Ain|4| ⏎ |Alpes-de- ⏎ Haute-Provence|5|", [["Ain 4", "Alpes-de-\nHaute-Provence 5"]]),
        ("|Ain|4 ⏎ |Lot|5 ⏎ |Nord|6| ⏎ |Var|7|", [["Ain 4", "Lot 5", "Nord 6 ", "Var 7 "]]),
        ("|Ain|4| ⏎ |Lot|5 ⏎  ⏎ |Nord|6|", [["Ain 4 ", "Lot 5"], ["Nord 6 "]]),
        ("|Ain|4| ⏎ | ⏎ Lot|5| ⏎ |Nord|6|", [["Ain 4", "\nLot 5", "Nord 6"]]),
        (
            "|Ain|4| ⏎ |Lot|5| ⏎ |Nord|6 ⏎ |Var|7 ⏎ |Gers|8 ⏎ Voir : annexe",
            [["Ain 4 ", "Lot 5 ", "Nord 6", "Var 7", "Gers 8"], "Voir : annexe"],
        ),
        # Two lines of five in columns of spaces are none, nor is one number alone.
        ("Ain  1 ⏎ Lot  2 ⏎ Nord 3 ⏎ Var 4 ⏎ Gers 5", ["Ain  1", "Lot  2", "Nord 3", "Var 4", "Gers 5"]),
        ("12", ["12"]),
        # Marks of markdown around a whole field, and a separator that is one of its letters.
        ("|**Ain**|`4`| ⏎ |__Lot__|*5*| ⏎ |*a|b*|", [["Ain 4", "Lot 5", "*a b*"]]),
        (r"a\|b|1 ⏎ c|2", [["a|b 1", "c 2"]]),
        ("[Ain](https://x.fr/a);4 ⏎ Lot;[note](n) ⏎ Var;[vu](#b)", [["Ain 4", "Lot [note](n)", "Var vu"]]),
        ("Ain;<b>4</b> ⏎ Lot;<span class=x>5</span> ⏎ Var;<div>6</div>", [["Ain 4", "Lot 5", "Var <div>6</div>"]]),
        ("<sup>12</sup>A;1 ⏎ B[^3];2 ⏎ C <sup> 4 </sup>;5", [["¹²A 1", "B³ 2", "C ⁴ 5"]]),
        # What separates fields: in most lines of figures, else a pipe or a tab in three lines at least.
        ("Ain\t4 ⏎ Lot\t5", [["Ain 4", "Lot 5"]]),
        ("A\tx ⏎ B\ty ⏎ C\tz", [["A x", "B y", "C z"]]),
        ("A|x ⏎ B|y ⏎ C z", ["A|x", "B|y", "C z"]),
        ("- Ain : 4 €; ⏎ - Lot : 5 €; ⏎ - Nord : 6 €", ["- Ain : 4 €;", "- Lot : 5 €;", "- Nord : 6 €"]),
        ("Ain : 4 €; Lot : 5 € ⏎ Nord;6 ⏎ Var;7", [["Ain : 4 € Lot : 5 €", "Nord 6", "Var 7"]]),
        ("a,b,1 ⏎ c,d,2 ⏎ e,f,3 ⏎ g,h,4 ⏎ i j", [["a b 1", "c d 2", "e f 3", "g h 4"], "i j"]),
        # A short name or a number alone on its line is of the table, a total or a sentence is not.
        ("a;1 ⏎ 12 ⏎ b;2", [["a 1", "12", "b 2"]]),
        ("a;1 ⏎ Suite du tableau ⏎ b;2", [["a 1", "Suite du tableau", "b 2"]]),
        ("a;1 ⏎ Suite de la note : voir ⏎ b;2", [["a 1"], "Suite de la note : voir", ["b 2"]]),
        ("Ain;4 ⏎  ⏎ Lot ⏎ Nord;5", [["Ain 4"], "Lot", ["Nord 5"]]),
    ],
)
def test_the_fields_of_each_line(lines, blocks):
    assert rows_of(lines.replace(" ⏎ ", "\n")) == blocks


@pytest.mark.parametrize(
    ("lines", "blocks"),
    [
        # A number under columns of spaces: after two blank lines, or after one where it stands under no figure.
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎  ⏎ 12", [["Ain 4", "Lot 5"], "12"]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎ 12", [["Ain 4", "Lot 5"], "12"]),
        ("Ain      4 ⏎ Lot      5 ⏎ 12", [["Ain 4", "Lot 5", "12 "]]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎         12", [["Ain 4", "Lot 5", " 12"]]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎  ⏎         12", [["Ain 4", "Lot 5"], "12"]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎          12", [["Ain 4", "Lot 5", " 12"]]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎           12", [["Ain 4", "Lot 5"], "12"]),
        ("Ain      4 ⏎ Lot      5 ⏎  ⏎  ⏎ 1234", [["Ain 4", "Lot 5", "1234 "]]),
        ("Ain      4 ⏎  ⏎  ⏎ 12", ["Ain  4", "12"]),
        # A name without a figure above it: it may be its number.
        ("Lot      5 ⏎ Ain      4 ⏎ Nord ⏎  ⏎  ⏎ 12", [["Lot 5", "Ain 4", "Nord ", "12 "]]),
    ],
)
def test_the_number_of_a_page_is_no_row_of_its_columns(lines, blocks):
    assert rows_of(lines.replace(" ⏎ ", "\n")) == blocks


def test_the_lines_of_a_page_are_counted_from_its_head_whatever_ends_them():
    text = "p1;1\r\nq;2\rc;3\n\nd;4\f\fp3;3\nr;4"
    for pages, places in (
        (None, ["p. 1, l. 1", "p. 1, l. 2", "p. 1, l. 3", "p. 1, l. 5", "p. 3, l. 1", "p. 3, l. 2"]),
        ({3}, ["p. 3, l. 1", "p. 3, l. 2"]),
    ):
        blocks = text_document(text, pages=pages).blocks
        assert [row.place for block in blocks for row in block.rows] == places
    with pytest.raises(TableError, match="nothing is written in text"):
        text_document(text, pages={2})


@pytest.fixture
def raised(read):
    """Tell whether the 2 of a cell of a page, after 345 in letters of 16 pixels, is read as a mark."""

    def tell(cell, rules="", own=""):
        page = f"<html><style>{rules}</style><table><tr><td>D<td>M (€)<tr><td>Ain<td {own}>345{cell}<tr><td>Lot<td>300"
        return {345: True, 3452: False}[int(read(f"{page}</table></html>").table.rows[0].figures[1])]

    return tell


@pytest.mark.parametrize(
    ("sizes", "mark"),
    [
        ("13px 10pt .84em 84% .84rem small x-small xx-small smaller", True),
        ("14px 10.5pt .86em 86% .86rem medium", False),
    ],
)
def test_what_is_smaller_by_a_sixth_than_the_number_before_is_a_mark(raised, sizes, mark):
    told = {size: raised(f'<span style="font-size: {size}">2</span>') for size in sizes.split()}
    assert told == dict.fromkeys(told, mark)


def test_the_size_of_a_mark_is_held_to_that_of_its_cell(raised):
    """In a cell of 20 pixels 85 % are 17; a rem is 16 everywhere."""
    marks = {"16px": 1, "17.5px": 0, ".8em": 1, "1.1rem": 0, "1rem": 1, "84%": 1, "86%": 0, "12pt": 1, "13.2pt": 0}
    own = 'style="font-size: 20px"'
    assert {size: raised(f'<i style="font-size:{size}">2</i>', own=own) for size in marks} == marks
    assert [raised(f'<font size="{size}">2</font>') for size in (1, 2, 3)] == [True, True, False]
    assert [
        raised(f'<i style="{style}">2</i>') for style in ("font: italic 9px Arial", "font-size:9px; font-size:16px")
    ] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        *((f'style="vertical-align: {where}"', True) for where in ("super", "top", "text-top", "3px", ".3em")),
        *((f'style="vertical-align: {where}"', False) for where in ("sub", "bottom", "baseline", "-3px")),
        *((f'class="{name}"', True) for name in ("exposant", "Renvoi", "note-bas", "appel", "super", "x sup y")),
        *((f'class="{name}"', False) for name in ("support", "important")),
    ],
)
def test_what_is_raised_by_its_style_or_its_class_is_a_mark(raised, written, mark):
    assert raised(f"<span {written}>2</span>") is mark


@pytest.mark.parametrize(
    ("selector", "cell", "mark"),
    [
        (".x", '<b class="y x">2</b>', True),
        (".x.y", '<b class="y x">2</b>', True),
        (".x.y", '<b class="x">2</b>', False),
        ("#n", '<b id="n">2</b>', True),
        ("#n", '<b id="m">2</b>', False),
        ("b#n", '<i id="n">2</i>', False),
        ("td b", "<i><b>2</b></i>", True),
        ("td > b", "<i><b>2</b></i>", False),
        ("td > b", "<b>2</b>", True),
        ("p, i", "<i>2</i>", True),
        ("*", "<i>2</i>", True),
        ("b:hover", "<b>2</b>", False),
        ("b + b", "<b>2</b>", False),
        (".x", '<b class="x" style="font-size: 16px">2</b>', False),
    ],
)
def test_the_rules_of_a_page_are_those_of_what_they_select(raised, selector, cell, mark):
    assert raised(cell, f"{selector} {{font-size: 70%}}") is mark
    assert not raised(cell.replace("16px", "100%"), f"/* {selector} {{font-size: 70%}} */")


def test_a_link_of_two_figures_at_most_after_a_number_is_a_mark(read, figures):
    cells = {
        "345<a href='#n'>12</a>": 345,
        "345<a href='#n'>123</a>": 345123,
        "<a href='#n'>12</a><a href='#m'>3</a>": 12,
    }
    for cell, value in cells.items():
        page = f"<table><tr><td>D<td>M (€)<tr><td>Ain<td>{cell}<tr><td>Lot<td>300</table>"
        assert figures(read(page)) == {"01": (value,), "46": (300,)}


@pytest.mark.parametrize("tag", ["template", "rt", "button", "option", "small", "sub"])
def test_a_number_in_a_block_of_its_own_is_no_part_of_the_one_before(read, tag):
    with pytest.raises(TableError, match="a cell holds 2 numbers, and the names beside it are not as many"):
        read(f"<table><tr><td>D<td>M (€)<tr><td>Ain<td>345<{tag}>2</{tag}><tr><td>Lot<td>300</table>")

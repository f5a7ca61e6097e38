"""Tables for people: what a reader sees, as HTML and as text."""

import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import Worksheet, readable_table, write_workbook
from cdppe_analysis.figures.tables import SOURCES
from cdppe_analysis.typography import NNBSP, euros, percent

FRAME = pd.DataFrame({"nom": ["Nord", "<b>Creuse</b>"], "montant": [1995607.0, 100000.0], "part": [0.133, None]})


def made(**changes):
    wanted = {
        "title": "Les montants",
        "columns": {"nom": "Département", "montant": "Montant", "part": "Part"},
        "formats": {"montant": euros, "part": percent},
        "source": "annexe 7",
    }
    return readable_table(FRAME, **{**wanted, **changes})


def test_numbers_are_french_and_a_missing_one_says_so():
    text = made().text
    assert f"1{NNBSP}995{NNBSP}607{NNBSP}€" in text
    assert f"13,3{NNBSP}%" in text
    assert text.splitlines()[-1].endswith("n. d.")


def test_the_page_has_title_headings_and_source():
    page = made(note="essai").html
    for part in ("Les montants", "Département", "Source : annexe 7", "Note : essai"):
        assert part in page
    assert re.search(r"\.gt_heading \{[^}]*text-align: left", page)


def test_the_same_table_is_the_same_bytes():
    assert made().html == made().html


def test_a_label_is_escaped():
    assert "<b>Creuse" not in made().html


def test_a_number_without_a_format_is_never_bare():
    text = readable_table(FRAME, title="x", columns={"montant": "Montant"}).text
    assert "1995607" not in text


def test_a_missing_column_is_one_sentence():
    with pytest.raises(FigureError, match="no column 'score'; it has nom, montant, part"):
        made(columns={"score": "Score"})


def test_numbers_stand_on_the_right_and_words_on_the_left():
    lines = made().text.replace(NNBSP, " ").splitlines()
    assert lines == [
        "Les montants",
        "Département        Montant    Part",
        "Nord           1 995 607 €  13,3 %",
        "<b>Creuse</b>    100 000 €   n. d.",
    ]
    page = made().html
    assert page.split("<tbody")[1].count("gt_right") == 2 * 2
    assert page.count("gt_col_heading gt_columns_bottom_border gt_left") == 1


def test_a_number_without_a_format_has_two_decimals_or_none_and_truth_is_in_words():
    frame = pd.DataFrame({"a": [1234.0, 0.5], "b": [3, 4], "c": [True, False]})
    text = readable_table(frame, title="x", columns={"a": "A", "b": "B", "c": "C"}).text.replace(NNBSP, " ")
    assert [line.split("  ") for line in text.splitlines()[2:]] == [["1 234", "3", "oui"], [" 0,50", "4", "non"]]


def test_columns_stand_in_the_order_asked_for_and_the_subtitle_under_the_title():
    page = made(columns={"part": "Part", "nom": "Nom"}, subtitle="En 2020").html
    assert 0 < page.index("Les montants") < page.index("En 2020") < page.index(">Part<") < page.index(">Nom<")
    assert "Montant" not in page.split("</thead>")[1]


SOURCE = ["annexe 7, ONDAM médico-social 2020"]


@pytest.fixture
def sheet(wave):
    return Worksheet(
        "Dotations",
        "Les 30 dotations de 2020",
        wave[["code_departement", "montant_eur", "euros_par_enfant"]],
        headings={"montant_eur": "Dotation"},
        units={"montant_eur": "€"},
    )


@pytest.fixture
def book(sheet, tmp_path):
    path = write_workbook(
        tmp_path / "dotations.xlsx",
        [sheet],
        sources=SOURCE,
        parameters={"Règle": "ondam-ms-2020"},
        notes=["Estimation"],
    )
    return openpyxl.load_workbook(path)


def test_title_header_units_and_values_stand_where_expected(book, wave):
    page = book["Dotations"]
    assert page["A1"].value == book.properties.title == "Les 30 dotations de 2020"
    assert [cell.value for cell in page[3]] == ["code_departement", "Dotation (€)", "euros_par_enfant"]
    rows = list(page.iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == wave["montant_eur"].tolist()
    assert [row[2] for row in rows] == pytest.approx(wave["euros_par_enfant"].tolist(), rel=1e-12)


def test_the_header_is_frozen_and_filtered(book, wave):
    page = book["Dotations"]
    assert page.freeze_panes == "B4"
    assert page["A3"].border.left.style == "thin"
    assert page.auto_filter.ref == f"A3:C{3 + len(wave)}"


def test_amounts_are_numbers_with_their_format_and_codes_are_text(book):
    page = book["Dotations"]
    assert page["B4"].number_format == '#,##0\\ "€"'
    assert isinstance(page["A4"].value, str)


def test_sources_and_parameters_have_a_sheet_of_their_own(book):
    rows = {row[0]: row[1] for row in book[SOURCES].iter_rows(min_row=3, values_only=True)}
    assert rows == {"Source": SOURCE[0], "Règle": "ondam-ms-2020", "Note": "Estimation"}


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5", "@SUM(A1)", "https://exemple.fr"])
def test_what_looks_like_a_formula_or_a_link_is_text(tmp_path, text):
    path = write_workbook(
        tmp_path / "x.xlsx", [Worksheet("x", text, pd.DataFrame({"a": [text], text: [1]}))], sources=[text]
    )
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value == text]
    assert len(cells) == 4
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


def test_missing_values_are_empty_and_infinite_ones_text(tmp_path):
    frame = pd.DataFrame({"a": [1.0, None, float("inf")]})
    page = openpyxl.load_workbook(write_workbook(tmp_path / "x.xlsx", [Worksheet("x", "t", frame)], sources=SOURCE))[
        "x"
    ]
    assert [page.cell(row, 1).value for row in (4, 5, 6)] == [1, None, "inf"]


def test_the_same_tables_give_the_same_bytes(sheet, tmp_path):
    files = [write_workbook(tmp_path / f"{n}.xlsx", [sheet], sources=SOURCE).read_bytes() for n in (1, 2)]
    assert files[0] == files[1]
    with zipfile.ZipFile(tmp_path / "1.xlsx") as parts:
        assert b"2020-01-01" in parts.read("docProps/core.xml")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a/b"], "no name for a sheet"),
        (["x" * 32], "no name for a sheet"),
        (["a", "A"], "given twice"),
        ([], "one table"),
    ],
)
def test_sheets_that_no_workbook_allows_are_refused(tmp_path, names, sentence):
    sheets = [Worksheet(name, "t", pd.DataFrame({"a": [1]})) for name in names]
    with pytest.raises(FigureError, match=sentence):
        write_workbook(tmp_path / "x.xlsx", sheets, sources=SOURCE)
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_without_sources_an_unknown_column_or_another_suffix_is_refused(tmp_path, sheet):
    with pytest.raises(FigureError, match="needs its sources"):
        write_workbook(tmp_path / "x.xlsx", [sheet], sources=[])
    with pytest.raises(FigureError, match="no column 'b'"):
        write_workbook(
            tmp_path / "x.xlsx", [Worksheet("x", "t", pd.DataFrame({"a": [1]}), units={"b": "€"})], sources=SOURCE
        )
    with pytest.raises(FigureError, match=r"not '\.csv'"):
        write_workbook(tmp_path / "x.csv", [sheet], sources=SOURCE)


def test_each_unit_has_its_format_in_the_heading_and_in_the_cells(tmp_path):
    units = {"a": "€", "b": "%", "c": "‰", "d": "places"}
    frame = pd.DataFrame({"a": [1234.0], "b": [12.5], "c": [1.5], "d": [1234.5]})
    page = openpyxl.load_workbook(
        write_workbook(tmp_path / "x.xlsx", [Worksheet("x", "t", frame, units=units)], sources=SOURCE)
    )["x"]
    assert [cell.value for cell in page[3]] == ["a (€)", "b (%)", "c (‰)", "d (places)"]
    assert [cell.number_format for cell in page[4]] == ['#,##0\\ "€"', '0.0\\ "%"', '0.0\\ "‰"', "#,##0.###"]


def test_columns_are_as_wide_as_their_longest_text_between_9_and_48(tmp_path):
    frame = pd.DataFrame({"a": ["x"], "b": ["y" * 20], "c": ["z" * 100], "d": [1234567.0], "e": [-123456.0]})
    page = openpyxl.load_workbook(write_workbook(tmp_path / "x.xlsx", [Worksheet("x", "t", frame)], sources=SOURCE))[
        "x"
    ]
    assert [round(page.column_dimensions[name].width) for name in "ABCDE"] == [10, 23, 49, 10, 12]


def test_truth_is_written_in_words_and_dates_as_text(tmp_path):
    frame = pd.DataFrame(
        {"a": [True, False], "b": [pd.Timestamp("2020-02-20"), pd.NaT], "c": pd.array([1, None], dtype="Int64")}
    )
    page = openpyxl.load_workbook(write_workbook(tmp_path / "x.xlsx", [Worksheet("x", "t", frame)], sources=SOURCE))[
        "x"
    ]
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=4)] == [
        ["oui", "2020-02-20 00:00:00", 1],
        ["non", None, None],
    ]


def test_a_name_of_31_characters_is_a_name_and_that_of_the_sources_is_taken(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    book = openpyxl.load_workbook(
        write_workbook(tmp_path / "x.xlsx", [Worksheet("x" * 31, "t", frame)], sources=["un", "deux"])
    )
    assert book.sheetnames == ["x" * 31, SOURCES]
    rows = [row[:2] for row in book[SOURCES].iter_rows(min_row=1, values_only=True)]
    assert rows == [(SOURCES, None), (None, None), ("Source", "un"), ("Source", "deux")]
    with pytest.raises(FigureError, match="given twice"):
        write_workbook(tmp_path / "y.xlsx", [Worksheet(SOURCES, "t", frame)], sources=SOURCE)

"""Made workbooks in the layout of the DREES's annual tables: titles, headings, départements, totals, régions."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from cdppe_analysis.storage.workbook import open_workbook
from cdppe_analysis.tables.series.table import SeriesTable
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS, REGIONS

HEADINGS = ("Établissement d'éducation spéciale", "MECS1", "Foyer de l'enfance", "Total établissements")
CODES = [code for code in DEPARTEMENTS if code not in {"2A", "2B", "976"}]
CODES.insert(CODES.index("21"), "20")
FIRST = 7
"""Row of the first département, and D the column of the first value."""


def values(code):
    parts = [sum(map(ord, code)) % 7, 100 + len(code), 10]
    return [*parts, sum(parts)]


def region(code):
    return OTHER_UNITS[code].code_region if code in OTHER_UNITS else DEPARTEMENTS[code].code_region


def annual(sheet, titles=True):
    """Fill a sheet as « Tableau 6 » of 2020 is."""
    sheet["A1"] = (
        "Tableau 6 - Enfants confiés à l'ASE au 31 décembre 2020, placés en établissement, par type d'établissement"
    )
    sheet["A2"] = "Source : DREES, enquête Aide sociale."
    sheet["A3"] = "Champ : France métropolitaine et DROM (Hors Mayotte)."
    for column, text in enumerate(("Code région", "Code département", "Département", *HEADINGS), start=1):
        sheet.cell(FIRST - 1, column, text)
    for row, code in enumerate(CODES, start=FIRST):
        name = (OTHER_UNITS.get(code) or DEPARTEMENTS[code]).libelle
        for column, cell in enumerate((region(code), code, name, *values(code)), start=1):
            sheet.cell(row, column, cell)
    row = FIRST + len(CODES)
    kinds = {
        "TOTAL estimé France métropolitaine": [code for code in CODES if len(code) < 3],
        "TOTAL estimé DROM (hors Mayotte)": [code for code in CODES if len(code) == 3],
        "TOTAL estimé France entière (hors Mayotte)": CODES,
    }
    for label, codes in kinds.items():
        sheet.cell(row, 1, label)
        for column, total in enumerate(map(sum, zip(*map(values, codes), strict=True)), start=4):
            sheet.cell(row, column, total)
        row += 1
    sheet.cell(row, 1, "1Maison d'enfants à caractère social")
    row += 3
    for column, text in enumerate(("Code région", "Région", "DEP", *HEADINGS), start=1):
        sheet.cell(row, column, text)
    for code, name in REGIONS.items():
        members = [values(each) for each in CODES if region(each) == code]
        if members:
            row += 1
            sheet.cell(row, 1, code if int(code) > 6 else f"10{int(code)}")
            sheet.cell(row, 2, name)
            for column, total in enumerate(map(sum, zip(*members, strict=True)), start=4):
                sheet.cell(row, column, total)


@pytest.fixture
def made(tmp_path):
    """Return a function that writes an annual workbook, changed by the function it is given, and returns its path."""

    def write(change=lambda _: None, name="classeur.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = "Sommaire"
        book.active["A1"] = "Les bénéficiaires de l'aide sociale départementale en 2020"
        annual(book.create_sheet("Feuille quelconque"))
        waiting = book.create_sheet("Tab7-ase")
        waiting["A2"] = "Non disponible - à paraître en Janvier 2022"
        change(book)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture(scope="session")
def classeurs():
    """Return the folder of the publishers' own workbooks, or skip."""
    folder = Path(os.environ.get("CDPPE_SHARED", "/nowhere")) / "classeurs"
    if not folder.is_dir():
        pytest.skip("the publishers' workbooks are not here: CDPPE_SHARED names no folder that holds them")
    return folder


@pytest.fixture(scope="session")
def sheet_of(classeurs):
    """Return a function that gives a sheet of a publisher's workbook, opened once, as the test may change it."""
    opened = cache(lambda file: {sheet.name: sheet for sheet in open_workbook(classeurs / f"{file}.xlsx")})

    def sheet(file, name):
        found = opened(file)[name]
        return replace(found, rows=[[*row] for row in found.rows])

    return sheet


@pytest.fixture
def read(made):
    """Return a function that reads the annual table once cells of it were changed."""

    def do(change=None, allowed=None, **cells):
        def both(book):
            for address, value in cells.items():
                book["Feuille quelconque"][address] = value
            if change:
                change(book["Feuille quelconque"])

        return SeriesTable.of(open_workbook(made(both))[1], allowed)

    return do

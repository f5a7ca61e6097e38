"""A small made workbook of two sheets."""

import openpyxl
import pytest


@pytest.fixture
def made(tmp_path):
    """Return a function that writes a workbook, changed by the function it is given, and returns its path."""

    def write(change=lambda _: None, name="classeur.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = "Sommaire"
        book.active["A1"] = "Les bénéficiaires de l'aide sociale départementale en 2020"
        sheet = book.create_sheet("Feuille quelconque")
        for row in range(6, 20):
            for column in range(1, 9):
                sheet.cell(row, column, row * 10 + column)
        change(book)
        path = tmp_path / name
        book.save(path)
        return path

    return write

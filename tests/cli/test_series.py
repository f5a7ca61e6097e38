"""`cdppe series`: the table is written with what was read and checked, or nothing is."""

import os
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.cli import main

FILE = Path(os.environ.get("CDPPE_SHARED", "/nowhere")) / "classeurs" / "drees-aide-sociale-beneficiaires-2020.xlsx"
REAL = pytest.mark.skipif(not FILE.is_file(), reason="the publishers' workbooks are not here (CDPPE_SHARED)")


@REAL
def test_a_workbook_becomes_a_table_and_each_sheet_is_told(tmp_path, capsys):
    out = tmp_path / "series.csv"
    assert main(["series", str(FILE), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    table = pd.read_csv(out, dtype={"code_departement": str})
    assert f"{len(table)} values of {table['serie'].nunique()} series from 18 sheets" in told
    assert "Tab7-ase: no table by département (Non disponible - à paraître en Janvier 2022)" in told


def test_what_is_no_workbook_is_one_sentence_and_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "page.xls"
    file.write_text("<html>")
    assert main(["series", str(file), "--out", str(tmp_path / "series.csv")]) == 2
    assert capsys.readouterr().err.startswith("cdppe series: page.xls is no workbook")
    assert not (tmp_path / "series.csv").exists()

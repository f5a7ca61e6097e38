"""`cdppe clean`, `check`, `series`, `data` and `mask`: what was read and written is told, or nothing is written."""

import os
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.cli import main


def test_the_tables_are_written_where_asked(capsys, tmp_path):
    assert main(["clean", "--out", str(tmp_path / "clean")]) == 0
    assert "allocations.csv: 30 rows" in capsys.readouterr().out
    assert (tmp_path / "clean" / "allocations.csv").is_file()


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


def test_the_files_are_written_and_said(tmp_path, capsys):
    assert main(["data", "--out", str(tmp_path / "donnees")]) == 0
    *files, last = capsys.readouterr().out.splitlines()
    written = sorted(path for path in (tmp_path / "donnees").rglob("*") if path.is_file())
    assert sorted(files) == [f"{path}: {path.stat().st_size} bytes" for path in written]
    assert last.startswith(f"{len(written)} files, ")
    assert last.endswith("LISEZMOI.md")


def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "donnees").write_text("")
    assert main(["data", "--out", str(tmp_path / "donnees")]) == 2
    assert "cannot make the folder" in capsys.readouterr().err


@pytest.fixture
def counts(tmp_path):
    path = tmp_path / "effectifs.csv"
    path.write_text(
        "code_departement;libelle_departement;effectif\n19;Corrèze;2\n23;Creuse;30\n87;Haute-Vienne;1 240\n"
    )
    return path


def test_the_table_is_written_with_its_sums_and_without_what_is_secret(counts, tmp_path, capsys):
    assert main(["mask", str(counts), "--out", str(tmp_path / "m.csv")]) == 0
    written = (tmp_path / "m.csv").read_text(encoding="utf-8")
    assert written.splitlines() == ["code_departement,effectif", "19,s", "23,s", "87,1240", "R75,1272", "ensemble,1272"]
    assert "1 counts of 1 to 4 masked, and 1 others" in capsys.readouterr().err


def test_what_is_no_count_is_one_sentence(counts, capsys):
    counts.write_text(counts.read_text().replace(";30", ";30,5"))
    assert main(["mask", str(counts)]) == 2
    assert capsys.readouterr() == ("", "cdppe mask: '30.5' is no count of children (code 23, at column effectif)\n")


def test_a_failed_check_exits_with_1(capsys, tmp_path):
    (tmp_path / "annexe.csv").write_text(
        "Dotation des services, 2026\nService;Places;Dotation (€)\nAlpha;4;40\nBêta;5;50\nGamma;9;90\n", "utf-8"
    )
    assert main(["new", str(tmp_path / "etude"), "--annex", str(tmp_path / "annexe.csv")]) == 0
    [table] = (tmp_path / "etude" / "raw").rglob("tableau.csv")
    table.write_text(table.read_text("utf-8").replace("50", "51"), "utf-8")
    capsys.readouterr()
    assert main(["check", "--data", str(tmp_path / "etude")]) == 1
    printed = capsys.readouterr().out.splitlines()
    failed = [line for line in printed[:-1] if not line.startswith("ok  ")]
    assert any(line.startswith(f"FAIL raw/{table.parent.name}/{table.name}: a raw file changed") for line in failed)
    assert printed[-1].endswith(f", {len(failed)} failed")

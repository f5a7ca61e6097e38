"""`cdppe ingest` writes a raw table and its doubts, or nothing."""

import pandas as pd
import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.cli.ingest import pages_of
from cdppe_analysis.errors import TableError


@pytest.fixture
def annex(tmp_path):
    def write(*lines):
        path = tmp_path / "annexe.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    return write


def test_the_raw_table_and_its_doubts_are_written_and_told(annex, tmp_path, capsys):
    path = annex("Bretagne 300 001 €", "Finistère 200 000 €", "Morbihan 100 000", "TOTAL 300 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 0
    table = pd.read_csv(tmp_path / "b.csv", dtype=str, keep_default_na=False)
    assert table["dotation_departement"].tolist() == ["200 000 €", "100 000", "300 000 €"]
    assert table.columns[0] == "ligne"
    assert pd.read_csv(tmp_path / "b-doutes.csv")["nature"].tolist() == ["arrondi", "unite"]
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("2 départements in 3 rows")
    assert printed[1] == "2 totals checked: 1 equal, 1 within rounding, 0 not the sum of their parts"
    assert printed[2].startswith("2 doubts")
    assert len(printed) == 5


def test_a_total_that_is_not_the_sum_of_its_parts_exits_with_1_and_is_written(annex, tmp_path, capsys):
    path = annex("Finistère 200 000 €", "Morbihan 100 000 €", "TOTAL 400 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 1
    assert (tmp_path / "b.csv").is_file()
    assert "1 not the sum of their parts" in capsys.readouterr().out


def test_a_refusal_is_one_line_and_writes_nothing(annex, tmp_path, capsys):
    path = annex("Finistère 200 000 €", "Saint-Martin 100 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cdppe ingest: 'Saint-Martin' has an amount, '100 000 €', and names no département, région nor total "
        "(at page 1, line 2)"
    ]
    assert not list(tmp_path.glob("*.csv"))


def test_a_refusal_leaves_the_former_table_as_it_was(annex, tmp_path):
    (tmp_path / "b.csv").write_text("ligne\n")
    assert main(["ingest", annex("rien"), "--out", str(tmp_path / "b.csv")]) == 2
    assert (tmp_path / "b.csv").read_text() == "ligne\n"


def test_only_the_pages_asked_for_are_read(annex, tmp_path):
    path = annex("Finistère 1 €\fFinistère 200 000 €", "TOTAL 200 000 €\fMorbihan 3 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 2
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv"), "--pages", "2"]) == 0
    assert pd.read_csv(tmp_path / "b.csv")["page"].unique().tolist() == [2]


def test_a_folder_that_is_not_there_is_said(annex, tmp_path, capsys):
    assert main(["ingest", annex("Finistère 1 €"), "--out", str(tmp_path / "absent" / "b.csv")]) == 2
    assert "cannot write in the folder" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["", "a", "3-", "5-3", "1,,2", "-2"])
def test_what_is_no_list_of_pages_is_refused(written):
    with pytest.raises(TableError, match="is no list of pages"):
        pages_of(written)

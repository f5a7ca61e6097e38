"""`cdppe ingest` writes a raw table and its remarks, or nothing."""

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


def test_the_raw_table_its_remarks_and_the_fate_of_each_number_are_told(annex, tmp_path, capsys):
    path = annex("Crédits de 2027", "Bretagne 300 001 €", "Finistère 200 000 €", "Morbihan 100 000", "TOTAL 300 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 0
    table = pd.read_csv(tmp_path / "b.csv", dtype=str, keep_default_na=False)
    assert table["dotation_departement"].tolist() == ["200 000 €", "100 000", "300 000 €"]
    assert table["dotation_departement_eur"].tolist() == ["200000", "100000", "300000"]
    assert pd.read_csv(tmp_path / "b-remarques.csv")["nature"].tolist() == ["unite", "arrondi"]
    printed = capsys.readouterr().out.splitlines()
    assert printed[1:4] == [
        "5 nombres : 2 lus, 2 totaux vérifiés, 1 mis à part",
        "  mis à part, hors du tableau : 2027 (l. 1)",
        "2 totaux : 1 égaux, 1 à l'arrondi près, 0 en écart",
    ]


def test_a_total_that_is_not_the_sum_of_its_parts_exits_with_1_and_writes_nothing_unless_accepted(
    annex, tmp_path, capsys
):
    path = annex("Finistère 200 000 €", "Morbihan 100 000 €", "TOTAL 400 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 1
    assert not (tmp_path / "b.csv").exists()
    assert "ses parties font 300 000 €" in capsys.readouterr().err
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv"), "--accept-gaps"]) == 0
    assert "1 en écart" in capsys.readouterr().out


def test_a_refusal_is_one_line_and_writes_nothing(annex, tmp_path, capsys):
    path = annex("Finistère 200 000 €", "Morbihan 1 €", "Zone franche 100 000 €")
    assert main(["ingest", path, "--out", str(tmp_path / "b.csv")]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "cdppe ingest: 'Zone franche' names no département, région nor total (at l. 3)"
    ]
    assert not list(tmp_path.glob("*.csv"))


def test_a_refusal_leaves_the_former_table_as_it_was(annex, tmp_path):
    (tmp_path / "b.csv").write_text("ligne\n")
    assert main(["ingest", annex("rien"), "--out", str(tmp_path / "b.csv")]) == 2
    assert (tmp_path / "b.csv").read_text() == "ligne\n"


def test_only_the_pages_and_the_table_asked_for_are_read(annex, tmp_path):
    path = annex("Ain | 1 €", "Lot | 2 €\fAin | 200 000 €", "Lot | 3 €", "TOTAL | 200 003 €")
    out = str(tmp_path / "b.csv")
    assert main(["ingest", path, "--out", out]) == 2
    assert main(["ingest", path, "--out", out, "--pages", "2"]) == 0
    assert main(["ingest", path, "--out", out, "--table", "1"]) == 0
    assert pd.read_csv(out)["emplacement"].tolist() == ["p. 1, l. 1", "p. 1, l. 2"]


def test_a_folder_that_is_not_there_is_said(annex, tmp_path, capsys):
    assert main(["ingest", annex("Finistère 1 €", "Ain 2 €"), "--out", str(tmp_path / "absent" / "b.csv")]) == 2
    assert "cannot write in the folder" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["", "a", "3-", "5-3", "1,,2", "-2"])
def test_what_is_no_list_of_pages_is_refused(written):
    with pytest.raises(TableError, match="is no list of pages"):
        pages_of(written)

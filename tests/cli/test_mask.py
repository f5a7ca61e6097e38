"""`cdppe mask`: small counts and what gives them back are not in what is written."""

import pytest

from cdppe_analysis.cli import main


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

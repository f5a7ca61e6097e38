"""`cdppe clean` writes the tables and says their rows."""

from cdppe_analysis.cli import main


def test_the_tables_are_written_where_asked(capsys, tmp_path):
    assert main(["clean", "--out", str(tmp_path / "clean")]) == 0
    assert "allocations.csv: 30 rows" in capsys.readouterr().out
    assert (tmp_path / "clean" / "allocations.csv").is_file()

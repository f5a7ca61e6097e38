"""`cdppe data`: the data package on the command line."""

from cdppe_analysis.cli import main


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

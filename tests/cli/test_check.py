"""`cdppe check` gives a line a check and exits with 1 on a failure; the README holds that the data passes."""

from cdppe_analysis.cli import main


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

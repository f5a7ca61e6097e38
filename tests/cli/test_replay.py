"""`cdppe replay`, as it is typed."""

import json

import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.simulation.record import digest


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded")
    assert main(["simulate", "mineurs", "--draws", "100", "--seed", "0", "--out", str(folder / "r.csv")]) == 0
    return (folder / "r.registre.json").read_text(encoding="utf-8")


@pytest.fixture
def record(recorded, tmp_path):
    path = tmp_path / "r.registre.json"
    path.write_text(recorded, encoding="utf-8")
    return path


def rebound(record, change):
    """Change a record and bind it again, as a run with other tables would have."""
    content = json.loads(record.read_text(encoding="utf-8"))
    change(content)
    content["empreinte_des_entrees"] = digest(content["entrees"])
    content["empreinte_du_resultat"] = digest(
        {"entrees": content["empreinte_des_entrees"], "resultat": content["resultat"]}
    )
    record.write_text(json.dumps(content), encoding="utf-8")


def test_the_same_run_is_told_with_its_prints(record, capsys):
    assert main(["replay", str(record)]) == 0
    assert "Même résultat, au centime" in capsys.readouterr().out


def test_another_result_fails_the_check_with_the_largest_gap(record, capsys):
    def change(content):
        content["resultat"]["lignes"][0][7] += 12.5

    rebound(record, change)
    assert main(["replay", str(record)]) == 1
    assert "the result is not that of the record: the largest gap is 12.5" in capsys.readouterr().err


def test_inputs_that_differ_are_named(record, capsys):
    def change(content):
        content["entrees"]["versions"]["numpy"] = "1.0"

    rebound(record, change)
    assert main(["replay", str(record)]) == 0
    assert "inputs that differ: versions.numpy" in capsys.readouterr().err


def test_a_record_that_was_changed_is_refused(record, capsys):
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('"graine": 0', '"graine": 1'), encoding="utf-8")
    assert main(["replay", str(record)]) == 2
    assert "the inputs of this record were changed" in capsys.readouterr().err


def test_what_is_no_record_is_refused(tmp_path, capsys):
    path = tmp_path / "faux.json"
    path.write_text("[]", encoding="utf-8")
    assert main(["replay", str(path)]) == 2
    assert "no record of a run" in capsys.readouterr().err

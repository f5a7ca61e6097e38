"""`cdppe allocate`, `explain`, `calibrate` and `map` write and tell what the contract says."""

import io

import pandas as pd
import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.cli.rule import COLUMNS


def test_the_amounts_of_2020_go_to_the_standard_output(capsys):
    assert main(["allocate", "ondam-ms-2020"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype={"code_departement": str})
    assert list(table.columns) == COLUMNS
    assert table["montant_eur"].sum() == 15_000_000
    assert table.set_index("code_departement").at["23", "borne"] == "plancher"


def test_the_plancher_of_the_creuse_is_told(capsys):
    assert main(["explain", "ondam-ms-2020", "23"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Creuse (23)")
    assert "plancher" in told


def test_a_departement_outside_the_wave_is_refused(capsys):
    assert main(["explain", "ondam-ms-2020", "75"]) == 2
    assert "75" in capsys.readouterr().err


def test_a_code_without_its_zero_is_refused(capsys):
    assert main(["explain", "ondam-ms-2020", "2"]) == 2
    assert "02" in capsys.readouterr().err


def test_the_intervals_of_the_index_are_written(capsys, tmp_path):
    assert main(["calibrate", "ondam-ms-2020", "--out", str(tmp_path / "igb.csv")]) == 0
    assert "within 0.50 euros" in capsys.readouterr().err
    table = pd.read_csv(tmp_path / "igb.csv", dtype={"code_departement": str}).set_index("code_departement")
    assert len(table) == 30
    assert table.at["23", "borne_basse"] == 0


def test_amounts_that_no_index_explains_are_refused(capsys, tmp_path):
    published = pd.DataFrame({"code_departement": ["02"], "montant_eur": [1]})
    published.to_csv(tmp_path / "montants.csv", index=False)
    assert main(["calibrate", "ondam-ms-2020", "--amounts", str(tmp_path / "montants.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_weights_of_many_units_at_a_bound_are_refused_with_the_true_cause(
    tmp_path, write_study, capsys, monkeypatch
):
    from cdppe_analysis.cli import rule

    monkeypatch.setattr(rule, "_MOST_UNITS", 2)
    units = "code,nom\n" + "".join(f"S{rank},Service {rank}\n" for rank in range(3))
    folder = write_study(tmp_path / "e", units, "code,a,b\nS0,1,1\nS1,5,9\nS2,9,5\n", plancher=200_000)
    amounts = tmp_path / "m.csv"
    assert main(["allocate", "--data", str(folder), "--out", str(amounts)]) == 0
    assert main(["calibrate", "--data", str(folder), "--amounts", str(amounts)]) == 2
    assert "1 of the 3 amounts are at a plancher or a plafond: the weights are searched" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["carte.png", "carte.svg"])
def test_the_map_is_written_and_told(capsys, tmp_path, name):
    assert main(["map", "ondam-ms-2020", "--out", str(tmp_path / name)]) == 0
    told = capsys.readouterr().out
    assert "Nord (1\u202f995\u202f607\u202f€)" in told
    assert (tmp_path / name).stat().st_size > 10_000


def test_an_unknown_format_is_one_sentence(capsys, tmp_path):
    assert main(["map", "--out", str(tmp_path / "carte.bmp")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_criterion_is_one_sentence(capsys, tmp_path):
    assert main(["map", "--per", "population", "--out", str(tmp_path / "carte.png")]) == 2
    assert "population" in capsys.readouterr().err

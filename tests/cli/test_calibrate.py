"""`cdppe calibrate` writes intervals and says how they are certified."""

import pandas as pd

from cdppe_analysis.cli import main


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
    from cdppe_analysis.cli import calibrate

    monkeypatch.setattr(calibrate, "_MOST_UNITS", 2)
    units = "code,nom\n" + "".join(f"S{rank},Service {rank}\n" for rank in range(3))
    folder = write_study(tmp_path / "e", units, "code,a,b\nS0,1,1\nS1,5,9\nS2,9,5\n", plancher=200_000)
    amounts = tmp_path / "m.csv"
    assert main(["allocate", "--data", str(folder), "--out", str(amounts)]) == 0
    assert main(["calibrate", "--data", str(folder), "--amounts", str(amounts)]) == 2
    assert "1 of the 3 amounts are at a plancher or a plafond: the weights are searched" in capsys.readouterr().err

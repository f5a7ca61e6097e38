"""`cdppe allocate` writes what the contract says."""

import io

import pandas as pd

from cdppe_analysis.cli import main
from cdppe_analysis.cli.allocate import COLUMNS


def test_the_amounts_of_2020_go_to_the_standard_output(capsys):
    assert main(["allocate", "ondam-ms-2020"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype={"code_departement": str})
    assert list(table.columns) == COLUMNS
    assert table["montant_eur"].sum() == 15_000_000
    assert table.set_index("code_departement").at["23", "borne"] == "plancher"

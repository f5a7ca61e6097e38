"""`cdppe explain` tells an amount, and refuses a code that is no beneficiary."""

from cdppe_analysis.cli import main


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

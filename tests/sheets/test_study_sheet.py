"""The sheets of the units of a study: the amount, its rank, what was published, how it came about."""

import re

import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.data import Data
from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.sheets.study_sheet import write_study_sheets


def plain(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page.read_text(encoding="utf-8"))).replace("\u202f", " ")


def test_a_sheet_tells_the_amount_its_rank_and_how_it_came_about(study, tmp_path):
    written = write_study_sheets(Data.open(study), ["S2"], tmp_path, pdf=False, announce=print)
    [page] = written.pages
    told = plain(page)
    assert "Bêta (S2)" in told
    assert "50 €, le 2e montant sur 3. Publié : 50 €, le même montant." in told
    assert "1. À partager : 180 € entre 3 bénéficiaires." in told
    assert "<svg" in page.read_text(encoding="utf-8")


def test_the_command_writes_every_sheet_in_the_folder_of_the_study(study, capsys):
    assert main(["fiche", "--all", "--data", str(study)]) == 0
    assert sorted(path.name for path in (study / "reports" / "fiches").iterdir()) == ["S1.html", "S2.html", "S3.html"]
    assert capsys.readouterr().out.endswith(f"3 sheets written. Open {study / 'reports' / 'fiches' / 'S1.html'}\n")


def test_a_code_of_no_beneficiary_writes_nothing(study, tmp_path):
    with pytest.raises(TerritoryError, match="S9"):
        write_study_sheets(Data.open(study), ["S1", "S9"], tmp_path / "fiches", pdf=False, announce=print)
    assert not (tmp_path / "fiches").exists()

"""Sheets written to a folder: the index lists what is up to date, and nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis.cli import main
from cdppe_analysis.data import Data
from cdppe_analysis.errors import ReportError, TerritoryError
from cdppe_analysis.sheets import known_code, sheet_codes, sheet_title
from cdppe_analysis.sheets.dossier import Dossier
from cdppe_analysis.sheets.writing import write_sheets, write_stale_sheets, write_study_sheets


def listed(index: Path) -> list[str]:
    return [str(link["href"]) for link in BeautifulSoup(index.read_text("utf-8"), "html.parser").select("main a")]


def test_the_index_lists_the_sheets_by_region(dossier: Dossier, tmp_path: Path):
    written = write_sheets(["59", "R32", "75"], dossier, tmp_path / "fiches", pdf=False, announce=lambda _: None)
    assert [page.name for page in written.pages] == ["59.html", "R32.html", "75.html"]
    assert listed(written.index) == ["R32.html", "59.html", "75.html"]
    index = BeautifulSoup(written.index.read_text("utf-8"), "html.parser")
    regions = {item.find_previous("h2").get_text(strip=True): item["href"] for item in index.select("main li a")}
    assert regions == {"Hauts-de-France": "59.html", "Île-de-France": "75.html"}
    [page] = write_sheets(["02"], dossier, tmp_path / "fiches", pdf=False, announce=lambda _: None).pages
    links = BeautifulSoup(page.read_text("utf-8"), "html.parser").select("nav a[href^='R']")
    assert {str(link["href"]) for link in links} == {"R32.html"}


def test_a_sheet_made_from_other_data_is_not_listed(dossier: Dossier, tmp_path: Path):
    write_sheets(["59"], dossier, tmp_path, pdf=False, announce=lambda _: None)
    other = dataclasses.replace(dossier, foot=dataclasses.replace(dossier.foot, empreinte="f" * 64))
    written = write_sheets(["75"], other, tmp_path, pdf=False, announce=lambda _: None)
    assert listed(written.index) == ["75.html"]


def test_an_unknown_code_is_refused_before_anything_is_written(dossier: Dossier, tmp_path: Path):
    with pytest.raises(TerritoryError):
        write_sheets(["59", "00"], dossier, tmp_path / "fiches", pdf=False, announce=lambda _: None)
    assert not (tmp_path / "fiches").exists()


def test_a_pdf_without_a_chromium_is_an_error(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CDPPE_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(ReportError, match="needs Chromium"):
        write_sheets(["59"], dossier, tmp_path / "fiches", pdf=True, announce=lambda _: None)
    assert write_sheets(["75"], dossier, tmp_path / "fiches", announce=lambda _: None).pdf == ()


@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_a_sheet_is_printed_on_one_or_two_pages(dossier: Dossier, tmp_path: Path):
    import pypdfium2

    lines: list[str] = []
    written = write_sheets(["2A", "75", "R76", "R03", "R01"], dossier, tmp_path, announce=lines.append)
    assert lines[-1] == "5/5 R01.pdf"
    for path, pages in zip(written.pdf, (2, 2, 2, 2, 1), strict=True):
        document = pypdfium2.PdfDocument(path)
        assert len(document) == pages, path.name
        document.close()
    assert "75.pdf" in listed(written.index)


def test_only_stale_sheets_are_written_again(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdppe_analysis.sheets.writing.sheet_codes", lambda: ["23", "59"])
    monkeypatch.setattr("cdppe_analysis.sheets.dossier.Dossier.open", lambda _: dossier)
    lines: list[str] = []
    found = write_stale_sheets(tmp_path / "fiches", 2020, announce=lines.append)
    assert lines == ["1/2 23.html", "2/2 59.html"]
    assert [one["fichier"] for one in found] == ["fiches/23.html", "fiches/59.html"]
    page = tmp_path / "fiches" / "23.html"
    page.write_text(page.read_text("utf-8").replace(dossier.foot.programme[:16], "0" * 16), encoding="utf-8")
    lines.clear()
    write_stale_sheets(tmp_path / "fiches", 2020, announce=lines.append)
    write_stale_sheets(tmp_path / "fiches", 2020, announce=lines.append)
    assert lines == ["1/1 23.html", "2 sheets: unchanged"]
    (tmp_path / "fiches" / "index.html").unlink()
    write_stale_sheets(tmp_path / "fiches", 2020, announce=lines.append)
    assert listed(tmp_path / "fiches" / "index.html")[-2:] == ["59.html", "23.html"]


def test_sheets_of_another_seed_are_stale(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cdppe_analysis.sheets.writing.sheet_codes", lambda: ["23"])
    monkeypatch.setattr(
        "cdppe_analysis.sheets.dossier.Dossier.open", lambda seed: dataclasses.replace(dossier, seed=seed)
    )
    lines: list[str] = []
    for seed in (2020, 202, 202):
        write_stale_sheets(tmp_path, seed, announce=lines.append)
    assert lines == ["1/1 23.html", "1/1 23.html", "1 sheets: unchanged"]


def test_the_index_lets_search_the_sheets_that_it_lists(dossier: Dossier, tmp_path: Path):
    written = write_sheets(["59", "R32"], dossier, tmp_path, pdf=False, announce=lambda _: None)
    options = BeautifulSoup(written.index.read_text("utf-8"), "html.parser").select("form[role=search] option")
    assert [(option["value"], option["data-page"]) for option in options] == [
        ("Nord (59)", "59.html"),
        ("Hauts-de-France (région 32)", "R32.html"),
    ]


def test_there_are_101_sheets_of_departements_and_18_of_regions():
    codes = sheet_codes()
    assert len(codes) == 119
    assert len([code for code in codes if code.startswith("R")]) == 18


@pytest.mark.parametrize(
    ("given", "code"), [("59", "59"), ("2a", "2A"), ("r32", "R32"), ("R01", "R01"), ("974", "974")]
)
def test_a_code_is_read_as_it_is_written(given: str, code: str):
    assert known_code(given) == code


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("20", r"^Corse has no sheet of its own; ask for 2A, 2B \(code 20\)$"),
        ("69M", r"^Métropole de Lyon has no sheet of its own; ask for 69 \(code 69M\)$"),
        ("1", r"probably '01' \(Ain\)"),
        ("r99", r"^'r99' is no code of a région; there are R01 Guadeloupe, R02 .*, R94 Corse \(code r99\)$"),
    ],
)
def test_a_code_without_a_sheet_is_refused_with_the_one_meant(given: str, said: str):
    with pytest.raises(TerritoryError, match=said):
        known_code(given)


def test_the_title_tells_a_region_from_a_departement():
    assert sheet_title("11") == "Aude (11)"
    assert sheet_title("R11") == "Île-de-France (région 11)"


def plain(page):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", page.read_text(encoding="utf-8"))).replace("\u202f", " ")


def test_a_sheet_tells_the_amount_its_rank_and_how_it_came_about(study, tmp_path):
    written = write_study_sheets(Data.open(study), ["S2"], tmp_path, pdf=False, announce=print)
    [page] = written.pages
    told = plain(page)
    assert "Bêta (S2)" in told
    assert "50 €, le 2e montant sur 3. Publié : 50 €, le même montant." in told
    assert "1. À partager : 180 € entre 3 bénéficiaires." in told
    assert "Bêta : d’où viennent les 50 €" in told
    assert "Champ : Bêta, au sein des 3 bénéficiaires. Source : règle etude-2026." in told
    assert "Étude faite avec cdppe-analysis (" in told
    assert "<svg" in page.read_text(encoding="utf-8")


def test_a_published_amount_that_differs_is_told_with_the_gap_to_the_cent(study, tmp_path):
    amounts = study / "clean" / "allocations.csv"
    text = amounts.read_text(encoding="utf-8")
    amounts.write_text(text.replace(",50,", ",49.5,").replace(",40,", ",40.004,"), encoding="utf-8")
    lines = []
    written = write_study_sheets(Data.open(study), [], tmp_path, pdf=False, announce=lines.append)
    assert lines == ["1/3 S1.html", "2/3 S2.html", "3/3 S3.html"]
    first, second, third = map(plain, written.pages)
    assert "40 €, le 3e montant sur 3. Publié : 40 €, le même montant." in first
    assert "50 €, le 2e montant sur 3. Publié : 49,50 €, soit un écart de +0,50 €." in second
    assert "90 €, le 1er montant sur 3. Publié : 90 €, le même montant." in third


def test_a_sheet_of_a_study_without_amounts_tells_none(tmp_path, write_study):
    folder = write_study(tmp_path / "e", "code,nom\nS1,Un\nS2,Deux\n", "code,a,b\nS1,1,2\nS2,2,2\n")
    (folder / "sources.yml").write_text("{}", encoding="utf-8")
    rule = folder / "rules" / "e.yml"
    text = rule.read_text(encoding="utf-8") + "arrondi: {methode: plus_forts_restes, unite_eur: '0.01'}\n"
    rule.write_text(text.replace("{valeur: 1000000,", "{valeur: '100.25',"), encoding="utf-8")
    [page] = write_study_sheets(Data.open(folder), ["S1"], tmp_path / "o", pdf=False, announce=print).pages
    assert "41,77 €, le 2e montant sur 2." in plain(page)
    assert "Un : d’où viennent les 41,77 €" in plain(page)
    assert "Publié" not in plain(page)


def test_the_command_writes_every_sheet_in_the_folder_of_the_study(study, capsys):
    assert main(["fiche", "--all", "--data", str(study)]) == 0
    assert sorted(path.name for path in (study / "reports" / "fiches").iterdir()) == ["S1.html", "S2.html", "S3.html"]
    assert capsys.readouterr().out.endswith(f"3 sheets written. Open {study / 'reports' / 'fiches' / 'S1.html'}\n")


def test_a_code_of_no_beneficiary_writes_nothing(study, tmp_path):
    with pytest.raises(TerritoryError, match="S9"):
        write_study_sheets(Data.open(study), ["S1", "S9"], tmp_path / "fiches", pdf=False, announce=print)
    assert not (tmp_path / "fiches").exists()

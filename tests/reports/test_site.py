"""The site of the small notebooks: links, failures, what a second run does."""

from __future__ import annotations

import base64
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from lxml import html

from cdppe_analysis.data import Data, load_scenario
from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing.layout import Foot
from cdppe_analysis.reports import pages
from cdppe_analysis.reports.site import _findings, _write_reports, write_site, write_study
from cdppe_analysis.studies.preparation import compare_prepared, prepare
from cdppe_analysis.territories import DEPARTEMENTS
from cdppe_analysis.typography import percent

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def test_a_notebook_that_fails_names_its_cell_and_keeps_the_others(made: Any):
    (failure,) = made.site.failures
    assert (failure.notebook.name, failure.cell) == ("03-echec.ipynb", 3)
    assert failure.reason.startswith("ZeroDivisionError")
    assert [page.stem for page in made.site.reports] == ["01-montants", "02-parts"]
    assert any(line.startswith("03-echec: FAILED at cell 3") for line in made.lines)


def test_the_index_has_a_sentence_and_a_picture_for_each_report(made: Any):
    index = BeautifulSoup(made.text("index.html"), "html.parser")
    first, second = index.select(".carte")
    assert first.select_one("p").get_text() == "La Creuse est au plancher."
    assert first.select_one("img")["alt"] == "Un rectangle bleu"
    assert second.select_one("h3").get_text() == "Les parts & <les> scores"


def test_the_index_says_which_report_failed_and_where(made: Any):
    said = BeautifulSoup(made.text("index.html"), "html.parser").select_one(".echecs").get_text()
    assert "03-echec, cellule 3" in said


def test_every_link_of_the_site_leads_somewhere(made: Any):
    pages = {page: html.parse(page) for page in made.out.rglob("*.html")}
    anchors = {place: set(page.xpath("//@id")) for place, page in pages.items()}
    for place, page in pages.items():
        for address in page.xpath("//a/@href"):
            if not address.startswith("http"):
                name, _, anchor = address.partition("#")
                target = (place.parent / name).resolve() if name else place
                assert target.is_file(), (place.name, address)
                assert not anchor or anchor in anchors[target], (place.name, address)


def test_no_name_is_given_twice_in_a_page(made: Any):
    for page in made.out.rglob("*.html"):
        names = html.parse(page).xpath("//@id")
        assert len(names) == len(set(names)), page.name


def test_no_program_is_left_in_a_report(made: Any):
    for page in made.site.reports:
        said = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("main").get_text()
        assert not re.search(r"->|Code de la cellule|\bcdppe [a-z]|\bNone\b|\bNaN\b|import ", said), page.name


def test_the_index_tells_five_figures_in_six_hundred_words(made: Any):
    page = BeautifulSoup(made.text("index.html"), "html.parser")
    assert [one.get_text() for one in page.select(".chiffres strong")][:2] == ["30 sur 30", "de 1 à 4,9"]
    assert len(page.select(".chiffres strong")) == 5
    words = len(page.select_one(".constats").get_text().split()) + len(page.select_one(".chiffres").get_text().split())
    assert 500 <= words <= 650


def test_a_reference_can_be_taken_from_the_index_and_from_each_report(made: Any):
    for page in (made.site.home, *made.site.reports):
        said = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("details.citer").get_text()
        for part in (
            "APA",
            "@misc{cdppe-analysis-",
            "29 avril 2025",
            "EUPL-1.2",
            "Licence Ouverte 2.0",
            Foot.of().version,
        ):
            assert part in said, (page.name, part)
        assert "http" not in said


def test_a_link_to_another_notebook_leads_to_its_report(made: Any):
    assert '<a href="02-parts.html">les parts</a>' in made.text("01-montants.html")


def test_a_page_loads_nothing_from_outside(made: Any):
    for page in made.out.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|@import|url\()\s*=?\s*[\"']?(?:https?:)?//", text), page.name


def test_a_page_holds_no_path_of_this_machine_and_no_date_of_today(made: Any, small_notebooks: Path):
    import datetime

    for page in made.out.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        for folder in (str(small_notebooks), str(Path.cwd()), str(made.out)):
            assert folder not in text
        assert datetime.date.today().isoformat() not in text


def test_every_page_says_how_to_cite_it(made: Any):
    for page in made.out.glob("*.html"):
        assert (
            Foot.of().citation in BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("footer").get_text()
        )


def test_a_second_run_executes_only_what_failed_and_writes_the_same(made: Any, small_notebooks: Path):
    before = {page.name: page.read_bytes() for page in made.out.glob("*.html")}
    lines: list[str] = []
    write_site(small_notebooks, made.out, jobs=2, announce=lines.append)
    assert "01-montants: unchanged" in lines
    assert [line for line in lines if line.endswith(": running")] == ["03-echec: running"]
    assert {page.name: page.read_bytes() for page in made.out.glob("*.html")} == before


def test_a_changed_notebook_is_executed_again_and_one_that_then_fails_loses_its_page(
    made: Any, small_notebooks: Path, tmp_path: Path, write_notebook: Callable[..., Path]
):
    folder, out = tmp_path / "notebooks", tmp_path / "reports"
    shutil.copytree(small_notebooks, folder)
    shutil.copytree(made.out, out)
    assert (out / "01-montants.html").exists()
    write_notebook(folder / "01-montants.ipynb", "# Un", ("raise ValueError('non')",))
    site = write_site(folder, out, names=["01"], jobs=1, announce=lambda _: None)
    assert [(failure.notebook.name, failure.cell) for failure in site.failures] == [("01-montants.ipynb", 2)]
    assert not (out / "01-montants.html").exists()


def test_one_named_notebook_keeps_the_others_that_are_up_to_date(made: Any, small_notebooks: Path, tmp_path: Path):
    shutil.copytree(made.out, tmp_path / "reports")
    site = write_site(small_notebooks, tmp_path / "reports", names=["02"], jobs=1, announce=lambda _: None)
    assert [page.stem for page in site.reports] == ["01-montants", "02-parts"]
    assert site.failures == ()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, small_notebooks: Path):
    (tmp_path / "reports").write_text("un fichier")
    with pytest.raises(ReportError, match="cannot make the folder"):
        write_site(small_notebooks, tmp_path / "reports", announce=lambda _: None)


def test_a_pdf_without_a_chromium_is_refused_before_anything_runs(
    tmp_path: Path, small_notebooks: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CDPPE_CHROMIUM", str(tmp_path / "absent"))
    lines: list[str] = []
    with pytest.raises(ReportError, match="needs Chromium"):
        write_site(small_notebooks, tmp_path / "reports", pdf=True, announce=lines.append)
    assert lines == []


@pytest.fixture
def block(made: Any) -> Any:
    return BeautifulSoup(made.text("02-parts.html"), "html.parser").select_one("figure#figure-1")


def test_a_figure_has_its_number_and_is_told_in_both_forms(block: Any):
    assert block.figcaption.get_text() == "Figure\u00a01. Le Nord reçoit le plus"
    for form in block.select(".large > svg, .etroite > svg"):
        told = [block.find(id=name).get_text() for name in form["aria-labelledby"].split()]
        assert told[0] == "Le Nord reçoit le plus"
        assert "Nord" in told[1]
    assert len(block.select("svg")) == 2


def test_its_rows_stand_under_it_as_french_prints_them(block: Any):
    assert [cell.get_text() for cell in block.select("thead th")] == ["Code", "Département", "Montant, en €"]
    assert [cell.get_text() for cell in block.select("tbody tr:first-child td")] == [
        "59",
        "Nord",
        "1\u202f995\u202f607",
    ]


def test_its_files_are_there_and_stand_alone(made: Any, block: Any):
    files = {str(link["href"])[-3:]: made.out / str(link["href"]) for link in block.select("a[download]")}
    assert files["csv"].read_text("utf-8").splitlines()[1].startswith("59,")
    assert files["png"].read_bytes().startswith(base64.b64decode("iVBORw0KGgo="))
    assert "var(" not in files["svg"].read_text("utf-8")


def test_its_source_leads_to_the_catalogue_and_its_lines_and_the_source_back(made: Any, block: Any):
    assert [link["href"] for link in block.select(".provenance a:not(.glose)")] == [
        "sources.html#annexe7-ondam-2020",
        "sources/annexe7-ondam-2020.html",
        "glossaire.html#calculs",
    ]
    source = BeautifulSoup(made.text("sources/annexe7-ondam-2020.html"), "html.parser")
    (back,) = source.select("a[href='../02-parts.html#figure-1']")
    assert back.get_text() == "Figure 1\u00a0: Le Nord reçoit le plus"
    assert back.find_previous("dt").get_text() == "Les parts & <les> scores"
    assert BeautifulSoup(made.text("glossaire.html"), "html.parser").h1.get_text() == "Les mots et les formules"


def test_its_citation_names_it_its_report_and_its_source(block: Any):
    said = block.select("details")[1].get_text()
    assert re.search("Figure 1, «\u00a0Le Nord reçoit le plus\u00a0».*Les parts & <les> scores.*annexe 7", said)


def test_a_report_that_was_read_is_kept_and_its_page_is_the_same(
    made: Any, small_notebooks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, out = tmp_path / "notebooks", tmp_path / "reports"
    shutil.copytree(small_notebooks, folder)
    shutil.copytree(made.out, out)
    before = {page.name: page.read_bytes() for page in out.rglob("*") if page.is_file()}
    read: list[str] = []

    def refused(_executed: Path, notebook: Path, *_: object) -> None:
        read.append(notebook.stem)
        raise ReportError("read again")

    monkeypatch.setattr(pages.Report, "read", refused)
    (out / "index.html").unlink()
    site = write_site(folder, out, names=["01", "02"], jobs=1, announce=lambda _: None)
    assert [page.stem for page in site.reports] == ["01-montants", "02-parts"]
    assert read == []
    assert {name: (out / name).read_bytes() for name in ("01-montants.html", "02-parts.html")} == {
        name: before[name] for name in ("01-montants.html", "02-parts.html")
    }
    lines: list[str] = []
    again = write_site(folder, out, names=["01", "02"], jobs=1, announce=lines.append)
    assert (again, lines[-1]) == (site, "site: unchanged")
    next((out / "figures").glob("02-parts-*.csv")).unlink()
    (out / "02-parts.html").unlink()
    write_site(folder, out, names=["01", "02"], jobs=1, announce=lambda _: None)
    assert read == ["02-parts"], "a file of its figure is missing"
    read.clear()
    sheets = [{"titre": "Nord (59)", "fichier": "fiches/59.html"}]
    write_site(folder, out, names=["01", "02"], jobs=1, territories=sheets, announce=lambda _: None)
    assert read == ["01-montants", "02-parts"]
    index = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    options = [(one["value"], one["data-page"]) for one in index.select("datalist#territoires option")]
    assert options == [("Nord (59)", "fiches/59.html")]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"fait_de": null, "rapport": {}}'])
def test_a_kept_report_that_is_no_such_file_is_read_again(
    made: Any, small_notebooks: Path, tmp_path: Path, content: str
):
    out = tmp_path / "reports"
    shutil.copytree(made.out, out)
    page = (out / "01-montants.html").read_bytes()
    for name in ("index.html", "01-montants.html"):
        (out / name).unlink()
    for kept in (out / ".cache").glob("*.json"):
        kept.write_text(content, encoding="utf-8")
    write_site(small_notebooks, out, names=["01"], jobs=1, announce=lambda _: None)
    assert (out / "01-montants.html").read_bytes() == page


def test_the_amounts_per_child_are_those_of_the_two_tables():
    data = Data.open()
    series = data.table("criteres")
    children = series[
        series["critere"].eq("ase_0_17") & series["millesime"].eq(2017) & series["edition"].eq("tous-ages")
    ]
    rates = pd.Series(data.published["ondam-ms-2020"]) / children.set_index("code_departement")["valeur"]
    said = _findings()
    assert (said["moindre"], said["plus"]) == (f"{rates.min():.0f}\u202f€", f"{rates.max():.0f}\u202f€")
    names = [DEPARTEMENTS[code].libelle for code in (rates.idxmin(), rates.idxmax())]
    assert [said["moindre_nom"], said["plus_nom"]] == names
    assert said["rapport"] == f"{rates.max() / rates.min():.1f}".replace(".", ",")


def test_the_rates_that_reach_their_target_are_counted_one_by_one():
    pmi = Data.open().table("pmi")
    last = pmi[pmi["annee"].eq(2023)].dropna(subset=["valeur"])
    reached = {"epp": 20, "epnp": 12, "vad_infirmiere": 15, "consultation": 20}
    known = last[last["indicateur"].isin(reached)]
    assert _findings()["taux_connus"] == str(len(known))
    assert _findings()["cibles_atteintes"] == str(
        sum(row.valeur >= reached[row.indicateur] for row in known.itertuples())
    )


def test_the_figures_of_the_index_are_those_of_the_rule_and_of_the_annexes():
    """15 M€ to 30 beneficiaries; a prevalence of 15 to 20 %; the rates of the instruction of 2025, up to 2023."""
    said = _findings()
    assert {name: said[name] for name in ("enveloppe", "beneficiaires", "identiques", "prevalence", "annee_pmi")} == {
        "enveloppe": "15\u202f000\u202f000\u202f€",
        "beneficiaires": "30",
        "identiques": "30",
        "prevalence": "de 15 à 20\u202f%",
        "annee_pmi": "2023",
    }
    pmi = Data.open().table("pmi")
    assert said["cellules_perdues"] == f"{100 * pmi['valeur'].isna().mean():.0f}\u202f%"


def test_the_report_of_a_study_is_its_notebook_and_its_index(study, monkeypatch, write_notebook):
    for old in (study / "notebooks").glob("*.ipynb"):
        old.unlink()
    code = f"print('dit')\nfrom IPython.display import display\ndisplay({{'image/png': '{PIXEL}'}}, raw=True)"
    write_notebook(study / "notebooks" / "01-a.ipynb", "# Un titre\n\nUne phrase de l'ASE.", (code,))
    write_notebook(study / "notebooks" / "02-b.ipynb", "Sans titre.")
    out, lines = study / "reports", []
    (out / "figures").mkdir(parents=True)
    for old in ("12-vieux.html", "figures/09-vieux-figure-1.csv"):
        (out / old).touch()
    site = write_study(Data.open(study), out, jobs=1, announce=lines.append)
    assert [page.name for page in site.reports] == ["01-a.html"]
    assert [(one.notebook.name, one.cell, one.reason) for one in site.failures] == [
        ("02-b.ipynb", None, "the notebook has no title: its first text cell starts with '# ' (at 02-b)")
    ]
    assert "02-b: FAILED: the notebook has no title: its first text cell starts with '# ' (at 02-b)" in lines
    assert "01-a: 1 picture(s) without a description of their own" in lines
    assert sorted(path.name for path in out.iterdir()) == [".cache", "01-a.html", "figures", "index.html"]
    assert list((out / "figures").iterdir()) == []
    index = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    assert index.select_one("h1").get_text() == "Dotation des services, 2026"
    assert index.body["class"] == ["page-accueil"]
    assert "Accueil" in [link.get_text(strip=True) for link in index.select("a[href='index.html']")]
    assert "Des montants publiés, une règle, et ce qui reste à compléter." in index.get_text()
    assert "Une phrase de l’ASE." in index.get_text()
    assert index.select_one("abbr").get_text() == "ASE"
    assert index.select("a[href*=glossaire]") == []
    page = BeautifulSoup((out / "01-a.html").read_text("utf-8"), "html.parser")
    assert page.select_one("pre.dite").get_text() == "dit\n"
    assert "Étude faite avec cdppe-analysis" in page.get_text()


def test_each_report_leads_to_the_one_before_and_the_one_after(tmp_path: Path, write_notebook: Callable[..., Path]):
    names = ("01-a", "02-b", "03-c")
    reports = [
        pages.Report.read(write_notebook(notebook, f"# Rapport {notebook.stem}"), notebook)
        for notebook in (tmp_path / f"{name}.ipynb" for name in names)
    ]
    _write_reports(tmp_path, reports, {"pied": Foot.of(), "racine": "", "rapports": reports, "portes": {}})
    found = [BeautifulSoup((tmp_path / f"{name}.html").read_text("utf-8"), "html.parser") for name in names]
    for relation, expected in (("prev", [None, "01-a", "02-b"]), ("next", ["02-b", "03-c", None])):
        for page, name in zip(found, expected, strict=True):
            links = [(link["href"], f"Rapport {name}" in link.get_text()) for link in page.select(f"a[rel={relation}]")]
            assert links == ([] if name is None else [(f"{name}.html", True)])


def test_what_the_money_covers_is_what_it_pays_over_what_is_expected():
    assert (_findings()["places"], _findings()["couverture"]) == ("761", "de 6 à 8\u202f%")
    assert (_findings()["deplace_ase"], _findings()["deplace_population"]) == ("17\u202f%", "11\u202f%")
    moved = compare_prepared(prepare(load_scenario("millesime-ase-2022"))).measure("part_deplacee")
    assert _findings()["deplace_mise_a_jour"] == percent(moved, 0)

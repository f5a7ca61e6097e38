"""The template: escaped, closed to what is outside; what its digests cover, and what they leave out."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from cdppe_analysis import __version__
from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing import layout
from cdppe_analysis.printing.layout import (
    TEMPLATES,
    _digest,
    _published_files,
    foot,
    render,
    site_pages,
)
from cdppe_analysis.storage.files import data_dir

VALUES = {
    "genre": "page-accueil",
    "fichier": "index.html",
    "racine": "",
    "rapports": [],
    "echecs": [],
    "territoires": [],
    "chiffres": {},
    "marque": "",
    "portes": {},
    "pied": foot(),
}


def test_a_value_is_escaped():
    page = render("accueil.html.j2", titre="<script>alert(1)</script>", phrase="a & b", **VALUES)
    assert "<script>alert" not in page
    assert "a &amp; b" in page


def test_the_policy_of_a_page_allows_its_own_script_and_no_other():
    page = render("accueil.html.j2", titre="Titre", phrase="Phrase", **VALUES)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;" in page or f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_the_foot_says_the_version_and_the_digest_of_the_data():
    made = foot()
    assert made.citation == (
        "cdppe-analysis contributors (2025). Protection de l’enfance et handicap\u00a0: qui reçoit quoi "
        f"(version {__version__}, données au 29 avril 2025, empreinte {made.empreinte[:16]}). "
        "Licences\u00a0: EUPL-1.2 (programme), Licence Ouverte 2.0 (données)"
    )


def test_no_template_names_an_address():
    for template in TEMPLATES.rglob("*"):
        if template.is_file():
            assert not re.search(r"https?://", template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize("there", [True, False])
def test_the_index_leads_to_the_sheets_and_the_simulator_where_they_are(there: bool):
    doors = site_pages() if there else {"index.html": "Accueil"}
    sheets = [{"fichier": "fiches/59.html", "titre": "Nord (59)"}] if there else []
    page = render("accueil.html.j2", titre="T", phrase="P", **(VALUES | {"territoires": sheets, "portes": doors}))
    assert [address in page for address in ('href="fiches/index.html"', 'href="simulateur.html"')] == [there] * 2


def test_a_citation_has_the_author_of_the_project_its_licences_and_the_day_of_its_latest_source():
    citation = yaml.safe_load((Path(__file__).parent.parent.parent / "CITATION.cff").read_text(encoding="utf-8"))
    made = foot()
    assert made.auteurs == citation["authors"][0]["name"]
    assert citation["license"] in made.licences
    assert made.jour == datetime.date(2025, 4, 29)


def test_each_published_file_has_the_digest_of_its_bytes():
    for name, digest in _published_files().items():
        assert hashlib.sha256((data_dir() / name).read_bytes()).hexdigest() == digest


def test_every_file_of_the_data_changes_the_digest_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The cost of a service (`besoins/`) and `datapackage.json` were forgotten once: no file is."""
    copied = Path(shutil.copytree(data_dir(), tmp_path / "data"))
    monkeypatch.setattr(layout, "data_dir", lambda: copied)
    before = _digest(_published_files())
    files = [path for path in copied.rglob("*") if path.is_file()]
    assert {"besoins", "rules", "scenarios", "beneficiaires", "clean"} <= {path.parent.name for path in files}
    for path in files:
        kept = path.read_bytes()
        path.write_bytes(kept + b" ")
        assert _digest(_published_files()) != before, path.name
        path.write_bytes(kept)
    assert _digest(_published_files()) == before
    (copied / "besoins" / "autre.yml").write_text("id: autre", encoding="utf-8")
    assert _digest(_published_files()) != before


def test_the_pages_of_a_study_have_the_digest_of_its_files_and_its_own_foot(tmp_path: Path):
    for name in (
        "rules/a.yml",
        "clean/b.csv",
        "raw/x/c.csv",
        "scenarios/d.yml",
        "beneficiaires/e.yml",
        "besoins/f.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "sources.yml").write_text("{}", encoding="utf-8")
    for name in ("reports/index.html", "rules/__pycache__/x"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("", encoding="utf-8")
    made = foot(tmp_path, "Étude")
    assert list(made.fichiers) == [
        "beneficiaires/e.yml",
        "besoins/f.yml",
        "clean/b.csv",
        "raw/x/c.csv",
        "rules/a.yml",
        "scenarios/d.yml",
        "sources.yml",
    ]
    assert made.fichiers["sources.yml"] == hashlib.sha256(b"{}").hexdigest()
    assert (made.titre, made.auteurs, made.jour, made.annee) == (
        "Étude",
        "Étude faite avec cdppe-analysis",
        None,
        "s. d.",
    )
    assert made.citation == (
        f"Étude faite avec cdppe-analysis (s. d.). Étude (version {__version__}, "
        f"données, empreinte {made.empreinte[:16]}). Licence\u00a0: EUPL-1.2 (programme)"
    )
    assert list(layout.study_files(tmp_path / "clean")) == []


def test_a_page_is_written_by_this_version_and_this_program_on_these_data():
    made = foot()
    assert made.auteur == f"cdppe-analysis {__version__} {made.programme[:16]}"
    assert made.annee == 2025
    assert made.donnees == f"données au 29 avril 2025, empreinte {made.empreinte[:16]}"
    assert made.empreinte == _digest(made.fichiers)


def test_the_doors_of_a_site_are_those_that_it_has(tmp_path: Path):
    doors = ["index.html", "fiches/index.html", "simulateur.html", "sources.html", "glossaire.html"]
    assert list(site_pages()) == doors
    assert list(site_pages().values()) == ["Accueil", "Fiches", "Simulateur", "Sources", "Glossaire"]
    (tmp_path / "simulateur.html").touch()
    assert list(site_pages(tmp_path)) == [doors[0], *doors[2:]]


def test_a_folder_of_pages_that_cannot_be_made_is_named(tmp_path: Path):
    for _ in range(2):
        assert layout.made_folder(tmp_path / "a" / "b", "pages").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=r"cannot make the folder of the pages: .* \(at .*file\)"):
        layout.made_folder(tmp_path / "file", "pages")


def test_the_digest_of_the_data_is_the_one_of_the_lines_of_sha256sum(tmp_path: Path):
    (tmp_path / "a.csv").write_text("code_departement\n23\n")
    printed = subprocess.run(["sha256sum", "a.csv"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert _digest({"a.csv": printed.split()[0]}) == hashlib.sha256(printed.encode()).hexdigest()

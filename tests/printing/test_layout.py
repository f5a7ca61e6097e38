"""The template: escaped, closed to what is outside; what its digests cover, and what they leave out."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml

from cdppe_analysis import __version__
from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing import layout
from cdppe_analysis.printing.layout import (
    TEMPLATES,
    Foot,
    _digest,
    _published_files,
    entries,
    explained,
    render,
    site_pages,
    slug,
    used,
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
    "pied": Foot.of(),
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
    made = Foot.of()
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
    made = Foot.of()
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
    made = Foot.of(tmp_path, "Étude")
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
    made = Foot.of()
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


NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
ASE = '<abbr title="aide sociale à l’enfance">ASE</abbr>'


def test_an_acronym_is_expanded_and_linked_once_in_the_content():
    page = explained("<main><p>L’ASE et l’ASE</p></main>", "glossaire.html")
    assert page == f'<main><p>L’<a class="glose" href="glossaire.html#ase">{ASE}</a> et l’ASE</p></main>'


def test_an_acronym_that_is_written_otherwise_stays_as_it_is_written():
    page = explained("<p>CREAI</p>", None)
    assert re.fullmatch('<p><abbr title="Association nationale des CREAI, .*">CREAI</abbr></p>', page)


def test_the_header_and_the_content_each_have_a_first_use():
    assert explained("<nav>ASE</nav><main>ASE</main>", None) == f"<nav>{ASE}</nav><main>{ASE}</main>"


@pytest.mark.parametrize("holder", ["a", "button", "summary", "nav"])
def test_no_link_is_put_in_what_leads_somewhere_already(holder: str):
    page = explained(f"<{holder}>ASE</{holder}>", "glossaire.html")
    assert page == f"<{holder}>{ASE}</{holder}>"


@pytest.mark.parametrize(
    "kept",
    [
        "<code>ASE</code>",
        "<template><p>ASE</p></template>",
        "<svg><text>ASE</text></svg>",
        '<p title="ASE">x</p>',
        "<!-- ASE -->",
        "<p>BASE ASEPT</p>",
    ],
)
def test_code_pictures_attributes_and_longer_words_stay(kept: str):
    assert explained(kept, "glossaire.html") == kept


def test_a_measure_is_linked_whatever_its_space_and_its_capital():
    page = explained("<p>Intervalle à 90\u202f%</p>", "g.html")
    assert page == '<p><a class="glose" href="g.html#intervalle-a-90">Intervalle à 90\u202f%</a></p>'


def test_no_word_is_explained_twice_and_each_has_its_place():
    words = Counter(word for entry in entries() for word in {entry.terme, *entry.mots})
    assert [word for word, count in words.items() if count > 1] == []
    assert len({entry.ancre for entry in entries()}) == len(entries())


def test_every_acronym_that_a_notebook_writes_is_in_the_glossary():
    known = {word for entry in entries() for word in (entry.terme, *entry.mots)} | {"III"}
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            outputs = [output.get("text", "") for output in cell.get("outputs", [])]
            said = "".join(cell["source"]) if cell["cell_type"] == "markdown" else "".join(map("".join, outputs))
            said = re.sub(r"`[^`]*`|\S*/\S*|\$[^$]*\$", " ", said)
            assert set(re.findall(r"(?<![\w-])[A-Z]{3,}(?![\w-])", said)) <= known, path.name


def test_a_slug_has_no_accent():
    assert slug("Où l’œuvre s’arrête") == "ou-l-oeuvre-s-arrete"


def test_a_text_without_a_letter_has_an_anchor_all_the_same():
    assert [slug(text) for text in ("…", "Cæsar !", "a  b")] == ["rubrique", "caesar", "a-b"]


def test_acronyms_come_before_measures_each_in_french_order():
    told = [(not entry.sens, entry.ancre) for entry in entries()]
    assert told == sorted(told)
    assert [told[0][0], told[-1][0]] == [False, True]
    assert [entry.terme for entry in used("la PMI, un intervalle à 90\u00a0%, l’ASE, la pmi")] == [
        "ASE",
        "PMI",
        "intervalle à 90\u202f%",
    ]


def test_a_link_that_ends_lets_the_next_word_be_linked():
    page = explained("<a>ASE</a><nav><button>PMI</button></nav><p>MDPH</p>", "g.html")
    assert page.count('class="glose"') == 1
    assert 'href="g.html#mdph"' in page

"""The page: one file, closed to any network, that no datum can break out of."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from cdppe_analysis import __version__, simulator
from cdppe_analysis.errors import ReportError
from cdppe_analysis.figures.contours import SHIPPED_ORIGIN
from cdppe_analysis.printing.layout import Foot, site_pages
from cdppe_analysis.simulator import _page_text, is_current, write_simulator

PAGE = Path(simulator.__file__).with_name("page")


@pytest.fixture(scope="module")
def text() -> str:
    return _page_text()


def test_it_is_one_file_below_three_million_bytes(text: str):
    assert len(text.encode()) < 3_000_000


def test_the_policy_allows_the_one_script_by_its_hash_and_nothing_to_be_fetched(text: str):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}' 'wasm-unsafe-eval'" in policy
    assert policy.split("; ")[:-1] == [
        *("default-src 'none'", "style-src 'unsafe-inline'", "img-src data: blob:", "base-uri 'none'"),
        "form-action 'none'",
    ]
    written = [file.read_text(encoding="utf-8") for file in PAGE.glob("*.js") if file.stem != "js-yaml.min"]
    assert len(written) >= 10
    assert all(one in script for one in written)
    assert (PAGE / "js-yaml.min.LICENSE").read_text(encoding="utf-8") in script


def test_it_names_no_address_but_those_of_formats(text: str):
    named = set(re.findall(r"https?://[\w./-]*", text))
    assert all(re.match(r"https?://(www\.w3\.org|schemas\.openxmlformats\.org)/", name) for name in named), named


def test_its_acronyms_and_measures_are_explained_in_the_file_and_its_links_leave_the_page_open(text: str):
    page = BeautifulSoup(text, "html.parser")
    assert {"ASE", "ONDAM", "FIR", "SESSAD", "Gini (indice de)"} <= {
        word.get_text() for word in page.select(".mots dt")
    }
    assert page.select_one("abbr[title='aide sociale à l’enfance']").get_text() == "ASE"
    assert Foot.of().citation in page.get_text()
    assert SHIPPED_ORIGIN in page.get_text()
    doors = {str(link["href"]): link.get_text() for link in page.select("a[href$='.html']")}
    assert doors == {name: door for name, door in site_pages().items() if name != "simulateur.html"}
    links = {str(link["href"]): link.get("target") for link in page.select("a[href$='.html']")}
    assert links == dict.fromkeys(["index.html", "fiches/index.html", "sources.html", "glossaire.html"], "_blank")


def test_its_data_cannot_end_their_block(text: str):
    data = re.search(r'<script type="application/json" id="donnees">(.*?)</script>', text, re.DOTALL)[1]
    assert "<" not in data
    carried = json.loads(data)
    assert carried["regles"]["ondam-ms-2020"]["enveloppe"]["valeur"] == "15000000"
    assert (carried["version"], carried["empreinte"]) == (__version__, Foot.of().empreinte)
    assert carried["sigles"]["ASE"] == "aide sociale à l’enfance"


def test_a_page_of_other_data_is_not_current(text: str, tmp_path: Path):
    page = tmp_path / "site" / "simulateur.html"
    assert not is_current(page)
    assert write_simulator(tmp_path / "site") == page
    assert page.read_text(encoding="utf-8") == text
    assert is_current(page)
    page.write_text(text.replace('content="cdppe-analysis ', 'content="cdppe-analysis 9', 1), encoding="utf-8")
    assert not is_current(page)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path):
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(ReportError, match="cannot make the folder of the reports"):
        write_simulator(tmp_path / "reports")

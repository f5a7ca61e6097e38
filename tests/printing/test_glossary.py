"""The words that pages explain at their first use."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from cdppe_analysis.printing.glossary import entries, explained, slug, used

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

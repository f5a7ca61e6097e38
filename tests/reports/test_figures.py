"""The figures of a report: numbered, with their rows, their files, their sources and their citation."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup


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
    assert "../02-parts.html#figure-1" in made.text("sources/annexe7-ondam-2020.html")


def test_its_citation_names_it_its_report_and_its_source(block: Any):
    said = block.select("details")[1].get_text()
    assert re.search("Figure 1, «\u00a0Le Nord reçoit le plus\u00a0».*Les parts & <les> scores.*annexe 7", said)

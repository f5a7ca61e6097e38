"""Page numbers, running heads, headings that come back."""

import pytest

from cdppe_analysis.ingestion.furniture import headings_again, page_furniture
from cdppe_analysis.ingestion.labels import elements_of


def furniture(document):
    return {document.lines[rank].text for rank in page_furniture(document, elements_of(document))}


@pytest.mark.parametrize("number", ["1", "- 1 -", "Page 1", "1/12", "page 1 sur 12", "p. 1"])
def test_a_page_number_at_the_foot_is_no_row(written, number):
    assert furniture(written("Creuse 100 000 €", f"{number}\fNord 1 995 607 €", number)) == {number}


def test_a_running_head_comes_back_but_for_its_numbers(written):
    document = written("BO Santé, page 31", "Creuse 100 000 €\fBO Santé, page 32", "Nord 1 995 607 €")
    assert furniture(document) == {"BO Santé, page 31", "BO Santé, page 32"}


def test_a_row_that_comes_back_on_each_page_is_a_row(written):
    assert furniture(written("A reporter 100 000 €\fA reporter 100 000 €")) == set()


def test_amounts_alone_at_the_foot_of_each_page_are_amounts(written):
    assert furniture(written("Creuse", "100 000 €\fNord", "100 001 €")) == set()


def test_a_lone_number_of_a_single_page_may_be_an_amount(written):
    assert furniture(written("Creuse", "100")) == set()


def test_a_heading_that_comes_back_is_found_with_its_years(written):
    document = written("Département 2026 2027", "Creuse 100 000 € 100 000 €\fDépartement 2026 2027", "Nord 1 € 2 €")
    assert headings_again(document, elements_of(document), 1) == {2}

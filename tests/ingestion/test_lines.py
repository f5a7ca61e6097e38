"""Files and texts as lines of fragments."""

import pytest

from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion.lines import read_document, split_text


def fragments(document):
    return [[fragment.text for fragment in line.fragments] for line in document.lines]


def test_a_gap_of_two_spaces_separates_and_one_space_does_not():
    document = split_text("Seine-et-Marne  1 157 375 €\nVal-d'Oise      1 120 804 €")
    assert fragments(document) == [["Seine-et-Marne", "1 157 375 €"], ["Val-d'Oise", "1 120 804 €"]]
    assert document.aligned


def test_a_text_without_gaps_has_no_columns():
    assert not split_text("Seine-et-Marne 1 157 375 €\nVal-d'Oise 1 120 804 €").aligned


@pytest.mark.parametrize("separator", ["|", "│", "\t", ";"])
def test_fields_are_fragments_at_the_rank_of_their_field(separator):
    lines = [separator.join(["Bretagne", "", "Finistère", "200 000 €"])] * 2
    line = split_text("\n".join(lines)).lines[0]
    assert [(fragment.text, fragment.x0) for fragment in line.fragments] == [
        ("Bretagne", 0),
        ("Finistère", 2),
        ("200 000 €", 3),
    ]


def test_the_marks_of_markdown_and_html_are_not_text():
    document = split_text("| **Alpes-de-Haute-<br>Provence** | 106 939&nbsp;€ |\n|:--|--:|\n| La<br>Réunion | 1 € |")
    assert fragments(document) == [["Alpes-de-Haute-Provence", "106 939\u00a0€"], ["La Réunion", "1 €"]]


def test_semicolons_that_end_sentences_do_not_separate():
    assert fragments(split_text("50 % de l'enveloppe ;\nCreuse 100 000 €")) == [
        ["50 % de l'enveloppe ;"],
        ["Creuse 100 000 €"],
    ]


def test_a_form_feed_begins_a_page_and_lines_are_numbered_on_each():
    document = split_text("Répartition\n\nCreuse 100 000 €\fTOTAL 100 000 €")
    assert [(line.page, line.number) for line in document.lines] == [(1, 1), (1, 3), (2, 1)]


def test_only_the_pages_asked_for_are_read():
    assert fragments(split_text("Creuse 1 €\fNord 2 €\fSomme 3 €", pages={2})) == [["Nord 2 €"]]


def test_a_page_that_is_not_there_is_an_error():
    with pytest.raises(TableError, match="annexe has no page 4: it has 2"):
        split_text("Creuse 1 €\fNord 2 €", "annexe", pages={2, 4})


def test_what_has_no_width_is_dropped():
    assert fragments(split_text("\ufeffCreuse 100\u200b 000 €")) == [["Creuse 100 000 €"]]


@pytest.mark.parametrize(
    ("encoding", "remarks"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("cp1252", ("Le fichier est lu en Windows-1252.",)),
        ("utf-16", ("Le fichier est lu en UTF-16.",)),
    ],
)
def test_the_encodings_of_the_field_are_read_and_the_odd_ones_said(tmp_path, encoding, remarks):
    path = tmp_path / "annexe.txt"
    path.write_bytes("Finistère 200 000 €".encode(encoding))
    document = read_document(path)
    assert (fragments(document), document.remarks) == ([["Finistère 200 000 €"]], remarks)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "nothing is written"),
        (b" \n\x0c\n", "nothing is written"),
        (b"PK\x03\x04" + b"x" * 20, "a workbook or a word-processor file"),
        (b"{\\rtf1 Creuse 100 000}", "a rich-text file"),
        (bytes(range(256)), "no text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path, content, message):
    path = tmp_path / "annexe.txt"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_document(path)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(TableError, match="cannot read"):
        read_document(tmp_path / "absent.txt")

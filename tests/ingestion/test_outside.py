"""Lines outside the tables, and documents that hold none."""

import re

import pytest

from cdppe_analysis.errors import TableError


def test_a_row_with_another_word_outside_the_table_is_refused_and_a_note_is_not(read, figures):
    lines = ["| Ain | 1 € |", "| Corse | 2 € |", ""]
    with pytest.raises(TableError, match=r"'Gers env\. 14 €' looks like a row"):
        read(*lines, "Gers env. 14 €")
    for note in ("Corse : les deux départements reçoivent 12 €", "* Corse : 2 départements", "Paris, le 12 mars 2024"):
        assert figures(read(*lines, note))["20"] == (2,)


def test_names_of_communes_without_columns_are_refused_with_the_way_out(read):
    with pytest.raises(TableError, match=r"'Lille 10 €' names no département .* read in columns only \(a CSV"):
        read("Lille 10 €", "Roubaix 7 €", "Tourcoing 5 €")


@pytest.mark.parametrize(
    ("lines", "message", "place"),
    [
        (("Ain 12x4 €", "Rien"), "'12x4 €', beside 'Ain', is no number taken whole", "l. 1"),
        (("Alpha 12", "Bêta 13", "Gamma 14"), "'Alpha 12' names no département nor région: other names", "l. 1"),
        (("Les 15 M€ sont répartis entre les départements.",), "its amounts stand in sentences, as 'Les 15 M€", "l. 1"),
        (
            (
                "Article 1er",
                "Le montant attribué au département du Nord est de 4 €.",
                "Article 2",
                "Fait le 12 mars 2024.",
            ),
            "its amounts stand in sentences, as 'Le montant",
            "l. 2",
        ),
        (("Dép.;Année;M", "01;2023;4", "01;2024;5", "02;2023;6"), "'01' stands 2 times under 'Dép.'", None),
        (("Rien du tout",), "holds no table: no name of a territory is followed by a number", None),
    ],
)
def test_a_document_without_a_table_says_what_it_has_instead(read, lines, message, place):
    with pytest.raises(TableError) as refused:
        read(*lines)
    assert message in refused.value.message
    assert refused.value.cell == place


@pytest.mark.parametrize(
    ("lines", "reason", "place"),
    [
        ("Nord 12 fois ⏎ Lot 5", "'12 fois', beside 'Nord', is no number taken whole", "l. 1"),
        ("Nom;Note ⏎ Ain;4 h ⏎ Lot;5 h", "'4 h' is no number taken whole", "l. 2"),
        ("Nom;Note ⏎ Ain;une note de plus de 20 lettres ⏎ Lot;vu", "no cell of the table of text is a number", "l. 1"),
        ("Code;Nom ⏎ 01;Ain ⏎ 02;Aisne", "no cell of the table of text is a number taken whole", "l. 1"),
        ("Thème;Note ⏎ Santé;4 ⏎ Social;5", "no column of the table of text names territories", "l. 1"),
        ("Zone A 12 ⏎ Zone B 13 ⏎ Texte ⏎ Autre", "'Zone A 12' names no département nor région", "l. 1"),
        ("Zone A 12 ⏎ Zone B 13 ⏎ Texte ⏎ Autre ⏎ Encore", "text holds no table", None),
        ("Zone A 12 ⏎ Lot 5", "'Zone A 12' names no département nor région", "l. 1"),
        ("Nom;M (€) ⏎ Ain;1 ⏎ Lot;2 ⏎ Nord 12 €", "a row has 1 cells where the others have 2", "l. 4"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Nord environ ⏎ 12 €", "'Nord environ 12 €' looks like a row", "l. 3"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Zone A 12 €", "'Zone A' names no département, région nor total", "l. 3"),
        ("Ain 1 € ⏎ Lot 2 € ⏎ Aa Bb Cc Dd Ee Ff 1 204", "'Aa Bb Cc Dd Ee Ff' names no département", "l. 3"),
    ],
)
def test_a_line_that_may_be_a_row_is_refused_at_its_place(read, lines, reason, place):
    with pytest.raises(TableError, match=re.escape(reason)) as told:
        read(*lines.split(" ⏎ "))
    assert told.value.cell == place


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("Pour le Nord, il y a 12 € de plus que prévu en tout", ["12"]),
        ("le 3 mars 2021", ["3", "2021"]),
        ("Aa Bb Cc Dd Ee Ff Gg 1 204", ["1 204"]),
    ],
)
def test_a_line_of_many_words_or_a_date_is_set_apart(read, line, numbers):
    annex = read("Ain 1 €", "Lot 2 €", line)
    assert [row.code for row in annex.table.rows] == ["01", "46"]
    assert {reason: [number.text for number in each] for reason, each in annex.apart.items()} == {
        "hors du tableau": numbers
    }

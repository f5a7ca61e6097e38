"""Every cell drawn from running text stands in the document, at the line that it gives."""

import re

import pytest

from cdppe_analysis.errors import TableError, TerritoryError
from cdppe_analysis.sources import load_sources, read_raw
from cdppe_analysis.tables import narrative

WINDOW = 4
WINDOW_OF_A_SCHEME = 23


def tables():
    for source in load_sources().values():
        for raw_file in source.fichiers:
            if "ligne_texte" in raw_file.colonnes:
                printed = [c for c, heading in raw_file.colonnes.items() if heading.startswith("Cellule imprimée")]
                yield pytest.param(source.id, raw_file.tableau, printed, id=f"{source.id}-{raw_file.tableau}")


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"[*_]|</?\w+>", "", text)).strip()


@pytest.mark.parametrize(("source", "tableau", "printed"), list(tables()))
def test_every_printed_cell_stands_at_its_line_of_the_document(source, tableau, printed, document_lines):
    lines = document_lines(source)
    window = WINDOW_OF_A_SCHEME if tableau == "dispositifs" and source == "rex-club-territoires" else WINDOW
    for ligne, row in read_raw(source, tableau).cells.iterrows():
        first = int(row["ligne_texte"]) - 1
        passage = plain(" ".join(lines[first : first + window]))
        for colonne in printed:
            if tableau == "dispositifs" and source == "aac-sessad-ase-nord":
                passage = plain(" ".join(lines))
            assert row[colonne] in passage, f"{source} {tableau} L{ligne} {colonne}"


def test_a_territory_that_is_none_is_refused(whole_data_copy):
    raw = narrative.read_corrected("rex-club-territoires", "prevalence", whole_data_copy)
    with pytest.raises(TerritoryError):
        narrative.territory_codes(raw.cells["territoire"].replace("Somme", "Sambre"))


def test_the_whole_country_has_no_code():
    raw = narrative.read_corrected("rex-club-territoires", "prevalence")
    codes = narrative.territory_codes(raw.cells["territoire"])
    assert codes[1] == ""
    assert narrative.territory_names(raw.cells["territoire"])[0] == "France"


def test_a_cell_without_a_figure_is_refused_unless_it_is_known_to_have_none():
    raw = narrative.read_corrected("rex-club-territoires", "prevalence")
    with pytest.raises(TableError, match=r"'proportion comparable' is no figure.*prevalence L4 imprime"):
        narrative.figures(raw)
    assert narrative.bounds(raw, without_figure={"proportion comparable"}).loc[4].isna().all()

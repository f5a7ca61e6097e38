"""Every number of the five documents has a fate, and a number that is added, changed or taken away is noticed."""

import shutil
from pathlib import Path

import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import Archive, load_sources, printed
from cdppe_analysis.sources.documents import RawFile
from cdppe_analysis.storage.files import data_dir


@pytest.fixture
def documents(official, tmp_path):
    """Copy the official documents, to be changed."""
    return Path(shutil.copytree(official, tmp_path / "documents"))


@pytest.fixture
def data(tmp_path):
    """Copy what the numbers are held to, to be changed."""
    copied = tmp_path / "data"
    copied.mkdir()
    for name in ("sources.yml", "nombres.yml"):
        shutil.copy(data_dir() / name, copied / name)
    shutil.copytree(data_dir() / "rules", copied / "rules")
    for source in load_sources().values():
        if source.texte:
            shutil.copytree(data_dir() / "raw" / source.id, copied / "raw" / source.id)
    return copied


def edited(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def checked(source, documents, folder=None):
    return printed.check_numbers(load_sources()[source], documents, Archive.open(folder))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("annexe7-ondam-2020", "67 numbers: 47 table, 8 regle, 5 redite, 7 sans_mesure"),
        ("circulaire-2020-34", "690 numbers: 293 table, 36 regle, 78 redite, 283 sans_mesure"),
        ("rex-club-territoires", "102 numbers: 80 table, 10 redite, 12 sans_mesure"),
        ("aac-sessad-ase-nord", "77 numbers: 22 table, 9 redite, 46 sans_mesure"),
        ("instruction-2025-60", "2495 numbers: 2177 table, 12 regle, 139 redite, 167 sans_mesure"),
    ],
)
def test_every_number_of_a_document_has_a_fate(source, told, official):
    assert checked(source, official) == told


@pytest.mark.parametrize(
    ("source", "before", "after", "said"),
    [
        ("circulaire-2020-34", "Vous serez vigilants", "Avec 17 agents, vous serez vigilants", "'17' is in no table"),
        ("circulaire-2020-34", "moins de 70 000 femmes", "moins de 80 000 femmes", "line 705.*'moins de 70 000"),
        ("circulaire-2020-34", "(28,5 %)", "(28,6 %)", r"does not print '28,5 %' there.*line 390"),
        ("circulaire-2020-34", "L.1435-8", "L.1435-9", "fate 'sans_mesure': 283 .*, 283 .* declared"),
        ("circulaire-2020-34", "30 départements dès 2020", "30 départements", "fate 'redite': 77 .*, 78 .* declared"),
        ("annexe7-ondam-2020", "Nord 1 995 607", "Nord 1 995 608", "does not print this row"),
        ("instruction-2025-60", "\tAisne\t23\t18", "\tAisne\t23\t19", "annexe4-table-a L2"),
        ("aac-sessad-ase-nord", "capacité de 14 places", "capacité de 15 places", "line 109.*'14 places'"),
        ("rex-club-territoires", "Ecrivez-nous", "Écrivez-nous", "not the text that was read"),
    ],
)
def test_a_number_added_changed_or_taken_away_is_noticed(source, before, after, said, documents):
    edited(documents / load_sources()[source].texte, before, after)
    with pytest.raises(SourceError, match=said):
        checked(source, documents)


def test_a_rule_that_stops_carrying_a_number_is_noticed(official, data):
    """Circulaire 2020, annex 4, III.A: 14,5 % for the measures of young adults."""
    edited(data / "rules" / "p304-2020.yml", '"0.145"', '"0.14"')
    with pytest.raises(
        SourceError, match=r"'p304-2020' does not carry '14,5 %' at 'criteres.mesures_jeunes_majeurs.poids'"
    ):
        checked("circulaire-2020-34", official, data)


def test_a_cell_that_cites_another_line_is_noticed(official):
    """Call for applications: the 14 places stand at line 109, not at line 91, where the service is named."""
    source = load_sources()["aac-sessad-ase-nord"]
    document = printed.PrintedDocument.open(source, official)
    raw_file = source.file("dispositifs-aac")
    raw = Archive.open().raw(source.id, raw_file.tableau)
    assert document.line(printed._cells_in_place(document, raw, raw_file)[1, "places"][0]) == 109
    with pytest.raises(SourceError, match=r"line 91 of the document does not print '14 places' \(at .* L1 places\)"):
        printed._cells_in_place(document, raw.with_cells(raw.cells.assign(ligne_places="91")), raw_file)


def test_a_pattern_that_takes_no_number_is_refused(official, data):
    assert printed.check_declarations(official, Archive.open(data)) == "61 patterns"
    edited(data / "nombres.yml", "556 avenue", "557 avenue")
    edited(data / "nombres.yml", "59777 EURALILLE", "59778 EURALILLE")
    with pytest.raises(SourceError, match=r"557 avenue.*takes no number of any document"):
        printed.check_declarations(official, Archive.open(data))


def test_numbers_are_read_whole_in_digits_and_in_words():
    text = "Entre 1 296 880 € et 28,5 %, onze des 30 objectifs, la moitié, un quart, L.312-1 : quatrevingts, 59777 2020"
    found = [number[0] for number in printed.PrintedDocument.of("essai", text).numbers()]
    assert found == ["1 296 880", "28,5", "onze", "30", "moitié", "quart", "312", "1", "59777", "2020"]


def test_markup_and_line_breaks_do_not_hide_a_cell():
    document = printed.PrintedDocument.of("essai", "un\n**15<sup>ème</sup>\n\nanniversaire** de 115 ans\n")
    assert document.read == "un 15ème anniversaire de 115 ans "
    assert document.text[slice(*document.find("15ème anniversaire", 2, 2))].startswith("15<sup>")
    assert document.find("115", 2, 3) is None
    assert document.line(document.find("115", 1)[0]) == 4


def test_two_documents_do_not_share_the_name_of_a_table(data):
    """A cell is named by its table, row and column: « reperes L3 » was a cell of four documents."""
    edited(data / "sources.yml", "tableau: reperes-rex", "tableau: reperes-circulaire")
    with pytest.raises(
        SourceError, match="circulaire-2020-34 and rex-club-territoires both have a table 'reperes-circulaire'"
    ):
        load_sources(data)


def test_a_place_begins_and_ends_with_the_letters_of_the_cell():
    text = "un\n**15<sup>ème</sup>\n\nanniversaire** de 115 ans\n"
    document = printed.PrintedDocument.of("essai", text)
    assert text[slice(*document.find("15ème anniversaire", 2, 2))] == "15<sup>ème</sup>\n\nanniversaire"
    assert document.find("un", 1, 1) == (0, 2)
    assert document.find("115", 2, 4) == (text.index("115"), text.index("115") + 3)
    assert [text[slice(*span)] for span in document.all("[0-9]+", 4)] == ["115"]


def test_a_number_is_told_with_its_line_its_fate_its_owner_and_the_words_around(official):
    """Circulaire 2020, annex 4, II.A: 50 M€ of the programme 304; annex 4, IV: the floor of 100 000 €."""
    source = load_sources()["circulaire-2020-34"]
    numbers = printed._fates(printed.PrintedDocument.open(source, official), Archive.open())
    carried = numbers[numbers["sort"].eq("regle")]
    assert carried.iloc[0].tolist() == [
        328, "50", "regle", "p304-2020.enveloppe.valeur",
        "cf. annexe 2) : - sur le budget de l'Etat (programme 304) (50 M€) pour les objectifs 6 à 8, 10 à 12 e",
    ]  # fmt: skip
    assert carried.iloc[-1].tolist()[:4] == [441, "100 000", "regle", "ondam-ms-2020.plancher"]


@pytest.mark.parametrize(
    ("value", "said", "carried"),
    [
        ("0.285", "28,5 %", True),
        ("0.0285", "28,5 %", False),
        (15_000_000, "15 M€", True),
        (15_000, "15 M€", False),
        ({"valeur": 100_000}, "100 000 €", True),
        ({"valeur": 100_001}, "100 000 €", False),
        ("enfants de 0 à 17 ans", "17", True),
        ("enfants de 0 à 17 ans", "18", False),
    ],
)
def test_a_rule_carries_a_number_in_its_own_unit(value, said, carried):
    assert printed._carries(value, said) is carried


def test_a_cell_of_digits_is_no_part_of_a_longer_number():
    document = printed.PrintedDocument.of("essai", "1 230 et 123 puis 12,3 et 23,5")
    assert document.find(printed._whole("23"), 1) is None
    assert document.find(printed._whole("123"), 1) == (9, 12)
    assert document.find(printed._whole("12"), 1) is None


def test_a_number_of_a_row_is_told_with_the_cell_that_prints_it(official):
    """Annex 7, B: « Nord 1 995 607 € 3 037 412 € », of which each amount has its own column."""
    source = load_sources()["annexe7-ondam-2020"]
    document, archive = printed.PrintedDocument.open(source, official), Archive.open()
    numbers = printed._fates(document, archive)
    for raw_file in source.fichiers:
        raw = archive.raw(source.id, raw_file.tableau)
        own = numbers[numbers["par"].str.startswith(f"{raw_file.tableau} L") & numbers["sort"].eq("table")]
        assert len(own)
        for number, place in zip(own["nombre"], own["par"], strict=True):
            _, row, column = place.split(" ")
            assert number in raw.cells.at[int(row[1:]), column]


def test_the_year_of_a_row_is_carried_by_the_cell_of_its_column(official):
    """Circulaire 2020: a year printed beside a figure stands in the columns `annee` and `millesime` of its row."""
    archive = Archive.open()
    found = 0
    for name in ("circulaire-2020-34", "rex-club-territoires"):
        numbers = printed._fates(printed.PrintedDocument.open(load_sources()[name], official), archive)
        of_years = numbers[numbers["par"].str.fullmatch(r"\S+ L\d+ (?:annee|millesime)")]
        for number, place in zip(of_years["nombre"], of_years["par"], strict=True):
            table, row, column = place.split(" ")
            assert archive.raw(name, table).cells.at[int(row[1:]), column] == number
        found += len(of_years)
    assert found > 5


def test_the_lines_of_a_document_begin_and_end_where_they_are_printed():
    document = printed.PrintedDocument.of("essai", "15 un\n16 deux\n17 trois")
    assert [document.find(pattern, 2) is not None for pattern in ("15", "16", "17")] == [False, True, True]
    assert [document.find("16", 1, last) is not None for last in (1, 2, 3)] == [False, True, True]
    assert [document.all("[0-9]+", line) for line in (1, 2, 3)] == [[(0, 2)], [(6, 8)], [(14, 16)]]
    assert [document.line(place) for place in (0, 5, 6, 13, 14)] == [1, 1, 2, 2, 3]


def test_twelve_signs_at_most_stand_between_the_cells_of_a_row():
    row = printed.PrintedDocument.of("essai", "Nord" + "-" * 12 + "15 Ain" + "-" * 13 + "16")
    assert row.row(["Nord", "15"], 1) == [(0, 4), (16, 18)]
    assert row.row(["Ain", "16"], 1) == []
    assert row.row(["Nord", "Ain"], 1) == []


@pytest.mark.parametrize(
    ("value", "said", "carried"),
    [("0.5", "50%", True), ("1", "100 %", True), (15, "15", True), (15, "1 500", False), (1500, "1 500 €", True)],
)
def test_a_share_is_carried_in_hundredths_and_an_amount_in_euros(value, said, carried):
    assert printed._carries(value, said) is carried


def test_the_part_of_a_rule_is_found_by_the_names_on_its_path():
    rule = {"criteres": [{"id": "a", "poids": 1}, {"id": "b", "poids": 2}], "plancher": {"valeur": 3}}
    assert [printed._at(rule, path) for path in ("criteres.b.poids", "plancher.valeur")] == [2, 3]


@pytest.mark.parametrize(
    ("columns", "cells", "printed_cells"),
    [
        ({"a": "A", "b": "B"}, (), ["a", "b"]), ({"a": "A", "b": "B"}, ("b",), ["b"]),
        ({"a": "Cellule imprimée : x", "ligne_texte": "Ligne", "c": "Note"}, (), ["a"]),
    ],
)  # fmt: skip
def test_the_columns_that_hold_the_print_are_those_that_say_so(columns, cells, printed_cells):
    raw_file = RawFile("t", "a/t.csv", "x", "s", "t", columns, cellules=cells)
    assert printed._printed_cells(raw_file) == printed_cells


def test_a_claim_stands_in_every_block_that_it_crosses():
    claims = [(10, 20, "a"), (990, 2005, "b"), (3000, 3001, "c")]
    blocks = printed._by_block(claims)
    assert {block: [claim[2] for claim in own] for block, own in blocks.items()} == {
        0: ["a", "b"], 1: ["b"], 2: ["b"], 3: ["c"],
    }  # fmt: skip


def test_a_document_that_is_not_there_is_named(tmp_path):
    source = load_sources()["rex-club-territoires"]
    with pytest.raises(SourceError, match="the document is not there") as refused:
        printed.PrintedDocument.open(source, tmp_path)
    assert refused.value.cell == source.texte

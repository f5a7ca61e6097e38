"""The catalogue names every document and every raw file; raw cells stay as printed, their bytes checked."""

import hashlib

import pytest

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import Archive, CellReference, load_sources
from cdppe_analysis.sources.documents import all_sources
from cdppe_analysis.storage.files import data_dir, sha256

DOCUMENTS = {
    "annexe7-ondam-2020",
    "rex-club-territoires",
    "circulaire-2020-34",
    "aac-sessad-ase-nord",
    "instruction-2025-60",
}


def test_the_five_documents_are_in_the_catalogue_with_their_hash():
    documents = {source.id for source in load_sources().values() if source.nature == "document"}
    assert documents == DOCUMENTS
    assert all(len(load_sources()[name].empreinte) == 64 for name in documents)


def test_every_source_says_its_publisher_its_date_and_its_licence():
    assert all(source.editeur and source.date and source.licence for source in load_sources().values())


def test_every_raw_file_of_the_folder_is_in_the_catalogue():
    declared = {raw_file.chemin for source in load_sources().values() for raw_file in source.fichiers}
    found = {
        path.relative_to(data_dir() / "raw").as_posix() for path in (data_dir() / "raw").rglob("*") if path.is_file()
    }
    assert found == declared


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    editeur: Insee\n", "    auteur: Insee\n", "unknown key 'auteur'.*insee-cog-2020"),
        ("    nature: nomenclature\n", "", "the key 'nature' is missing.*insee-cog-2020"),
        ("  - id: circulaire-2020-34\n", "  - id: insee-cog-2020\n", "a source is given twice"),
    ],
)
def test_a_catalogue_that_is_not_one_names_the_entry(data_copy, old, new, message):
    path = data_copy / "sources.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        load_sources(data_copy)


def test_a_missing_catalogue_is_one_sentence(tmp_path):
    with pytest.raises(SourceError, match="cannot read the catalogue of sources"):
        load_sources(tmp_path)


def test_an_unknown_table_is_refused_with_those_there_are():
    with pytest.raises(SourceError, match=r"no table 'c'; it has b-enveloppes"):
        load_sources()["annexe7-ondam-2020"].file("c")


def test_a_cell_keeps_its_line_break():
    raw = Archive.open().raw("annexe7-ondam-2020", "b-enveloppes")
    assert raw.cells.at[28, "departement"] == "Alpes-de-Haute-\nProvence"
    assert raw.reference(28, "departement") == "b-enveloppes L28 departement"


def test_every_raw_file_has_the_hash_that_the_catalogue_declares():
    for source in load_sources().values():
        for raw_file in source.fichiers:
            assert not Archive.open().raw(source.id, raw_file.tableau).cells.empty


def test_a_raw_file_that_changed_is_refused(data_copy):
    path = data_copy / "raw" / "annexe7-ondam-2020" / "b-enveloppes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("100 000 €", "110 000 €"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"a raw file changed.*at raw/annexe7-ondam-2020/b-enveloppes\.csv"):
        Archive.open(data_copy).raw("annexe7-ondam-2020", "b-enveloppes")


def test_a_raw_file_that_is_missing_is_refused(data_copy):
    (data_copy / "raw" / "annexe7-ondam-2020" / "b-enveloppes.csv").unlink()
    with pytest.raises(SourceError, match="a raw file of the catalogue is missing"):
        Archive.open(data_copy).raw("annexe7-ondam-2020", "b-enveloppes")


def test_a_raw_file_with_other_columns_is_refused(data_copy):
    path = data_copy / "raw" / "annexe7-ondam-2020" / "b-enveloppes.csv"
    before = sha256(path)
    path.write_text("ligne,region\n1,Corse\n", encoding="utf-8")
    catalogue = data_copy / "sources.yml"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace(before, sha256(path)), encoding="utf-8")
    with pytest.raises(SourceError, match="its columns are ligne, region, the catalogue says"):
        Archive.open(data_copy).raw("annexe7-ondam-2020", "b-enveloppes")


def test_an_unknown_source_is_refused():
    with pytest.raises(SourceError, match="no source 'annexe8'"):
        Archive.open().raw("annexe8", "b")


@pytest.mark.parametrize("source", sorted(DOCUMENTS))
def test_the_text_that_was_read_is_the_one_that_is_there(official, source):
    known = load_sources()[source]
    assert hashlib.sha256((official / known.texte).read_bytes()).hexdigest() == known.empreinte


def test_the_raw_table_of_annex_7_has_every_character_of_the_print(official):
    """Annex 7, part B: all that is printed between its heading and part C stands in the cells, and nothing else."""
    text = (official / load_sources()["annexe7-ondam-2020"].texte).read_text(encoding="utf-8")
    printed = text[text.index("Auvergne-Rhône-") : text.index("C – Objet")]
    cells = "".join(Archive.open().raw("annexe7-ondam-2020", "b-enveloppes").cells.to_numpy().ravel())
    assert sorted("".join(cells.split())) == sorted("".join(printed.split()))


@pytest.mark.parametrize("written", ["b-enveloppes L7 dotation_departement", "population L12"])
def test_a_written_reference_is_read_back(written):
    assert str(CellReference.parse(written)) == written


@pytest.mark.parametrize("text", ["", "b-enveloppes", "b-enveloppes L", "b-enveloppes 7 x", "a L1 b c"])
def test_what_names_no_cell_is_refused(text):
    with pytest.raises(SourceError, match="does not name a cell"):
        CellReference.parse(text)


ENTRY = "{id: a, titre: t, editeur: e, date: 2026, licence: l, nature: document, fichiers: []}"
RAW = "{tableau: t, chemin: a/t.csv, sha256: x, section: s, titre: t, colonnes: {a: b}}"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", r"expected keys and values, found nothing \(at sources\.yml\)"),
        ("[]", r"expected keys and values, found \[\] \(at sources\.yml\)"),
        ("rien: []", r"unknown key 'rien'; the nearest is 'sources'"),
        ("sources: 3", r"expected a list, found 3 \(at sources\.yml\)"),
        ("sources: [3]", r"expected keys and values, found 3 \(at sources\.yml, entry 1\)"),
        ("sources: [{titre: t}]", r"the key 'id' is missing \(at sources\.yml, entry 1\)"),
        (f"sources: [{ENTRY}]".replace("id: a", "id: [1]"), r"expected a text, found \[1\]"),
        (f"sources: [{ENTRY}]".replace("titre: t, ", ""), r"the key 'titre' is missing \(at sources\.yml, a\)"),
        (
            f"sources: [{ENTRY}]".replace("titre: t", "titre: {x: 1}"),
            r"expected a text, .* \(at sources\.yml, a, titre\)",
        ),
        (
            f"sources: [{ENTRY}]".replace("fichiers: []", "fichiers: 3"),
            r"expected a list, found 3 \(at sources\.yml, a\)",
        ),
        (f"sources: [{ENTRY}]".replace("[]", f"[{RAW}]").replace("{a: b}", "[a]"), "expected keys and values, found"),
        (f"sources: [{ENTRY}]".replace("[]", f"[{RAW}]").replace("b}}", "b}, premiere_ligne: x}"), "a whole number"),
        (f"sources: [{ENTRY}]".replace("[]", "[], mots: un"), "expected a list, found 'un'"),
    ],
)
def test_a_catalogue_that_is_none_is_one_sentence_with_its_place(tmp_path, content, told):
    (tmp_path / "sources.yml").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=told):
        load_sources(tmp_path)


def test_a_year_without_quotes_is_a_date(tmp_path):
    (tmp_path / "sources.yml").write_text(f"sources: [{ENTRY}]", encoding="utf-8")
    assert load_sources(tmp_path)["a"].date == "2026"


def test_the_sources_of_the_studies_follow_those_of_the_catalogue():
    everything = list(all_sources())
    own = list(load_sources())
    assert everything[: len(own)] == own
    assert len(everything) > len(own)
    assert everything[len(own) :] == [
        name for path in sorted((data_dir() / "etudes").glob("*/sources.yml")) for name in load_sources(path.parent)
    ]


def test_the_defaults_of_a_source_are_nothing(tmp_path):
    content = f"sources: [{ENTRY}]".replace("[]", f"[{RAW}]")
    (tmp_path / "sources.yml").write_text(content, encoding="utf-8")
    source = load_sources(tmp_path)["a"]
    assert (source.texte, source.empreinte, source.note, source.mots) == (None, None, None, ())
    raw_file = source.file("t")
    assert (raw_file.premiere_ligne, raw_file.cellules, raw_file.colonnes) == (None, (), {"a": "b"})


def test_a_source_without_a_table_says_that_it_has_none(tmp_path):
    (tmp_path / "sources.yml").write_text(f"sources: [{ENTRY}]", encoding="utf-8")
    with pytest.raises(SourceError, match="the source 'a' has no table 't'; it has none"):
        load_sources(tmp_path)["a"].file("t")


@pytest.mark.parametrize(("nature", "refused"), [("document", True), ("serie", False)])
def test_two_series_may_share_the_name_of_a_table_and_two_documents_may_not(tmp_path, nature, refused):
    one = ENTRY.replace("nature: document", f"nature: {nature}").replace("[]", f"[{RAW}]")
    (tmp_path / "sources.yml").write_text(f"sources: [{one}, {one.replace('id: a', 'id: b')}]", encoding="utf-8")
    if refused:
        with pytest.raises(SourceError, match="a and b both have a table 't'"):
            load_sources(tmp_path)
    else:
        assert list(load_sources(tmp_path)) == ["a", "b"]


def test_a_row_without_a_column_is_a_reference_to_the_whole_row():
    parsed = CellReference.parse("t L12")
    assert (parsed.table, parsed.row, parsed.column) == ("t", 12, None)
    parsed = CellReference.parse("t L12 c")
    assert (parsed.table, parsed.row, parsed.column) == ("t", 12, "c")

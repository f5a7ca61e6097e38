"""The register is strict: a correction that matches nothing is an error."""

import dataclasses
import os

import pandas as pd
import pytest

from cdppe_analysis.errors import CorrectionError, SourceError, TableError
from cdppe_analysis.sources import (
    Archive,
    Correction,
    RawTable,
    apply_corrections,
)
from cdppe_analysis.sources.corrections import _declared
from cdppe_analysis.storage.files import data_dir, sha256

RAW = ("annexe7-ondam-2020", "b-enveloppes")
ENTRY = Correction(*RAW, ligne=22, colonne="departement", imprime="Creuse", corrige="La Creuse", raison="essai")


def test_a_correction_changes_its_cell_and_no_other():
    raw = Archive.open().raw(*RAW)
    corrected = apply_corrections(raw, [ENTRY])
    differing = (raw.cells != corrected.cells).to_numpy().sum()
    assert corrected.cells.at[22, "departement"] == "La Creuse"
    assert differing == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ligne": 99}, "there is no such cell"),
        ({"colonne": "montant"}, "there is no such cell"),
        ({"imprime": "creuse"}, "the cell prints 'Creuse', not 'creuse'"),
    ],
)
def test_a_correction_that_matches_nothing_is_refused(change, message):
    with pytest.raises(CorrectionError, match=rf"matches nothing: {message}.*annexe7-ondam-2020 b-enveloppes"):
        apply_corrections(Archive.open().raw(*RAW), [dataclasses.replace(ENTRY, **change)])


def test_a_cell_corrected_twice_is_refused():
    with pytest.raises(CorrectionError, match="a cell is corrected twice"):
        apply_corrections(Archive.open().raw(*RAW), [ENTRY, ENTRY])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("raison: ' '", "gives no reason"),
        ("raison: x, auteur: y", "unknown key 'auteur'"),
        ("raison: x, corrige: Creuse", "changes nothing"),
    ],
)
def test_an_entry_that_is_not_one_is_refused(tmp_path, entry, message):
    corrige = "" if "corrige" in entry else "corrige: La Creuse, "
    (tmp_path / "corrections.yml").write_text(
        f"corrections: [{{source: a, tableau: b, ligne: 1, colonne: c, imprime: Creuse, {corrige}{entry}}}]"
    )
    with pytest.raises(CorrectionError, match=message):
        _declared(tmp_path)


def test_every_entry_of_the_register_names_a_table_of_the_catalogue():
    register = Archive.open().register
    for entry in (*register.corrections, *register.ecarts_declares):
        assert entry.ligne in Archive.open().raw(entry.source, entry.tableau).cells.index


def test_a_moved_text_is_found_where_it_is_printed():
    """Calvados, table A: what is read one column further on; of the repeated 65, the nearest one."""
    raw = RawTable("essai", "table", pd.DataFrame([["3", "13", "10", "65", "65"]], index=[14], columns=list("abcde")))
    read = raw.with_cells(pd.DataFrame([["", "3", "13", "65", "65"]], index=[14], columns=list("abcde")))
    assert raw.where_printed(read, list("abcde")) == {(14, "b"): "a", (14, "c"): "b", (14, "d"): "d", (14, "e"): "e"}
    assert raw.where_printed(raw, list("abcde")) == {}


def test_the_one_declared_gap_is_that_of_the_whole_of_annex_7():
    """Annex 7, B: the print says 15 000 000 €, its thirty amounts make one euro more."""
    [gap] = Archive.open().register.gaps_of(*RAW)
    assert (gap.ligne, gap.imprime, gap.somme) == (31, 15_000_000, 15_000_001)
    assert Archive.open().register.gaps_of("annexe7-ondam-2020", "a-enveloppes") == ()


def test_an_archive_is_that_of_the_folder_given_else_of_the_installation(tmp_path):
    assert Archive.open(tmp_path).folder == tmp_path
    assert Archive.open().folder == data_dir()


def test_a_register_that_changed_is_read_again(tmp_path):
    path = tmp_path / "corrections.yml"
    entry = "{source: a, tableau: b, ligne: 1, colonne: c, imprime: x, corrige: y, raison: essai}"
    path.write_text(f"corrections: [{entry}]")
    assert len(_declared(tmp_path).corrections) == 1
    path.write_text("corrections: []")
    os.utime(path, ns=(0, 0))
    assert _declared(tmp_path).corrections == ()


def test_of_the_corrections_those_of_the_table_alone_are_applied():
    """Annex 4: tables A and C both have a first row; the register corrects each on its own."""
    register = Archive.open().register
    for tableau in ("annexe4-table-a", "annexe4-table-c"):
        own = register.corrections_of("instruction-2025-60", tableau)
        assert own
        assert {(one.source, one.tableau) for one in own} == {("instruction-2025-60", tableau)}
    assert register.corrections_of("circulaire-2020-34", "annexe4-table-a") == ()


def test_a_text_that_the_row_does_not_print_in_its_order_stands_in_its_own_column():
    raw = RawTable("essai", "table", pd.DataFrame([["1", "2", "3"]], index=[5], columns=list("abc")))
    read = raw.with_cells(pd.DataFrame([["2", "1", "3"]], index=[5], columns=list("abc")))
    assert raw.where_printed(read, list("abc")) == {(5, "a"): "a", (5, "b"): "b", (5, "c"): "c"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("3", "expected keys and values, found 3"),
        ("[]", "expected keys and values"),
        ("corrections: 3", "expected a list, found 3"),
        ("corrections: [3]", "expected keys and values, found 3"),
        ("corrections: [{source: [1]}]", "expected a text|is missing"),
        ("ecarts_declares: {a: 1}", "expected a list"),
        (
            "ecarts_declares: [{source: a, tableau: t, ligne: un, colonne: c, imprime: 1, somme: 2, raison: x}]",
            r"expected a whole number, found 'un' \(at corrections\.yml, declared gap 1, ligne\)",
        ),
    ],
)
def test_a_register_that_is_none_is_one_sentence(tmp_path, content, told):
    (tmp_path / "corrections.yml").write_text(content, encoding="utf-8")
    with pytest.raises(CorrectionError, match=told):
        _declared(tmp_path)


def test_of_the_columns_that_print_a_text_the_nearest_that_lets_the_others_follow_is_the_one():
    raw = RawTable("essai", "table", pd.DataFrame([["1", "1", "2", "9"]], index=[5], columns=list("abcd")))
    read = raw.with_cells(pd.DataFrame([["", "1", "2", ""]], index=[5], columns=list("abcd")))
    assert raw.where_printed(read, list("abcd")) == {(5, "b"): "b", (5, "c"): "c"}
    moved = raw.with_cells(pd.DataFrame([["", "", "1", "2"]], index=[5], columns=list("abcd")))
    assert raw.where_printed(moved, list("abcd")) == {(5, "c"): "b", (5, "d"): "c"}


def test_a_text_read_before_the_columns_that_are_read_is_not_looked_for_there():
    raw = RawTable("essai", "table", pd.DataFrame([["7", "7", "x"]], index=[1], columns=["code", "a", "b"]))
    read = raw.with_cells(pd.DataFrame([["7", "x", "7"]], index=[1], columns=["code", "a", "b"]))
    assert raw.where_printed(read, ["a", "b"]) == {(1, "a"): "a", (1, "b"): "b"}


def test_what_is_made_of_an_archive_is_made_once():
    archive, made = Archive.open(), []

    def build(given):
        made.append(given)
        return pd.DataFrame({"a": [1]})

    assert archive.built(build) is archive.built(build)
    assert made == [archive]


def test_a_study_without_corrections_is_read_as_it_is_printed(tmp_path):
    """`sources.yml` alone makes a study; a register is needed only where something is read otherwise."""
    (tmp_path / "raw" / "a").mkdir(parents=True)
    (tmp_path / "raw" / "a" / "t.csv").write_text("ligne,c\n1,x\n2,y\n", encoding="utf-8")
    digest = sha256(tmp_path / "raw" / "a" / "t.csv")
    raw = f"{{tableau: t, chemin: a/t.csv, sha256: {digest}, section: s, titre: t, colonnes: {{c: C}}}}"
    (tmp_path / "sources.yml").write_text(
        f"sources: [{{id: a, titre: t, editeur: e, date: 2026, licence: l, nature: document, fichiers: [{raw}]}}]",
        encoding="utf-8",
    )
    assert Archive.open(tmp_path).as_read("a", "t").cells["c"].to_dict() == {1: "x", 2: "y"}
    entry = "{source: a, tableau: t, ligne: 2, colonne: c, imprime: y, corrige: z, raison: essai}"
    (tmp_path / "corrections.yml").write_text(f"corrections: [{entry}]", encoding="utf-8")
    assert Archive.open(tmp_path).as_read("a", "t").cells["c"].to_dict() == {1: "x", 2: "z"}
    assert Archive.open(tmp_path).raw("a", "t").cells["c"].to_dict() == {1: "x", 2: "y"}
    (tmp_path / "corrections.yml").write_text(f"corrections: [{entry.replace('tableau: t', 'tableau: u')}]")
    with pytest.raises(CorrectionError, match="there is no such table") as refused:
        Archive.open(tmp_path).register  # noqa: B018
    assert refused.value.cell == "a u L2 c"
    (tmp_path / "raw" / "a" / "t.csv").write_text("ligne,c\n1,x\n1,y\n", encoding="utf-8")
    other = sha256(tmp_path / "raw" / "a" / "t.csv")
    with pytest.raises(SourceError, match=f"its SHA-256 begins {other[:12]}, the catalogue says {digest[:12]}"):
        Archive.open(tmp_path).raw("a", "t")
    listed = tmp_path / "sources.yml"
    listed.write_text(listed.read_text(encoding="utf-8").replace(digest, other), encoding="utf-8")
    with pytest.raises(SourceError, match="a printed row is numbered twice") as refused:
        Archive.open(tmp_path).raw("a", "t")
    assert refused.value.cell == "raw/a/t.csv"


def test_a_declared_gap_is_that_of_its_table_and_of_its_source():
    register = Archive.open().register
    assert register.gaps_of("circulaire-2020-34", RAW[1]) == register.gaps_of(RAW[0], "autre") == ()


@pytest.mark.parametrize("name", ["allocations", "criteres", "prevalence"])
def test_the_columns_of_a_clean_table_are_those_of_its_file_in_their_order(name):
    header = (data_dir() / "clean" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert Archive.open().columns(name) == header.split(",")
    with pytest.raises(TableError, match="the table 'autre' has no schema") as refused:
        Archive.open().columns("autre")
    assert refused.value.cell == "schemas.yml"


def test_a_register_that_is_empty_declares_nothing(tmp_path):
    (tmp_path / "corrections.yml").write_text("# rien\n", encoding="utf-8")
    assert _declared(tmp_path).corrections == _declared(tmp_path).ecarts_declares == ()
    (tmp_path / "corrections.yml").write_text("3\n", encoding="utf-8")
    with pytest.raises(CorrectionError) as refused:
        _declared(tmp_path)
    assert refused.value.cell == "corrections.yml"

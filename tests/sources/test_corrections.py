"""The register is strict: a correction that matches nothing is an error."""

import dataclasses

import pandas as pd
import pytest

from cdppe_analysis.errors import CorrectionError
from cdppe_analysis.sources import Correction, RawTable, apply_corrections, load_register, read_raw, where_printed

RAW = ("annexe7-ondam-2020", "b-enveloppes")
ENTRY = Correction(*RAW, ligne=22, colonne="departement", imprime="Creuse", corrige="La Creuse", raison="essai")


def test_a_correction_changes_its_cell_and_no_other():
    raw = read_raw(*RAW)
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
        apply_corrections(read_raw(*RAW), [dataclasses.replace(ENTRY, **change)])


def test_a_cell_corrected_twice_is_refused():
    with pytest.raises(CorrectionError, match="a cell is corrected twice"):
        apply_corrections(read_raw(*RAW), [ENTRY, ENTRY])


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
        load_register(tmp_path)


def test_every_entry_of_the_register_names_a_table_of_the_catalogue():
    register = load_register()
    for entry in (*register.corrections, *register.ecarts_declares):
        assert entry.ligne in read_raw(entry.source, entry.tableau).cells.index


def test_a_moved_text_is_found_where_it_is_printed():
    """Calvados, table A: what is read one column further on; of the repeated 65, the nearest one."""
    raw = RawTable("essai", "table", pd.DataFrame([["3", "13", "10", "65", "65"]], index=[14], columns=list("abcde")))
    read = raw.with_cells(pd.DataFrame([["", "3", "13", "65", "65"]], index=[14], columns=list("abcde")))
    assert where_printed(raw, read, list("abcde")) == {(14, "b"): "a", (14, "c"): "b", (14, "d"): "d", (14, "e"): "e"}
    assert where_printed(raw, raw, list("abcde")) == {}

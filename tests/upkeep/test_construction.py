"""The clean tables are what the raw cells give."""

import pytest

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.upkeep import construction


def test_every_committed_table_is_rebuilt_to_the_byte(tmp_path):
    rows = construction.write_tables(Archive.open(), tmp_path)
    assert rows["allocations"] == 30
    assert rows["territoires"] == 101
    for name in rows:
        committed = (data_dir() / "clean" / f"{name}.csv").read_bytes()
        assert (tmp_path / f"{name}.csv").read_bytes() == committed, name


def test_nothing_is_written_when_a_table_cannot_be_built(tmp_path, monkeypatch):
    def refuse(folder):
        raise CdppeError("no")

    monkeypatch.setattr(construction, "TABLES", {"territoires": construction.TABLES["territoires"], "x": refuse})
    with pytest.raises(CdppeError, match="no"):
        construction.write_tables(Archive.open(), tmp_path / "clean")
    assert not (tmp_path / "clean").exists()


def test_the_deduced_index_has_an_edition_for_each_variant_of_the_other_criterion():
    index = load_table("criteres").query("critere == 'igb'")
    assert set(index["edition"]) == {"deduit-ase-tous-ages", "deduit-ase-hors-jeunes-majeurs-2020"}
    assert set(index["statut"]) == {"derive"}
    assert index.groupby("edition")["valeur"].sum().tolist() == pytest.approx([1, 1])


def test_no_value_of_a_criterion_is_missing_and_a_figure_is_named_once():
    criteria = load_table("criteres")
    assert not criteria.isna().any(axis=None)
    assert set(criteria["statut"]) == {"publie", "derive", "estime"}
    assert not criteria.duplicated(["critere", "millesime", "edition", "code_departement"]).any()

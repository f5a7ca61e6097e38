"""The clean tables are what the raw cells give."""

import pytest

from cdppe_analysis.cli import main
from cdppe_analysis.data import Data, load_table
from cdppe_analysis.errors import CdppeError, TableError
from cdppe_analysis.sources import Archive, load_sources
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.territories import DEPARTEMENTS
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


def test_clean_reads_each_amount_again_in_its_raw_cell(study, capsys):
    amounts = study / "clean" / "allocations.csv"
    before = amounts.read_bytes()
    amounts.write_bytes(before.replace(b",50,", b",51,"))
    assert main(["clean", "--data", str(study)]) == 0
    assert capsys.readouterr().out == "allocations.csv: 3 rows\n"
    assert amounts.read_bytes() == before


CORRECTION = """corrections:
- {source: annexe, tableau: tableau, ligne: 2, colonne: dotation_eur, imprime: '50', corrige: '60', raison: essai}
"""


def test_what_clean_reads_with_a_correction_passes_the_check_and_what_is_printed_no_longer_does(study, capsys):
    (study / "corrections.yml").write_text(CORRECTION, encoding="utf-8")
    assert main(["check", "--data", str(study)]) == 1
    assert "FAIL clean/allocations.csv: the amount 50 is not that of its cell (code S2" in capsys.readouterr().out
    assert main(["clean", "--data", str(study)]) == 0
    assert Data.open(study).table("allocations")["montant_eur"].tolist() == [40, 60, 90]
    assert main(["check", "--data", str(study)]) == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("imprime: '50'", "imprime: '55'", "matches nothing: the cell prints '50', not '55'"),
        ("ligne: 2", "ligne: 9", "matches nothing: there is no such cell"),
        ("tableau: tableau", "tableau: autre", "matches nothing: there is no such table"),
        ("raison: essai", "raison: ''", "the entry gives no reason"),
    ],
)
def test_a_correction_that_matches_nothing_fails_the_check_and_is_not_cleaned(study, old, new, told, capsys):
    (study / "corrections.yml").write_text(CORRECTION.replace(old, new), encoding="utf-8")
    assert main(["check", "--data", str(study)]) == 1
    assert told in capsys.readouterr().out
    before = (study / "clean" / "allocations.csv").read_bytes()
    assert main(["clean", "--data", str(study)]) == 2
    [sentence] = capsys.readouterr().err.splitlines()
    assert told in sentence
    assert (study / "clean" / "allocations.csv").read_bytes() == before


def test_a_place_that_is_no_cell_is_refused_and_nothing_is_written(study, capsys):
    amounts = study / "clean" / "allocations.csv"
    amounts.write_text(
        amounts.read_text(encoding="utf-8").replace("L2 dotation_eur", "L9 dotation_eur"), encoding="utf-8"
    )
    before = amounts.read_bytes()
    assert main(["clean", "--data", str(study)]) == 2
    assert "L9 dotation_eur is no cell that holds a number (code S2" in capsys.readouterr().err
    assert amounts.read_bytes() == before


def test_a_study_made_by_hand_has_nothing_to_clean(tmp_path, write_study):
    data = Data.open(write_study(tmp_path / "main", "code,nom\nS1,Alpha\n", "code,places\nS1,1\n"))
    with pytest.raises(TableError, match=r"no raw table to clean: its figures are those of criteres\.csv"):
        construction.clean_amounts(data)


def test_the_units_are_the_101_départements_and_four_that_stand_for_some():
    units = construction.TABLES["unites"](Archive.open()).set_index("code_departement")["composantes"]
    assert len(units) == 105
    assert units[["20", "69D", "69M", "6AE"]].to_dict() == {"20": "2A 2B", "69D": "69", "69M": "69", "6AE": "67 68"}


def test_every_source_of_the_catalogue_has_its_row():
    assert construction.TABLES["sources"](Archive.open())["source"].tolist() == list(load_sources())


def test_a_document_has_the_fingerprint_of_the_text_that_was_read():
    sources = construction.TABLES["sources"](Archive.open()).set_index("source")
    documents = sources[sources["nature"].eq("document")]
    assert documents["empreinte"].str.len().eq(64).all()
    assert len(documents) == 5


def test_an_unknown_date_is_empty():
    assert "n. d." not in set(construction.TABLES["sources"](Archive.open())["date"])


def test_the_101_departements_are_there_in_order():
    table = construction.TABLES["territoires"](Archive.open())
    assert table["code_departement"].tolist() == list(DEPARTEMENTS)
    assert table["code_region"].nunique() == 18

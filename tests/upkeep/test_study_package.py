"""The data package of a study, and its clean amounts read again in its raw cells."""

import json
from hashlib import sha256

import geopandas
import polars
import pytest
import shapely

from cdppe_analysis.cli import main
from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.upkeep.study_package import clean_amounts, write_study_package


def test_units_amounts_criteria_and_what_the_rule_gives_are_written_with_their_types(study, tmp_path):
    sizes = write_study_package(Data.open(study), tmp_path / "paquet")
    names = ["territoires", "allocations", "criteres", "montants-etude-2026"]
    assert sorted(sizes) == sorted(
        ["datapackage.json", *(f"{kind}/{name}.{kind}" for kind in ("csv", "parquet") for name in names)]
    )
    given = polars.read_parquet(tmp_path / "paquet" / "parquet" / "montants-etude-2026.parquet")
    assert given.select("code_departement", "montant_eur").rows() == [("S1", 40), ("S2", 50), ("S3", 90)]
    package = json.loads((tmp_path / "paquet" / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (tmp_path / "paquet" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    fields = {
        one["name"]: {field["name"]: field["type"] for field in one["schema"]["fields"]} for one in package["resources"]
    }
    assert fields["criteres"]["valeur"] == "number"
    assert fields["allocations"]["montant_eur"] == "integer"
    assert fields["territoires"] == dict.fromkeys(["code", "nom", "appartient_a", "nom_appartient_a"], "string")


def test_the_contours_of_the_study_carry_the_amounts(study, tmp_path):
    shapes = [shapely.box(2 + rank, 46, 3 + rank, 47) for rank in range(3)]
    geopandas.GeoDataFrame({"code": ["S3", "S2", "S1"]}, geometry=shapes, crs=4326).to_file(study / "contours.geojson")
    write_study_package(Data.open(study), tmp_path)
    layer = geopandas.read_file(tmp_path / "contours.gpkg").set_index("code_departement")
    assert layer["montant_eur"].to_dict() == {"S1": 40, "S2": 50, "S3": 90}
    assert layer.geometry["S1"].bounds == (4, 46, 5, 47)


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
        clean_amounts(data)


def test_the_simulator_says_how_to_try_another_rule_of_a_study(study, capsys):
    assert main(["simulator", "--data", str(study)]) == 2
    assert "run cdppe simulate with --data" in capsys.readouterr().err

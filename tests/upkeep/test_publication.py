"""The data package: what is in it, that others can read it, that its descriptions are valid, the same bytes twice."""

import hashlib
import json
import shutil
import sqlite3
import time
from pathlib import Path

import geopandas
import pandas as pd
import polars
import pyshacl
import pytest
import rdflib
import shapely

from cdppe_analysis.data import Data
from cdppe_analysis.errors import TableError
from cdppe_analysis.figures import load_contours
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.upkeep import publication
from cdppe_analysis.upkeep.publication import LAYERS, _map_columns, write_publication

SHAPES = Path(__file__).parent.parent / "data" / "dcat-ap-3.0.0-shacl.jsonld"
RDFLIB_WARNS = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # of itself, when it reads JSON-LD
CLEAN = sorted(path.stem for path in (data_dir() / "clean").glob("*.csv"))


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("publication") / "donnees"
    write_publication(folder, Data.open())
    return folder


@pytest.fixture(scope="module")
def described(package):
    return json.loads((package / "catalogue.jsonld").read_text(encoding="utf-8"))


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def conforms(content):
    data = rdflib.Graph().parse(data=json.dumps(content), format="json-ld", publicID="https://exemple.fr/catalogue")
    found, _, said = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES, format="json-ld"))
    return found, said


def test_every_clean_table_is_there_as_csv_and_parquet(package):
    assert set(hashes(package)) == {
        *(f"{kind}/{name}.{kind}" for kind in ("csv", "parquet") for name in CLEAN),
        *("cdppe.gpkg", "datapackage.json", "catalogue.jsonld", "LISEZMOI.md"),
    }


def test_the_package_is_under_five_million_bytes(package):
    assert sum(path.stat().st_size for path in package.rglob("*") if path.is_file()) < 5_000_000


@pytest.mark.slow
def test_two_builds_at_two_moments_give_the_same_bytes(package, tmp_path):
    time.sleep(1.1)
    write_publication(tmp_path / "again", Data.open())
    assert hashes(tmp_path / "again") == hashes(package)


def test_the_csv_are_the_clean_tables_to_the_byte(package):
    for name in CLEAN:
        clean = data_dir() / "clean" / f"{name}.csv"
        assert (package / "csv" / f"{name}.csv").read_bytes() == clean.read_bytes()


@pytest.mark.parametrize("name", CLEAN)
def test_a_parquet_holds_the_cells_of_its_csv_with_their_types(package, name):
    found = polars.read_parquet(package / "parquet" / f"{name}.parquet").to_dicts()
    printed = pd.read_csv(package / "csv" / f"{name}.csv", dtype=str, keep_default_na=False).to_dict("records")
    assert len(found) == len(printed)
    for cells, texts in zip(found, printed, strict=True):
        for column, cell in cells.items():
            expected = texts[column]
            if cell is None:
                assert expected == ""
            else:
                assert cell == (float(expected) if isinstance(cell, int | float) else expected)


def test_codes_are_text_and_amounts_are_integers_in_parquet(package):
    amounts = polars.read_parquet(package / "parquet" / "allocations.parquet")
    assert (amounts["code_departement"].dtype, amounts["montant_eur"].dtype) == (polars.String, polars.Int64)
    assert amounts["montant_eur"].sum() == 15_000_001


def test_the_geopackage_has_both_maps_with_contours_and_values(package):
    layers = {name: geopandas.read_file(package / "cdppe.gpkg", layer=name) for name in LAYERS}
    assert {name: len(layer) for name, layer in layers.items()} == {"departements": 101, "corse_entiere": 100}
    by_code = layers["departements"].set_index("code_departement")
    assert by_code.at["75", "geometry"].equals(load_contours().unit("75"))
    assert by_code.at["59", "population_2022"] == 2606873
    whole = layers["corse_entiere"].set_index("code_departement")
    assert whole["montant_ondam_ms_2020"].sum() == 15_000_001
    assert whole.at["20", "montant_ondam_ms_2020"] == 112192
    assert whole["montant_ondam_ms_2020"].isna().sum() == 70
    assert whole.at["59", "ase_education_speciale_2020"] == 333


def test_the_geopackage_carries_no_time_of_the_day(package):
    with sqlite3.connect(package / "cdppe.gpkg") as file:
        stamps = {row[0] for row in file.execute("select last_change from gpkg_contents")}
    file.close()
    assert stamps == {"2020-01-01T00:00:00.000Z"}


def test_a_map_takes_the_last_edition_of_the_last_year_and_no_estimate():
    rows = [
        ("ase", 2021, "a", "2A", 1.0, "publie"),
        ("ase", 2022, "a", "2A", 2.0, "publie"),
        ("ase", 2022, "b", "2A", 3.0, "publie"),
        ("ase", 2022, "b", "2B", 4.0, "publie"),
        ("ase", 2023, "b", "2A", 9.0, "estime"),
        ("pch", 2022, "b", "20", 5.0, "derive"),
    ]
    names = ["critere", "millesime", "edition", "code_departement", "valeur", "statut"]
    nothing = {
        name: pd.DataFrame(columns=columns)
        for name, columns in {
            "allocations": ["dispositif", "millesime", "code_departement", "montant_eur", "source"],
            "indicateurs": ["indicateur", "annee", "code_departement", "valeur", "unite", "statut", "source"],
            "series": ["serie", "edition", "annee", "code_departement", "valeur", "unite"],
        }.items()
    }
    tables = {**nothing, "criteres": pd.DataFrame(rows, columns=names).assign(unite="enfants")}
    apart, said = _map_columns(tables, whole_corse=False)
    assert apart.to_dict("list") == {"code_departement": ["2A", "2B"], "ase_2022": [3.0, 4.0]}
    assert said.to_numpy().tolist() == [["ase_2022", "b", "enfants"]]
    whole, _ = _map_columns(tables, whole_corse=True)
    assert whole.to_dict("list") == {"code_departement": ["20"], "pch_2022": [5.0]}


@pytest.mark.slow
def test_frictionless_finds_nothing_to_say(package, frictionless_says):
    assert frictionless_says(package) == []


@pytest.mark.slow
def test_frictionless_sees_a_byte_changed_in_any_file(package, tmp_path, frictionless_says):
    copy = shutil.copytree(package, tmp_path / "copy")
    for file in ("csv/sejours.csv", "parquet/sejours.parquet", "cdppe.gpkg"):
        (copy / file).write_bytes((copy / file).read_bytes() + b"\n")
    assert {said.split(":")[0] for said in frictionless_says(copy)} == {"sejours", "sejours-parquet", "cdppe-gpkg"}


@RDFLIB_WARNS
def test_the_catalogue_is_valid_dcat_ap(described):
    found, said = conforms(described)
    assert found, said


@RDFLIB_WARNS
@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (lambda c: c["dcat:dataset"].pop("dct:title"), "title"),
        (lambda c: c.pop("dct:publisher"), "publisher"),
        (lambda c: c["dcat:dataset"]["dcat:distribution"][0].pop("dcat:accessURL"), "accessURL"),
        (lambda c: c["dcat:dataset"]["dcat:distribution"][0].update({"dcat:byteSize": "gros"}), "byteSize"),
    ],
)
def test_a_catalogue_without_what_dcat_ap_wants_is_invalid(described, spoil, path):
    content = json.loads(json.dumps(described))
    spoil(content)
    found, said = conforms(content)
    assert not found
    assert path in said


def test_every_file_of_data_is_a_distribution_with_its_size_and_hash(package, described):
    own = hashes(package)
    found = {
        one["dcat:accessURL"]["@id"]: (one["spdx:checksum"]["spdx:checksumValue"]["@value"], one["dcat:byteSize"])
        for one in described["dcat:dataset"]["dcat:distribution"]
    }
    assert set(found) == set(own) - {"datapackage.json", "catalogue.jsonld", "LISEZMOI.md"}
    for name, (digest, size) in found.items():
        assert (digest, int(size["@value"])) == (own[name], (package / name).stat().st_size)


def test_the_readme_names_every_table_column_source_and_the_contours(package):
    text = (package / "LISEZMOI.md").read_text(encoding="utf-8")
    description = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for table in description["resources"]:
        for field in table.get("schema", {"fields": []})["fields"]:
            assert f"| `{field['name']}` |" in text, field["name"]
    for layer in LAYERS:
        for column in geopandas.read_file(package / "cdppe.gpkg", layer=layer).columns[4:-1]:
            assert f"| `{column}` |" in text, column
    assert "IGN Admin Express" in text
    assert "'" not in text.replace("'parquet/allocations.parquet'", "")


def test_nothing_is_written_when_a_table_is_not_what_its_schema_says(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(data_dir() / "clean", folder / "clean")
    for name in ("schemas.yml", "sources.yml"):
        shutil.copy(data_dir() / name, folder / name)
    path = folder / "clean" / "sejours.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("duree_jours", "duree"), encoding="utf-8")
    with pytest.raises(TableError, match="its schema says"):
        write_publication(tmp_path / "donnees", Data.open(folder))
    assert not (tmp_path / "donnees").exists()


def test_without_polars_the_extra_to_install_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "find_spec", lambda _: None)
    with pytest.raises(TableError, match="install the extra 'donnees'"):
        write_publication(tmp_path / "donnees", Data.open())
    assert not (tmp_path / "donnees").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TableError, match="cannot write the data package"):
        write_publication(tmp_path / "file", Data.open())


def test_small_counts_of_a_marked_table_are_in_none_of_the_files(tmp_path, frictionless_says):
    folder = tmp_path / "data"
    shutil.copytree(data_dir() / "clean", folder / "clean")
    for name in ("schemas.yml", "sources.yml"):
        shutil.copy(data_dir() / name, folder / name)
    (folder / "clean" / "enfants.csv").write_text("code_departement,effectif\n19,2\n23,30\n87,40\n", encoding="utf-8")
    marked = """  enfants:
    titre: Enfants
    description: Essai
    cle: [code_departement]
    secret_statistique: {effectifs: [effectif]}
    champs: {code_departement: null, effectif: {type: integer, description: Enfants}}
"""
    with (folder / "schemas.yml").open("a", encoding="utf-8") as schemas:
        schemas.write(marked)
    write_publication(tmp_path / "donnees", Data.open(folder))
    written = tmp_path / "donnees" / "csv" / "enfants.csv"
    assert written.read_text(encoding="utf-8") == "code_departement,effectif\n19,\n23,\n87,40\n"
    read = polars.read_parquet(tmp_path / "donnees" / "parquet" / "enfants.parquet")
    assert read["effectif"].to_list() == [None, None, 40]
    assert frictionless_says(tmp_path / "donnees") == []


def test_units_amounts_criteria_and_what_the_rule_gives_are_written_with_their_types(study, tmp_path):
    sizes = write_publication(tmp_path / "paquet", Data.open(study))
    names = ["territoires", "allocations", "criteres", "montants-etude-2026"]
    assert sorted(sizes) == sorted(
        ["datapackage.json", *(f"{kind}/{name}.{kind}" for kind in ("csv", "parquet") for name in names)]
    )
    given = polars.read_parquet(tmp_path / "paquet" / "parquet" / "montants-etude-2026.parquet")
    assert given.select("code_departement", "montant_eur").rows() == [("S1", 40), ("S2", 50), ("S3", 90)]
    package = json.loads((tmp_path / "paquet" / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["name"], package["profile"]) == (study.name, "data-package")
    assert [one["title"].endswith("Dotation des services, 2026") for one in package["sources"]] == [True]
    for resource in package["resources"]:
        assert resource["type"] == "table"
        content = (tmp_path / "paquet" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    fields = {
        one["name"]: {field["name"]: field["type"] for field in one["schema"]["fields"]} for one in package["resources"]
    }
    assert fields["criteres"]["valeur"] == "number"
    assert fields["allocations"]["montant_eur"] == "integer"
    assert fields["territoires"] == dict.fromkeys(["code", "nom", "appartient_a", "nom_appartient_a"], "string")
    rule = study / "rules" / "etude-2026.yml"
    rule.write_text(rule.read_text(encoding="utf-8").replace('poids: "1"', "poids: à compléter"), encoding="utf-8")
    blank = write_publication(tmp_path / "vide", Data.open(study))
    assert sorted(set(sizes) - set(blank)) == ["csv/montants-etude-2026.csv", "parquet/montants-etude-2026.parquet"]


def test_the_contours_of_the_study_carry_the_amounts(study, tmp_path):
    shapes = [shapely.box(2 + rank, 46, 3 + rank, 47) for rank in range(3)]
    geopandas.GeoDataFrame({"code": ["S3", "S2", "S1"]}, geometry=shapes, crs=4326).to_file(study / "contours.geojson")
    write_publication(tmp_path, Data.open(study))
    layer = geopandas.read_file(tmp_path / "contours.gpkg").set_index("code_departement")
    assert layer["montant_eur"].to_dict() == {"S1": 40, "S2": 50, "S3": 90}
    assert layer.geometry["S1"].bounds == (4, 46, 5, 47)


@pytest.mark.parametrize("breaks", ["_write_parquet", "write_text", "export_contours"])
def test_the_package_of_a_study_that_breaks_midway_leaves_what_was_there(study, tmp_path, monkeypatch, breaks):
    shapes = [shapely.box(2 + rank, 46, 3 + rank, 47) for rank in range(3)]
    geopandas.GeoDataFrame({"code": ["S3", "S2", "S1"]}, geometry=shapes, crs=4326).to_file(study / "contours.geojson")
    write_publication(tmp_path / "paquet", Data.open(study))
    before = hashes(tmp_path / "paquet")
    amounts = study / "clean" / "allocations.csv"
    amounts.write_text(amounts.read_text(encoding="utf-8").replace("Alpha", "Autre"), encoding="utf-8")
    real, calls = getattr(publication, breaks), []

    def broken(*given):
        calls.append(given)
        if breaks == "_write_parquet" and len(calls) < 3:
            return real(*given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publication, breaks, broken)
    with pytest.raises(TableError, match="cannot write the data package: No space left on device"):
        write_publication(tmp_path / "paquet", Data.open(study))
    assert hashes(tmp_path / "paquet") == before
    assert not [path for path in (tmp_path / "paquet").iterdir() if path.name.startswith(".donnees-")]


def test_a_file_of_a_package_is_described_by_its_place_and_its_bytes(tmp_path):
    (tmp_path / "parquet").mkdir()
    (tmp_path / "parquet" / "a.parquet").write_bytes(b"abc")
    assert publication._file_resource(tmp_path / "parquet" / "a.parquet", tmp_path) == {
        "name": "a-parquet", "type": "file", "path": "parquet/a.parquet", "scheme": "file", "format": "parquet",
        "mediatype": "application/vnd.apache.parquet", "bytes": 3,
        "hash": "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }  # fmt: skip


@pytest.mark.parametrize("whole", [False, True])
def test_a_series_that_gives_corse_as_one_is_in_one_map_and_its_parts_in_the_other(whole):
    empty = {name: pd.DataFrame(columns=columns) for name, columns in {
        "allocations": ["dispositif", "millesime", "montant_eur", "source", "code_departement"],
        "indicateurs": ["indicateur", "annee", "source", "code_departement", "valeur", "unite", "statut"],
        "series": ["serie", "annee", "edition", "code_departement", "valeur", "unite"],
    }.items()}  # fmt: skip
    empty["allocations"]["dispositif"] = empty["allocations"]["dispositif"].astype(str)
    rows = [("a", 2019, "e1", code, value, "u", "publie") for code, value in (("01", 1.0), ("2A", 5.0), ("2B", 6.0))]
    rows += [("b", 2019, "e1", code, value, "u", "publie") for code, value in (("01", 2.0), ("20", 7.0))]
    rows += [("b", 2018, "e2", "01", 9.0, "u", "publie"), ("b", 2020, "e1", "01", 9.0, "u", "estime")]
    columns = ["critere", "millesime", "edition", "code_departement", "valeur", "unite", "statut"]
    table, said = publication._map_columns(
        {**empty, "criteres": pd.DataFrame(rows, columns=columns)}, whole_corse=whole
    )
    assert said["colonne"].tolist() == (["b_2019"] if whole else ["a_2019"])
    assert table.set_index("code_departement").iloc[:, 0].to_dict() == (
        {"01": 2.0, "20": 7.0} if whole else {"01": 1.0, "2A": 5.0, "2B": 6.0}
    )

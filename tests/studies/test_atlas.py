"""The kept atlas is that of the inputs, and is found again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import ScenarioError, TableError
from cdppe_analysis.studies import atlas
from cdppe_analysis.studies.atlas import FILE, Store, _keep
from cdppe_analysis.studies.identification import identify
from cdppe_analysis.studies.preparation import prepare


@pytest.fixture(scope="module")
def data():
    return Data.open()


def prepared(data, name):
    return prepare(data.scenario(name), data)


@pytest.fixture
def copied(tmp_path, data):
    return shutil.copytree(data.folder, tmp_path / "data", ignore=shutil.ignore_patterns("raw", "etudes"))


def test_every_scenario_has_its_place_and_none_is_of_other_inputs(data):
    store = Store.read(data)
    assert list(store.kept) == data.scenario_ids()
    assert [name for name in store.kept if store.is_stale(prepared(data, name))] == []


@pytest.mark.parametrize("name", ["plancher-200k", "population-seule-totale"])
def test_what_is_kept_is_what_is_found(data, name):
    case = prepared(data, name)
    kept, found = Store.read(data).identification(case), identify(case)
    for column in ("bas", "haut", "bas_erreur", "haut_erreur"):
        np.testing.assert_allclose(kept.table[column], found.table[column], atol=0.006)
    for column in ("code_departement", "nature", "sens", "sens_erreur"):
        assert kept.table[column].tolist() == found.table[column].tolist()
    # Below what is kept the sign does hold: it is cut to a millionth.
    cut = (found.table["rupture"] - kept.table["rupture"])[kept.table["rupture"].notna()]
    assert cut.between(-1e-9, 1.001e-6).all()
    assert kept.table["rupture"].isna().equals(found.table["rupture"].isna())
    np.testing.assert_allclose(kept.overall[["bas", "haut"]], found.overall[["bas", "haut"]], atol=0.006)
    assert kept.perimeters == found.perimeters
    pd.testing.assert_frame_equal(kept.information, found.information, check_dtype=False)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("clean/criteres.csv", "ase_0_17,2017,tous-ages,59,11234", "ase_0_17,2017,tous-ages,59,11235"),
        ("clean/allocations.csv", ",1995607,", ",1995608,"),
        ("rules/ondam-ms-2020.yml", "valeur: 100000", "valeur: 100001"),
        ("scenarios/ase-seule.yml", 'cv: "0.02"', 'cv: "0.03"'),
        ("scenarios/ase-seule.yml", "differences:\n", "differences:\n  plancher: 100001\n"),
    ],
)
def test_another_input_makes_what_is_kept_stale_and_hides_it(copied, file, before, after):
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    changed = Data.open(copied)
    store, case = Store.read(changed), prepared(changed, "ase-seule")
    assert store.is_stale(case)
    assert store.identification(case) is None


def test_what_is_stale_alone_is_found_anew(copied, data):
    for file in (copied / "scenarios").glob("*.yml"):
        if file.stem != "plancher":
            file.unlink()
    path = copied / FILE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith('"plancher-200k"')), encoding="utf-8")
    assert _keep(Data.open(copied)) == ("plancher-200k",)
    assert Store.read(Data.open(copied)).kept["plancher-200k"] == Store.read(data).kept["plancher-200k"]


def test_an_error_is_kept_to_the_millionth_below_it_and_euros_to_the_cent(data):
    found = Store.read(data).identification(prepared(data, "ase-seule"))
    table = found.table.assign(rupture=0.1234567, tient=0.0299999, bas=1.234, haut_erreur=1.236)
    kept = atlas._written(replace(found, table=table))["table"]
    first = {name: kept[name][0] for name in ("rupture", "tient", "bas", "haut_erreur")}
    assert first == {"rupture": 0.123456, "tient": 0.029999, "bas": 1.23, "haut_erreur": 1.24}


def test_a_folder_without_the_file_keeps_nothing_and_a_broken_one_is_told(copied, data):
    (copied / FILE).write_text(json.dumps({"ase-seule": 1}), encoding="utf-8")
    with pytest.raises(TableError, match="no store of identifications"):
        Store.read(Data.open(copied))
    (copied / FILE).unlink()
    assert Store.read(Data.open(copied)).kept == {}
    assert Store({}).identification(prepared(data, "ase-seule")) is None


def test_the_creuse_gains_for_certain_by_a_higher_minimum_and_no_error_breaks_it(data):
    """Creuse was published at the minimum of 100 000 € (annexe7-ondam-2020, B): 200 000 € is twice as much."""
    creuse = Store.read(data).identification(prepared(data, "plancher-200k")).table.set_index("code_departement")
    assert creuse.at["23", "sens"] == "gain"
    assert np.isnan(creuse.at["23", "rupture"])
    assert creuse.at["23", "bas"] == creuse.at["23", "haut"] == 200_000


def test_a_scenario_that_cannot_be_identified_is_kept_with_its_reason(monkeypatch):
    def refuse(_):
        raise ScenarioError("no index is compatible")

    monkeypatch.setattr(atlas, "identify", refuse)
    data = Data.open()
    kept = atlas._found(data.folder, "plancher-200k")
    given = prepare(data.scenario("plancher-200k"), data)
    assert kept == {"empreinte": atlas._print_of(given), "refus": "no index is compatible"}
    store = Store({"plancher-200k": kept})
    assert store.identification(given) is None
    assert not store.lacks(given)
    assert Store({}).lacks(given)
    unpublished = replace(given, base=replace(given.base, id="ondam-ms-2021"))
    assert not Store({}).lacks(unpublished), "nothing is to be found of a baseline that was not published"

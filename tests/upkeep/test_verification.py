"""The checks of the data: each passes on the real data, and fails on what it watches."""

import shutil
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, SourceError, TableError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.upkeep import construction, verification
from cdppe_analysis.upkeep.verification import FIGURES, verify


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """Copy the data, break one thing of each kind, and return the failures by name."""
    data = tmp_path_factory.mktemp("broken") / "data"
    shutil.copytree(data_dir(), data)
    edited(data / "clean" / "allocations.csv", ",417876,", ",417877,")
    edited(data / "raw" / "handidonnees-aeeh-2018" / "aeeh_regions.csv", "11671", "11672")
    edited(data / "rules" / "ondam-ms-2020.yml", '"0.50"', '"0.49"')
    edited(data / "scenarios" / "mineurs.yml", "ondam-ms-2020", "p304-2020")
    edited(data / "scenarios" / "mineurs.yml", "criteres.ase_0_17.edition", "criteres.ase_0_18.edition")
    edited(data / "besoins" / "sessad-ase.yml", "places:", "place:")
    (data / "clean" / "territoires.csv").unlink()
    return failures(data)


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def failures(folder):
    return {check.name: check.message for check in verify(Data.open(folder)) if not check.ok}


@pytest.mark.slow  # README.md shows it in the fast ones
def test_every_check_passes_on_the_real_data():
    checks = list(verify(Data.open()))
    assert [check.name for check in checks if not check.ok] == []
    assert {f"clean/{name}.csv" for name in construction.TABLES} <= {check.name for check in checks}


def test_a_clean_table_that_was_edited_fails_with_its_line(broken):
    assert "not what the raw cells give: run cdppe clean (at line 2)" in broken["clean/allocations.csv"]


def test_a_raw_file_that_was_edited_fails_and_so_does_what_it_feeds(broken):
    assert "a raw file changed" in broken["raw/handidonnees-aeeh-2018/aeeh_regions.csv"]
    assert "a raw file changed" in broken["clean/criteres.csv"]


def test_a_table_that_is_missing_fails(broken):
    assert broken["clean/territoires.csv"] == "the table is not there: run cdppe clean"


def test_a_rule_whose_weights_do_not_sum_to_1_fails(broken):
    assert "sum" in broken["rules/ondam-ms-2020.yml"]


def test_a_scenario_with_an_unknown_path_fails_and_so_do_parameters_without_a_key(broken):
    assert "nearest is 'criteres.ase_0_17.edition'" in broken["scenarios/mineurs.yml"]
    assert "the key 'places' is missing" in broken["besoins/sessad-ase.yml"]


def test_a_catalogue_that_cannot_be_read_is_the_one_failure(tmp_path):
    (tmp_path / "sources.yml").write_text("sources: [", encoding="utf-8")
    assert list(failures(tmp_path)) == ["catalogue of sources and register of corrections"]


def test_a_table_that_leads_to_no_cell_is_a_check_that_failed(tmp_path):
    for name in ("sources.yml", "corrections.yml", "schemas.yml"):
        shutil.copy(data_dir() / name, tmp_path / name)
    build = construction.TABLES["sejours"]
    found = verification._attempted("sejours", lambda: verification._led_back(Archive.open(tmp_path), build))
    told = "a raw file of the catalogue is missing (at raw/rex-club-territoires/sejours.csv)"
    assert found == verification.CheckResult("sejours", False, told)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [*lines[:2], "x", *lines[3:]], 3),
        (lambda lines: lines[:-1], 106),
        (lambda lines: [*lines, "x"], 107),
    ],
)
def test_the_first_line_that_is_not_rebuilt_is_the_one_told(tmp_path, change, line):
    """`unites.csv` has a header and 105 units."""
    for name in ("sources.yml", "schemas.yml"):
        shutil.copy(data_dir() / name, tmp_path / name)
    (tmp_path / "clean").mkdir()
    lines = (data_dir() / "clean" / "unites.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 106
    archive, build = Archive.open(tmp_path), construction.TABLES["unites"]
    path = tmp_path / "clean" / "unites.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert verification._same(archive, "unites", build) == "105 rows, rebuilt the same"
    path.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    with pytest.raises(CdppeError, match="the file is not what the raw cells give: run cdppe clean") as refused:
        verification._same(archive, "unites", build)
    assert refused.value.cell == f"line {line}"


def test_a_text_is_a_number_or_none():
    assert [verification._number(text) for text in ("50", "50.5", "x", "")] == [50, Decimal("50.5"), None, None]


def test_without_the_texts_their_checks_say_that_they_were_not_done(monkeypatch):
    monkeypatch.delenv("CDPPE_DOCUMENTS", raising=False)
    checks = list(verification._documents(Archive.open(), []))
    assert all(check.ok for check in checks)
    assert {check.message for check in checks} == {"not held to the texts: CDPPE_DOCUMENTS does not say where they are"}


def failures_of(study):
    return {check.name: check.message for check in verify(Data.open(study)) if not check.ok}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",50,", ",51,", "the amount 51 is not that of its cell (code S2, at tableau L2 "),
        ("L2 dotation_eur", "L9 dotation_eur", "tableau L9 dotation_eur names no cell (code S2"),
        ("L2 dotation_eur", "L2 autre", "tableau L2 autre names no cell (code S2"),
        (",S2,", ",S1,", "given twice"),
    ],
)
def test_an_amount_of_a_study_that_is_not_in_its_cell_is_named(study, old, new, said):
    assert failures_of(study) == {}
    amounts = study / "clean" / "allocations.csv"
    edited(amounts, old, new)
    assert said in failures_of(study)["clean/allocations.csv"]
    if old == ",S2,":
        assert "3" in failures_of(study)["clean/allocations.csv"].split("given twice")[1]


def test_the_document_of_a_study_that_was_changed_is_named(study):
    [source] = Data.open(study).sources.values()
    path = study / "raw" / source.id / source.texte
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert failures_of(study) == {
        f"raw/{source.id}/{source.texte}": "the document is missing, or is not the one whose SHA-256 sources.yml gives"
    }
    path.unlink()
    assert len(failures_of(study)) == 1


def test_a_catalogue_of_a_study_that_cannot_be_read_is_named(study):
    (study / "sources.yml").write_text("sources: [", encoding="utf-8")
    assert "sources.yml" in failures_of(study)


def test_what_is_checked_of_a_study_says_how_much_was_seen(study):
    told = {check.name: check.message for check in verify(Data.open(study))}
    assert told["territoires.csv"] == "3 units"
    assert told["clean/allocations.csv"] == "3 amounts, each in its cell"
    assert "the document that was read" in told.values()
    [rule] = [name for name in told if name.startswith("rules/")]
    assert told[rule] == "3 beneficiaries share 180 euros"
    text = (study / rule).read_text(encoding="utf-8")
    head, _, criteria = text.partition("criteres:")
    [source] = Data.open(study).sources
    (study / rule).write_text(f"{head}criteres:{criteria.replace(source, 'circulaire')}", encoding="utf-8")
    told = {check.name: check.message for check in verify(Data.open(study))}
    assert told[rule] == "3 beneficiaries share 180 euros; not in sources.yml: circulaire"


def test_what_is_checked_of_the_installation_says_how_much_was_seen():
    opened = Data.open()
    folder = opened.folder
    assert verification._needed(opened, folder / "besoins" / "sessad-ase.yml") == "14 places a service"
    told = verification._compared(opened, folder / "scenarios" / "poids-ase.yml", {})
    assert told == "10 compared with ondam-ms-2020, 3 uncertain inputs"
    assert verification._computed(opened, "ondam-ms-2020") == "30 beneficiaries share 15000000 euros"
    table = ("annexe7-ondam-2020", "b-enveloppes")
    rows = len(opened.archive.corrected(*table).cells)
    assert verification._read(opened.archive, *table, 0) == f"{rows} rows"
    assert verification._read(opened.archive, *table, 2) == f"{rows} rows, 2 corrections"


def test_a_scenario_of_which_what_is_kept_is_of_other_inputs_is_named(monkeypatch):
    monkeypatch.setattr("cdppe_analysis.studies.atlas.Store.is_stale", lambda *_: True)
    opened = Data.open()
    told = "keeps what other inputs gave: python -m cdppe_analysis.studies.atlas finds this scenario anew"
    with pytest.raises(TableError, match=told) as refused:
        verification._compared(opened, opened.folder / "scenarios" / "mineurs.yml", {})
    assert refused.value.cell == "mineurs"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return Path(shutil.copytree(data_dir(), tmp_path_factory.mktemp("places") / "data"))


def held_to(documents, name, archive):
    return verification._check_places(name, archive, cache(partial(verification._printed_texts, archive, documents)))


def test_every_table_of_the_documents_is_held():
    """All tables with places, but for those of the series."""
    tables = (data_dir() / "clean").glob("*.csv")
    with_places = {path.stem for path in tables if "emplacement" in pd.read_csv(path, nrows=0)}
    assert with_places - set(FIGURES) == {"criteres"}


@pytest.mark.parametrize("name", FIGURES)
def test_every_place_holds_its_figure(name, official):
    assert held_to(official, name, Archive.open()).split()[1] == "rows,"


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("allocations", "L14 dotation_departement", "L15 dotation_departement", "do not print the '417876'"),
        (
            "dispositifs",
            "dispositifs-rex L3 places",
            "dispositifs-rex L3 ouverture",
            "do not print the '10' of .* 'places'",
        ),
        ("reperes", "reperes-rex L3 imprime", "reperes-rex L300 imprime", "'reperes-rex L300 imprime' names no cell"),
        ("reperes", "reperes-rex L3 imprime", "reperes-rex L300", "'reperes-rex L300' names no cell"),
        ("reperes", "reperes-rex L3 imprime", "reperes-rex L3 numero", "'reperes-rex L3 numero' names no cell"),
        ("pmi", "annexe4-table-a L14 c13", "annexe4-table-a L14 c14", "do not print the '13'"),
        ("echeances", "2020-10-15,15", "2020-10-16,15", "do not print the '16' of its column 'date'"),
        ("sejours", "304,10", "304,11", "do not print the '11' of its column 'mois_imprimes'"),
    ],
)
def test_a_place_that_does_not_hold_its_figure_is_named(name, before, after, said, official, data):
    path = data / "clean" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    line = text[: text.index(before)].count("\n") + 1
    with pytest.raises(SourceError, match=rf"{said}.*clean/{name}\.csv, line {line}\)"):
        held_to(official, name, Archive.open(data))
    path.write_text(text, encoding="utf-8")


def row(emplacement, source="rex-club-territoires"):
    return pd.DataFrame({"source": [source], "emplacement": [emplacement]})


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_leads_to_its_printed_cells(name):
    archive = Archive.open()
    build = construction.TABLES[name]
    assert verification._led_back(archive, build).startswith(f"{len(archive.built(build))} rows lead to ")


def test_a_cell_that_is_there_is_found_once():
    table = pd.concat([row("sejours L1 jours; sejours L2"), row("sejours L2")])
    assert verification._led_back(Archive.open(), lambda _: table) == "2 rows lead to 2 cells"


@pytest.mark.parametrize("emplacement", ["sejours L9 jours", "sejours L1 annees"])
def test_a_cell_that_is_not_there_is_refused(emplacement):
    with pytest.raises(TableError, match=f"a row leads to no printed cell.*{emplacement}"):
        verification._led_back(Archive.open(), lambda _: row(emplacement))


def test_a_table_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(SourceError, match="has no table 'durees'"):
        verification._led_back(Archive.open(), lambda _: row("durees L1 jours"))


def test_each_cell_that_a_table_leads_to_is_counted_once():
    table = pd.DataFrame(
        {
            "source": "rex-club-territoires",
            "emplacement": ["sejours L1 jours", "sejours L1 jours; sejours L1 mois", "sejours L2", "sejours L2"],
        }
    )
    assert verification._led_back(Archive.open(), lambda _: table) == "4 rows lead to 3 cells"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("304 (10 mois)", {304, 10}),
        ("Jour J", {0}),
        ("0,5 M€", {Decimal("0.5"), 500_000}),
        ("1 995 607 €", {1, 995, 607, 1_995_607}),
        ("15 et 20 %", {15, 20}),
        ("onze", {11}),
        ("", set()),
    ],
)
def test_a_cell_holds_every_figure_that_it_can_be_read_to_hold(text, figures):
    assert verification._figures(text) == figures

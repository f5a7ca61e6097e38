"""The checks of the data: each passes on the real data, and fails on what it watches."""

import shutil
from decimal import Decimal

import pytest

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.upkeep import construction, verification
from cdppe_analysis.upkeep.verification import verify


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
    return {check.name: check.message for check in verify(folder) if not check.ok}


@pytest.mark.slow  # README.md shows it in the fast ones
def test_every_check_passes_on_the_real_data():
    checks = list(verify())
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
    assert "nearest known is 'criteres.ase_0_17.edition'" in broken["scenarios/mineurs.yml"]
    assert "the key 'places' is missing" in broken["besoins/sessad-ase.yml"]


def test_a_catalogue_that_cannot_be_read_is_the_one_failure(tmp_path):
    (tmp_path / "sources.yml").write_text("sources: [", encoding="utf-8")
    assert list(failures(tmp_path)) == ["catalogue of sources and register of corrections"]


def test_a_table_that_leads_to_no_cell_is_a_check_that_failed(tmp_path):
    for name in ("sources.yml", "corrections.yml", "schemas.yml"):
        shutil.copy(data_dir() / name, tmp_path / name)
    found = verification._attempted("sejours", lambda: verification._led_back(Archive.open(tmp_path), "sejours"))
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
    return {check.name: check.message for check in verify(study) if not check.ok}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",50,", ",51,", "the amount 51 is not that of its cell (code S2"),
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


def test_what_is_checked_of_a_study_says_how_much_was_seen(study):
    told = {check.name: check.message for check in verify(study)}
    assert told["territoires.csv"] == "3 units"
    assert told["clean/allocations.csv"] == "3 amounts, each in its cell"
    assert "the document that was read" in told.values()
    assert next(message for name, message in told.items() if name.startswith("rules/")) == (
        "3 beneficiaries share 180 euros"
    )

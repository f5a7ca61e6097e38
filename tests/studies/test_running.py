"""Runs, their records, and what an interruption leaves."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import load_scenario
from cdppe_analysis.errors import RuleError, ScenarioError, SchedulerError
from cdppe_analysis.simulation.record import verdict
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.running import _kept_name, read_record, run_again, run_study


@pytest.fixture(scope="module")
def minors():
    return prepare(load_scenario("mineurs"))


@pytest.fixture(scope="module")
def drawn(minors):
    return run_study(minors, draws=300, seed=0, scheduler="synchronous")


def test_a_run_done_again_from_its_record_gives_the_same_result(drawn):
    again = run_again(json.loads(json.dumps(drawn.record))).record
    assert again == drawn.record
    assert verdict(drawn.record, again).identical


def test_a_rule_of_a_record_that_is_none_is_told_to_be_of_a_record(drawn):
    record = json.loads(json.dumps(drawn.record))
    record["entrees"]["regle"]["criteres"][0]["poids"] = "0.9"
    with pytest.raises(RuleError, match="the weights sum to") as refused:
        run_again(record)
    assert refused.value.cell == "record"


def test_a_run_without_draws_needs_no_seed_and_records_none(minors):
    for seed in (None, 5):
        record = run_study(minors, seed=seed).record
        assert (record["entrees"]["tirages"], record["entrees"]["graine"]) == (0, None)


def test_draws_without_a_seed_are_refused(minors):
    with pytest.raises(ScenarioError, match="needs a seed"):
        run_study(minors, draws=10)


def test_the_record_binds_only_the_rows_that_were_read(minors):
    assert set(minors.tables["criteres"]["critere"]) == {"ase_0_17", "igb"}


def test_one_table_holds_the_comparison_and_the_draws(drawn):
    table = drawn.table
    assert len(table) == 30
    assert {"difference", "q05", "probabilite_gain", "rang_q95"} <= set(table.columns)


def test_a_unit_that_leaves_stays_in_the_table_without_draws():
    table = run_study(prepare(load_scenario("extension-101-15m")), draws=2, seed=0).table.set_index("code_departement")
    assert len(table) == 102
    assert table.index[table["q50"].isna()].tolist() == ["20"]


def test_several_changes_are_told_with_what_each_brings():
    table = run_study(prepare(load_scenario("garantie-90-110"))).table
    parts = table[["contribution criteres.ase_0_17.millesime", "contribution garantie"]].sum(axis=1)
    assert (parts - table["difference"]).abs().max() < 0.005


def test_one_change_alone_is_not_cut_into_parts(minors):
    assert run_study(minors).contributions is None


def test_the_reference_of_the_draws_is_the_baseline_with_the_same_draws(minors, drawn):
    """Perimeter and index move both sides alike: the gap varies much less than the amount would."""
    table = drawn.simulation.table
    before = allocate(minors.base, minors.base_criteria).exact
    assert table["reference"].tolist() == pytest.approx([float(amount) for amount in before.values()])
    assert table["probabilite_gain"].between(0, 1).all()
    assert (table["probabilite_gain"] + table["probabilite_perte"] <= 1).all()


def test_an_interrupted_run_is_taken_up_again_and_leaves_nothing(minors, drawn, tmp_path):
    def interrupt(done, _total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"what is finished is kept in .*\.npz, and the same command goes on"):
        run_study(minors, draws=20_000, seed=0, workers=1, progress=interrupt, kept_in=tmp_path)
    [kept] = tmp_path.iterdir()
    assert kept.name == _kept_name(minors, 20_000, 0)
    seen = []
    again = run_study(
        minors, draws=20_000, seed=0, workers=1, progress=lambda done, _: seen.append(done), kept_in=tmp_path
    )
    assert seen[0] > 0
    again.release()
    assert list(tmp_path.iterdir()) == []
    assert again.record == run_study(minors, draws=20_000, seed=0).record


def test_where_nothing_was_finished_it_is_said_and_where_nothing_is_to_be_kept_nothing_is_said(minors, tmp_path):
    def interrupt(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match=r"^nothing was finished$"):
        run_study(minors, draws=64, seed=0, progress=interrupt, kept_in=tmp_path)
    with pytest.raises(KeyboardInterrupt, match=r"^$"):
        run_study(minors, draws=64, seed=0, progress=interrupt)
    with pytest.raises(SchedulerError, match=r"'tresses' is no scheduler: .*; nothing was finished$"):
        run_study(minors, draws=64, seed=0, scheduler="tresses", kept_in=tmp_path)
    with pytest.raises(SchedulerError, match=r"such as tcp://host:8786$"):
        run_study(minors, draws=64, seed=0, scheduler="tresses")


def test_what_keeps_no_run_is_refused(minors, tmp_path):
    (tmp_path / _kept_name(minors, 10, 0)).write_text("rien")
    with pytest.raises(ScenarioError, match="keeps no interrupted run"):
        run_study(minors, draws=10, seed=0, kept_in=tmp_path)


def test_a_record_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"^cannot read \S*rien\.json: No such file or directory$"):
        read_record(tmp_path / "rien.json")
    (tmp_path / "faux.json").write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no JSON file"):
        read_record(tmp_path / "faux.json")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04cut", b"[1, 2]", None])
def test_a_file_that_keeps_no_run_is_said_and_left(minors, tmp_path, content):
    place = tmp_path / _kept_name(minors, 10, 0)
    if content is None:
        with place.open("wb") as file:
            np.savez(file, other=np.zeros(3))
    else:
        place.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"keeps no interrupted run|that of another study"):
        run_study(minors, draws=10, seed=0, kept_in=tmp_path)
    assert place.is_file()


def test_finished_draws_can_be_kept_and_taken_up_again(minors, tmp_path):
    result = run_study(minors, draws=5000, seed=0, workers=1, kept_in=tmp_path)
    assert result.keep() == tmp_path / _kept_name(minors, 5000, 0)
    seen = []
    again = run_study(
        minors, draws=5000, seed=0, workers=1, kept_in=tmp_path, progress=lambda done, _: seen.append(done)
    )
    assert seen == [5000]
    assert again.record == result.record
    again.release()
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_what_is_kept_holds_the_print_of_its_inputs(minors):
    names = {_kept_name(minors, draws, seed) for draws, seed in ((10, 0), (10, 1), (11, 0))}
    assert len(names) == 3
    first = _kept_name(minors, 10, 0)
    entries = run_study(minors, draws=10, seed=0, scheduler="synchronous").record["empreinte_des_entrees"]
    assert first == f"mineurs-{entries[:12]}.tirages.npz"


def test_the_table_of_a_run_without_draws_is_its_comparison(minors, drawn):
    result = run_study(minors, kept_in=Path("ailleurs"))
    assert result.table is result.comparison.table
    assert result.simulation is None
    assert (result.kept, result.keep()) == (None, None)
    assert "reference" not in drawn.table
    assert drawn.record["entrees"]["graine"] == 0


def test_two_changes_of_which_one_alone_makes_no_rule_are_not_cut_into_parts():
    changes = (("plancher", 700_000), ("enveloppe", 30_000_000))
    both = replace(load_scenario("mineurs"), differences=changes, incertitudes=())
    assert run_study(prepare(both)).contributions is None


def test_what_is_kept_goes_to_the_temporary_files_where_the_folder_takes_nothing(minors, tmp_path, monkeypatch):
    other = tmp_path / "ailleurs"
    other.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(other))
    result = run_study(minors, draws=64, seed=0, scheduler="synchronous", kept_in=tmp_path / "absent")
    place = result.keep()
    assert place == other / _kept_name(minors, 64, 0)
    result.release()
    assert list(other.iterdir()) == []

"""The record of a run."""

import json
import platform
from fractions import Fraction
from types import MappingProxyType

import numba
import numpy as np
import pandas as pd
import pytest
import scipy

import cdppe_analysis
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.simulation.record import check_record, digest, make_record, short, verdict

TABLE = pd.DataFrame({"code_departement": ["23", "59"], "ase": [300.0, 9000.0]})
RESULT = pd.DataFrame({"code_departement": ["23", "59"], "difference": [1.23456, float("nan")], "rang": [2, 1]})


def record(**changes):
    given = {
        "rule": {"id": "base"},
        "scenario": {"id": "essai", "differences": {"plancher": 0}},
        "tables": {"criteres": TABLE},
        "draws": 1000,
        "seed": 0,
        "result": RESULT,
    }
    return make_record(**{**given, **changes})


def test_the_same_run_has_the_same_prints():
    assert record() == record()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"seed": 1}, "graine"),
        ({"draws": 1001}, "tirages"),
        ({"rule": {"id": "autre"}}, "regle"),
        ({"scenario": {"id": "essai", "differences": {"plancher": 1}}}, "scenario"),
        ({"tables": {"criteres": TABLE.replace(300.0, 301.0)}}, "tables.criteres"),
    ],
)
def test_another_input_has_another_print_and_is_named(changes, named):
    other = record(**changes)
    assert other["empreinte_des_entrees"] != record()["empreinte_des_entrees"]
    assert verdict(record(), other).different_inputs == (named,)
    assert verdict(record(), other).identical, "the result is, whatever it comes from"
    assert verdict(record(), other).gap == 0


def test_a_result_that_differs_by_more_than_a_cent_is_told_with_its_largest_gap():
    found = verdict(record(), record(result=RESULT.assign(difference=[1.5, float("nan")])))
    assert not found.identical
    assert found.gap == pytest.approx(0.27)


def test_the_last_bits_of_a_float_do_not_tell_two_runs_apart():
    assert verdict(record(), record(result=RESULT.assign(difference=[1.2345601, float("nan")]))).identical


def test_a_record_holds_the_versions_that_its_numbers_depend_on():
    libraries = {library.__name__: library.__version__ for library in (np, pd, scipy, numba)}
    known = {"cdppe-analysis": cdppe_analysis.__version__, "python": platform.python_version(), **libraries}
    assert record()["entrees"]["versions"] == known


def test_a_record_survives_a_file():
    assert check_record(json.loads(json.dumps(record())), "essai.json") == record()


def test_a_record_holds_neither_a_date_nor_a_path():
    text = json.dumps(record())
    assert "/" not in text.replace("n/a", "")
    assert set(record()["entrees"]) == {"regle", "scenario", "tables", "tirages", "graine", "versions"}


def test_a_record_whose_inputs_were_changed_is_refused():
    changed = json.loads(json.dumps(record()))
    changed["entrees"]["graine"] = 7
    with pytest.raises(ScenarioError, match="inputs of this record were changed"):
        check_record(changed, "essai.json")


def test_a_record_whose_result_was_changed_is_refused():
    changed = json.loads(json.dumps(record()))
    changed["resultat"]["lignes"][0][1] = 9
    with pytest.raises(ScenarioError, match="result of this record was changed"):
        check_record(changed, "essai.json")


@pytest.mark.parametrize("content", [None, [], {}, {"entrees": {}}])
def test_what_is_no_record_is_refused(content):
    with pytest.raises(ScenarioError, match="no record of a run"):
        check_record(content, "essai.json")


def test_a_record_of_another_layout_is_refused():
    with pytest.raises(ScenarioError, match="layout"):
        check_record({**record(), "version_du_registre": 99}, "essai.json")


def test_the_order_of_the_keys_says_nothing():
    assert digest({"a": 1, "é": [1, 2]}) == digest({"é": [1, 2], "a": 1}) != digest({"a": 1, "é": [2, 1]})
    assert digest({"a": 1, "é": [1, 2]}) == digest('{"a":1,"é":[1,2]}')


def test_a_short_print_is_the_beginning_of_the_whole():
    whole = digest("essai")
    assert whole.startswith(short(whole))
    assert len(short(whole)) == 12


def test_a_loss_too_small_to_be_printed_is_the_same_as_none():
    one, other = (record(result=RESULT.assign(difference=[gap, 1.0])) for gap in (-0.001, 0.001))
    assert one["empreinte_du_resultat"] == other["empreinte_du_resultat"]
    assert str(one["resultat"]["lignes"][0][1]) == "0.0"


def test_a_table_that_one_run_alone_read_is_named():
    other = record(tables={"criteres": TABLE, "series": TABLE})
    assert verdict(record(), other).different_inputs == ("tables.series",)
    assert verdict(other, record()).different_inputs == ("tables.series",)


def test_the_largest_gap_is_that_of_any_sign_and_none_of_another_layout():
    def gap(*difference):
        return verdict(record(), record(result=RESULT.assign(difference=list(difference)))).gap

    assert gap(1.0, float("nan")) == pytest.approx(0.23)
    assert np.isnan(gap(1.23, 4.0))
    assert np.isnan(verdict(record(), record(result=RESULT.head(1))).gap)
    assert np.isnan(verdict(record(), record(result=RESULT.rename(columns={"rang": "place"}))).gap)


def test_a_mapping_of_any_kind_is_written_as_one_and_a_fraction_as_text():
    given = MappingProxyType({"poids": Fraction(1, 3), "n": np.int64(3)})
    assert digest({"a": given}) == digest({"a": {"poids": "1/3", "n": 3}})
    with pytest.raises(TypeError, match="object has no place in a record"):
        digest({"a": object()})


def test_a_text_and_a_table_have_a_print_of_their_own():
    assert digest("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert digest(pd.DataFrame({"a": [1]})) == digest("a\n1\n")


@pytest.mark.parametrize("key", ["regle", "scenario", "tables", "tirages", "graine", "versions"])
def test_a_record_needs_each_of_its_inputs(key):
    changed = record()
    del changed["entrees"][key]
    with pytest.raises(ScenarioError, match=r"the inputs of this record need regle, scenario, tables") as refused:
        check_record(changed, "essai.json")
    assert refused.value.cell == "essai.json"

"""A choice of the simulator: weights that sum to one, a scenario saved and read, files that are refused."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cdppe_analysis.data import Data
from cdppe_analysis.errors import CdppeError, ScenarioError
from cdppe_analysis.reporting.choice import (
    LARGEST_FILE,
    Choice,
    differences,
    read_scenario,
    rule_of,
    scenario_text,
    with_weight,
)
from cdppe_analysis.reporting.simulator import Laboratory
from cdppe_analysis.rules.scenario import parse_scenarios
from cdppe_analysis.studies import load_scenarios

WEIGHTS = st.lists(st.integers(0, 1000), min_size=2, max_size=5).filter(any)


@given(WEIGHTS, st.integers(0, 1000), st.data())
def test_weights_always_sum_to_one_whatever_is_moved(parts: list[int], share: int, data: st.DataObject):
    poids = tuple((f"c{rank}", Fraction(part, sum(parts))) for rank, part in enumerate(parts))
    moved = data.draw(st.sampled_from([name for name, _ in poids]))
    choice = Choice("r", poids, Fraction(1), None, None, None, "l")
    found = dict(with_weight(choice, moved, Fraction(share, 1000)).poids)
    assert sum(found.values()) == 1
    assert found[moved] == Fraction(share, 1000)
    assert min(found.values()) >= 0


def test_a_weight_taken_to_one_and_back_leaves_the_others_alike():
    third = Fraction(1, 3)
    choice = Choice("r", (("a", third), ("b", third), ("c", third)), Fraction(1), None, None, None, "l")
    back = with_weight(with_weight(choice, "a", Fraction(1)), "a", Fraction(1, 2))
    assert dict(back.poids) == {"a": Fraction(1, 2), "b": Fraction(1, 4), "c": Fraction(1, 4)}


def test_the_only_criterion_keeps_the_whole_weight():
    choice = Choice("r", (("a", Fraction(1)),), Fraction(1), None, None, None, "l")
    assert with_weight(choice, "a", Fraction(1, 2)).poids == (("a", Fraction(1)),)


def test_the_official_choice_differs_in_nothing_and_is_its_rule(laboratory: Laboratory):
    for name, rule in laboratory.base.rules.items():
        choice = laboratory.official(name)
        assert differences(choice, laboratory.base) == []
        assert rule_of(choice, laboratory.base).criteres == rule.criteres


def test_the_official_choice_is_no_scenario_to_save(laboratory: Laboratory):
    with pytest.raises(ScenarioError, match="nothing to save"):
        scenario_text(laboratory.official("ondam-ms-2020"), laboratory.base)


def changed(laboratory: Laboratory, rule: str) -> Choice:
    official = laboratory.official(rule)
    first = official.poids[0][0]
    return dataclasses.replace(
        with_weight(official, first, Fraction(37, 100)),
        enveloppe=Fraction(20_000_000),
        plancher=Fraction(50_000),
        plafond=Fraction(3_000_000),
        garantie=(Fraction(3, 10), Fraction(5)),
    )


@pytest.mark.parametrize("rule", ["ondam-ms-2020", "fir-2020", "p304-2020"])
def test_a_saved_choice_is_read_back_the_same(laboratory: Laboratory, rule: str):
    choice = changed(laboratory, rule)
    text = scenario_text(choice, laboratory.base)
    back = read_scenario(text.encode(), "s.yml", laboratory.base)
    assert dataclasses.replace(back, titre="", hypotheses=None, incertitudes=None) == choice
    assert rule_of(back, laboratory.base).bounds() == rule_of(choice, laboratory.base).bounds()


def test_a_saved_choice_is_a_scenario_that_the_command_line_reads(laboratory: Laboratory):
    text = scenario_text(changed(laboratory, "ondam-ms-2020"), laboratory.base)
    (scenario,) = parse_scenarios(yaml.safe_load(text), "s.yml")
    assert scenario.base == "ondam-ms-2020"
    assert {one.loi for one in scenario.incertitudes} == {"variantes", "lognormale"}


@pytest.mark.parametrize("name", Data.open().scenario_ids())
def test_every_scenario_of_the_project_can_be_loaded(laboratory: Laboratory, name: str):
    from cdppe_analysis.rules.scenario import scenario_mapping

    (scenario,) = load_scenarios(name)
    text = yaml.safe_dump(scenario_mapping(scenario), allow_unicode=True)
    choice = read_scenario(text.encode(), "s.yml", laboratory.base)
    assert choice.titre == scenario.titre
    assert sum(weight for _, weight in choice.poids) == 1
    again = scenario_text(choice, laboratory.base)
    assert rule_of(read_scenario(again.encode(), "s.yml", laboratory.base), laboratory.base) == rule_of(
        choice, laboratory.base
    )


HEADER = "id: s\ntitre: T\nauteur: A\nreference: R\nbase: ondam-ms-2020\nraisonnement: X\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (LARGEST_FILE + 1), "too large"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: &a [1]\nb: *a", "alias"),
        (b"[" * LARGEST_FILE, "too deep"),
        (b"!!python/object/apply:os.system ['true']", "no YAML"),
        (b"- 1", "expected keys"),
        (b"", "expected keys"),
        (HEADER.encode() + b"differences: {planchers: 1}", "nearest known is 'plancher'"),
        (HEADER.replace("ondam-ms-2020", "ondam").encode() + b"differences: {plancher: 1}", "no rule 'ondam'"),
        (HEADER.encode() + b"differences: {plancher: 1000000}", "lower bounds"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(laboratory: Laboratory, content: bytes, said: str):
    with pytest.raises(CdppeError, match=said):
        read_scenario(content, "s.yml", laboratory.base)

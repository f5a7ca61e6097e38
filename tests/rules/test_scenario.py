"""Scenarios: read strictly, applied to a rule."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.rules.scenario import apply_scenario, parse_scenarios, scenario_mapping
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import read_yaml

HEADER = {
    "id": "essai",
    "titre": "Un essai",
    "auteur": "Un auteur",
    "reference": "Une référence",
    "base": "ondam-ms-2020",
    "raisonnement": "Une raison.",
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({**HEADER}, "gives no difference"),
        ({**HEADER, "differences": {}}, "gives no difference"),
        ({**HEADER, "difference": {"plancher": 0}}, "unknown key 'difference'; the nearest known is 'differences'"),
        ({**HEADER, "titre": "", "differences": {"plancher": 0}}, "'titre' is missing"),
        ({**HEADER, "auteur": 3, "differences": {"plancher": 0}}, "'auteur' is missing or is no text"),
        ({**HEADER, "renormaliser": "peut-être", "differences": {"plancher": 0}}, "expected 'oui' or 'non'"),
        ({**HEADER, "differences": ["plancher"]}, "expected paths and values"),
        ({**HEADER, "differences": {1: 2}}, "1 is no path"),
        ({**HEADER, "variantes": {"a": 1}}, "expected a list"),
        ("plancher: 0", "expected keys and values"),
        (None, "expected keys and values"),
        (
            {**HEADER, "differences": {"plancher": 0}, "incertitudes": [{"entree": "igb", "loi": "uniforme"}]},
            "'raison' is missing",
        ),
        (
            {**HEADER, "differences": {"plancher": 0}, "hypotheses": [{"critere": "igb", "par": "population"}]},
            "expected a year, found None",
        ),
    ],
)
def test_what_is_no_scenario_is_refused(content, said):
    with pytest.raises(ScenarioError, match=said):
        parse_scenarios(content, "essai.yml")


def test_a_file_may_hold_variants_of_one_reasoning():
    content = {
        **HEADER,
        "differences": {"plafond": 10_000_000},
        "variantes": [
            {"id": "0", "titre": "Sans minimum", "differences": {"plancher": None}},
            {"id": "200k", "titre": "Minimum de 200 000 €", "differences": {"plancher": 200_000}},
        ],
    }
    found = parse_scenarios(content, "essai.yml")
    assert [scenario.id for scenario in found] == ["essai-0", "essai-200k"]
    assert {scenario.famille for scenario in found} == {"essai"}
    assert dict(found[1].differences) == {"plafond": 10_000_000, "plancher": 200_000}
    assert found[0].raisonnement == "Une raison."


def test_a_variant_given_twice_is_refused():
    variants = [{"id": "a", "titre": "A", "differences": {"plancher": rank}} for rank in (0, 1)]
    with pytest.raises(ScenarioError, match="'essai-a' is given twice"):
        parse_scenarios({**HEADER, "variantes": variants}, "essai.yml")


def test_a_scenario_renormalises_when_it_says_so():
    [scenario] = parse_scenarios(
        {**HEADER, "renormaliser": "oui", "differences": {"criteres.igb.poids": "1"}}, "essai.yml"
    )
    half = [Criterion(name, Fraction(1, 2), 2020, "note", "p. 1") for name in ("ase_0_17", "igb")]
    base = Rule("ondam-ms-2020", "ONDAM", 2020, Fraction(100), ("23", "59"), tuple(half))
    weights = [criterion.poids for criterion in apply_scenario(base, scenario).rule.criteres]
    assert weights == [Fraction(1, 3), Fraction(2, 3)]


@pytest.mark.parametrize("identifier", ["../../x", "a/b", "a\\b", "nul\0", "x" * 81, "a\nb"])
@pytest.mark.parametrize("of_a_variant", [True, False])
def test_an_id_that_could_name_a_file_elsewhere_is_refused(identifier, of_a_variant):
    own = {"id": identifier, "differences": {"plancher": None}}
    content = {**HEADER, "variantes": [{**own, "titre": "V"}]} if of_a_variant else {**HEADER, **own}
    with pytest.raises(ScenarioError, match="write it without '/'"):
        parse_scenarios(content, "s.yml")


def test_any_other_id_names_a_file_on_any_system():
    own = {"id": "Essai « libre » : n° 1 ?", "differences": {"plancher": None}}
    [scenario] = parse_scenarios({**HEADER, **own}, "s.yml")
    assert scenario.file_stem == "Essai « libre » - n° 1 -"


def test_every_scenario_written_back_alone_is_the_same():
    paths = sorted((data_dir() / "scenarios").glob("*.yml"))
    scenarios = [(path, one) for path in paths for one in parse_scenarios(read_yaml(path), path.name)]
    assert len(scenarios) >= len(paths) > 5
    for path, one in scenarios:
        (again,) = parse_scenarios(scenario_mapping(one), path.name)
        assert replace(again, famille=one.famille) == one

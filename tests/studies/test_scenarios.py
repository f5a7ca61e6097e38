"""The scenarios that the installation carries."""

import pytest

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.storage.locations import data_dir
from cdppe_analysis.studies import load_scenario, load_scenarios, scenario_ids
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs


def test_there_are_at_least_twelve_files_each_named_after_its_scenario():
    files = sorted((data_dir() / "scenarios").glob("*.yml"))
    assert len(files) >= 12
    for path in files:
        assert {scenario.famille for scenario in load_scenarios(path)} == {path.stem}


def test_every_scenario_has_a_reasoning_of_its_own():
    reasonings = [load_scenarios(path)[0].raisonnement for path in (data_dir() / "scenarios").glob("*.yml")]
    assert len(set(reasonings)) == len(reasonings)
    assert min(map(len, reasonings)) > 150


ASKED = [
    *(f"poids-ase-{weight:03d}" for weight in (0, 10, 20, 30, 40, 60, 70, 80, 90, 100)),
    "ase-seule",
    "population-seule-totale",
    "cle-fir",
    "cle-p304",
    "pauvrete",
    *(f"plancher-{level}" for level in ("0", "50k", "200k")),
    "plafond-1m",
    "mineurs",
    *(f"millesime-ase-{year}" for year in range(2018, 2023)),
    "besoin-attendu",
    "extension-101-15m",
    "extension-101-50m",
    "garantie-90-110",
    *(f"retour-trois-ans-an-{year}" for year in (1, 2, 3)),
]


def test_the_scenarios_that_the_field_asks_for_are_there():
    assert set(ASKED) <= set(scenario_ids())


@pytest.mark.parametrize("identifier", ["pauvrete", "mineurs", "besoin-attendu", "extension-101-50m", "cle-fir"])
def test_the_uncertain_inputs_of_a_scenario_have_laws(identifier):
    assert len(uncertain_inputs(prepare(load_scenario(identifier)))) >= 2


def test_a_family_gives_all_its_variants():
    assert [scenario.id for scenario in load_scenarios("plancher")] == ["plancher-0", "plancher-50k", "plancher-200k"]


def test_a_family_is_no_single_scenario():
    with pytest.raises(ScenarioError, match="several variants: plancher-0"):
        load_scenario("plancher")


def test_an_unknown_scenario_names_the_nearest():
    with pytest.raises(ScenarioError, match="no scenario 'pauvreté'; the nearest is 'pauvrete'"):
        load_scenario("pauvreté")


def test_a_path_is_read_wherever_it_is(tmp_path):
    path = tmp_path / "mien.yml"
    path.write_text((data_dir() / "scenarios" / "mineurs.yml").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_scenario(path).id == "mineurs"


def test_a_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match=r"cannot read .*rien\.yml"):
        load_scenario(tmp_path / "rien.yml")


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "double.yml"
    path.write_text("id: a\nid: b\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="'id' is given twice"):
        load_scenario(path)

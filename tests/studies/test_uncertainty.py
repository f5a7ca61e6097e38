"""The uncertain inputs of scenarios, on the real figures."""

from dataclasses import replace

import numpy as np
import pytest

from cdppe_analysis.data.reading import load_table
from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules.scenario import Uncertainty
from cdppe_analysis.simulation import laws
from cdppe_analysis.simulation.draws import drawn_blocks
from cdppe_analysis.simulation.model import amounts_of, model_of, scores_of
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.scenarios import load_scenario
from cdppe_analysis.studies.uncertainty import uncertain_inputs

PUBLISHED = load_table("allocations").set_index("code_departement")["montant_eur"]


@pytest.fixture(scope="module")
def minors():
    return prepare(load_scenario("mineurs"))


def inputs(prepared, *uncertainties):
    scenario = replace(prepared.scenario, incertitudes=uncertainties)
    return uncertain_inputs(replace(prepared, scenario=scenario))


def uncertainty(loi, entree="criteres.ase_0_17", unites=None, **parametres):
    return Uncertainty(entree, entree, loi, tuple(parametres.items()), unites, "Une raison.")


def drawn_baseline(prepared, found, draws=200):
    [drawn] = drawn_blocks(found, 0, 0, 30, [draws])
    model = model_of(prepared.base, prepared.base_criteria)
    return amounts_of(model, scores_of(model, drawn.factors))


def test_every_draw_of_the_calibrated_index_gives_the_published_amounts_back(minors):
    """annexe7-ondam-2020, B: each amount to half a euro in every draw, and a tenth for the level of the others."""
    amounts = drawn_baseline(minors, inputs(minors, uncertainty("calibree", "criteres.igb")))
    gaps = np.abs(amounts - PUBLISHED[list(minors.base.beneficiaires)].to_numpy())
    assert gaps.max() <= 0.6


def test_the_calibrated_index_moves_most_where_the_amount_is_the_minimum(minors):
    [given] = inputs(minors, uncertainty("calibree", "criteres.igb"))
    spread = np.abs(np.asarray(given.law.end) - np.asarray(given.law.start))
    assert minors.base.beneficiaires[int(spread.argmax())] == "23"


def test_both_perimeters_of_the_ase_give_the_published_amounts_back_with_the_index_deduced_from_each(minors):
    variants = uncertainty("variantes", editions=["tous-ages", "hors-jeunes-majeurs-2020"], deduire="igb")
    found = inputs(minors, variants)
    assert [given.target for given in found] == ["ase_0_17", "igb"]
    assert found[0].shared == found[1].shared
    amounts = drawn_baseline(minors, found)
    assert np.abs(amounts - PUBLISHED[list(minors.base.beneficiaires)].to_numpy()).max() <= 0.6


def test_a_perimeter_without_the_index_deduced_from_it_does_not(minors):
    variants = uncertainty("variantes", editions=["tous-ages", "hors-jeunes-majeurs-2020"])
    amounts = drawn_baseline(minors, inputs(minors, variants))
    assert np.abs(amounts - PUBLISHED[list(minors.base.beneficiaires)].to_numpy()).max() > 1000


def test_a_law_may_hold_for_some_units_alone(minors):
    [given] = inputs(minors, uncertainty("lognormale", unites=("59",), cv="0.1"))
    variation = dict(zip(minors.base.beneficiaires, np.asarray(given.law.cv), strict=True))
    assert variation["59"] == 0.1
    assert sum(variation.values()) == pytest.approx(0.1)


def test_the_weights_are_drawn_around_those_of_the_scenario(minors):
    [given] = inputs(minors, uncertainty("dirichlet", "poids", concentration="100"))
    assert laws.mean(given.law).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (uncertainty("lognormal", cv="0.1"), "unknown law 'lognormal'; the nearest known is 'lognormale'"),
        (uncertainty("lognormale"), "needs the parameter 'cv'"),
        (uncertainty("lognormale", cv="dix"), "'dix' is no number"),
        (uncertainty("lognormale", cv="-0.1"), "coefficient of variation from 0 on"),
        (uncertainty("lognormale", cv="0.1", ecart="3"), "has no parameter 'ecart'"),
        (uncertainty("uniforme", borne_basse="1.2", borne_haute="0.8"), "1.2 is above 0.8"),
        (uncertainty("uniforme", borne_basse="-0.5", borne_haute="0.8"), "cannot be multiplied by -0.5"),
        (uncertainty("lognormale", unites=("23", "99"), cv="0.1"), "no beneficiary"),
        (uncertainty("calibree", "criteres.igb", unites=("23",)), "takes no 'unites'"),
        (uncertainty("dirichlet", "poids", concentration="0"), "concentration above 0"),
        (uncertainty("variantes", editions=["tous-ages"]), "at least two"),
        (uncertainty("completion", "criteres.igb"), "no declared hypothesis completes"),
        (uncertainty("variantes", "criteres.asf", editions=["a", "b"]), "neither rule has this criterion"),
    ],
)
def test_an_impossible_law_is_refused_with_its_place(minors, given, said):
    with pytest.raises(ScenarioError, match=said) as caught:
        inputs(minors, given)
    assert caught.value.cell is not None

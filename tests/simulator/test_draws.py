"""The draws that the page carries: those of the project's laws, whole to 16 bits."""

from __future__ import annotations

import base64
import dataclasses

import numpy as np
import pytest

from cdppe_analysis.allocation.kernel import bounded_amounts
from cdppe_analysis.data import Data, load_criteria, load_rule, load_table
from cdppe_analysis.simulator.draws import DRAWS, Declared, Matrices, declared_uncertainties, drawn_factors


@pytest.fixture(scope="module")
def declared() -> Declared:
    extension = Data.open().scenarios("extension-101")[0]
    errors = tuple(one for one in extension.incertitudes if one.loi == "lognormale")
    return Declared(errors, extension.hypotheses, frozenset({"igb"}))


def test_what_the_rule_declares_uncertain_is_told_once(declared: Declared):
    rule = load_rule("ondam-ms-2020")
    told = declared_uncertainties(rule, declared, completed=False)
    assert [(one.entree, one.loi) for one in told] == [
        ("criteres.ase_0_17", "variantes"),
        ("criteres.ase_0_17", "lognormale"),
        ("criteres.igb", "calibree"),
    ]
    assert dict(told[0].parametres) == {"editions": ["tous-ages", "hors-jeunes-majeurs-2020"]}


def test_what_is_supposed_is_uncertain_only_beyond_what_is_known(declared: Declared):
    rule = load_rule("ondam-ms-2020")
    assert "completion" in [one.loi for one in declared_uncertainties(rule, declared, completed=True)]


def test_the_factors_of_the_expected_need_are_those_of_a_prevalence_of_15_to_20_percent():
    """rex-club-territoires: 15 to 20 %, 17.5 % in the middle; 2 % of error of measurement besides."""
    [scenario] = Data.open().scenarios("besoin-attendu")
    found = drawn_factors(scenario, load_rule("ondam-ms-2020"), Data.open())
    values = found.facteurs["ase_0_17"]
    assert values.shape == (DRAWS, len(found.codes)) == (200, 30)
    assert 6 / 7 * 0.93 < values.min() < 6 / 7 < 8 / 7 < values.max() < 8 / 7 * 1.07
    assert abs(values.mean() - 1) < 0.01


def test_every_draw_of_the_official_rule_gives_the_published_amounts_back(declared: Declared):
    """annexe7-ondam-2020, B: the index is what the publication leaves, whatever the measurement of the ASE."""
    rule = load_rule("ondam-ms-2020")
    told = declared_uncertainties(rule, declared, completed=False)
    [start] = Data.open().scenarios("ase-seule")
    found = drawn_factors(dataclasses.replace(start, incertitudes=told), rule, Data.open())
    values = load_criteria(rule).set_index("code_departement").loc[found.codes].to_numpy().T
    drawn = np.stack([values[k] * found.facteurs[name] for k, name in enumerate(("ase_0_17", "igb"))])
    scores = (drawn / drawn.sum(axis=-1, keepdims=True)).mean(axis=0)
    amounts = bounded_amounts(scores, 15_000_000.0, np.full(30, 100_000.0), np.full(30, np.inf))
    published = load_table("allocations").set_index("code_departement").loc[found.codes, "montant_eur"].to_numpy()
    assert np.abs(amounts - published).max() < 1
    assert np.ptp(found.facteurs["igb"], axis=0).max() > 0.05


def test_the_parts_of_a_whole_move_with_it():
    matrices = Matrices(["20", "2A", "2B", "59"])
    kept = matrices.content[matrices.add(["20"], np.array([[0.5], [1.5]]))]
    assert kept["bas"] == [0.5, 0.5, 0.5, 1.0]
    assert kept["haut"] == [1.5, 1.5, 1.5, 1.0]


def test_a_matrix_is_read_back_to_16_bits_and_kept_once():
    matrices = Matrices(["01", "02", "03"])
    factors = np.array([[0.5, 1.0], [1.5, 1.0], [1.0, 1.0]])
    name = matrices.add(["01", "03"], factors)
    assert matrices.add(["01", "03"], factors) == name
    assert len(matrices.content) == 1
    kept = matrices.content[name]
    low, high = np.array(kept["bas"]), np.array(kept["haut"])
    steps = np.frombuffer(base64.b64decode(kept["bits"]), dtype="<u2").reshape(3, 3)
    read = low + (high - low) * steps / 65535
    assert np.abs(read[:, 0] - [0.5, 1.5, 1.0]).max() < 1e-5
    assert (read[:, 1:] == 1.0).all()

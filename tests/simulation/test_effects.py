"""Shapley effects, on models whose answer is known."""

import numpy as np
import pytest

from cdppe_analysis.errors import InfeasibleError, ScenarioError
from cdppe_analysis.simulation.draws import Input
from cdppe_analysis.simulation.effects import LARGEST, _effects, sensitivity, shapley_effects
from cdppe_analysis.simulation.laws import Dirichlet, LogNormal, Uniform, Variants
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.montecarlo import simulate

BATCHES = 20


def gaussians(names, draws=1000):
    def samples(sample, batch):
        generator = np.random.default_rng([ord(sample), batch, 5])
        return {name: generator.standard_normal(draws) for name in names}

    return samples


def uniforms(names, draws=2000):
    def samples(sample, batch):
        generator = np.random.default_rng([ord(sample), batch, 6])
        return {name: generator.uniform(-np.pi, np.pi, draws) for name in names}

    return samples


def model(units=5, **bounds):
    generator = np.random.default_rng(0)
    return Model(
        codes=tuple(f"{rank:02d}" for rank in range(1, units + 1)),
        criteria=("ase", "igb"),
        observed=generator.lognormal(size=(2, units)),
        weights=np.array([0.5, 0.5]),
        envelope=1e6,
        floors=np.full(units, bounds.get("floor", 0.0)),
        caps=np.full(units, bounds.get("cap", np.inf)),
        floor_origins=("plancher",) * units,
        cap_origins=("plafond",) * units,
    )


def test_the_effects_of_a_linear_gaussian_model_are_the_shares_of_its_variance():
    """Y = 3 x + 2 y + z: effects 9/14, 4/14, 1/14 (Owen, 2014)."""
    found = shapley_effects(
        lambda g: (3 * g["x"] + 2 * g["y"] + g["z"])[:, None], gaussians("xyz"), ["x", "y", "z"], BATCHES
    )
    known = np.array([9, 4, 1]) / 14
    assert np.abs(found.shapley[:, 0] - known).max() < 4 * found.shapley_error.max()
    assert np.abs(found.shapley[:, 0] - known).max() < 0.02
    assert found.variance[0] == pytest.approx(14, rel=0.05)


def test_the_effects_of_the_ishigami_function_are_its_known_ones():
    """Sin x1 + 7 sin² x2 + 0.1 x3^4 sin x1: V1 and V13 by hand, V13 shared between x1 and x3."""
    a, b, pi = 7, 0.1, np.pi
    first = (1 + b * pi**4 / 5) ** 2 / 2
    second = a**2 / 8
    together = b**2 * pi**8 * (1 / 18 - 1 / 50)
    variance = first + second + together
    known = np.array([first + together / 2, second, together / 2]) / variance
    found = shapley_effects(
        lambda g: (np.sin(g["1"]) + a * np.sin(g["2"]) ** 2 + b * g["3"] ** 4 * np.sin(g["1"]))[:, None],
        uniforms("123"),
        ["1", "2", "3"],
        BATCHES,
    )
    assert np.abs(found.shapley[:, 0] - known).max() < 0.02
    assert np.abs(found.first_order[:, 0] - np.array([first, second, 0]) / variance).max() < 0.04
    assert np.abs(found.total[:, 0] - np.array([first + together, second, together]) / variance).max() < 0.04


def test_a_product_shares_its_interaction_equally():
    found = shapley_effects(lambda g: (g["x"] * g["y"])[:, None], gaussians("xy"), ["x", "y"], BATCHES)
    assert found.shapley[:, 0] == pytest.approx([0.5, 0.5], abs=0.02)
    assert found.first_order[:, 0] == pytest.approx([0, 0], abs=0.1)


def test_an_inert_group_has_an_effect_of_exactly_0():
    found = shapley_effects(
        lambda g: (g["x"] ** 2 + g["y"] + 0 * g["z"])[:, None], gaussians("xyz", 50), ["x", "y", "z"], 2
    )
    assert found.shapley[2, 0] == 0
    assert found.total[2, 0] == 0


def test_effects_sum_to_1_exactly_and_are_none_below_0():
    found = shapley_effects(
        lambda g: np.stack([np.exp(g["x"] * g["y"]) + g["z"], g["z"] + g["x"]], axis=1),
        gaussians("xyz", 60),
        ["x", "y", "z"],
        3,
    )
    np.testing.assert_allclose(found.shapley.sum(axis=0), 1, atol=1e-12)
    assert (found.shapley >= 0).all()


def test_groups_may_hold_inputs_that_depend_on_one_another():
    """Two inputs of correlation 0.8 in one group: the variance of the group is that of their sum."""

    def samples(sample, batch):
        generator = np.random.default_rng([ord(sample), batch, 7])
        pair = generator.multivariate_normal([0, 0], [[1, 0.8], [0.8, 1]], 2000)
        return {"paire": pair, "seul": generator.standard_normal(2000)}

    found = shapley_effects(
        lambda g: (g["paire"].sum(axis=1) + g["seul"])[:, None], samples, ["paire", "seul"], BATCHES
    )
    assert found.shapley[:, 0] == pytest.approx([3.6 / 4.6, 1 / 4.6], abs=0.02)


def test_the_sampling_error_is_that_of_repeated_studies():
    def study(repeat):
        def samples(sample, batch):
            generator = np.random.default_rng([ord(sample), batch, repeat])
            return {name: generator.standard_normal(100) for name in "xy"}

        return shapley_effects(lambda g: (g["x"] + g["y"])[:, None], samples, ["x", "y"], 10)

    studies = [study(repeat) for repeat in range(40)]
    spread = np.std([found.shapley[0, 0] for found in studies])
    assert np.mean([found.shapley_error[0, 0] for found in studies]) == pytest.approx(spread, rel=0.5)


def test_a_result_that_does_not_vary_has_missing_effects():
    found = shapley_effects(lambda g: np.zeros((len(g["x"]), 1)), gaussians("x", 20), ["x"], 2)
    assert np.isnan(found.shapley[0, 0])


@pytest.mark.parametrize(
    ("groups", "batches", "said"),
    [((), 5, "no group"), ("abcdefghi"[: LARGEST + 1], 5, "too many"), (("a",), 1, "two batches")],
)
def test_an_impossible_study_is_refused(groups, batches, said):
    with pytest.raises(ScenarioError, match=said):
        shapley_effects(lambda _: np.zeros((1, 1)), gaussians("a"), groups, batches)


INPUTS = [
    Input("ase", LogNormal(1.0, 0.05), "données"),
    Input("igb", Uniform(0.8, 1.2), "indice"),
    Input("poids", Dirichlet([0.5, 0.5], 100), "poids"),
]


def test_the_effects_on_each_amount_and_on_the_money_that_changes_hands_sum_to_1():
    found = sensitivity(model(), INPUTS, draws=200, seed=0, batches=4)
    assert set(found["resultat"]) == {"01", "02", "03", "04", "05", "argent_deplace"}
    np.testing.assert_allclose(found.groupby("resultat")["effet_shapley"].sum(), 1)


def test_an_amount_at_its_plancher_in_every_draw_has_missing_effects():
    pinned = model(floor=199_999.9)
    found = sensitivity(pinned, INPUTS, draws=40, seed=0, batches=2)
    at_floor = np.argmin(pinned.weights @ (pinned.observed / pinned.observed.sum(axis=1, keepdims=True)))
    rows = found[found["resultat"] == pinned.codes[at_floor]]
    assert rows["effet_shapley"].isna().all()
    assert (rows["ecart_type"] == 0).all()


def test_the_same_seed_gives_the_same_effects():
    one, two = (sensitivity(model(), INPUTS, draws=40, seed=3, batches=4) for _ in range(2))
    assert one.equals(two)


def test_a_study_with_a_draw_that_has_no_solution_is_refused():
    with pytest.raises(InfeasibleError, match="no solution"):
        sensitivity(model(cap=1.0), INPUTS, draws=8, seed=0, batches=2)
    # Where both criteria leave the first unit nothing, four plafonds of 240 000 € hold no million; elsewhere five do.
    with_or_without = Variants([np.ones(5), np.array([0.0, 1, 1, 1, 1])])
    some = [Input(name, with_or_without) for name in ("ase", "igb")]
    found = simulate(model(cap=240_000.0), some, draws=60, seed=0, reference=dict.fromkeys(model().codes, 2e5))
    assert 0 < found.unsolved < 60
    with pytest.raises(InfeasibleError, match="no solution"):
        sensitivity(model(cap=240_000.0), some, draws=60, seed=0, batches=2)


def test_a_seed_is_required():
    with pytest.raises(ScenarioError, match="needs a seed"):
        sensitivity(model(), INPUTS, draws=40, seed=None)


def test_too_few_draws_are_refused():
    with pytest.raises(ScenarioError, match="too few"):
        sensitivity(model(), INPUTS, draws=10, seed=0)


def test_a_batch_is_of_two_draws_at_least():
    inputs = [Input("ase", LogNormal(1, 0.1)), Input("igb", Uniform(0.8, 1.2))]
    with pytest.raises(ScenarioError, match="7 draws are too few for 4 batches"):
        sensitivity(model(), inputs, draws=7, seed=0, batches=4)
    eight, eleven = (sensitivity(model(), inputs, draws=draws, seed=0, batches=4) for draws in (8, 11))
    assert len(eight) == 2 * (5 + 1)
    assert eight.equals(eleven), "four batches of two draws each"


def test_eight_groups_are_told_apart_and_nine_are_not():
    def evaluate(given):
        return sum(given.values())[:, None]

    def samples(name, batch):
        generator = np.random.default_rng([ord(name), batch])
        return {group: generator.standard_normal(4) for group in "abcdefghi"}

    assert LARGEST == 8
    assert shapley_effects(evaluate, samples, list("abcdefgh"), 2).shapley.shape == (8, 1)
    with pytest.raises(ScenarioError, match="9 groups of inputs are too many: at most 8"):
        shapley_effects(evaluate, samples, list("abcdefghi"), 2)


def test_the_error_of_an_index_is_that_of_the_jackknife():
    """Costs of one group in three batches: the total index is always 1, the spread of its variance is not told."""
    generator = np.random.default_rng(3)
    costs = generator.uniform(1, 2, size=(3, 4, 1))
    costs[:, 0] = 0
    found = _effects(("a", "b"), costs)

    def indices_of_a(batches):
        """Shapley, first order, total, where `b` alone costs c2 and both c3."""
        _, c1, c2, c3 = costs[batches].mean(axis=0)[:, 0]
        return np.array([(c1 + c3 - c2) / 2, c3 - c2, c1]) / c3

    left_out = np.array([indices_of_a([1, 2]), indices_of_a([0, 2]), indices_of_a([0, 1])])
    errors = np.sqrt(2 / 3 * np.square(left_out - left_out.mean(axis=0)).sum(axis=0))
    told = np.array([found.shapley, found.first_order, found.total])[:, 0, 0]
    told_errors = np.array([found.shapley_error, found.first_order_error, found.total_error])[:, 0, 0]
    np.testing.assert_allclose(told, indices_of_a([0, 1, 2]))
    np.testing.assert_allclose(told_errors, errors)
    assert found.variance[0] == pytest.approx(costs[:, 3, 0].mean())


def test_the_spread_that_is_told_is_in_euros():
    inputs = [Input("ase", LogNormal(1, 0.1))]
    effects = sensitivity(model(), inputs, draws=400, seed=0).set_index("resultat")
    drawn = simulate(model(), inputs, draws=400, seed=0).table.set_index("code_departement")
    assert effects.loc["01", "ecart_type"] == pytest.approx(drawn.loc["01", "ecart_type"], rel=0.2)


def test_the_columns_of_a_sensitivity_are_these_in_the_order_of_results_and_groups():
    inputs = [Input("ase", LogNormal(1, 0.1), "effectifs"), Input("igb", Uniform(0.8, 1.2), "besoin")]
    table = sensitivity(model(), inputs, draws=40, seed=0, batches=4)
    assert table.columns.tolist() == [
        "resultat", "groupe", "effet_shapley", "erreur_shapley", "premier_ordre", "erreur_premier_ordre", "total",
        "erreur_total", "ecart_type",
    ]  # fmt: skip
    assert table["resultat"].tolist()[::2] == [*model().codes, "argent_deplace"]
    assert table["groupe"].tolist() == ["besoin", "effectifs"] * 6
    of_one = table.groupby("resultat")["effet_shapley"].sum()
    np.testing.assert_allclose(of_one, 1)
    assert (table["total"] >= table["effet_shapley"] - 1e-9).all()
    assert (table["erreur_shapley"] > 0).all(), "no two batches are of the same draws"
    assert (table["effet_shapley"] >= table["premier_ordre"] - 1e-9).all()

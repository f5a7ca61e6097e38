"""Draws through the whole rule: what they depend on, and how sure they are."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from cdppe_analysis.calibration.published import Remaining
from cdppe_analysis.errors import InfeasibleError, ScenarioError, SchedulerError
from cdppe_analysis.simulation import montecarlo, study
from cdppe_analysis.simulation.draws import Input, drawn_blocks
from cdppe_analysis.simulation.laws import Deduced, Dirichlet, LogNormal, Uniform, Variants
from cdppe_analysis.simulation.model import Model
from cdppe_analysis.simulation.montecarlo import NAMES, simulate

UNITS = 12
INPUTS = [
    Input("ase", LogNormal(1, 0.05)),
    Input("igb", Uniform(0.8, 1.2)),
    Input("poids", Dirichlet([0.5, 0.5], 100)),
]


def model(floor=0.0, cap=np.inf, units=UNITS):
    return Model(
        codes=tuple(f"{rank:02d}" for rank in range(1, units + 1)),
        criteria=("ase", "igb"),
        observed=np.random.default_rng(8).lognormal(0, 0.5, size=(2, units)),
        weights=np.array([0.5, 0.5]),
        envelope=1e6,
        floors=np.full(units, floor),
        caps=np.full(units, cap),
        floor_origins=("plancher",) * units,
        cap_origins=("plafond",) * units,
    )


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    """Cut the few draws of a test into many segments."""
    for module in ("study", "montecarlo"):
        monkeypatch.setattr(f"cdppe_analysis.simulation.{module}.segment_size", lambda _: 64)
    monkeypatch.setattr("cdppe_analysis.simulation.study.block_size", lambda _: 16)


def run(given=None, inputs=INPUTS, **options):
    return simulate(given or model(), inputs, **{"draws": 500, "seed": 0, "scheduler": "synchronous", **options})


def drawn(inputs, draws=500, units=UNITS):
    """Return what a run draws of each input, by its name, the segments of 64 draws one after the other."""
    sizes = [min(64, draws - start) for start in range(0, draws, 64)]
    segments = [next(drawn_blocks(inputs, 0, rank, units, [size])).inputs for rank, size in enumerate(sizes)]
    return {given.name: np.concatenate([segment[given.name] for segment in segments]) for given in inputs}


def same(one, other):
    return one.table.equals(other.table) and one.overall.equals(other.overall)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "on grids"])
@pytest.mark.parametrize(
    "options",
    [{"chunk": 1}, {"chunk": 200}, {"chunk": 10_000}, {"scheduler": "threads", "workers": 2, "chunk": 64}],
    ids=str,
)
def test_workers_and_chunks_change_no_number(options, kept, monkeypatch):
    if not kept:
        monkeypatch.setattr(study, "KEPT_VALUES", 100)
    assert same(run(**options), run())


def test_the_seed_0_is_a_seed_and_another_gives_other_draws():
    assert same(run(seed=0), run(seed=0))
    assert not same(run(seed=0), run(seed=1))


def test_a_seed_is_required():
    with pytest.raises(ScenarioError, match="needs a seed"):
        run(seed=None)


def test_the_first_draws_are_the_same_in_a_longer_run():
    few, many = (run(draws=draws).state for draws in (100, 300))
    for quantity in ("montants", "ecarts", "rangs", "ensemble"):
        first, second = (few[f"lignes/{segment}/{quantity}"] for segment in (0, 1))
        np.testing.assert_array_equal(first, many[f"lignes/0/{quantity}"])
        np.testing.assert_array_equal(second, many[f"lignes/1/{quantity}"][:36])


def test_the_same_study_written_as_a_loop_has_the_same_numbers():
    given = model(floor=40_000.0)
    found, inputs = run(given), drawn(INPUTS)
    amounts = np.empty((500, UNITS))
    for draw in range(500):
        factors = {name: inputs[f"{name}, {law}"][draw] for name, law in (("ase", "LogNormal"), ("igb", "Uniform"))}
        weights = inputs["poids, Dirichlet"][draw]
        one = given.amounts({k: v[None] for k, v in factors.items()}, weights[None])[0]
        amounts[draw] = given.whole(one)
    np.testing.assert_allclose(found.table["moyenne"], amounts.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.table["ecart_type"], amounts.std(axis=0, ddof=1), atol=1e-6)
    np.testing.assert_allclose(
        found.table[list(NAMES)].to_numpy().T, np.quantile(amounts, montecarlo.LEVELS, axis=0), atol=1e-6
    )


NOTHING = Input("ase", Variants([*[[1.0] * UNITS] * 9, [0.0] * UNITS]), name="rien")
"""In one draw in ten the criterion is 0 for all units, and shares nothing."""


@pytest.mark.parametrize("unsolved", [False, True])
def test_every_column_is_what_a_loop_over_the_draws_counts(unsolved):
    """A rule with a plancher and a plafond that both bind, against a reference known for all units but one.

    One unit was at its plancher: it gains, or nothing changes. Draws without a solution count for nothing.
    """
    given = model(floor=60_000.0, cap=110_000.0)
    reference = dict.fromkeys(given.codes[:-1], 1000000.0 / UNITS)
    inputs = [*INPUTS[:2], *[NOTHING] * unsolved]
    unsure = int(np.flatnonzero(run(given, inputs).table["probabilite_plancher"].between(0.01, 0.99))[0])
    reference[given.codes[unsure]] = 60_000.0
    found, values = run(given, inputs, reference=reference), drawn(inputs)
    factors = zip(values["ase, LogNormal"], values["igb, Uniform"], strict=True)
    exact = np.stack([given.amounts({"ase": ase[None], "igb": igb[None]})[0] for ase, igb in factors])
    if unsolved:
        exact = exact[values["rien"][:, 0] > 0]
    solved = len(exact)
    assert found.unsolved == 500 - solved
    gaps = exact - np.array([*reference.values(), np.nan])
    table, ranks = found.table, rankdata(-exact, method="min", axis=-1)

    def same_as(columns, values, atol=1e-6):
        np.testing.assert_allclose(table[list(columns)].to_numpy().T, values, atol=atol)

    same_as(["reference"], [[*reference.values(), np.nan]])
    same_as(["ecart_moyen"], [gaps.mean(axis=0)])
    same_as(["erreur_moyenne"], [table["ecart_type"] / np.sqrt(solved)])
    # A sum of squares loses the last digits of what does not vary.
    same_as(["erreur_ecart_moyen"], [gaps.std(axis=0, ddof=1) / np.sqrt(solved)], atol=1e-3)
    same_as([f"ecart_{name}" for name in NAMES], np.quantile(gaps, montecarlo.LEVELS, axis=0))
    gained, lost = (gaps > 0.5).mean(axis=0), (gaps < -0.5).mean(axis=0)
    gained[-1] = lost[-1] = np.nan
    same_as(["probabilite_gain", "probabilite_perte"], [gained, lost])
    same_as(["probabilite_plancher"], [(exact <= 60_000).mean(axis=0)])
    same_as(["probabilite_plafond"], [(exact >= 110_000).mean(axis=0)])
    for name in ("gain", "perte", "plancher", "plafond"):
        part = table[f"probabilite_{name}"]
        sure = np.where((part == 0) | (part == 1), 3 / solved, np.sqrt(part * (1 - part) / solved))
        same_as([f"erreur_probabilite_{name}"], [np.where(part.isna(), np.nan, sure)])
    same_as(["rang_q05"], [np.floor(np.quantile(ranks, 0.05, axis=0))])
    same_as(["rang_q50"], [np.round(np.quantile(ranks, 0.5, axis=0))])
    same_as(["rang_q95"], [np.ceil(np.quantile(ranks, 0.95, axis=0))])
    for level, name in zip(montecarlo.LEVELS, NAMES, strict=True):
        reach = np.sqrt(level * (1 - level) / solved)
        low, high = np.quantile(gaps, [max(level - reach, 0), min(level + reach, 1)], axis=0)
        same_as([f"erreur_ecart_{name}"], [(high - low) / 2])
        if f"rang_{name}" in table:
            low, high = np.quantile(ranks, [max(level - reach, 0), min(level + reach, 1)], axis=0)
            same_as([f"erreur_rang_{name}"], [(high - low) / 2])
    assert 0 < gained[unsure] < 1
    assert lost[unsure] == 0
    assert table["probabilite_garantie"].eq(0).all()
    assert table["erreur_probabilite_garantie"].eq(0).all()
    assert table["probabilite_plancher"].max() > 0 < table["probabilite_plafond"].max()


def test_quantiles_on_grids_are_near_the_exact_ones(monkeypatch):
    exact = run()
    monkeypatch.setattr(study, "KEPT_VALUES", 100)
    found = run()
    gap = (found.table[list(NAMES)] - exact.table[list(NAMES)]).abs().to_numpy().max()
    assert gap < 0.02 * (exact.table["q95"] - exact.table["q05"]).max()
    np.testing.assert_allclose(found.table["moyenne"], exact.table["moyenne"])
    assert (found.table["probabilite_gain"] == exact.table["probabilite_gain"]).all()


def test_an_uncertainty_that_all_units_share_moves_no_money():
    found = run(inputs=[Input("ase", Variants([[0.5], [1.5]]))])
    np.testing.assert_allclose(found.table["ecart_type"], 0, atol=0.6)
    assert found.overall.set_index("mesure").loc["argent_deplace", "q95"] < 1e-6


def test_probabilities_of_gaining_and_losing_do_not_exceed_1():
    found = run(reference=dict.fromkeys(model().codes, 1e6 / UNITS)).table
    total = found["probabilite_gain"] + found["probabilite_perte"]
    assert (total <= 1).all()
    assert (found["probabilite_gain"] == 1).any()


def test_a_newcomer_has_no_probability_of_gaining():
    reference = dict.fromkeys(model().codes[1:], 1e6 / UNITS)
    found = run(reference=reference).table
    assert np.isnan(found["probabilite_gain"].iloc[0])
    assert np.isnan(found["ecart_q50"].iloc[0])
    assert not np.isnan(found["q50"].iloc[0])


def test_the_reference_may_be_a_rule_computed_with_the_same_draws():
    found = run(inputs=INPUTS[:2], reference=model())
    np.testing.assert_allclose(found.table["ecart_q95"], 0, atol=1e-6)
    assert (found.table["probabilite_gain"] == 0).all()


def test_units_at_their_plancher_are_told():
    found = run(model(floor=70_000.0)).table
    assert found["probabilite_plancher"].between(0, 1).all()
    assert found["probabilite_plancher"].max() > 0.5
    assert (found.loc[found["probabilite_plancher"] == 1, "q95"] == 70_000).all()


def test_draws_without_a_solution_are_counted():
    found = run(inputs=[*INPUTS, NOTHING], draws=1000)
    assert found.unsolved == (drawn([NOTHING], 1000)["rien"][:, 0] == 0).sum() > 50
    assert not found.table["q50"].isna().any()


def test_no_draw_with_a_solution_is_an_error():
    with pytest.raises(InfeasibleError, match="none of the 500 draws"):
        run(model(cap=1.0))


def test_the_error_of_a_mean_is_that_of_repeated_runs():
    runs = [run(draws=128, seed=seed).table for seed in range(30)]
    spread = np.std([table["moyenne"].iloc[0] for table in runs], ddof=1)
    assert np.mean([table["erreur_moyenne"].iloc[0] for table in runs]) == pytest.approx(spread, rel=0.4)
    median = np.std([table["q50"].iloc[0] for table in runs], ddof=1)
    assert np.mean([table["erreur_q50"].iloc[0] for table in runs]) == pytest.approx(median, rel=0.5)


def test_every_figure_has_its_monte_carlo_error_under_its_name():
    found = run()
    for table, bare in ((found.table, {"code_departement", "reference"}), (found.overall, {"mesure"})):
        figures = {name for name in table if not name.startswith("erreur_")} - bare - {"ecart_type"}
        assert {f"erreur_{name}" for name in figures} <= set(table)
        assert (table[[f"erreur_{name}" for name in figures]] >= 0).all(axis=None)


def test_of_two_draws_the_errors_of_the_quantiles_stop_at_both():
    found = run(draws=2).table
    gap = (found["q95"] - found["q05"]) / 0.9
    # Levels of 0.95 and more by as much as they may err: from 0.796 to 1, of the way from one draw to the other.
    reach = np.sqrt(0.95 * 0.05 / 2)
    np.testing.assert_allclose(found["erreur_q95"], gap * (0.05 + reach) / 2)


def test_an_event_never_seen_has_the_error_of_the_rule_of_three():
    assert montecarlo._probability_error(np.array([0.0, 1.0]), 1000).tolist() == [0.003, 0.003]


def test_a_bound_that_the_rule_has_not_is_known_not_to_bind():
    assert (run().table["erreur_probabilite_garantie"] == 0).all()


def test_a_run_says_when_it_has_enough_draws(monkeypatch):
    monkeypatch.setattr(montecarlo, "TOLERANCE", 0.05)
    few, many = run(draws=60), run(draws=4000)
    assert not few.enough_draws()
    assert few.sufficient_draws() > 60
    assert many.relative_error < few.relative_error
    assert many.enough_draws()


def test_a_median_between_two_variants_does_not_keep_a_run_from_having_enough_draws(monkeypatch):
    monkeypatch.setattr(montecarlo, "TOLERANCE", 0.05)
    variants = [Input("ase", Variants([np.linspace(0.5, 1.5, UNITS), np.linspace(1.5, 0.5, UNITS)]))]
    found = run(inputs=variants, seed=1)
    width = found.table["q95"] - found.table["q05"]
    assert (found.table["erreur_q50"] / width).max() > 0.2
    assert found.enough_draws()


def test_ranks_are_an_interval_around_the_median_one():
    found = run().table
    assert ((found["rang_q05"] <= found["rang_q50"]) & (found["rang_q50"] <= found["rang_q95"])).all()
    assert found["rang_q05"].min() == 1


def test_a_run_that_fails_before_anything_is_finished_keeps_nothing():
    states = []
    with pytest.raises(SchedulerError):
        run(scheduler="thread", keep=states.append)
    assert states == []


def test_progress_goes_from_0_to_all_draws():
    seen = []
    run(progress=lambda done, total: seen.append((done, total)), chunk=64)
    assert seen[0] == (0, 500)
    assert seen[-1] == (500, 500)
    assert seen == sorted(seen)


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "on grids"])
def test_an_interrupted_run_is_taken_up_again_with_the_same_numbers(kept, monkeypatch):
    if not kept:
        monkeypatch.setattr(study, "KEPT_VALUES", 100)
    states = []

    def interrupt(done, _total):
        if done >= 192:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(draws=512, chunk=64, progress=interrupt, keep=states.append)
    [state] = states
    assert state["finis"].sum() == 3
    restarted = []
    found = run(draws=512, chunk=64, resume=state, progress=lambda done, _: restarted.append(done))
    assert restarted[0] == 192
    assert same(found, run(draws=512))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_changes_no_number():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp://"
    ) as cluster:
        found = run(scheduler=cluster.scheduler_address, chunk=64)
    assert same(found, run())


def published_pair():
    """Two equal halves, 90 and 10 published: an index >= 0 exists where the known share of the first is 0.8 or more."""
    pair = Model(
        ("03", "23"),
        ("ase", "igb"),
        np.array([[0.8, 0.2], [0.99, 0.01]]),
        np.array([0.5, 0.5]),
        100.0,
        np.zeros(2),
        np.full(2, np.inf),
        ("", ""),
        ("", ""),
    )
    published = Remaining(np.array([90.0, 10.0]), np.zeros(2, bool), np.zeros(2, bool), 0.5)
    law = Deduced(published, {"ase": (0.5, pair.observed[0])}, np.arange(2), pair.observed[1])
    return pair, law


def test_draws_that_the_publication_excludes_are_counted_with_what_it_does_to_the_others():
    pair, law = published_pair()
    inputs = [Input("ase", Uniform([0.5, 1], [1.5, 1])), Input("igb", law)]
    # What acts on the rule alone, or on its weights, is not drawn for the publication.
    alone = [Input("ase", Uniform(0.9, 1.1), name="autre", reference=False), Input("poids", Dirichlet([0.5, 0.5], 9))]
    found = simulate(pair, [*inputs, *alone], draws=4_000, seed=0, reference=pair)
    factors = drawn(inputs, 4_000, 2)["ase, Uniform"][:, 0]
    assert found.without_index == found.unsolved == (factors < 1).sum()
    shift = found.shifts.set_index("code_departement")["deplacement"]
    assert shift["03"] == pytest.approx((factors[factors >= 1].mean() - factors.mean()) / factors.std())
    assert shift["23"] == 0


def test_nothing_is_excluded_nor_shifted_where_every_draw_leaves_an_index():
    pair, law = published_pair()
    found = simulate(pair, [Input("ase", Uniform([1, 1], [1.5, 1])), Input("igb", law)], draws=500, seed=0)
    assert (found.without_index, len(found.shifts)) == (0, 0)


def test_a_publication_that_no_draw_allows_is_refused():
    pair, law = published_pair()
    with pytest.raises(InfeasibleError, match="50 contradict the published amounts"):
        simulate(pair, [Input("ase", Uniform([0.5, 1], [0.6, 1])), Input("igb", law)], draws=50, seed=0)


def test_a_run_killed_at_any_moment_goes_on_from_what_was_kept(monkeypatch):
    """What `keep` is given on the way is enough, whatever happens to the process after it."""
    monkeypatch.setattr(montecarlo, "KEEP_EVERY", 0.0)
    states = []
    whole = run(chunk=1, keep=lambda state: states.append({name: value.copy() for name, value in state.items()}))
    assert len(states) >= 2
    for state in (states[0], states[-1]):
        assert same(run(chunk=1, resume=state), whole)


def test_nothing_is_kept_on_the_way_of_a_short_run():
    states = []
    run(chunk=1, keep=states.append)
    assert states == []


def test_few_draws_are_never_enough():
    one = run(draws=1)
    assert not one.enough_draws()
    assert one.sufficient_draws() == montecarlo.FEWEST


def test_more_draws_than_can_be_counted_are_refused():
    with pytest.raises(ScenarioError, match="the number of draws is above 10000000000"):
        run(draws=10**21)


def told(**columns):
    """Return a simulation of 100 draws of which only the columns that tell how sure it is are filled."""
    given = {"q05": [0.0], "q95": [100.0], "erreur_moyenne": [1.0], "erreur_q05": [2.0], "erreur_q95": [1.0]}
    table = pd.DataFrame({**given, **{name: values for name, values in columns.items() if name != "draws"}})
    return montecarlo.Simulation(table, table, columns.get("draws", 100), 0, 0, table, 0)


def test_a_run_is_as_sure_as_the_worst_end_of_its_intervals():
    """2 € in 100 is 2 %: just enough."""
    assert told().relative_error == 0.02
    assert told().enough_draws()
    assert told().sufficient_draws() == 100
    assert not told(erreur_q95=[2.1]).enough_draws()
    assert told(erreur_moyenne=[4.0]).sufficient_draws() == 400
    assert told(erreur_q95=[6.0], draws=1000).sufficient_draws() == 9000
    assert told(erreur_q95=[2.01], draws=1000).sufficient_draws() == 1011
    two = {name: [0.0, 0.0] for name in ("q05", "erreur_moyenne", "erreur_q05")}
    assert told(**two, q95=[100.0, 50.0], erreur_q95=[1.0, 3.0]).relative_error == 0.06


def test_a_hundred_draws_are_needed_however_sure_they_are():
    assert not told(draws=99, erreur_q05=[0.0]).enough_draws()
    assert told(draws=100, erreur_q05=[0.0]).enough_draws()
    assert told(draws=10, erreur_q05=[0.0], erreur_moyenne=[0.0], erreur_q95=[0.0]).sufficient_draws() == 100


def test_an_interval_of_ten_euros_is_too_narrow_to_be_told():
    assert told(q95=[10.0], erreur_q05=[9.0]).relative_error == 0
    assert told(q95=[10.1], erreur_q05=[9.0]).relative_error > 0.8


def test_the_ends_of_an_interval_of_ranks_are_whole_ranks_that_hold_it(monkeypatch):
    def quantiles(tally, quantity, _):
        columns = tally.sums[f"somme {quantity}"].shape[0] if quantity != "rangs" else 1
        return np.repeat([[1.9], [2], [2.5], [3], [3.1]], columns, axis=1), np.ones((5, columns))

    monkeypatch.setattr(montecarlo, "_quantiles", quantiles)
    one = run(model(units=1), draws=100).table.iloc[0]
    assert (one["rang_q05"], one["rang_q50"], one["rang_q95"]) == (1, 2, 4)


@pytest.mark.parametrize(
    ("chunk", "workers", "segments", "together"),
    [(1, None, 100, 1), (64, None, 100, 1), (65, None, 100, 2), (128, None, 100, 2), (None, 1, 7, 1), (None, 1, 8, 1),
     (None, 1, 16, 2), (None, 2, 64, 4), (None, 1, 10_000, 16)],
)  # fmt: skip
def test_a_chunk_is_rounded_up_to_whole_segments_and_else_gives_each_worker_eight(chunk, workers, segments, together):
    assert montecarlo._segments_together(segments, 64, chunk, workers) == together


def test_the_variance_is_that_of_a_sample():
    """Of draws 1, 2 and 6: variance 7."""
    tally = SimpleNamespace(sums={"somme x": np.array([9.0]), "carres x": np.array([41.0])})
    mean, spread = montecarlo._moments(tally, "x", 3)
    assert (mean[0], spread[0]) == (3, pytest.approx(np.sqrt(7)))
    one = SimpleNamespace(sums={"somme x": np.array([9.0]), "carres x": np.array([81.0])})
    assert montecarlo._moments(one, "x", 1)[1][0] == 0


def test_a_run_is_kept_again_after_twenty_times_what_keeping_took(monkeypatch):
    clock = iter(np.arange(0.0, 10_000.0, 10.0))
    monkeypatch.setattr(montecarlo.time, "monotonic", lambda: next(clock))
    states = []
    run(chunk=1, keep=states.append)
    # Kept at 20 s (15 are due), which takes 10 s by this clock: not again before 230 s; 500 draws are 8 segments.
    assert len(states) == 1


def test_the_columns_of_the_tables_are_these_in_their_order():
    found = run(draws=100)
    names = list(montecarlo.NAMES)
    assert names == ["q05", "q25", "q50", "q75", "q95"]
    assert found.table.columns.tolist() == [
        "code_departement", "reference", "moyenne", "ecart_type", *names, "erreur_moyenne",
        *(f"erreur_{name}" for name in names), "ecart_moyen", *(f"ecart_{name}" for name in names),
        "erreur_ecart_moyen", *(f"erreur_ecart_{name}" for name in names), "probabilite_gain", "probabilite_perte",
        "probabilite_plancher", "probabilite_plafond", "probabilite_garantie", "erreur_probabilite_gain",
        "erreur_probabilite_perte", "erreur_probabilite_plancher", "erreur_probabilite_plafond",
        "erreur_probabilite_garantie", "rang_q05", "rang_q50", "rang_q95", "erreur_rang_q05", "erreur_rang_q50",
        "erreur_rang_q95",
    ]  # fmt: skip
    assert found.table["code_departement"].tolist() == list(model().codes)
    assert found.overall.columns.tolist() == [
        "mesure", "moyenne", "ecart_type", "erreur_moyenne", *names, *(f"erreur_{name}" for name in names),
    ]  # fmt: skip
    assert found.overall["mesure"].tolist() == ["argent_deplace", "gagnants", "perdants"]
    assert (found.draws, found.unsolved, found.without_index, found.seed) == (100, 0, 0, 0)

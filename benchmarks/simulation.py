"""The figures of the simulation, as ratios and peaks of one run: `make bench`, then `benchmarks/results/simulation.md`.

Each study runs in a process of its own, so that its peak memory is its own; a first call, which compiles or loads the
compiled code, is timed apart. The study is that of the requirement: two criteria with errors of measure, weights of a
Dirichlet law, a floor and a cap, whole euros, quantiles, ranks and probabilities.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from cdppe_analysis.allocation import allocate
from cdppe_analysis.rules import Criterion, Rule
from cdppe_analysis.simulation.draws import Input, drawn_blocks
from cdppe_analysis.simulation.laws import Dirichlet, LogNormal, Uniform
from cdppe_analysis.simulation.model import Model, model_of
from cdppe_analysis.simulation.montecarlo import simulate
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.typography import number

SEED = 0
ENVELOPE = 10**8
LOOP_DRAWS = 300
LONG = 10**8
"""Draws times units from which a study is timed once; the best of `SHORT_RUNS` is told of shorter ones."""
SHORT_RUNS = 3
STUDIES = {
    "100 000 tirages, 101 unités": (100_000, 101),
    "10 000 000 tirages, 101 unités": (10_000_000, 101),
    "1 000 tirages, 35 000 unités": (1_000, 35_000),
}
TARGETS = dict(zip(STUDIES, ("moins de 0,8 s", "moins de 40 s, mémoire plate", "moins de 15 s"), strict=True))
RESULTS = Path(__file__).parent / "results" / "simulation.md"


def rule_and_criteria(units: int) -> tuple[Rule, pd.DataFrame]:
    """Return a rule with a floor and a cap, and criteria drawn once: sizes of départements, or of communes."""
    generator = np.random.default_rng(SEED)
    codes = tuple(f"{rank:05d}" for rank in range(units))
    weights = {"ase": Fraction(1, 2), "igb": Fraction(1, 2)}
    criteria = tuple(Criterion(name, weight, 2020, "tirage", name) for name, weight in weights.items())
    mean = Fraction(ENVELOPE, units)
    rule = Rule("mesure", "Mesure", 2020, Fraction(ENVELOPE), codes, criteria, plancher=mean / 5, plafond=mean * 4)
    frame = pd.DataFrame({name: generator.lognormal(7, 0.9, units).round() + 1 for name in weights})
    frame.insert(0, "code_departement", codes)
    return rule, frame


def array_model(units: int) -> Model:
    """Return the arrays of the same rule, whose units need no code of a département."""
    rule, frame = rule_and_criteria(101)
    small = model_of(rule, frame.assign(code_departement=list(rule.beneficiaires)))
    if units == 101:
        return small
    whole, values = rule_and_criteria(units)
    share = float(whole.plancher or 0), float(whole.plafond or 0)
    return dataclasses.replace(
        small,
        codes=whole.beneficiaires,
        observed=values[["ase", "igb"]].to_numpy().T.copy(),
        floors=np.full(units, share[0]),
        caps=np.full(units, share[1]),
        floor_origins=("plancher",) * units,
        cap_origins=("plafond",) * units,
    )


def inputs() -> list[Input]:
    """Return the uncertain inputs."""
    return [
        Input("ase", LogNormal(1.0, 0.05)),
        Input("igb", Uniform(0.8, 1.2)),
        Input("poids", Dirichlet([0.5, 0.5], 100.0)),
    ]


def study(draws: int, units: int) -> dict[str, float]:
    """Time one study in this process, and return its peak memory."""
    model = array_model(units)
    start = time.perf_counter()
    simulate(model, inputs(), draws=50, seed=SEED)
    first = time.perf_counter() - start
    times = []
    for _ in range(SHORT_RUNS if draws * units < LONG else 1):
        start, busy = time.perf_counter(), time.process_time()
        found = simulate(model, inputs(), draws=draws, seed=SEED)
        times.append((time.perf_counter() - start, time.process_time() - busy))
    seconds, processor = min(times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {
        "first": first,
        "seconds": seconds,
        "processor": processor,
        "gigabytes": peak,
        "relative_error": found.relative_error,
    }


def loop(draws: int) -> dict[str, float]:
    """Time the study as a loop over draws around `allocate`, and compare its amounts with those of the library."""
    rule, frame = rule_and_criteria(101)
    model = model_of(rule, frame)
    simulate(model, inputs(), draws=50, seed=SEED)
    found = simulate(model, inputs(), draws=draws, seed=SEED)
    # So few draws are one segment.
    [block] = drawn_blocks(inputs(), SEED, 0, 101, [draws])
    amounts = np.empty((draws, 101))
    start, busy = time.perf_counter(), time.process_time()
    for draw in range(draws):
        drawn = {name: values[draw] for name, values in block.inputs.items()}
        weight = Fraction(float(drawn["poids, Dirichlet"][0]))
        criteria = (
            dataclasses.replace(rule.criteres[0], poids=weight),
            dataclasses.replace(rule.criteres[1], poids=1 - weight),
        )
        values = frame.assign(ase=frame["ase"] * drawn["ase, LogNormal"], igb=frame["igb"] * drawn["igb, Uniform"])
        finals = allocate(dataclasses.replace(rule, criteres=criteria), values).final
        amounts[draw] = [float(amount) for amount in finals.values()]
    seconds, processor = time.perf_counter() - start, time.process_time() - busy
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    quantiles = np.quantile(amounts, levels, axis=0).T
    told = found.table[[f"q{100 * level:02.0f}" for level in levels]].to_numpy()
    return {
        "seconds": seconds,
        "processor": processor,
        "worst_mean": float(np.abs(found.table["moyenne"] - amounts.mean(axis=0)).max()),
        "worst_quantile": float(np.abs(told - quantiles).max()),
    }


def in_process(*words: str) -> dict[str, float]:
    """Run one part of this file in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *words], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def written(rows: list[dict[str, float | str]], looped: dict[str, float]) -> str:
    """Return the results as a page in French."""
    lines = [
        "# Mesures de la simulation",
        "",
        "Deux critères incertains, poids de Dirichlet, minimum et maximum, euros entiers, quantiles, rangs, "
        "probabilités. Les études courtes sont faites trois fois, et la meilleure est retenue.",
        "",
        "| étude | secondes | secondes de processeur | µs par tirage | mémoire au plus haut (Go) | premier appel (s) "
        "| visé |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        numbers = (
            number(float(row["seconds"]), 1),
            number(float(row["processor"]), 1),
            number(1e6 * float(row["seconds"]) / float(row["draws"]), 1),
            number(float(row["gigabytes"]), 2),
            number(float(row["first"]), 1),
        )
        lines.append(f"| {row['study']} | {' | '.join(numbers)} | {TARGETS[str(row['study'])]} |")
    ratios = {
        unit: looped[unit] / LOOP_DRAWS / (float(rows[0][unit]) / float(rows[0]["draws"]))
        for unit in ("seconds", "processor")
    }
    lines += [
        "",
        "La même étude en boucle autour de `allocate` : "
        f"{number(1e3 * looped['seconds'] / LOOP_DRAWS, 2)} ms par tirage, "
        f"{number(ratios['seconds'])} fois la simulation (au moins 200 visé), {number(ratios['processor'])} fois en "
        "temps de processeur.",
        f"Écart des moyennes : au plus {looped['worst_mean']:.0e} € ; des quantiles : au plus "
        f"{looped['worst_quantile']:.0e} €.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", nargs=2, type=int, metavar=("DRAWS", "UNITS"))
    parser.add_argument("--loop", type=int, metavar="DRAWS")
    parser.add_argument("--quick", action="store_true", help="leave the 10 million draws out")
    arguments = parser.parse_args()
    if arguments.study:
        print(json.dumps(study(*arguments.study)))
        return
    if arguments.loop:
        print(json.dumps(loop(arguments.loop)))
        return
    rows: list[dict[str, float | str]] = []
    for name, (draws, units) in STUDIES.items():
        if arguments.quick and draws > 10**6:
            continue
        rows.append({"study": name, "draws": draws, **in_process("--study", str(draws), str(units))})
    looped = in_process("--loop", str(LOOP_DRAWS))
    page = written(rows, looped)
    print(page)
    if not arguments.quick:
        write_text(RESULTS, page)


if __name__ == "__main__":
    main()

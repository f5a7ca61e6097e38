"""Time the kernel and the exact path against what an analyst would write instead, and write the ratios.

`make bench` runs it. All ratios come from one run, on one thread (but for the lines on two), in processor time, which
depends little on what else the machine is doing; the smallest of several repetitions is kept. The physical limit is a
plain copy of the same array, output allocated beforehand for both. Slow peers are timed on fewer draws, as the table
says. Two threads are given in wall time, and by the processor time of the slower of the two.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from cdppe_analysis.typography import number

FLOOR, CAP, ENVELOPE = 50_000.0, 400_000.0, 15e6
UNITS, DRAWS, MANY_UNITS = 101, 200_000, 35_000


@dataclass(frozen=True)
class Timing:
    """One line of the table."""

    nom: str
    tirages: int
    unites: int
    secondes: float

    @property
    def nanosecondes(self) -> float:
        """Nanoseconds an element."""
        return self.secondes / self.tirages / self.unites * 1e9


def smallest(run: Callable[[], object], repetitions: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the smallest time of several runs, in seconds of the processor unless another clock is given."""
    times = []
    for _ in range(repetitions):
        start = clock()
        run()
        times.append(clock() - start)
    return min(times)


def draws(rows: int, units: int, seed: int) -> np.ndarray:
    """Return scores that sum to 1, about a third of which end at a bound."""
    scores = np.random.default_rng(seed).lognormal(size=(rows, units))
    return scores / scores.sum(axis=1, keepdims=True)


def pandas_rows(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Share, fix those out of bounds, share the rest again: what a good analyst writes, one draw at a time.

    The side that moves more money is fixed first, so that the amounts are the exact ones.
    """
    found = np.empty_like(scores)
    for rank, row in enumerate(scores):
        score = pd.Series(row)
        fixed = pd.Series(np.nan, index=score.index)
        while True:
            free = fixed.isna()
            shared = score[free] * ((envelope - fixed.sum()) / score[free].sum())
            lack, excess = (FLOOR - shared).clip(lower=0).sum(), (shared - CAP).clip(lower=0).sum()
            if lack == excess == 0:
                break
            if excess > lack:
                fixed[shared.index[shared > CAP]] = CAP
            else:
                fixed[shared.index[shared < FLOOR]] = FLOOR
        found[rank] = fixed.fillna(shared)
    return found


def numpy_rows(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Do the same on arrays, one draw at a time."""
    return np.concatenate([numpy_block(row[None], envelope) for row in scores])


def numpy_draws(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Do the same for all draws of a block together; blocks stay in the cache."""
    return np.concatenate([numpy_block(scores[n : n + 2_000], envelope) for n in range(0, len(scores), 2_000)])


def numpy_block(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Fix and share again until no draw has a unit out of bounds."""
    fixed, free = np.zeros_like(scores), np.ones(scores.shape, dtype=bool)
    while True:
        shared = scores * ((envelope - fixed.sum(axis=1)) / (scores * free).sum(axis=1))[:, None]
        lack = (np.maximum(FLOOR - shared, 0) * free).sum(axis=1)
        excess = (np.maximum(shared - CAP, 0) * free).sum(axis=1)
        over = free & (shared > CAP) & (excess > lack)[:, None]
        under = free & (shared < FLOOR) & (lack >= excess)[:, None]
        if not (over | under).any():
            return np.where(free, shared, fixed)
        fixed[over], fixed[under] = CAP, FLOOR
        free &= ~(over | under)


def title_one(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Hold harmless and reduce ratably, as Title I does: floors until they hold, then caps, and no one is freed again.

    Wrong where a cap binds: a unit that was raised to its floor has no part in what the caps give back.
    """
    fixed, free = np.zeros_like(scores), np.ones(scores.shape, dtype=bool)
    for bound, passed in ((FLOOR, np.less), (CAP, np.greater)):
        while True:
            shared = scores * ((envelope - fixed.sum(axis=1)) / (scores * free).sum(axis=1))[:, None]
            out = free & passed(shared, bound)
            if not out.any():
                break
            fixed[out] = bound
            free &= ~out
    return np.where(free, shared, fixed)


def clipped(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Clip, as composite indicators do (COINr): what is cut is lost, what is added is not paid for."""
    return np.clip(scores * envelope, FLOOR, CAP)


def clipped_and_scaled(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Clip, then bring back to the total: the bounds no longer hold."""
    amounts = clipped(scores, envelope)
    return amounts * (envelope / amounts.sum(axis=1, keepdims=True))


def brentq_rows(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Find lambda of each draw with scipy's root finder."""
    from scipy.optimize import brentq

    found = np.empty_like(scores)
    for rank, row in enumerate(scores):
        level = brentq(
            lambda x, row=row: np.clip(x * row, FLOOR, CAP).sum() - envelope, 0.0, CAP / row.min(), xtol=1e-6
        )
        found[rank] = np.clip(level * row, FLOOR, CAP)
    return found


def numpy_bisection(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Find lambda of all draws of a block together, by bisection; blocks stay in the cache."""
    found = np.empty_like(scores)
    for start in range(0, len(scores), 2_000):
        block = scores[start : start + 2_000]
        low, high = np.zeros(len(block)), CAP / block.min(axis=1)
        for _ in range(60):
            middle = 0.5 * (low + high)
            over = np.clip(middle[:, None] * block, FLOOR, CAP).sum(axis=1) > envelope
            high, low = np.where(over, middle, high), np.where(over, low, middle)
        found[start : start + 2_000] = np.clip(0.5 * (low + high)[:, None] * block, FLOOR, CAP)
    return found


def cvxpy_rows(scores: np.ndarray, envelope: float) -> np.ndarray:
    """Project each draw: the bounded amounts minimise sum (a - E s)^2 / s within the bounds and the total."""
    import cvxpy

    amounts = cvxpy.Variable(scores.shape[1])
    roots, targets = (cvxpy.Parameter(scores.shape[1]) for _ in range(2))
    objective = cvxpy.Minimize(cvxpy.sum_squares(cvxpy.multiply(roots, amounts) - targets))
    bounds = [amounts >= FLOOR / envelope, amounts <= CAP / envelope, cvxpy.sum(amounts) == 1]
    problem = cvxpy.Problem(objective, bounds)
    found = np.empty_like(scores)
    for rank, row in enumerate(scores):
        roots.value, targets.value = 1 / np.sqrt(row), np.sqrt(row)
        problem.solve(solver=cvxpy.CLARABEL, tol_gap_abs=1e-12, tol_gap_rel=1e-12, tol_feas=1e-12)
        found[rank] = amounts.value * envelope
    return found


def exact_seconds(units: int, repetitions: int) -> float:
    """Time `allocate` whole: frame, exact scores, lambda, whole euros and trace, with two criteria."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.rules import Criterion, Rule

    half = Fraction(1, 2)
    criteria = tuple(Criterion(name, half, 2020, "benchmark", "benchmark") for name in ("premier", "second"))
    codes = tuple(f"u{rank:05d}" for rank in range(units))
    envelope = int(ENVELOPE) * units // UNITS
    rule = Rule("essai", "Essai", 2020, Fraction(envelope), codes, criteria, Fraction(int(FLOOR)), Fraction(int(CAP)))
    values = np.random.default_rng(3).lognormal(8, 1, size=(2, units)).round(1)
    frame = pd.DataFrame({"code_departement": codes, "premier": values[0], "second": values[1]})
    return smallest(lambda: allocate(rule, frame), repetitions)


def first_call(fresh_cache: bool) -> float:
    """Time the import of the kernel and one call in a new process, compiled again or read from the disk."""
    program = (
        "import time, numpy; start = time.perf_counter();"
        "from cdppe_analysis.allocation.kernel import bounded_amounts;"
        "bounded_amounts([0.5, 0.5], 1.0, [0.0, 0.0], [1.0, 1.0]); print(time.perf_counter() - start)"
    )
    environment = dict(os.environ)
    if fresh_cache:
        with tempfile.TemporaryDirectory() as folder:
            environment["NUMBA_CACHE_DIR"] = folder
            return float(subprocess.check_output([sys.executable, "-c", program], env=environment, text=True))
    return float(subprocess.check_output([sys.executable, "-c", program], env=environment, text=True))


def timings(rows: int) -> tuple[list[Timing], dict[str, float]]:
    """Run everything once; return the times, and the other figures by name."""
    from cdppe_analysis.allocation.kernel import bounded_amounts, largest_remainders

    scores = draws(rows, UNITS, 1)
    out = np.empty_like(scores)
    lows, highs = np.full(UNITS, FLOOR), np.full(UNITS, CAP)
    one_low, one_high = np.broadcast_to(FLOOR, UNITS), np.broadcast_to(CAP, UNITS)
    amounts = bounded_amounts(scores, ENVELOPE, lows, highs)
    found = [
        Timing("copie simple", rows, UNITS, smallest(lambda: np.copyto(out, scores), 9)),
        Timing(
            "noyau, bornes par unité", rows, UNITS,
            smallest(lambda: bounded_amounts(scores, ENVELOPE, lows, highs, out), 9),
        ),
        Timing(
            "noyau, bornes uniformes", rows, UNITS,
            smallest(lambda: bounded_amounts(scores, ENVELOPE, one_low, one_high, out), 9),
        ),
        Timing("euros entiers", rows, UNITS, smallest(lambda: largest_remainders(amounts, ENVELOPE, highs, out), 9)),
    ]  # fmt: skip
    halves = [slice(0, rows // 2), slice(rows // 2, rows)]
    processor_times = []

    def one_half(part: slice) -> float:
        start = time.thread_time()
        bounded_amounts(scores[part], ENVELOPE, lows, highs, out[part])
        return time.thread_time() - start

    with ThreadPoolExecutor(2) as pool:
        wall = smallest(lambda: processor_times.append(max(pool.map(one_half, halves))), 30, time.perf_counter)
    one_wall = smallest(lambda: bounded_amounts(scores, ENVELOPE, lows, highs, out), 30, time.perf_counter)
    found.append(Timing("noyau, un fil, temps écoulé", rows, UNITS, one_wall))
    found.append(Timing("noyau, deux fils, temps écoulé", rows, UNITS, wall))
    found.append(Timing("noyau, deux fils, temps processeur", rows, UNITS, min(processor_times)))
    peers: list[tuple[str, Callable[[np.ndarray, float], object], int, int]] = [
        ("bissection NumPy", numpy_bisection, rows // 10, 3),
        ("scipy brentq", brentq_rows, max(rows // 200, 1), 3),
        ("cvxpy", cvxpy_rows, max(rows // 2000, 1), 1),
        ("boucle pandas", pandas_rows, max(rows // 1000, 1), 3),
        ("boucle NumPy, un tirage à la fois", numpy_rows, max(rows // 200, 1), 3),
        ("boucle NumPy, tous les tirages", numpy_draws, rows // 10, 3),
        ("boucle à la Title I", title_one, rows // 10, 3),
        ("écrêtage", clipped, rows // 10, 3),
        ("écrêtage ramené au total", clipped_and_scaled, rows // 10, 3),
    ]
    gaps = {}
    for name, run, count, repetitions in peers:
        result = np.asarray(run(scores[:count], ENVELOPE))
        gaps[f"écart au noyau, {name} (€)"] = float(np.abs(result - amounts[:count]).max())
        gaps[f"écart à l'enveloppe, {name} (€)"] = float(np.abs(result.sum(axis=1) - ENVELOPE).max())
        gaps[f"écart aux bornes, {name} (€)"] = float(max(FLOOR - result.min(), result.max() - CAP, 0.0))
        found.append(
            Timing(
                name, count, UNITS, smallest(lambda run=run, count=count: run(scores[:count], ENVELOPE), repetitions)
            )
        )
    many_rows = max(rows * UNITS // MANY_UNITS, 1)
    many, many_out = draws(many_rows, MANY_UNITS, 2), np.empty((many_rows, MANY_UNITS))
    many_lows, many_highs = np.full(MANY_UNITS, FLOOR), np.full(MANY_UNITS, CAP)
    envelope = float(round(ENVELOPE * MANY_UNITS / UNITS))
    found.append(
        Timing(
            "noyau, 35 000 unités", many_rows, MANY_UNITS,
            smallest(lambda: bounded_amounts(many, envelope, many_lows, many_highs, many_out), 9),
        )
    )  # fmt: skip
    found.append(Timing("chemin exact, 101 unités", 1, UNITS, exact_seconds(UNITS, 20)))
    found.append(Timing("chemin exact, 35 000 unités", 1, MANY_UNITS, exact_seconds(MANY_UNITS, 3)))
    others = {
        "premier appel, code à compiler (s)": first_call(fresh_cache=True),
        "premier appel, code en cache (s)": first_call(fresh_cache=False),
        **gaps,
    }
    return found, others


def ratios(found: list[Timing]) -> pd.DataFrame:
    """Return the ratios that the project aims at, beside the aim."""
    cost = {timing.nom: timing.nanosecondes for timing in found}
    seconds = {timing.nom: timing.secondes for timing in found}
    kernel = cost["noyau, bornes par unité"]
    rows = [
        ("boucle pandas / noyau", cost["boucle pandas"] / kernel, "—"),
        ("boucle NumPy, un tirage à la fois / noyau", cost["boucle NumPy, un tirage à la fois"] / kernel, "—"),
        ("boucle NumPy, tous les tirages / noyau", cost["boucle NumPy, tous les tirages"] / kernel, "—"),
        ("boucle à la Title I / noyau", cost["boucle à la Title I"] / kernel, "—"),
        ("écrêtage / noyau", cost["écrêtage"] / kernel, "—"),
        ("scipy brentq / noyau", cost["scipy brentq"] / kernel, "au moins 40"),
        ("bissection NumPy / noyau", cost["bissection NumPy"] / kernel, "au moins 12"),
        ("cvxpy / noyau", cost["cvxpy"] / kernel, "—"),
        ("noyau / copie", kernel / cost["copie simple"], "au plus 6, 3 visé"),
        (
            "noyau, bornes uniformes / copie",
            cost["noyau, bornes uniformes"] / cost["copie simple"],
            "au plus 6, 1,5 visé",
        ),
        ("euros entiers / noyau", cost["euros entiers"] / kernel, "au plus 4"),
        ("35 000 unités / 101, par élément", cost["noyau, 35 000 unités"] / kernel, "au plus 1,2"),
        (
            "un fil / deux fils, temps écoulé",
            cost["noyau, un fil, temps écoulé"] / cost["noyau, deux fils, temps écoulé"],
            "au moins 1,7",
        ),
        ("un fil / deux fils, temps processeur", kernel / cost["noyau, deux fils, temps processeur"], "au moins 1,7"),
        ("chemin exact, 101 unités (ms)", 1000 * seconds["chemin exact, 101 unités"], "moins de 50"),
        ("chemin exact, 35 000 unités (s)", seconds["chemin exact, 35 000 unités"], "moins de 10"),
    ]
    return pd.DataFrame(rows, columns=["rapport", "mesure", "visé"])


def machine() -> str:
    """Say what the figures were measured on."""
    import numba
    import scipy

    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return (
        f"{processor}, {os.cpu_count()} cœurs ; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {numba.__version__}, SciPy {scipy.__version__}"
    )


def plot(found: list[Timing], path: Path) -> None:
    """Draw nanoseconds an element, on a logarithmic axis."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    shown = [t for t in found if t.unites == UNITS and "exact" not in t.nom and "temps" not in t.nom]
    shown = sorted(shown, key=lambda timing: timing.nanosecondes)
    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    ours = ["#0b5c8a" if "noyau" in t.nom or "euros" in t.nom else "#b8b8b8" for t in shown]
    bars = axes.barh([timing.nom for timing in shown], [timing.nanosecondes for timing in shown], color=ours)
    labels = [number(t.nanosecondes, 1) for t in shown]
    axes.bar_label(bars, labels, padding=4, fontsize=9)
    axes.set_xscale("log")
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel("nanosecondes par élément (échelle logarithmique)")
    title = "Le noyau coûte quelques copies du tableau ; les autres écritures du même partage, bien plus"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.savefig(path, dpi=150)
    plt.close(figure)


def main() -> int:
    """Run the benchmark and write `kernel.md` and `kernel.png`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=DRAWS, help="draws of 101 units (default 200 000)")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results", help="folder of the results")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    found, others = timings(arguments.rows)
    lines = ["# Mesures du noyau", "", machine(), "", "| rapport | mesure | visé |", "|---|---|---|"]
    for name, value, aim in ratios(found).itertuples(index=False):
        lines.append(f"| {name} | {number(value, 0 if value >= 100 else 2)} | {aim} |")
    lines += ["", "| quoi | tirages | unités | secondes | ns par élément |", "|---|---|---|---|---|"]
    for t in found:
        figures = [number(t.tirages), number(t.unites), number(t.secondes, 4), number(t.nanosecondes, 2)]
        lines.append(f"| {t.nom} | {' | '.join(figures)} |")
    lines += ["", "| autre mesure | valeur |", "|---|---|"]
    lines += [f"| {name} | {value:.2g} |".replace(".", ",") for name, value in others.items()]
    text = "\n".join(lines) + "\n"
    (arguments.out / "kernel.md").write_text(text, encoding="utf-8")
    plot(found, arguments.out / "kernel.png")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

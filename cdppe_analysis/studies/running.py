"""A scenario run: compared, drawn where draws are asked for, and bound in a record.

An interrupted run is kept in one file under a name that holds the print of its inputs, so that the same command takes
it up again. Known drawback: a command with other inputs leaves that file where it is.
"""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cdppe_analysis.data import Data
from cdppe_analysis.errors import ScenarioError, SchedulerError, TableError
from cdppe_analysis.rules import parse_rule
from cdppe_analysis.rules.scenario import parse_scenarios
from cdppe_analysis.simulation.comparison import Comparison
from cdppe_analysis.simulation.record import check_record, make_record, short
from cdppe_analysis.storage.files import read_json, replaced
from cdppe_analysis.studies.preparation import (
    Prepared,
    compare_prepared,
    contributions_of,
    prepare,
)

if TYPE_CHECKING:
    from cdppe_analysis.simulation.montecarlo import Simulation


@dataclass(frozen=True, eq=False)
class StudyResult:
    """What a scenario gives: the comparison, the draws where some were asked for, the record.

    `contributions` tells what each of several changes brings; it is `None` for one change alone, and where some of the
    changes make no rule without the others.
    """

    prepared: Prepared
    comparison: Comparison
    simulation: Simulation | None
    record: dict[str, Any]
    contributions: pd.DataFrame | None = None
    kept: Path | None = None

    @property
    def table(self) -> pd.DataFrame:
        """One row a unit: the comparison, what each change brings, and what the draws say."""
        table = self.comparison.table
        if self.contributions is not None:
            parts = self.contributions.pivot(
                index="code_departement", columns="changement", values="contribution"
            ).add_prefix("contribution ")
            table = table.merge(parts.reset_index(), on="code_departement", how="left", validate="one_to_one")
        if self.simulation is None:
            return table
        drawn = self.simulation.table.drop(columns="reference")
        return table.merge(drawn, on="code_departement", how="left", validate="one_to_one")

    def keep(self) -> Path | None:
        """Keep the finished draws where an interrupted run would be, and return the place; `None` where none can be."""
        if self.kept is not None and self.simulation is not None:
            _keep(self.simulation.state, self.kept)
        return _kept_place(self.kept)

    def release(self) -> None:
        """Remove what was kept of the run, once its result is written."""
        for place in _places(self.kept):
            with contextlib.suppress(OSError):
                place.unlink(missing_ok=True)


def run_study(
    prepared: Prepared,
    *,
    draws: int = 0,
    seed: int | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    kept_in: Path | None = None,
) -> StudyResult:
    """Compare, draw where draws are asked for, and bind the run in a record.

    Parameters
    ----------
    prepared
        The scenario; see `prepare`.
    draws, seed
        How many draws (0 for none), and their seed, then required.
    scheduler, workers, progress
        As for `simulation.montecarlo.simulate`.
    kept_in
        The folder in which a run is kept while it goes on, and taken up again from: by the caller's `release` it is
        forgotten. Nothing is kept when left out.

    Raises
    ------
    CdppeError
        As the steps do.
    KeyboardInterrupt, SchedulerError
        Saying what is kept, where a run that may be taken up again is interrupted.
    """
    kept = None if kept_in is None or not draws else kept_in / _kept_name(prepared, draws, seed)
    simulation = None
    try:
        comparison, parts = compare_prepared(prepared), _contributions(prepared)
        if draws:
            simulation = simulate_prepared(
                prepared,
                draws=draws,
                seed=seed,
                scheduler=scheduler,
                workers=workers,
                progress=progress,
                keep=None if kept is None else lambda state: _keep(state, kept),
                resume=None if (there := _kept_place(kept)) is None else _kept(there),
            )
        unbound = StudyResult(prepared, comparison, simulation, {}, parts, kept)
        return replace(unbound, record=_record(prepared, unbound, draws, seed))
    except (KeyboardInterrupt, SchedulerError) as error:
        if kept_in is None:
            raise
        if isinstance(error, SchedulerError):
            raise SchedulerError(f"{error.message}; {_what_is_kept(kept)}") from error
        raise KeyboardInterrupt(_what_is_kept(kept)) from None


def simulate_prepared(prepared: Prepared, *, draws: int, seed: int | None, **how: Any) -> Simulation:
    """Draw the uncertain inputs of a scenario; the reference is its baseline, computed with the same draws.

    See `simulation.montecarlo.simulate` for the parameters and the errors.
    """
    from cdppe_analysis.simulation.model import model_of
    from cdppe_analysis.simulation.montecarlo import simulate
    from cdppe_analysis.studies.uncertainty import uncertain_inputs

    return simulate(
        model_of(prepared.rule, prepared.criteria),
        uncertain_inputs(prepared),
        draws=draws,
        seed=seed,
        reference=model_of(prepared.base, prepared.base_criteria),
        **how,
    )


def run_again(
    record: Mapping[str, Any],
    *,
    scheduler: str | None = None,
    data: Data | None = None,
) -> StudyResult:
    """Run a record again: its rule, its scenario, its draws and seed, with the installation's tables or those given."""
    inputs, opened = record["entrees"], data or Data.open()
    [scenario] = parse_scenarios(inputs["scenario"], "record")
    prepared = prepare(scenario, opened, base=parse_rule(inputs["regle"], opened.names, "record"))
    return run_study(prepared, draws=inputs["tirages"], seed=inputs["graine"], scheduler=scheduler)


def read_record(path: str | Path) -> dict[str, Any]:
    """Return a record.

    Raises
    ------
    ScenarioError
        When the file cannot be read, is no record, or was changed.
    """
    return check_record(read_json(path, ScenarioError), Path(path).name)


def _kept_name(prepared: Prepared, draws: int, seed: int | None) -> str:
    """Return the name of the file in which an interrupted run is kept; it holds the print of the inputs."""
    print_ = _record(prepared, None, draws, seed)["empreinte_des_entrees"]
    return f"{prepared.scenario.file_stem}-{short(print_)}.tirages.npz"


def _kept_place(kept: Path | None) -> Path | None:
    """Return where a run is kept: in its own place, else among the temporary files; `None` where it is not."""
    return next((place for place in _places(kept) if place.is_file()), None)


def _what_is_kept(kept: Path | None) -> str:
    place = _kept_place(kept)
    if place is None:
        return "nothing was finished"
    return f"what is finished is kept in {place}, and the same command goes on from there, on any scheduler"


def _places(kept: Path | None) -> tuple[Path, ...]:
    return () if kept is None else (kept, Path(tempfile.gettempdir()) / kept.name)


def _contributions(prepared: Prepared) -> pd.DataFrame | None:
    if len(prepared.changes) < 2:
        return None
    try:
        return contributions_of(prepared)
    except ScenarioError:
        return None


def _record(prepared: Prepared, result: StudyResult | None, draws: int, seed: int | None) -> dict[str, Any]:
    return make_record(
        rule=prepared.base.mapping(),
        scenario=prepared.scenario.mapping(),
        tables=prepared.tables,
        draws=draws,
        seed=seed if draws else None,
        result=pd.DataFrame() if result is None else result.table,
    )


def _keep(state: Mapping[str, Any], kept: Path) -> None:
    """Keep draws in the first place that takes them; a run goes on where none does."""
    for place in _places(kept):
        with contextlib.suppress(TableError):
            with replaced(place) as temporary, temporary.open("wb") as file:
                np.savez(file, **{name.replace("/", "\\"): value for name, value in state.items()})
            return


def _kept(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            return {name.replace("\\", "/"): content[name] for name in content.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ScenarioError(
            f"{path.name} keeps no interrupted run: remove it to start again", cell=str(path)
        ) from error

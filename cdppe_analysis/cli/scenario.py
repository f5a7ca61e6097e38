"""`cdppe simulate`, `replay`: another rule beside its baseline, how sure the difference is, and a record run again."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.arguments import opened

if TYPE_CHECKING:
    from cdppe_analysis.studies.running import StudyResult


def _simulate(arguments: argparse.Namespace) -> int:
    """Compare, draw, write, and print what a reader asks first, in French."""
    from cdppe_analysis.errors import ScenarioError
    from cdppe_analysis.simulation.draws import check_seed
    from cdppe_analysis.studies.preparation import prepare
    from cdppe_analysis.studies.results import check_destination
    from cdppe_analysis.studies.running import run_study
    from cdppe_analysis.studies.telling import summary

    given = {name: getattr(arguments, name) for name in ("error", "perimeter", "level", "positive")}
    given = {name: value for name, value in given.items() if value is not None}
    if given and not arguments.identification:
        raise ScenarioError("--error, --perimeter, --level and --any-index are hypotheses of --identification")
    if arguments.draws < 0:
        raise ScenarioError(f"the number of draws is {arguments.draws}, below 0")
    if arguments.draws:
        check_seed(arguments.seed)
    elif arguments.seed is not None:
        print("cdppe simulate: nothing is drawn without --draws: the seed is not used", file=sys.stderr)
    if arguments.workers is not None and arguments.workers < 1:
        raise ScenarioError(f"the number of workers is {arguments.workers}, below 1")
    kept_in = arguments.out.parent if arguments.out is not None else Path()
    results: list[StudyResult] = []
    arguments.result = []
    data = opened(arguments)
    scenarios = data.scenarios(arguments.scenario)
    if arguments.out is not None:
        check_destination(arguments.out, scenarios)
    for scenario in scenarios:
        prepared = prepare(scenario, data)
        identified = None
        if arguments.identification:
            from cdppe_analysis.studies.identification import identify

            identified = identify(prepared, **given)
        result = run_study(
            prepared,
            draws=arguments.draws,
            seed=arguments.seed,
            scheduler=arguments.scheduler,
            workers=arguments.workers,
            progress=_progress if arguments.draws else None,
            kept_in=kept_in,
        )
        print(summary(result))
        arguments.result.append(_told(result))
        if identified is not None:
            arguments.result[-1]["identification"] = identified.as_json()
            print(summary(identified))
        results.append(result)
    if arguments.out is not None:
        _write(results, arguments.out)
    for result in results:
        result.release()
    return 0


def _told(result: StudyResult) -> dict[str, Any]:
    """Return a result for programs: what differs, the whole, each unit, what the draws say, the prints."""
    from cdppe_analysis.studies.running import result_table

    scenario, simulation = result.prepared.scenario, result.simulation
    return {
        "scenario": scenario.id,
        "titre": scenario.titre,
        "base": scenario.base,
        "differences": result.prepared.applied.differences,
        "sans_effet": result.prepared.applied.without_effect,
        "ensemble": result.comparison.overall,
        "departements": result_table(result),
        "simulation": simulation
        and {
            "tirages": simulation.draws,
            "graine": simulation.seed,
            "sans_solution": simulation.unsolved,
            "sans_indice": simulation.without_index,
            "erreur_relative": simulation.relative_error,
            "assez_de_tirages": simulation.enough_draws(),
            "ensemble": simulation.overall,
        },
        "empreinte_des_entrees": result.record["empreinte_des_entrees"],
        "empreinte_du_resultat": result.record["empreinte_du_resultat"],
    }


def _write(results: list[StudyResult], out: Path) -> None:
    """Write the results; where that fails, the draws are kept."""
    from cdppe_analysis.errors import TableError
    from cdppe_analysis.studies.results import write_results

    try:
        for path in write_results(results, out):
            print(f"cdppe simulate: {path} written", file=sys.stderr)
    except (TableError, OSError, UnicodeError) as error:
        kept = [str(place) for result in results if (place := result.keep())]
        goes_on = f"; the draws are kept in {', '.join(kept)}, and the same command goes on from there" if kept else ""
        raise TableError(f"{error}{goes_on}") from error


def _progress(done: int, total: int) -> None:
    """Show the draws that are done, on one line of a terminal, or when a run ends elsewhere."""
    end = "\n" if done >= total else ""
    if sys.stderr.isatty():
        print(f"\r{done:>12,} of {total:,} draws".replace(",", " "), end=end, file=sys.stderr, flush=True)
    elif end:
        print(f"{total:,} draws done".replace(",", " "), file=sys.stderr)


def _replay(arguments: argparse.Namespace) -> int:
    """Run the record again; the exit code is 1 when the result is another."""
    from cdppe_analysis.errors import CheckError
    from cdppe_analysis.simulation.record import short, verdict
    from cdppe_analysis.studies.running import read_record, run_again

    record = read_record(arguments.record)
    again = run_again(record, scheduler=arguments.scheduler, data=opened(arguments)).record
    answer = verdict(record, again)
    if answer.different_inputs:
        print(f"cdppe replay: inputs that differ: {', '.join(answer.different_inputs)}", file=sys.stderr)
    if not answer.identical:
        gap = "the tables do not have one layout" if math.isnan(answer.gap) else f"the largest gap is {answer.gap:g}"
        raise CheckError(f"the result is not that of the record: {gap}", cell=arguments.record.name)
    arguments.result = {
        "identique": answer.identical,
        "ecart": answer.gap,
        "entrees_differentes": answer.different_inputs,
        "empreinte_des_entrees": again["empreinte_des_entrees"],
        "empreinte_du_resultat": again["empreinte_du_resultat"],
    }
    print(
        f"Même résultat, au centime : entrées {short(again['empreinte_des_entrees'])}, "
        f"résultat {short(again['empreinte_du_resultat'])}"
    )
    return 0


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {"simulate": _simulate, "replay": _replay}

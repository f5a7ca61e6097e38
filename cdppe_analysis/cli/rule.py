"""What a rule gives, what published amounts say of it, and what another rule would change.

`cdppe allocate`, `explain`, `calibrate`, `map`: the amounts of a rule; `simulate`, `replay`: another rule beside its
baseline, how sure the difference is, and a record run again.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.arguments import USUAL_CRITERION, USUAL_RULE, opened
from cdppe_analysis.cli.console import write_table

if TYPE_CHECKING:
    import pandas as pd

    from cdppe_analysis.allocation import Allocation
    from cdppe_analysis.data import Data
    from cdppe_analysis.rules import Rule
    from cdppe_analysis.studies.running import StudyResult

COLUMNS = ["code_departement", "libelle_departement", "score", "montant_theorique", "borne", "montant_eur"]

_MOST_UNITS = 3000
"""Units among which it can be searched, within the hour, which of those published at a bound are there."""


def _rule_and_criteria(arguments: argparse.Namespace, data: Data) -> tuple[Rule, pd.DataFrame]:
    """Read the rule and the values of its criteria."""
    from cdppe_analysis.data.given import read_criteria

    rule = data.rule(arguments.rule)
    if arguments.criteria is None:
        return rule, data.criteria(rule)
    return rule, read_criteria(arguments.criteria, data.territories)


def _allocate(arguments: argparse.Namespace) -> int:
    """Compute, write the amounts, and say what was ignored."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.errors import written

    allocation = allocate(*_rule_and_criteria(arguments, opened(arguments)))
    if allocation.message:
        print(f"cdppe allocate: {allocation.message}", file=sys.stderr)
    table = arguments.result = allocation.table[COLUMNS]
    total = written(sum(allocation.final.values(), Fraction(0)))
    write_table(table, arguments.out, f"{len(table)} amounts, {total} euros")
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    """Print how one amount came about, in French."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.studies.explanation import explain

    data = opened(arguments)
    rule, criteria = _rule_and_criteria(arguments, data)
    allocation = allocate(rule, criteria)
    told = explain(allocation, arguments.code, data.units(rule) if arguments.criteria is None else None)
    arguments.result = {"regle": rule.id, **_trace(allocation, arguments.code), "lignes": told.splitlines()}
    print(told)
    return 0


def _trace(allocation: Allocation, code: str) -> dict[str, Any]:
    """Return the trace of one amount: exact figures that the rule says, the nearest floats of those computed."""
    rule, table = allocation.rule, allocation.table
    [row] = table[table["code_departement"] == code].to_dict("records")
    criteria = [
        {
            "id": criterion.id,
            "libelle": criterion.titre,
            "millesime": criterion.millesime,
            "poids": criterion.poids,
            "valeur": row[f"valeur_{criterion.id}"],
            "total": float(table[f"valeur_{criterion.id}"].sum()),
            "part": row[f"part_{criterion.id}"],
            "part_ponderee": row[f"part_ponderee_{criterion.id}"],
            "valeur_du_point": float(allocation.point_values[criterion.id]),
        }
        for criterion in rule.criteres
    ]
    names = ("score", "montant_theorique", "borne", "montant_exact", "reste", "unite_recue", "montant_eur")
    return {
        **{name: row[name] for name in ("code_departement", "libelle_departement")},
        "enveloppe": rule.enveloppe,
        "beneficiaires": len(rule.beneficiaires),
        "plancher": rule.plancher,
        "plafond": rule.plafond,
        "criteres": criteria,
        "multiplicateur": float(allocation.multiplier),
        "bornes": allocation.bound_effects,
        **{name: row[name] for name in names},
    }


def _calibrate(arguments: argparse.Namespace) -> int:
    """Compute the intervals, of a criterion or, where all are known, of the weights, and write them."""
    from cdppe_analysis.data.given import read_criteria
    from cdppe_analysis.errors import TableError

    data = opened(arguments)
    rule = data.rule(arguments.rule, weighted=False)
    given = arguments.amounts
    amounts = data.amounts(rule) if given is None else read_criteria(given, data.territories)
    if "montant_eur" not in amounts:
        raise TableError(
            f"there is no column 'montant_eur'; there are {', '.join(map(str, amounts))}", cell=given and given.name
        )
    unknown = _unknown(rule, data) if arguments.unknown is None else arguments.unknown
    if unknown is not None:
        rule = data.rule(arguments.rule)
    if arguments.criteria is None:
        criteria = data.criteria(rule, without=unknown)
    else:
        criteria = read_criteria(arguments.criteria, data.territories)
    deduced = _weights(rule, criteria, amounts) if unknown is None else _criterion(rule, criteria, amounts, unknown)
    arguments.result, told, said = deduced
    write_table(arguments.result, arguments.out, told)
    print(f"cdppe calibrate: {said}", file=sys.stderr)
    return 0


def _unknown(rule: Rule, data: Data) -> str | None:
    """Return the criterion to deduce: the usual one, or the one that a study leaves blank; `None` for its weights."""
    from cdppe_analysis.errors import CriteriaError

    if not data.is_study:
        return USUAL_CRITERION
    blank = data.blank_criteria(rule)
    if len(blank) > 1:
        raise CriteriaError(
            f"{len(blank)} criteria are blank ({', '.join(blank)}) and one can be deduced: fill in the others",
            cell="criteres.csv",
        )
    return next(iter(blank), None)


def _criterion(
    rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame, unknown: str
) -> tuple[pd.DataFrame, str, str]:
    from cdppe_analysis.calibration.criterion import calibrate_criterion

    intervals = calibrate_criterion(rule, criteria, amounts, unknown)
    whole = "the centre is" if (intervals.certificates["extremite"] == "centre").all() else "every interval is"
    certified = f"{whole} certified, the amounts come back within {intervals.largest_gap_eur:.2f} euros"
    return intervals.table, f"{len(intervals.table)} intervals of {intervals.criterion}", certified


def _weights(rule: Rule, criteria: pd.DataFrame, amounts: pd.DataFrame) -> tuple[pd.DataFrame, str, str]:
    from cdppe_analysis.calibration.published import PublishedAmounts
    from cdppe_analysis.calibration.weights import calibrate_weights
    from cdppe_analysis.errors import UnsettledError
    from cdppe_analysis.studies.telling import summary
    from cdppe_analysis.typography import counted

    publication = PublishedAmounts.read(rule, amounts)
    bound = sum(map(max, *publication.near_bounds(publication.tolerance)))
    if bound and len(rule.beneficiaires) > _MOST_UNITS:
        raise UnsettledError(
            f"{bound} of the {len(rule.beneficiaires)} amounts are at a plancher or a plafond: the weights are "
            f"searched unit by unit, among {_MOST_UNITS} at most"
        )
    weights = calibrate_weights(rule, criteria, amounts, publication.tolerance)
    return weights.table, f"weights of {counted(len(weights.table), 'criterion', 'criteria')}", summary(weights)


def _map(arguments: argparse.Namespace) -> int:
    """Draw circles for the euros and colours for the euros a unit of the criterion; say what the map shows."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.figures import Scale, Words, choropleth_and_circles
    from cdppe_analysis.figures.contours import Contours
    from cdppe_analysis.figures.illustration import Illustration
    from cdppe_analysis.figures.maps import unit_map
    from cdppe_analysis.typography import counted

    Illustration.check_suffix(arguments.out)
    data = opened(arguments)
    if arguments.rule is None and arguments.data is None:
        arguments.rule = USUAL_RULE
    rule, criteria = _rule_and_criteria(arguments, data)
    contours = Contours.of_study(data.folder, data.territories, rule.beneficiaires)
    divisor = rule.criterion(rule.criteres[0].id if arguments.per is None else arguments.per)
    table = allocate(rule, criteria).table
    table["par_unite"] = table["montant_eur"] / table[f"valeur_{divisor.id}"]
    words = Words(
        _finding(table),
        f"{rule.titre} : montant calculé, et par unité de « {divisor.titre} » ({divisor.millesime})",
        source=_sources(rule, data),
        champ=counted(len(table), "département bénéficiaire" if contours is None else "bénéficiaire"),
    )
    scales = Scale("€", _decimals(table["par_unite"]), legend="Euros par unité"), Scale(legend="Montant calculé")
    columns = "par_unite", "montant_eur"
    illustration = (
        choropleth_and_circles(table, *columns, words, *scales, not_concerned="others")
        if contours is None
        else unit_map(table, *columns, words, *scales, contours)
    )
    illustration.save(arguments.out)
    arguments.result = {
        "regle": rule.id,
        "critere": divisor.id,
        "carte": arguments.out,
        "alternative": illustration.alternative,
        "montants": table[["code_departement", "libelle_departement", *columns[::-1]]],
    }
    print(f"{arguments.out}: {illustration.alternative}")
    return 0


def _decimals(values: pd.Series) -> int:
    """Return the decimals that tell values apart: three significant digits of the middle one."""
    middle = float(values.median())
    return max(0, 2 - math.floor(math.log10(middle))) if middle > 0 else 0


def _finding(table: pd.DataFrame) -> str:
    from cdppe_analysis.typography import euros

    first, last = (table.iloc[place] for place in (table["montant_eur"].argmax(), table["montant_eur"].argmin()))
    return (
        f"De {euros(last['montant_eur'])} ({last['libelle_departement']}) "
        f"à {euros(first['montant_eur'])} ({first['libelle_departement']})"
    )


def _sources(rule: Rule, data: Data) -> str:
    catalogue = data.sources
    names = [catalogue[c.source].titre if c.source in catalogue else c.source for c in rule.criteres]
    return f"règle {rule.id} ({' ; '.join(dict.fromkeys(names))}) ; calcul du projet"


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
    elif unused := [f"--{name}" for name in ("seed", "scheduler", "workers") if getattr(arguments, name) is not None]:
        print(f"cdppe simulate: nothing is drawn without --draws: {', '.join(unused)} not used", file=sys.stderr)
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
    scenario, simulation = result.prepared.scenario, result.simulation
    return {
        "scenario": scenario.id,
        "titre": scenario.titre,
        "base": scenario.base,
        "differences": result.prepared.applied.differences,
        "sans_effet": result.prepared.applied.without_effect,
        "ensemble": result.comparison.overall,
        "departements": result.table,
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


RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "allocate": _allocate,
    "explain": _explain,
    "calibrate": _calibrate,
    "map": _map,
    "simulate": _simulate,
    "replay": _replay,
}

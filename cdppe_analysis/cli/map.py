"""`cdppe map`: the amounts that a rule gives, on a map of the 101 départements."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cdppe_analysis.cli import destination

if TYPE_CHECKING:
    import pandas as pd

    from cdppe_analysis.rules import Rule


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("rule", metavar="RULE", nargs="?", default="ondam-ms-2020", help="a rule's id or path")
    parser.add_argument("--per", metavar="CRITERION", help="the criterion to divide by; the rule's first when left out")
    parser.add_argument("--criteria", metavar="CSV", type=Path, help="code_departement, then a column a criterion")
    parser.add_argument(
        "--out", metavar="FILE", type=destination, default=Path("carte.png"), help="a .png, .svg or .pdf (carte.png)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw circles for the euros and colours for the euros a unit of the criterion; say what the map shows."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.data.reading import load_criteria, load_rule, read_criteria
    from cdppe_analysis.figures import Scale, Words, choropleth_and_circles

    rule = load_rule(arguments.rule)
    criteria = load_criteria(rule) if arguments.criteria is None else read_criteria(arguments.criteria)
    divisor = rule.criterion(arguments.per or rule.criteres[0].id)
    table = allocate(rule, criteria).table
    table["par_unite"] = table["montant_eur"] / table[f"valeur_{divisor.id}"]
    illustration = choropleth_and_circles(
        table,
        "par_unite",
        "montant_eur",
        Words(
            _finding(table),
            f"{rule.titre} : montant calculé, et par unité de « {divisor.titre} » ({divisor.millesime})",
            source=_sources(rule),
            champ=f"{len(table)} départements bénéficiaires",
        ),
        Scale(legend="Euros par unité"),
        Scale(legend="Montant calculé"),
        not_concerned="others",
    )
    illustration.save(arguments.out)
    columns = ["code_departement", "libelle_departement", "montant_eur", "par_unite"]
    arguments.result = {
        "regle": rule.id,
        "critere": divisor.id,
        "carte": arguments.out,
        "alternative": illustration.alternative,
        "montants": table[columns],
    }
    print(f"{arguments.out}: {illustration.alternative}")
    return 0


def _finding(table: pd.DataFrame) -> str:
    from cdppe_analysis.typography import euros

    first, last = (table.loc[table["montant_eur"].idxmax()], table.loc[table["montant_eur"].idxmin()])
    return (
        f"De {euros(int(last['montant_eur']))} ({last['libelle_departement']}) "
        f"à {euros(int(first['montant_eur']))} ({first['libelle_departement']})"
    )


def _sources(rule: Rule) -> str:
    from cdppe_analysis.sources import load_sources

    known = load_sources()
    names = [known[c.source].titre if c.source in known else c.source for c in rule.criteres]
    return f"règle {rule.id} ({' ; '.join(dict.fromkeys(names))}) ; calcul du projet"

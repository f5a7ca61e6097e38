"""`cdppe map`: the amounts that a rule gives, on a map of the 101 départements or of the units of a study."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING

from cdppe_analysis.cli import destination
from cdppe_analysis.cli.inputs import add_rule, opened, rule_and_criteria

if TYPE_CHECKING:
    import pandas as pd

    from cdppe_analysis.data import Data
    from cdppe_analysis.rules import Rule

_DEFAULT = "ondam-ms-2020"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_rule(parser, f"{_DEFAULT}, or the only one of --data")
    parser.add_argument("--per", metavar="CRITERION", help="the criterion to divide by; the rule's first when left out")
    parser.add_argument(
        "--out", metavar="FILE", type=destination, default="carte.png", help="a .png, .svg or .pdf (carte.png)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw circles for the euros and colours for the euros a unit of the criterion; say what the map shows."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.figures import Scale, Words, choropleth_and_circles
    from cdppe_analysis.figures.units import study_contours, unit_map

    data = opened(arguments)
    if arguments.rule is None and arguments.data is None:
        arguments.rule = _DEFAULT
    rule, criteria = rule_and_criteria(arguments, data)
    contours = study_contours(data.folder, data.territories, rule.beneficiaires)
    divisor = rule.criterion(arguments.per or rule.criteres[0].id)
    table = allocate(rule, criteria).table
    table["par_unite"] = table["montant_eur"] / table[f"valeur_{divisor.id}"]
    words = Words(
        _finding(table),
        f"{rule.titre} : montant calculé, et par unité de « {divisor.titre} » ({divisor.millesime})",
        source=_sources(rule, data),
        champ=f"{len(table)} {'départements ' if contours is None else ''}bénéficiaires",
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
    known = data.sources
    names = [known[c.source].titre if c.source in known else c.source for c in rule.criteres]
    return f"règle {rule.id} ({' ; '.join(dict.fromkeys(names))}) ; calcul du projet"

"""`cdppe explain`: how one amount came about, step by step."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cdppe_analysis.cli.inputs import add_rule, opened, rule_and_criteria

if TYPE_CHECKING:
    from cdppe_analysis.allocation import Allocation


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_rule(parser)
    parser.add_argument("code", metavar="CODE", help="the code of a beneficiary, such as 23 or 2A")


def run(arguments: argparse.Namespace) -> int:
    """Print the explanation, in French."""
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.studies.explanation import explain

    data = opened(arguments)
    rule, criteria = rule_and_criteria(arguments, data)
    allocation = allocate(rule, criteria)
    told = explain(allocation, arguments.code, data.units(rule) if arguments.criteria is None else None)
    arguments.result = {
        "regle": allocation.rule.id,
        **_trace(allocation, arguments.code),
        "lignes": told.splitlines(),
    }
    print(told)
    return 0


def _trace(allocation: Allocation, code: str) -> dict[str, Any]:
    """Return the trace of one amount: exact figures that the rule says, the nearest floats of those computed."""
    rule, table = allocation.rule, allocation.table
    [row] = table[table["code_departement"] == code].to_dict("records")
    criteria = [
        {
            "id": one.id,
            "libelle": one.titre,
            "millesime": one.millesime,
            "poids": one.poids,
            "valeur": row[f"valeur_{one.id}"],
            "total": float(table[f"valeur_{one.id}"].sum()),
            "part": row[f"part_{one.id}"],
            "part_ponderee": row[f"part_ponderee_{one.id}"],
            "valeur_du_point": float(allocation.valeurs_du_point[one.id]),
        }
        for one in rule.criteres
    ]
    whole = {"enveloppe": rule.enveloppe, "beneficiaires": len(rule.beneficiaires), "plancher": rule.plancher}
    names = ("score", "montant_theorique", "borne", "montant_exact", "reste", "unite_recue", "montant_eur")
    return {
        **{name: row[name] for name in ("code_departement", "libelle_departement")},
        **whole,
        "plafond": rule.plafond,
        "criteres": criteria,
        "multiplicateur": float(allocation.multiplicateur),
        "bornes": allocation.effets_des_bornes,
        **{name: row[name] for name in names},
    }

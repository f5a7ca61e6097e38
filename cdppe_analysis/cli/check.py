"""`cdppe check`: the raw files, the clean tables, the rules, one line a check."""

from __future__ import annotations

import argparse


def _run(arguments: argparse.Namespace) -> int:
    """Print one line a check; exit with 1 when one failed."""
    from cdppe_analysis.upkeep.verification import verify

    arguments.result = {"verifications": [], "reussies": 0, "echouees": 0}
    for check in verify(arguments.data):
        arguments.result["verifications"].append({"nom": check.name, "reussie": check.ok, "message": check.message})
        arguments.result["reussies" if check.ok else "echouees"] += 1
        print(f"{'ok  ' if check.ok else 'FAIL'} {check.name}{f': {check.message}' if check.message else ''}")
    print(f"{arguments.result['reussies']} checks passed, {arguments.result['echouees']} failed")
    return 1 if arguments.result["echouees"] else 0


RUN = {"check": _run}

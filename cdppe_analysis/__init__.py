"""How France shares money for protected children with a disability between its départements.

The names below are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.data.given import read_criteria
    from cdppe_analysis.data.reading import load_criteria, load_rule, load_table, where
    from cdppe_analysis.simulation import compare, simulate
    from cdppe_analysis.studies.explanation import explain
    from cdppe_analysis.studies.identification import identify

__version__ = "0.2.0"

_HOMES = {
    "allocate": "allocation",
    "compare": "simulation",
    "explain": "studies.explanation",
    "identify": "studies.identification",
    "load_criteria": "data.reading",
    "load_rule": "data.reading",
    "load_table": "data.reading",
    "read_criteria": "data.given",
    "simulate": "simulation",
    "where": "data.reading",
}

__all__ = [
    "allocate",
    "compare",
    "explain",
    "identify",
    "load_criteria",
    "load_rule",
    "load_table",
    "read_criteria",
    "simulate",
    "where",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"cdppe_analysis.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cdppe_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

"""How France shares money for protected children with a disability between its départements.

These names are the public interface: what the notebooks use, and a program of one's own may. Beside them stand three
vocabularies: `cdppe_analysis.figures` (maps, charts, tables), `cdppe_analysis.needs` (children, stays, places) and
`cdppe_analysis.typography` (numbers as French prints them). A name is imported when it is first used, so that importing
the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cdppe_analysis.allocation import allocate as allocate
    from cdppe_analysis.allocation import rule_variants as rule_variants
    from cdppe_analysis.allocation import spread as spread
    from cdppe_analysis.calibration.weights import best_proxy as best_proxy
    from cdppe_analysis.calibration.weights import calibrate_weights as calibrate_weights
    from cdppe_analysis.data import Data as Data
    from cdppe_analysis.data import load_criteria as load_criteria
    from cdppe_analysis.data import load_needs as load_needs
    from cdppe_analysis.data import load_rule as load_rule
    from cdppe_analysis.data import load_scenario as load_scenario
    from cdppe_analysis.data import load_table as load_table
    from cdppe_analysis.data import where as where
    from cdppe_analysis.data.given import read_criteria as read_criteria
    from cdppe_analysis.errors import CdppeError as CdppeError
    from cdppe_analysis.errors import InfeasibleError as InfeasibleError
    from cdppe_analysis.simulation.comparison import compare as compare
    from cdppe_analysis.simulation.coverage import coverage as coverage
    from cdppe_analysis.simulation.coverage import coverage_effects as coverage_effects
    from cdppe_analysis.simulation.coverage import drawn_coverage as drawn_coverage
    from cdppe_analysis.simulation.draws import Input as Input
    from cdppe_analysis.simulation.effects import sensitivity as sensitivity
    from cdppe_analysis.simulation.laws import LogNormal as LogNormal
    from cdppe_analysis.simulation.measures import lorenz_curves as lorenz_curves
    from cdppe_analysis.simulation.measures import rank_correlation_interval as rank_correlation_interval
    from cdppe_analysis.simulation.model import model_of as model_of
    from cdppe_analysis.simulation.montecarlo import simulate as simulate
    from cdppe_analysis.simulation.switching import gaps_on_simplex as gaps_on_simplex
    from cdppe_analysis.simulation.switching import share_of_gain as share_of_gain
    from cdppe_analysis.simulation.switching import switching_weights as switching_weights
    from cdppe_analysis.sources import Archive as Archive
    from cdppe_analysis.studies.atlas import kept_atlas as kept_atlas
    from cdppe_analysis.studies.explanation import explain as explain
    from cdppe_analysis.studies.preparation import compare_prepared as compare_prepared
    from cdppe_analysis.studies.preparation import contributions_of as contributions_of
    from cdppe_analysis.studies.preparation import prepare as prepare
    from cdppe_analysis.studies.running import run_again as run_again
    from cdppe_analysis.studies.running import run_study as run_study
    from cdppe_analysis.studies.telling import breakdown_sentence as breakdown_sentence
    from cdppe_analysis.studies.telling import summary as summary
    from cdppe_analysis.studies.uncertainty import index_intervals as index_intervals
    from cdppe_analysis.studies.uncertainty import uncertain_inputs as uncertain_inputs
    from cdppe_analysis.tables.published import zero_statuses as zero_statuses
    from cdppe_analysis.territories import departement as departement

__version__ = "0.2.0"

_NAMES = {
    "allocation": "allocate rule_variants spread",
    "calibration.weights": "best_proxy calibrate_weights",
    "data": "Data load_criteria load_needs load_rule load_scenario load_table where",
    "data.given": "read_criteria",
    "errors": "CdppeError InfeasibleError",
    "simulation.comparison": "compare",
    "simulation.coverage": "coverage coverage_effects drawn_coverage",
    "simulation.draws": "Input",
    "simulation.effects": "sensitivity",
    "simulation.laws": "LogNormal",
    "simulation.measures": "lorenz_curves rank_correlation_interval",
    "simulation.model": "model_of",
    "simulation.montecarlo": "simulate",
    "simulation.switching": "gaps_on_simplex share_of_gain switching_weights",
    "sources": "Archive",
    "studies.atlas": "kept_atlas",
    "studies.explanation": "explain",
    "studies.preparation": "compare_prepared contributions_of prepare",
    "studies.running": "run_again run_study",
    "studies.telling": "breakdown_sentence summary",
    "studies.uncertainty": "index_intervals uncertain_inputs",
    "tables.published": "zero_statuses",
    "territories": "departement",
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"cdppe_analysis.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'cdppe_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

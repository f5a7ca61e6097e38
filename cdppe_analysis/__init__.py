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
    from cdppe_analysis.calibration import best_proxy as best_proxy
    from cdppe_analysis.calibration import calibrate_weights as calibrate_weights
    from cdppe_analysis.data import Data as Data
    from cdppe_analysis.data.given import read_criteria as read_criteria
    from cdppe_analysis.data.reading import load_criteria as load_criteria
    from cdppe_analysis.data.reading import load_needs as load_needs
    from cdppe_analysis.data.reading import load_rule as load_rule
    from cdppe_analysis.data.reading import load_scenario as load_scenario
    from cdppe_analysis.data.reading import load_table as load_table
    from cdppe_analysis.data.reading import where as where
    from cdppe_analysis.errors import CdppeError as CdppeError
    from cdppe_analysis.errors import InfeasibleError as InfeasibleError
    from cdppe_analysis.simulation import compare as compare
    from cdppe_analysis.simulation import gaps_on_simplex as gaps_on_simplex
    from cdppe_analysis.simulation import model_of as model_of
    from cdppe_analysis.simulation import sensitivity as sensitivity
    from cdppe_analysis.simulation import share_of_gain as share_of_gain
    from cdppe_analysis.simulation import simulate as simulate
    from cdppe_analysis.simulation import switching_weights as switching_weights
    from cdppe_analysis.simulation.coverage import coverage as coverage
    from cdppe_analysis.simulation.coverage import coverage_effects as coverage_effects
    from cdppe_analysis.simulation.coverage import drawn_coverage as drawn_coverage
    from cdppe_analysis.simulation.draws import Input as Input
    from cdppe_analysis.simulation.laws import LogNormal as LogNormal
    from cdppe_analysis.simulation.measures import lorenz_curves as lorenz_curves
    from cdppe_analysis.simulation.measures import rank_correlation_interval as rank_correlation_interval
    from cdppe_analysis.sources import Archive as Archive
    from cdppe_analysis.studies import compare_prepared as compare_prepared
    from cdppe_analysis.studies import contributions_of as contributions_of
    from cdppe_analysis.studies import prepare as prepare
    from cdppe_analysis.studies import run_again as run_again
    from cdppe_analysis.studies import run_study as run_study
    from cdppe_analysis.studies import summary as summary
    from cdppe_analysis.studies.atlas import kept_atlas as kept_atlas
    from cdppe_analysis.studies.deduction import index_intervals as index_intervals
    from cdppe_analysis.studies.explanation import explain as explain
    from cdppe_analysis.studies.identification import breakdown_sentence as breakdown_sentence
    from cdppe_analysis.studies.identification import told as told
    from cdppe_analysis.studies.uncertainty import uncertain_inputs as uncertain_inputs
    from cdppe_analysis.studies.zeros import zero_statuses as zero_statuses
    from cdppe_analysis.territories import departement as departement

__version__ = "0.2.0"

_NAMES = {
    "allocation": "allocate rule_variants spread",
    "calibration": "best_proxy calibrate_weights",
    "data": "Data",
    "data.given": "read_criteria",
    "data.reading": "load_criteria load_needs load_rule load_scenario load_table where",
    "errors": "CdppeError InfeasibleError",
    "simulation": "compare gaps_on_simplex model_of sensitivity share_of_gain simulate switching_weights",
    "simulation.draws": "Input",
    "simulation.laws": "LogNormal",
    "simulation.coverage": "coverage coverage_effects drawn_coverage",
    "simulation.measures": "lorenz_curves rank_correlation_interval",
    "sources": "Archive",
    "studies": "compare_prepared contributions_of prepare run_again run_study summary",
    "studies.atlas": "kept_atlas",
    "studies.deduction": "index_intervals",
    "studies.explanation": "explain",
    "studies.identification": "breakdown_sentence told",
    "studies.uncertainty": "uncertain_inputs",
    "studies.zeros": "zero_statuses",
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

"""Another rule, uncertain inputs: who gains, who loses, and how sure we are.

- `comparison` and `measures`: what another rule changes; `contributions`: what each of several changes brings.
- `laws`, `draws`, `model`, `study`, `montecarlo`: uncertain inputs drawn through the whole rule, in chunks
  (`scheduling`) whose number changes no result (`quantiles`).
- `effects`, `switching`, `simplex`: what the result is sensitive to.
- `extension`: a criterion supposed where it is not known; `record`: what binds a run to its inputs.

Nothing here reads or writes a file. What needs the compiled kernel is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from cdppe_analysis.simulation.comparison import Comparison, compare
from cdppe_analysis.simulation.contributions import contributions, shapley_values
from cdppe_analysis.simulation.laws import BetaPert, Deduced, Dirichlet, LogNormal, Triangular, Uniform, Variants
from cdppe_analysis.simulation.switching import switching_weights

if TYPE_CHECKING:
    from cdppe_analysis.simulation.draws import Input, drawn_blocks
    from cdppe_analysis.simulation.effects import sensitivity, shapley_effects
    from cdppe_analysis.simulation.model import Model, model_of
    from cdppe_analysis.simulation.montecarlo import Simulation, simulate
    from cdppe_analysis.simulation.record import verdict
    from cdppe_analysis.simulation.simplex import gaps_on_simplex, share_of_gain, weight_grid

_LATER = {
    "Input": "draws",
    "Model": "model",
    "Simulation": "montecarlo",
    "drawn_blocks": "draws",
    "gaps_on_simplex": "simplex",
    "model_of": "model",
    "sensitivity": "effects",
    "shapley_effects": "effects",
    "share_of_gain": "simplex",
    "simulate": "montecarlo",
    "verdict": "record",
    "weight_grid": "simplex",
}

__all__ = [
    "BetaPert",
    "Comparison",
    "Deduced",
    "Dirichlet",
    "Input",
    "LogNormal",
    "Model",
    "Simulation",
    "Triangular",
    "Uniform",
    "Variants",
    "compare",
    "contributions",
    "drawn_blocks",
    "gaps_on_simplex",
    "model_of",
    "sensitivity",
    "shapley_effects",
    "shapley_values",
    "share_of_gain",
    "simulate",
    "switching_weights",
    "verdict",
    "weight_grid",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)

"""From a rule and its criteria to euros, and back from published euros to what they reveal.

Nothing here reads or writes a file: rules come as mappings, criteria and amounts as frames.
"""

from cdppe_analysis.allocation.calibration import CriterionIntervals, calibrate_criterion
from cdppe_analysis.allocation.explanation import explain
from cdppe_analysis.allocation.parsing import parse_rule, rule_mapping
from cdppe_analysis.allocation.proxies import ProxyFit, best_proxy
from cdppe_analysis.allocation.rule import Arrondi, Criterion, Garantie, Reference, References, Rule
from cdppe_analysis.allocation.sharing import Allocation, allocate
from cdppe_analysis.allocation.variants import Spread, rule_variants, spread
from cdppe_analysis.allocation.weights import WeightIntervals, calibrate_weights

__all__ = [
    "Allocation",
    "Arrondi",
    "Criterion",
    "CriterionIntervals",
    "Garantie",
    "ProxyFit",
    "Reference",
    "References",
    "Rule",
    "Spread",
    "WeightIntervals",
    "allocate",
    "best_proxy",
    "calibrate_criterion",
    "calibrate_weights",
    "explain",
    "parse_rule",
    "rule_mapping",
    "rule_variants",
    "spread",
]

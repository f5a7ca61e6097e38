"""From a rule and its criteria to euros, and back from published euros to what they reveal.

Nothing here reads or writes a file: rules come as mappings, criteria and amounts as frames.
"""

from cdppe_analysis.allocation.calibration import CriterionIntervals, calibrate_criterion
from cdppe_analysis.allocation.explanation import explain
from cdppe_analysis.allocation.parsing import parse_rule, rule_mapping
from cdppe_analysis.allocation.rule import Arrondi, Criterion, Garantie, Reference, References, Rule
from cdppe_analysis.allocation.sharing import Allocation, allocate

__all__ = [
    "Allocation",
    "Arrondi",
    "Criterion",
    "CriterionIntervals",
    "Garantie",
    "Reference",
    "References",
    "Rule",
    "allocate",
    "calibrate_criterion",
    "explain",
    "parse_rule",
    "rule_mapping",
]

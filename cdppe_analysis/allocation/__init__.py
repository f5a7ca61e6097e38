"""From a rule and the values of its criteria to euros, each amount with its trace.

Nothing here reads or writes a file: criteria and amounts are frames.
"""

from cdppe_analysis.allocation.sharing import Allocation, allocate, rule_variants, spread

__all__ = ["Allocation", "allocate", "rule_variants", "spread"]

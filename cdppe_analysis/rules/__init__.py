"""A rule of sharing, as the law writes it, and what a scenario changes of it: `rule.changed({path: value})`."""

from cdppe_analysis.rules.parts import Arrondi, Criterion, Garantie, Names, Reference, References
from cdppe_analysis.rules.rule import Rule, apply_scenario, parse_rule
from cdppe_analysis.rules.scenario import Scenario, parse_scenarios

__all__ = [
    "Arrondi",
    "Criterion",
    "Garantie",
    "Names",
    "Reference",
    "References",
    "Rule",
    "Scenario",
    "apply_scenario",
    "parse_rule",
    "parse_scenarios",
]

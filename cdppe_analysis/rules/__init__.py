"""A rule of sharing, as the law writes it, and what a scenario changes of it."""

from cdppe_analysis.rules.parsing import parse_rule, rule_mapping
from cdppe_analysis.rules.rule import Arrondi, Criterion, Garantie, Reference, References, Rule
from cdppe_analysis.rules.scenario import Scenario, apply_scenario, parse_scenarios

__all__ = [
    "Arrondi",
    "Criterion",
    "Garantie",
    "Reference",
    "References",
    "Rule",
    "Scenario",
    "apply_scenario",
    "parse_rule",
    "parse_scenarios",
    "rule_mapping",
]

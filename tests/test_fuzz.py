"""Files that a person broke: whatever is in them, the project answers or refuses, in a sentence that can be read.

In CI 2 000 files, the same every time. `CDPPE_FUZZ=20000 pytest tests/test_fuzz.py` tries that many of each kind,
others every time; what is found is kept as an example.
"""

import os
from fractions import Fraction

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cdppe_analysis.allocation import allocate
from cdppe_analysis.data import Data
from cdppe_analysis.data.given import read_criteria
from cdppe_analysis.errors import CdppeError, SourceError
from cdppe_analysis.ingestion.annex import annex_of
from cdppe_analysis.ingestion.documents import text_document
from cdppe_analysis.rules import apply_scenario, parse_rule, parse_scenarios
from cdppe_analysis.storage.files import decoded
from cdppe_analysis.storage.strict import _parsed
from cdppe_analysis.studies.preparation import prepare
from cdppe_analysis.studies.uncertainty import uncertain_inputs

DATA = Data.open()
RULE = DATA.rule("ondam-ms-2020")
RULES = [path.read_text(encoding="utf-8") for path in sorted((DATA.folder / "rules").glob("*.yml"))]
SCENARIOS = [path.read_text(encoding="utf-8") for path in sorted((DATA.folder / "scenarios").glob("*.yml"))]
CRITERIA = DATA.criteria(RULE).to_csv(index=False, lineterminator="\n")
ANNEXES = [
    "B – Enveloppes\nRégion;Département;Montant\nBretagne;Finistère;200 000 €\n;Morbihan;100 000 €\nTOTAL;;300 000 €\n",
    "| Code | Nom | Montant (k€) |\n|---|---|---|\n| 01 | Ain | 441 |\n| 02 | Aisne | -4 |\n| | Total | 437 |\n",
    "Crédits de 2027\nBretagne   300 001 €\nFinistère   200 000 €\nMorbihan   100 000\nTOTAL   300 000 €\n",
    "<table><tr><th>Département<th>Places<tr><td>Ain<td>12<tr><td>Lot<td>3</table>",
]
PIECES = [
    *["", " ", "\t", "\n", "\r", "\0", "\x1b", "\ufeff", "\u202f", "\u2028", "\ud7ff", ": ", "- ", "!!map ", "&a "],
    *"é 漢 💩 \" ' [ ] { } : *a | > % # ? @ ` , ; < ~ [[1]] criteres.igb.poids plancher null true oui NO".split(),
    *"0 1 -1 −1 00 1e5 1e999999999 -0.0 .5 5. 1/3 1/0 0x10 0b1 1_0 1:30 .inf .nan nan inf 2020-02-30".split(),
    *"02 2A 20 69 69D 6AE 99 75 Ain TOTAL Corse 1,234 (4)".split(),
    *["1 234,5", "12 %", "3 M€", "9" * 30, "9" * 5000, "0." + "3" * 5000, "[" * 500, "{a: " * 60, "a" * 5000, "{a: b}"],
]
OPERATIONS = ["piece", "word", "line", "drop", "double", "swap", "cut", "indent", "value"]
CHANGES = st.lists(
    st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(PIECES)),
    min_size=1,
    max_size=4,
)
CAMPAIGN = int(os.environ.get("CDPPE_FUZZ", "0"))


def fuzzed(share):
    """Return the settings of one kind of file: its share of 2 000, or a campaign's number."""
    return settings(
        max_examples=CAMPAIGN or share,
        derandomize=not CAMPAIGN,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def changed(text, changes):
    """Break a text, one change after another."""
    for operation, first, second, piece in changes:
        lines = text.split("\n")
        here, there = first % len(lines), second % len(lines)
        words = lines[here].split(" ")
        place = first % (len(text) + 1)
        if operation == "piece":
            text = text[:place] + piece + text[place:]
            continue
        if operation == "cut":
            text = text[: max(1, place)]
            continue
        if operation == "word":
            words[second % len(words)] = piece
            lines[here] = " ".join(words)
        elif operation == "value":
            head, mark, _ = lines[here].partition(": ")
            lines[here] = f"{head}{mark}{piece}" if mark else ",".join([*lines[here].split(",")[:-1], piece])
        elif operation == "line":
            lines.insert(here, piece)
        elif operation == "drop":
            del lines[here]
        elif operation == "double":
            lines.insert(there, lines[here])
        elif operation == "swap":
            lines[here], lines[there] = lines[there], lines[here]
        else:
            lines[here] = " " * (second % 5) + lines[here].strip()
        text = "\n".join(lines)
    return text


def answered(function):
    """Call a function; what it raises is of the project, and its sentence can be read."""
    try:
        return function()
    except CdppeError as error:
        said = str(error)
    assert 10 < len(said) < 2000, said[:200]
    return None


def text_of(text):
    return decoded(text.encode("utf-8", "surrogatepass"), "f.yml")


@fuzzed(700)
@example(0, [("value", 2, 0, "0." + "3" * 5000)])
@given(st.integers(0, len(RULES) - 1), CHANGES)
def test_a_broken_rule_is_answered(which, changes):
    text = changed(RULES[which], changes)
    rule = answered(lambda: parse_rule(_parsed(text_of(text), "f.yml", SourceError), DATA.names, "f.yml"))
    if rule is not None and len(rule.beneficiaires) < 200:
        found = answered(lambda: allocate(rule, DATA.criteria(rule)))
        if found is not None and rule.arrondi.methode != "independant":
            assert sum(found.final.values(), Fraction(0)) == rule.enveloppe


@fuzzed(500)
@given(st.integers(0, len(SCENARIOS) - 1), CHANGES)
def test_a_broken_scenario_is_answered(which, changes):
    text = changed(SCENARIOS[which], changes)
    for scenario in answered(lambda: parse_scenarios(_parsed(text_of(text), "f.yml", SourceError), "f.yml")) or ():
        rule = answered(lambda scenario=scenario: DATA.rule(scenario.base))
        if rule is not None:
            answered(lambda scenario=scenario, rule=rule: apply_scenario(rule, scenario))


@fuzzed(30)
@given(st.integers(0, len(SCENARIOS) - 1), CHANGES)
def test_the_inputs_of_a_broken_scenario_are_answered(which, changes):
    head, mark, rest = SCENARIOS[which].partition("incertitudes:")
    text = head + mark + changed(rest, changes)
    scenarios = answered(lambda: parse_scenarios(_parsed(text_of(text), "f.yml", SourceError), "f.yml"))
    if scenarios:
        answered(lambda: uncertain_inputs(prepare(scenarios[0])))


@fuzzed(400)
@given(CHANGES, st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-16-le"]))
def test_broken_criteria_are_answered(tmp_path_factory, changes, encoding):
    path = tmp_path_factory.getbasetemp() / "f.csv"
    path.write_bytes(changed(CRITERIA, changes).encode(encoding, "replace"))
    found = answered(lambda: allocate(RULE, read_criteria(path)))
    assert found is None or sum(found.final.values()) == RULE.enveloppe


@fuzzed(400)
@example(3, [("cut", 42, 0, "")])
@example(1, [("word", 3, 1000000, "9" * 30)])
@example(3, [("piece", 133, 237519, "9" * 5000)])
@given(st.integers(0, len(ANNEXES) - 1), CHANGES)
def test_a_broken_annex_is_answered(which, changes):
    text = changed(ANNEXES[which], changes)
    annex = answered(lambda: annex_of(text_document(text)))
    if annex is not None:
        annex.frame(), annex.remarks_frame(), annex.told()

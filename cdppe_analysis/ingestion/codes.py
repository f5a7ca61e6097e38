"""Codes and ranks printed beside the names of départements.

A plain number before a name is a code where most such numbers are the code of their name (`03 Allier`), a rank where
they count 1, 2, 3… A number after a name, alone or glued to the amount (`Oise 60 460 530`), is a code where most
départements, two at least, are followed by their own. What cannot be an amount (`2A`, `(04)`, `04`) is the code of the
name beside it, and counts as one of these.

Known drawback: a single département whose bare amount is its own code, in a table of codes, loses it and is refused.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cdppe_analysis.ingestion.doubts import Doubt, place
from cdppe_analysis.ingestion.labels import Element, Label
from cdppe_analysis.ingestion.lines import Document
from cdppe_analysis.territories import REGIONS

_LINES_OF_A_NAME = 3
_FIRST_NUMBER = re.compile(r"[0-9]{1,3}(?![^ \u00a0\u202f])")


def without_codes(document: Document, lines: Sequence[list[Element]]) -> tuple[list[list[Element]], list[Doubt]]:
    r"""Give the codes that stand before or after a name to that name, drop ranks, list the codes that contradict names.

    Examples
    --------
    >>> from cdppe_analysis.ingestion.labels import elements_of
    >>> from cdppe_analysis.ingestion.lines import split_text
    >>> document = split_text("03 Allier 167 032 €\n18 Cher 149 417 €")
    >>> lines, _ = without_codes(document, elements_of(document))
    >>> [(element.text, element.label.code if element.label else None) for element in lines[0]]
    [('Allier', '03'), ('167 032 €', None)]
    """
    stream = [element for line in lines for element in line]
    codes = {**_codes_before(stream), **_codes_after(stream)}
    kept: list[list[Element]] = [[] for _ in lines]
    named = {owner: printed for owner, printed in codes.values() if printed}
    for position, element in enumerate(stream):
        if position in named:
            element = _with_code(element, named[position])
        if position in codes:
            rest = element.text[len(codes[position][1]) :].strip() if codes[position][1] else ""
            if not rest or element.kind == "code":
                continue
            element = replace(element, text=rest, bare=rest.isdigit())
        elif element.kind == "code":
            element = replace(element, kind="words")
        kept[element.line].append(element)
    doubts = [
        Doubt(
            *place(document, element.line),
            "code",
            element.text,
            f"Le code imprimé « {element.label.code} » n'est pas celui de ce nom ; le nom est suivi.",
        )
        for line in kept
        for element in line
        if element.label is not None and element.label.code and not _is_code(element.label.code, element.label)
    ]
    return kept, doubts


def _codes_before(stream: Sequence[Element]) -> dict[int, tuple[int, str]]:
    """Return, by position, the plain numbers before names that are codes, or ranks (then an empty text)."""
    candidates: dict[int, bool] = {}
    ranks: dict[int, str] = {}
    for position, (number, element) in enumerate(itertools.pairwise(stream)):
        label = element.label
        if label is None or not label.is_name or label.is_total or not number.bare or len(number.text) > 3:
            continue
        on_its_line = number.line == element.line
        if on_its_line or label.departement is not None:
            candidates[position] = _is_code(number.text, label)
        if on_its_line and label.departement is not None:
            ranks[position] = number.text
    coded = sum(candidates.values()) > 1 and 2 * sum(candidates.values()) > len(candidates)
    numbered = len(ranks) > 1 and list(ranks.values()) == [str(number) for number in range(1, len(ranks) + 1)]
    found = {}
    for position, is_code in candidates.items():
        first = position == 0 or stream[position - 1].line < stream[position].line
        misprinted = not is_code and first and position in ranks
        if _is_only_a_code(stream[position]) or (coded and (is_code or misprinted)):
            found[position] = (position + 1, stream[position].text)
        elif numbered and position in ranks:
            found[position] = (position + 1, "")
    return {**_codes_alone(stream, found, coded), **found}


def _codes_after(stream: Sequence[Element]) -> dict[int, tuple[int, str]]:
    """Return the codes after names, alone or glued to the amount, where most départements have their own."""
    found: dict[int, tuple[int, str]] = {}
    misprinted: dict[int, tuple[int, str]] = {}
    names = sure = 0
    for position, (element, amount) in enumerate(itertools.pairwise(stream), start=1):
        label = element.label
        if label is None or label.departement is None or label.is_total:
            continue
        names += label.region is None
        beside = amount.text if amount.kind == "code" else label.code
        if beside is not None:
            sure += beside == label.departement
            continue
        printed = _FIRST_NUMBER.match(amount.text) if amount.kind == "amount" else None
        code = printed.group() if printed is not None else ""
        if (code.zfill(2) if amount.bare else code) == label.departement:
            found[position] = (position - 1, code)
            sure += code.startswith("0")
        elif amount.bare and len(code) > 1 and label.region is None:
            misprinted[position] = (position - 1, code)
    if len(found) + sure < 2 or 2 * (len(found) + sure) < names:
        return {}
    found |= misprinted
    return {**_codes_alone(stream, found, coded=True), **found}


def _codes_alone(
    stream: Sequence[Element], beside: Mapping[int, tuple[int, str]], coded: bool
) -> dict[int, tuple[int, str]]:
    """Give what can only be a code to the name after it on its line, or to one just before (cut over several lines).

    Where the table has codes, so is a plain number that is the code of a name which has none yet.
    """
    found: dict[int, tuple[int, str]] = {}
    named = {owner for owner, _ in beside.values()}
    for position, element in enumerate(stream):
        sure = element.kind == "code" or _is_only_a_code(element)
        if position in beside or not (sure or (coded and element.bare)):
            continue
        following = stream[position + 1 : position + 2]
        owners = [position + 1] if following and following[0].line == element.line else []
        for owner in range(position - 1, -1, -1):
            if element.line - stream[owner].line > _LINES_OF_A_NAME:
                break
            owners.append(owner)
        for owner in owners:
            label = stream[owner].label
            if label is not None and owner not in named and _is_code(element.text, label):
                found[position] = (owner, element.text)
                named.add(owner)
                break
    return found


def _is_only_a_code(element: Element) -> bool:
    return element.bare and len(element.text) == 2 and element.text.startswith("0")


def _is_code(printed: str, label: Label) -> bool:
    return printed.zfill(2) in (label.departement, label.region) or printed == label.departement


def _with_code(element: Element, code: str) -> Element:
    label = element.label
    if label is None:
        return element
    side = label.side
    if label.departement is not None and label.region is not None and not side:
        side = "departement" if code == label.departement else "region" if code in REGIONS else ""
    return replace(element, label=replace(label, code=code, side=side))

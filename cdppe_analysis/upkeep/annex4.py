"""The one rule by which the rows of table A of annex 4 are read, held to the corrections that were declared from it.

The rule and its bounds stand at the head of `data/corrections.yml` (`regle_annexe4_table_a`), in French. It is applied
here to all 89 rows: each declared correction of table A must be what it gives, and each that it gives be declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from cdppe_analysis.errors import CorrectionError
from cdppe_analysis.sources import Archive
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables import pmi

SLOTS = [column for indicator in pmi.INDICATORS.values() for column in indicator.table_a]
"""The fourteen cells of a row, in the order of the print."""

Reading = tuple[str | None, ...]
"""A value a cell, `None` where the reading loses it."""


def _reading_rule(archive: Archive) -> dict[str, int]:
    """Return the bounds of the rule."""
    said: dict[str, int] = read_yaml(archive.folder / "corrections.yml", CorrectionError)["regle_annexe4_table_a"]
    return said


def _known_rates(archive: Archive) -> dict[str, dict[int, str]]:
    """Return what corrected table C and confirmed fragments say of 2023, by code and by rank of the cell."""
    read = archive.corrected(pmi.SOURCE, pmi.TABLE_C).cells
    values: dict[str, dict[int, str]] = {code: {} for code in read["c03"]}
    for fragment in pmi.confirmed(archive).itertuples():
        rank = 2 * list(pmi.INDICATORS).index(str(fragment.indicateur)) + 1
        values[str(fragment.code_departement)][rank] = str(fragment.valeur)
    for row in read[["c03", "c05", "c06", "c07", "c08", "c09"]].itertuples(index=False):
        values[row[0]] |= {2 * rank + 1: text for rank, text in enumerate(row[1:]) if text}
    return values


def check_annex4(archive: Archive) -> str:
    """Apply the rule to every row of table A, and hold the declared corrections to what it gives.

    Raises
    ------
    CorrectionError
        Naming the first row that has no reading, or the first cell that is read otherwise than the rule says.
    """
    rule, rates = _reading_rule(archive), _known_rates(archive)
    printed = archive.raw(pmi.SOURCE, pmi.TABLE_A).cells.set_index("c02")
    read = archive.corrected(pmi.SOURCE, pmi.TABLE_A).cells.set_index("c02")
    copies = _copied(printed, rates, rule)
    for code in printed.index:
        cells = _kept_cells(printed.loc[code], rates[code], rule)
        if cells is None:
            raise CorrectionError("the rule of annex 4 gives this row no reading", code=code, cell=pmi.TABLE_A)
        for column, value in zip(SLOTS, cells, strict=True):
            given = "" if (code, column) in copies else value
            if read.at[code, column] != given:
                raise CorrectionError(
                    f"column {column} is read as {read.at[code, column]!r}; the rule of annex 4 gives {given!r}",
                    code=code,
                    cell=pmi.TABLE_A,
                )
    return f"{len(printed)} rows read by the one rule, {len(copies)} copied cells"


def _kept_cells(printed: pd.Series, known: Mapping[int, str], rule: Mapping[str, int]) -> list[str] | None:
    """Return what a row keeps in each cell; `None` where it has no reading."""
    values = [text.split("<")[0] for text in printed["c04":"c20"] if text]
    as_printed, possible = _readings(values, known, rule)
    if not possible:
        return None
    kept = _common(possible, known, lost_too=False)
    if not _stand_in_order(kept, values):
        kept = _common(possible, known, lost_too=True)
    belied = {
        slot for reading in as_printed for slot, text in enumerate(reading) if text != known.get(slot, reading[slot])
    }
    return [str(printed[column]) if slot in belied else kept[slot] for slot, column in enumerate(SLOTS)]


def _readings(
    printed: Sequence[str], known: Mapping[int, str], rule: Mapping[str, int]
) -> tuple[set[Reading], set[Reading]]:
    """Return the row as printed, if it can be read so, and all its readings by the rule."""
    as_printed = _alignments(printed, 0, 0, rule)
    belied = {slot for slots in as_printed for slot, value in known.items() if slots[slot] != value}
    if as_printed and not belied:
        return as_printed, as_printed
    fits: dict[tuple[int, int, int], set[Reading]] = {}
    for lost in range(rule["pertes_max"] + 1):
        for extra in range(rule["ajouts_max"] + 1):
            for slots in _alignments(printed, lost, extra, rule) if lost + extra else ():
                wrong = sum(slots[slot] not in (None, value) for slot, value in known.items())
                right = sum(slots[slot] == value for slot, value in known.items())
                if not as_printed or (not wrong and any(slots[slot] == known[slot] for slot in belied)):
                    fits.setdefault((wrong, lost + extra, -right), set()).add(slots)
    return as_printed, as_printed | (fits[min(fits)] if fits else set())


def _alignments(printed: Sequence[str], lost: int, extra: int, rule: Mapping[str, int]) -> set[Reading]:
    """Return all ways to read a printed row with `lost` cells missing and a block of `extra` too many."""
    alignments: set[Reading] = set()
    count = 14 - lost
    if not 1 <= len(printed) - extra - count <= rule["repetitions_max"]:
        return alignments
    for first in range(count + 1 if extra else 1):
        values = [*printed[:first], *printed[first + extra :]]
        if set(values[count:]) != {values[count - 1]}:
            continue
        for missing in combinations(range(13), lost):
            slots: list[str | None] = [*values[:count]]
            for slot in missing:
                slots.insert(slot, None)
            if _are_plausible(slots, rule):
                alignments.add(tuple(slots))
    return alignments


def _are_plausible(slots: Sequence[str | None], rule: Mapping[str, int]) -> bool:
    consultations, checks = (
        [int(text) for text in pair if text not in (None, "", "ND")] for pair in (slots[10:12], slots[12:])
    )
    low, high = rule["bilan_min"], rule["consultation_max"]
    return all(rate <= high for rate in consultations) and all(rate >= low for rate in checks)


def _common(readings: set[Reading], known: Mapping[int, str], *, lost_too: bool) -> list[str]:
    """Return the value of each cell that all readings give; one that loses the cell counts if `lost_too`."""
    given = [{reading[slot] for reading in readings} for slot in range(14)]
    given = [values if lost_too and slot not in known else values - {None} for slot, values in enumerate(given)]
    return [(values.pop() or "") if len(values) == 1 else "" for values in given]


def _stand_in_order(kept: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether the values that are kept stand in the order of the print: none is given twice."""
    values = iter(printed)
    return all(text in values for text in kept if text)


def _copied(
    rows: pd.DataFrame, known: Mapping[str, Mapping[int, str]], rule: Mapping[str, int]
) -> set[tuple[str, str]]:
    """Return the cells that are another row's, which table C confirms there and belies here."""
    copied: set[tuple[str, str]] = set()
    texts = {code: rows.loc[code, SLOTS].tolist() for code in rows.index}
    for first in range(14 - rule["copie_min"] + 1):
        run = range(first, first + rule["copie_min"])
        alike: dict[tuple[str, ...], list[str]] = {}
        for code, cells in texts.items():
            alike.setdefault(tuple(cells[slot] for slot in run), []).append(code)
        for codes in (codes for printed, codes in alike.items() if len(codes) > 1 and "ND" not in printed):
            belied = {c for c in codes if any(texts[c][slot] != known[c].get(slot, texts[c][slot]) for slot in run)}
            if belied != set(codes):
                copied |= {(code, SLOTS[slot]) for code in belied for slot in run}
    return copied

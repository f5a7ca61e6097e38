"""The units that a folder declares, `territoires.csv`: `code`, `nom`, and what each belongs to, `appartient_a`.

A unit belongs to another of the file, by its code, or to what the file does not list (the name of an ARS, the code of a
département): then none of its units is one that the file lists. A unit to which others belong covers them.

Known drawback: a unit belongs to one other at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.storage.tables import lines_of, read_text_table
from cdppe_analysis.territories.codes import Departement, Territories

FILE = "territoires.csv"


def read_territories(path: str | Path) -> Territories:
    """Read a file of units.

    Raises
    ------
    TableError
        When the file cannot be read for certain.
    TerritoryError
        When a code or a name is empty, a code is given twice or twice but for its zeros ahead or its capitals, or
        holds a character that is not seen, a unit belongs to itself (through others or not) or to none of the units
        where others belong to some; the sentence names the line.
    """
    file = Path(path).name
    frame = read_text_table(path)
    if frame.empty:
        raise TerritoryError(
            "the file declares no unit: give one a line, or remove it where units are départements", cell=file
        )
    code, name, parent = _columns([str(column) for column in frame.columns], file)
    lines: dict[str, int] = {}
    alike: dict[str, str] = {}
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    values = [
        frame[column].astype(str).str.strip().tolist() if column else [""] * len(frame)
        for column in (code, name, parent)
    ]
    for line, unit, label, whole in zip(lines_of(frame), *values, strict=True):
        place = f"{file}, line {line}"
        if not unit or not label:
            raise TerritoryError(f"the {'name' if unit else 'code'} of a unit is empty", code=unit or None, cell=place)
        if unit in lines:
            raise TerritoryError(
                f"the code {unit!r} is given twice, in lines {lines[unit]} and {line}", code=unit, cell=place
            )
        if not unit.isprintable():
            raise TerritoryError(f"the code {unit!r} holds a character that is not seen: type it again", cell=place)
        other = alike.setdefault(unit.lstrip("0").upper(), unit)
        if other != unit:
            told = f"the codes {other!r} and {unit!r}, in lines {lines[other]} and {line}"
            raise TerritoryError(f"{told}, differ by zeros ahead or by capitals alone", code=unit, cell=place)
        lines[unit], names[unit] = line, label
        if whole:
            parents[unit] = whole
    wholes = {unit: whole for unit, whole in parents.items() if whole in names}
    if wholes:
        for unit, whole in parents.items():
            if whole not in names:
                near = hint(whole, set(wholes.values()))
                message = f"{names[unit]} belongs to {whole!r}, which is no unit of the file{near}"
                raise TerritoryError(message, code=unit, cell=f"{file}, line {lines[unit]}")
    covers = _covers(wholes, names, lines, file)
    units = {
        unit: Departement(unit, label, parents.get(unit, ""), names.get(parents.get(unit, ""), parents.get(unit, "")))
        for unit, label in names.items()
    }
    return Territories(units, wholes, covers, f"a unit of {file}")


def _columns(header: list[str], file: str) -> tuple[str, str, str | None]:
    """Return the columns of the code, of the name and of what a unit belongs to."""
    code = next((column for column in header if column.startswith("code")), None)
    name = next((column for column in header if column.startswith(("nom", "libelle", "libellé"))), None)
    others = [column for column in header if column not in (code, name)]
    parent = "appartient_a" if "appartient_a" in others else others[0] if len(others) == 1 else None
    if code is None or name is None or (others and parent is None):
        raise TerritoryError(f"its columns are code, nom and appartient_a, not {', '.join(header)}", cell=file)
    return code, name, parent


def _covers(
    wholes: Mapping[str, str], names: Mapping[str, str], lines: Mapping[str, int], file: str
) -> dict[str, tuple[str, ...]]:
    """Return the units that each whole covers, those that cover none themselves."""
    covers: dict[str, list[str]] = {}
    for unit in names:
        chain = [unit]
        while (whole := wholes.get(chain[-1])) is not None:
            if whole in chain:
                told = " -> ".join([*chain[chain.index(whole) :], whole])
                raise TerritoryError(
                    f"a unit belongs to itself: {told}", code=whole, cell=f"{file}, line {lines[whole]}"
                )
            chain.append(whole)
        for above in chain[1:]:
            covers.setdefault(above, []).append(unit)
    return {whole: tuple(part for part in parts if part not in covers) for whole, parts in covers.items()}

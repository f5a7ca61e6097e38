"""The universe of units of a study: codes, names, what each belongs to; that of France unless a folder has its own.

Nothing is read at import: the 101 départements are read when one is first asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from cdppe_analysis.errors import TerritoryError
from cdppe_analysis.storage.files import data_dir
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.storage.tables import lines_of, read_text_table

CORSE = "20"
DECLARED = "territoires.csv"
"""The file of the units that a folder declares."""

_T = TypeVar("_T")
_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"20": ("2A", "2B"), "69": ("69D", "69M"), "6AE": ("67", "68")}
)


@dataclass(frozen=True)
class Departement:
    """A unit: its code and name, the code and name of what it belongs to (its région, for a département)."""

    code: str
    libelle: str
    code_region: str
    libelle_region: str


@dataclass(frozen=True, eq=False)
class Territories:
    """The units that a table or a rule may name.

    Parameters
    ----------
    units
        Every unit by its code.
    wholes
        The whole that stands for a part in some tables, by the code of the part.
    covers
        The units that a whole covers, by its code.
    kind
        What an unknown code is none of, for messages.
    """

    units: Mapping[str, Departement]
    wholes: Mapping[str, str]
    covers: Mapping[str, tuple[str, ...]]
    kind: str

    @classmethod
    def read(cls, path: str | Path) -> Territories:
        """Read the units that a folder declares: `code`, `nom`, and what each belongs to, `appartient_a`.

        A unit belongs to another of the file, by its code, or to what the file does not list (the name of an ARS, the
        code of a département): then none of its units is one that the file lists. A unit to which others belong covers
        them. Known drawback: a unit belongs to one other at most.

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
            frame[column].astype(str).tolist() if column else [""] * len(frame) for column in (code, name, parent)
        ]
        for line, unit, label, whole in zip(lines_of(frame), *values, strict=True):
            place = f"{file}, line {line}"
            if not unit or not label:
                raise TerritoryError(
                    f"the {'name' if unit else 'code'} of a unit is empty", code=unit or None, cell=place
                )
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
            unit: Departement(
                unit, label, parents.get(unit, ""), names.get(parents.get(unit, ""), parents.get(unit, ""))
            )
            for unit, label in names.items()
        }
        return cls(units, wholes, covers, f"a unit of {file}")

    def unit(self, code: str) -> Departement:
        """Return a unit.

        Raises
        ------
        TerritoryError
            When the code is unknown; the sentence gives the code probably meant.
        """
        unit = self.units.get(code)
        if unit is None:
            probable = self.probable(code)
            near = f"; probably {probable!r} ({self.units[probable].libelle})" if probable else ""
            raise TerritoryError(f"{code!r} is no code of {self.kind}{near}", code=str(code))
        return unit

    def label(self, code: str) -> str:
        """Return the name of a unit; its code where it is unknown."""
        return self.units[code].libelle if code in self.units else code

    def components(self, code: str) -> tuple[str, ...]:
        """Return the codes of the units that a unit covers: itself, or its parts."""
        return self.covers.get(self.unit(code).code, (code,))

    def wholes_beside_parts(self, codes: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Return each whole that stands in `codes` beside some of its parts, with those parts."""
        present, parts_of = set(codes), dict[str, list[str]]()
        for code in sorted(present) if self.wholes else ():
            whole = self.wholes.get(code)
            while whole is not None:
                if whole in present:
                    parts_of.setdefault(whole, []).append(code)
                whole = self.wholes.get(whole)
        return [(whole, tuple(parts)) for whole, parts in parts_of.items()]

    def check(self, codes: Sequence[object], rows: Sequence[int] | None = None) -> None:
        """Check a column of codes: text, known, given once, no whole beside its parts.

        Parameters
        ----------
        codes
            The column, in the order of the rows.
        rows
            The number of each in a message, such as its line in a file; its rank from 1 when left out.

        Raises
        ------
        TerritoryError
            Naming the row, with the code probably meant.
        """
        numbers = range(1, len(codes) + 1) if rows is None else rows
        seen: dict[str, int] = {}
        for row, code in zip(numbers, codes, strict=True):
            if not isinstance(code, str):
                probable = self.probable(str(code)) if isinstance(code, int | float) else None
                near = f"; probably {probable!r}" if probable else ""
                read = "was read as a number, not as text" if isinstance(code, int | float) else "is no text"
                raise TerritoryError(f"the code {code!r} {read}{near}", cell=f"row {row}")
            try:
                self.unit(code)
            except TerritoryError as error:
                raise TerritoryError(error.message, code=code, cell=f"row {row}") from None
            if code in seen:
                raise TerritoryError(
                    f"the code {code!r} is given twice, in rows {seen[code]} and {row}", code=code, cell=f"row {row}"
                )
            seen[code] = row
        for whole, parts in self.wholes_beside_parts(seen):
            shown = " and ".join(f"{part!r} (row {seen[part]})" for part in parts[:3])
            listed = f"{shown} and {len(parts) - 3} more" if len(parts) > 3 else shown
            raise TerritoryError(
                f"the whole {whole!r} stands beside its parts {listed}", code=whole, cell=f"row {seen[whole]}"
            )

    def probable(self, code: str) -> str | None:
        """Guess the code that was meant: lost zeros, a decimal read from a spreadsheet, a lower-case letter, spaces."""
        text = str(code).strip().removesuffix(".0").upper()
        for candidate in (text, text.zfill(5), text.lstrip("0"), text.lstrip("0").zfill(2)):
            if candidate in self.units:
                return candidate
        return None


class _Lazy(Mapping[str, _T]):
    """A mapping that is made when it is first looked at."""

    def __init__(self, made: Callable[[], Mapping[str, _T]]) -> None:
        self._made = made

    def __getitem__(self, key: str) -> _T:
        return self._made()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())


@cache
def _departements() -> Mapping[str, Departement]:
    path = data_dir() / "raw" / "insee-cog-2020" / "departements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = ("code_departement", "libelle_departement", "code_region", "libelle_region")
        rows = [Departement(*(row[column] for column in columns)) for row in csv.DictReader(file)]
    return MappingProxyType({row.code: row for row in rows})


@cache
def _regions() -> Mapping[str, str]:
    return MappingProxyType(dict(sorted({d.code_region: d.libelle_region for d in _departements().values()}.items())))


@cache
def _other_units() -> Mapping[str, Departement]:
    names = {
        "20": ("Corse", "94"),
        "69D": ("Rhône (hors Métropole de Lyon)", "84"),
        "69M": ("Métropole de Lyon", "84"),
        "6AE": ("Collectivité européenne d'Alsace", "44"),
    }
    return MappingProxyType(
        {code: Departement(code, name, region, _regions()[region]) for code, (name, region) in names.items()}
    )


DEPARTEMENTS: Mapping[str, Departement] = _Lazy(_departements)
"""The 101 départements by code, in the order of the codes as text: `01` … `29`, `2A`, `2B`, `30` … `976`."""

REGIONS: Mapping[str, str] = _Lazy(_regions)
"""The 18 régions: name by INSEE code."""

OTHER_UNITS: Mapping[str, Departement] = _Lazy(_other_units)
"""The units that some sources count instead of départements, by the codes that those sources use."""

_REGIONS_AS_PRINTED: Mapping[str, str] = MappingProxyType(
    {f"{prefix}{digit}": f"0{digit}" for prefix in ("10", "") for digit in "12346"}
)


@cache
def france() -> Territories:
    """Return the départements, with the units that stand for some of them.

    Examples
    --------
    >>> france().label("20"), france().wholes_beside_parts(["20", "2A", "2B", "69"])
    ('Corse', [('20', ('2A', '2B'))])
    """
    units = MappingProxyType({**DEPARTEMENTS, **OTHER_UNITS})
    wholes = {part: whole for whole, parts in _PARTS.items() for part in parts}
    covers = {code: _PARTS.get(code, (code[:2],)) for code in OTHER_UNITS}
    return Territories(units, wholes, covers, "a département")


def departement(code: str) -> Departement:
    """Return a département, or one of the units that stand for one, by its code.

    Raises
    ------
    TerritoryError
        When the code is unknown; the sentence gives the code probably meant.

    Examples
    --------
    >>> departement("23").libelle
    'Creuse'
    >>> departement("20").libelle_region
    'Corse'
    """
    return france().unit(code)


def components(code: str) -> tuple[str, ...]:
    """Return the codes among the 101 that a unit covers: itself, or `2A` and `2B` for `20`.

    Examples
    --------
    >>> components("20")
    ('2A', '2B')
    >>> components("69M")
    ('69',)
    """
    return france().components(code)


def region_code(printed: str) -> str:
    """Return INSEE's code of a région from the code that a document prints (`101` for `01`).

    Raises
    ------
    TerritoryError
        When the code is unknown.
    """
    code = _REGIONS_AS_PRINTED.get(printed, printed)
    if code not in REGIONS:
        raise TerritoryError(f"{printed!r} is no code of a région", code=printed)
    return code


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

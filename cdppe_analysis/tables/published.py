"""Published series -> rows of `criteres.csv` and `series.csv`: status `publie`, `derive` for a sum of published cells.

Source files hold wholes beside their parts: DREES prints `20` beside `2A` and `2B` before 2018, and `69` beside `69D`
and `69M`. A whole must equal its parts; then `2A` and `2B` are kept where they stand (else `20`), and `69` alone.

A series read from a publisher's workbook (raw table `series`, one row a cell) stands in `series.csv`; it is a criterion
too where `editions.yml` takes a year of it from that edition.

The DREES's annual tables print 0 both for « none » and for what a département did not break down. Two other facts of
the same survey tell them apart (`zero_statuses`): how the département's children spread over the kinds of establishment
(table 6), and how many children it places outside its own ground in the same kinds (table 5, which prints « NR » for no
answer). Rules, the first that holds:

1. table 5 counts more children, outside the département alone, than table 6 has in all: the zero is wrong (`manquant`);
2. one kind holds all the children: they were not broken down (`manquant`);
3. table 5 says zero too: two answers agree (`vrai`);
4. table 5 has no answer, or a number that the other kinds it counts may explain (`inconnu`).

Known drawbacks: three AEMO values of 2017 are DREES's own estimates, with decimals; they are kept as published. `vrai`
is what the survey says twice, not what anybody counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import SourceError, TableError
from cdppe_analysis.sources import Archive, RawTable
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.series.totals import WHOLES
from cdppe_analysis.territories import departement, region_code

STATUSES = ("observe", "vrai", "manquant", "inconnu")
"""A number above zero, then the three kinds of zero."""


@cache
def _said() -> Mapping[str, Any]:
    """Return what `published.yml` says of the series: units, bands of ages, populations, years taken."""
    return dict(read_yaml(Path(__file__).with_suffix(".yml"), TableError))


@dataclass(frozen=True)
class Choice:
    """A publication: the series that are criteria, and the edition from which each year of them is taken.

    `aussi` are editions that a rule may name, and that stay among the criteria though no year is taken from them.
    """

    publication: str
    series: tuple[str, ...]
    annees: Mapping[int, str]
    aussi: tuple[str, ...] = ()


def load_choices(archive: Archive) -> dict[str, Choice]:
    """Return the choices of `editions.yml`, by publication.

    Raises
    ------
    SourceError
        When the file is missing or is not such a list.
    """
    try:
        entries = read_yaml(archive.folder / "editions.yml")
        choices = [
            Choice(e["publication"], tuple(e["series"]), dict(e["annees"]), tuple(e.get("aussi", ()))) for e in entries
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"it is no list of publications with series and years: {error}", cell="editions.yml"
        ) from error
    return {choice.publication: choice for choice in choices}


def build(archive: Archive) -> pd.DataFrame:
    """Return every published series that is a criterion, one row a value.

    Returns
    -------
    DataFrame
        Columns critere, millesime (int), edition, code_departement, valeur (float), unite, statut, source, emplacement.

    Raises
    ------
    TableError
        When a cell is no number, a code is unknown or given twice, or a whole is not the sum of its parts.
    """
    choices, said = load_choices(archive).values(), _said()
    frames = []
    for raw in _raw_series(archive):
        if raw.tableau == "series":
            series = archive.built(_workbooks)
            rows = series[series["edition"].eq(raw.source)]
            frames += [_chosen(rows, choice) for choice in choices]
        elif raw.tableau == "population":
            rows = _numbers(raw, list(said["tranches"]))
            rows = rows[rows["annee"].eq(said["annees"][raw.source])]
            frames += [
                _criterion(raw, name, rows, columns, "personnes") for name, columns in said["populations"].items()
            ]
        elif raw.tableau == "aeeh_regions":
            # The code of a région stands for that of a département until an estimate shares it.
            rows = _numbers(raw, ["enfants"])
            rows["code_departement"] = rows["code_region"].map(region_code)
            frames.append(_criterion(raw, raw.tableau, rows, ["enfants"], "enfants"))
        else:
            rows = _finest(raw, _numbers(raw, ["valeur"]))
            frames.append(_criterion(raw, raw.tableau, rows, ["valeur"], said["unites"][raw.tableau]))
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


def build_series(archive: Archive) -> pd.DataFrame:
    """Return `series.csv`: the series read from publishers' workbooks, each value with its sheet and its cell.

    Values that `criteres.csv` holds are not repeated. Corse is `2A` and `2B` where they are given, else `20`; the Rhône
    is `69`.
    """
    rows = archive.built(_workbooks)
    elsewhere = pd.Series(False, index=rows.index)
    for choice in load_choices(archive).values():
        elsewhere |= _is_chosen(rows, choice)
    table = rows[~elsewhere].drop(columns=["emplacement"])
    return table.sort_values(["serie", "annee", "edition", "code_departement"], ignore_index=True)


def _raw_series(archive: Archive) -> Iterator[RawTable]:
    for source in archive.sources.values():
        if source.nature == "serie":
            for raw_file in source.fichiers:
                yield archive.corrected(source.id, raw_file.tableau)


def _workbooks(archive: Archive) -> pd.DataFrame:
    """Return every series that is read from a publisher's workbook, under the edition that is its source."""
    return pd.concat([_read_series(raw) for raw in _raw_series(archive) if raw.tableau == "series"], ignore_index=True)


def _read_series(raw: RawTable) -> pd.DataFrame:
    rows = _numbers(raw, ["valeur"])
    rows["emplacement"] = [raw.reference(ligne, "valeur") for ligne in rows.index]
    table = _finest(raw, rows.sort_values("serie", kind="stable", ignore_index=True))
    table.insert(1, "edition", raw.source)
    return table


def _is_chosen(rows: pd.DataFrame, choice: Choice) -> pd.Series:
    taken = rows["edition"].eq(rows["annee"].map(choice.annees))
    named = rows["edition"].isin(choice.aussi) & rows["annee"].isin(list(choice.annees))
    return rows["serie"].isin(choice.series) & (taken | named)


def _chosen(rows: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Return the criteria that the chosen years of a series give."""
    rows = rows[_is_chosen(rows, choice)]
    criteria = {serie: [serie] for serie in choice.series}
    if "population" in choice.series:
        criteria = {
            name: [_said()["tranches"][column] for column in columns]
            for name, columns in _said()["populations"].items()
        }
    frames = []
    for critere, series in criteria.items():
        parts = rows[rows["serie"].isin(series)]
        key = ["annee", "edition", "code_departement", "unite"]
        parts = parts[[*key, "valeur", "emplacement"]]
        if len(series) > 1:
            by_unit = parts.groupby(key, sort=False, as_index=False)
            parts = by_unit.agg(valeur=("valeur", "sum"), emplacement=("emplacement", "; ".join))
        frames.append(
            parts.rename(columns={"annee": "millesime"}).assign(
                critere=critere,
                source=lambda table: table["edition"],
                statut="publie" if len(series) == 1 else "derive",
            )
        )
    return pd.concat(frames, ignore_index=True)


def _criterion(raw: RawTable, critere: str, rows: pd.DataFrame, columns: list[str], unite: str) -> pd.DataFrame:
    """Return the rows of a criterion that is a printed column, or sums some."""
    printed = len(columns) == 1
    return pd.DataFrame(
        {
            "critere": critere,
            "millesime": rows["annee"],
            "edition": raw.source,
            "code_departement": rows["code_departement"],
            "valeur": rows[columns].sum(axis="columns"),
            "unite": unite,
            "statut": "publie" if printed else "derive",
            "source": raw.source,
            "emplacement": [raw.reference(ligne, columns[0] if printed else None) for ligne in rows.index],
        }
    )


def _numbers(raw: RawTable, columns: list[str]) -> pd.DataFrame:
    """Return the table with its year and some columns as numbers, each code known and given once a year."""
    rows = raw.cells.copy()
    for column in ("annee", *columns):
        numbers = pd.to_numeric(rows[column], errors="coerce")
        if numbers.isna().any():
            ligne = int(numbers.index[numbers.isna()][0])
            raise TableError(
                f"{rows.at[ligne, column]!r} is no number", cell=f"{raw.source} {raw.reference(ligne, column)}"
            )
        rows[column] = numbers
    if "code_departement" in rows:
        for code in rows["code_departement"].unique():
            departement(code)
        twice = rows.duplicated([key for key in ("serie", "annee", "code_departement") if key in rows])
        if twice.any():
            ligne = int(twice.index[twice][0])
            raise TableError("a code is given twice in a year", cell=f"{raw.source} {raw.reference(ligne)}")
    return rows.astype({"annee": int})


def _finest(raw: RawTable, rows: pd.DataFrame) -> pd.DataFrame:
    """Drop the wholes of Corse where the parts stand, and the parts of the Rhône, once they agree."""
    key = [name for name in ("serie", "annee") if name in rows]
    dropped = rows["code_departement"].isin(("69D", "69M"))
    for whole, parts in WHOLES.items():
        beside = rows[rows["code_departement"].isin([whole, *parts])]
        values = beside.pivot(index=key, columns="code_departement", values="valeur")
        both = values.reindex(columns=[whole, *parts]).dropna()
        wrong = both.index[(both[whole] - both[list(parts)].sum(axis="columns")).abs() > 1e-6]
        if len(wrong):
            raise TableError(
                f"in {wrong.get_level_values('annee')[0]} the whole {whole!r} is not the sum of its parts",
                cell=f"{raw.source} {raw.tableau}",
            )
        if whole == "20":
            dropped |= rows["code_departement"].eq("20") & rows.set_index(key).index.isin(both.index)
    return rows[~dropped]


def zero_statuses(
    kinds: pd.DataFrame, kind: str, elsewhere: pd.Series, counted_with: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the status of each unit's number in `kind`, with its reason in French.

    Parameters
    ----------
    kinds
        Children by unit (index) and kind of establishment (columns): every kind of the table.
    kind
        The column whose zeros are asked about.
    elsewhere
        Children placed outside the département in that kind and in those of `counted_with`; missing for no answer.
    counted_with
        The other columns that `elsewhere` counts with `kind`.

    Returns
    -------
    DataFrame
        Index of `kinds`; valeur, ailleurs (missing for no answer), statut (`STATUSES`), motif (empty above zero).

    Raises
    ------
    TableError
        When a column is not in the table, or a number is missing or negative.

    Examples
    --------
    >>> printed = {"speciale": [3, 0, 0], "sanitaire": [0, 1, 0], "mecs": [40, 50, 60]}
    >>> kinds = pd.DataFrame(printed, index=["59", "62", "01"])
    >>> zero_statuses(kinds, "speciale", pd.Series({"59": 1.0, "62": 0.0}), ["sanitaire"])["statut"].tolist()
    ['observe', 'vrai', 'manquant']
    """
    for name in (kind, *counted_with):
        if name not in kinds.columns:
            raise TableError(f"the table of kinds has no column {name!r}")
    if not (kinds >= 0).all(axis=None):
        code = kinds.index[~(kinds >= 0).all(axis=1)][0]
        raise TableError("a number of children is missing or negative", code=str(code))
    answers = elsewhere.reindex(kinds.index)
    said = [
        _status(row, kind, answer, counted_with)
        for row, answer in zip(kinds.to_dict("records"), answers.to_list(), strict=True)
    ]
    told = pd.DataFrame(said, columns=["statut", "motif"], index=kinds.index)
    return pd.DataFrame({"valeur": kinds[kind], "ailleurs": answers}).join(told)


def _status(row: Mapping[Any, float], kind: str, elsewhere: float, counted_with: Sequence[str]) -> tuple[str, str]:
    if row[kind] > 0:
        return "observe", ""
    others = sum(row[name] for name in counted_with)
    if elsewhere > others:
        return "manquant", "la même enquête en compte hors du département"
    if sum(count > 0 for count in row.values()) == 1:
        return "manquant", "tous les enfants sont dans une seule catégorie : la réponse n’est pas ventilée"
    if elsewhere == 0:
        return "vrai", "zéro aussi parmi les placements hors du département"
    if elsewhere > 0:
        return "inconnu", "hors du département, la réponse réunit ce lieu et d’autres"
    return "inconnu", "pas de réponse sur les placements hors du département"

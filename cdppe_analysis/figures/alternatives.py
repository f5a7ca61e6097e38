"""The text alternative of a figure: what it shows, its extremes, its classes, its field and source."""

from __future__ import annotations

import pandas as pd

from cdppe_analysis import typography
from cdppe_analysis.figures.classes import Classes
from cdppe_analysis.figures.columns import Reading
from cdppe_analysis.figures.page import Texts, stopped
from cdppe_analysis.territories import departement


def alternative(
    kind: str, texts: Texts, reading: Reading, unit: str, decimals: int, made: Classes | None = None, more: str = ""
) -> str:
    """Return the text alternative of a map.

    Parameters
    ----------
    kind
        What the figure is.
    texts
        Its words.
    reading
        Its values, for the extremes and for what is missing or not concerned.
    unit, decimals
        Of the values.
    made
        Its classes, counted.
    more
        A sentence about what else is drawn.
    """
    parts = [f"{kind} : {stopped(texts.title)} {stopped(texts.subtitle)}", extremes(reading.known, unit, decimals)]
    if made is not None:
        counted = " ; ".join(f"{one.label} : {len(one.codes)}" for one in made.ordered)
        parts.append(f"Nombre de départements par classe : {counted}.")
    parts.append(more)
    if reading.missing:
        parts.append(f"Pas de donnée : {len(reading.missing)}.")
    if reading.not_concerned:
        parts.append(f"Non concernés : {len(reading.not_concerned)}.")
    parts.append(f"Champ : {stopped(texts.champ)} Source : {stopped(texts.source)}")
    return " ".join(part for part in parts if part)


def chart_alternative(kind: str, texts: Texts, *sentences: str) -> str:
    """Return the text alternative of a chart: what it is, its finding, what it shows, its field and source."""
    parts = [
        f"{kind} : {stopped(texts.title)} {stopped(texts.subtitle)}",
        *(stopped(sentence) for sentence in sentences if sentence),
        f"Champ : {stopped(texts.champ)} Source : {stopped(texts.source)}",
    ]
    return " ".join(parts)


def extremes(values: pd.Series, unit: str, decimals: int) -> str:
    """Name the three largest and the three smallest values.

    Examples
    --------
    >>> extremes(pd.Series({"59": 2.0, "62": 1.0}), "M€", 0).replace("\u202f", " ")
    'Les plus fortes valeurs : Nord (2 M€) ; les plus faibles : Pas-de-Calais (1 M€).'
    """
    ordered = values.sort_values(kind="stable")
    if len(ordered) == 1:
        return f"Une seule valeur : {_named(ordered, unit, decimals)}."
    count = min(3, len(ordered) // 2)
    highest, lowest = ordered.iloc[::-1].head(count), ordered.head(count)
    return (
        f"Les plus fortes valeurs : {_named(highest, unit, decimals)} ; "
        f"les plus faibles : {_named(lowest, unit, decimals)}."
    )


def _named(values: pd.Series, unit: str, decimals: int) -> str:
    return ", ".join(
        f"{departement(str(code)).libelle} ({typography.with_unit(float(value), unit, decimals)})"
        for code, value in values.items()
    )

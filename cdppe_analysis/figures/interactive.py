"""A map to explore, for notebooks and pages: one fragment of HTML that loads nothing from outside.

Hovering or focusing a département shows its name, its amounts, their ranks and the source. The map is reached with the
keyboard (tabulation, then arrows from neighbour to neighbour), enlarged with buttons or keys, and read by a screen
reader: each département says its values, and a table holds them all. Without scripts the names and values still show
as the browser's own tips.

Known drawback: the light contours are drawn, so that a page stays small; enlarged twelve times, coasts look angular.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.classes import Classes, Scale, classify
from cdppe_analysis.figures.columns import NotConcerned, Reading, numbers
from cdppe_analysis.figures.contours import Contours, OneOfContours, load_contours
from cdppe_analysis.figures.illustration import FIGURE_TYPE, Illustration
from cdppe_analysis.figures.layout import MapLayout
from cdppe_analysis.figures.legends import round_values
from cdppe_analysis.figures.maps import choropleth, choropleth_and_circles, circles
from cdppe_analysis.figures.page import Words
from cdppe_analysis.figures.palette import COLOURS, CONCERNED, Look
from cdppe_analysis.storage.files import PUBLISHED, write_text
from cdppe_analysis.territories import departement

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_LEGEND_RADIUS = 16.0


@dataclass(frozen=True, eq=False)
class InteractiveMap:
    """A map to explore: a fragment of HTML for a notebook, or a page of its own.

    Attributes
    ----------
    title
        The finding.
    fragment
        The HTML, which loads nothing from outside.
    alternative
        What the map says to who does not see it.
    table
        The rows behind it.
    still
        Draws the same map as a picture.
    """

    title: str
    fragment: str
    alternative: str
    table: pd.DataFrame
    still: Callable[[], Illustration]

    def page(self) -> str:
        """Return a whole page; its policy forbids it to load anything."""
        return (
            '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
            f"<title>{Markup.escape(self.title)}</title>\n</head>\n<body>\n<main>\n{self.fragment}\n</main>\n</body>\n</html>\n"
        )

    def save(self, path: str | Path) -> Path:
        """Write the page, whole or not at all.

        Raises
        ------
        FigureError
            When the suffix is not `.html`.
        TableError
            When the folder cannot be written.
        """
        target = Path(path)
        if target.suffix != ".html":
            raise FigureError(f"an interactive map is saved as .html, not {target.suffix or 'without suffix'!r}")
        write_text(target, self.page())
        return target

    def _repr_mimebundle_(self, **options: object) -> Any:
        """Return the fragment; in a report, the figure of its picture too, which is printed, downloaded and cited."""
        if not os.environ.get(PUBLISHED):
            return {"text/html": self.fragment, "text/plain": repr(self)}
        data, metadata = self.still()._repr_mimebundle_(**options)
        data[FIGURE_TYPE]["fragment"] = self.fragment
        return data, metadata

    def __repr__(self) -> str:
        return f"InteractiveMap({self.title!r}, {len(self.table)} rows)"


def interactive_map(
    frame: pd.DataFrame,
    words: Words,
    scales: Mapping[str, Scale],
    *,
    rate: str | None = None,
    stock: str | None = None,
    not_concerned: NotConcerned = None,
    contours: OneOfContours = None,
) -> InteractiveMap:
    """Draw a map to explore: a rate as filled areas, a stock as circles, or both.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the columns.
    words
        What is said around the map.
    scales
        The columns that the card of a département shows, in their order, each with how it is called and written.
    rate, stock
        Which of them fills the areas, and which the circles are.
    not_concerned, contours
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`; also when there is neither a rate nor a stock, or it has no scale.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [1995607, 1185174]})
    >>> words = Words("Deux départements", "En euros", source="exemple", champ="deux départements")
    >>> scales = {"montant_eur": Scale(legend="Dotation")}
    >>> carte = interactive_map(frame, words, scales, stock="montant_eur", not_concerned="others")
    >>> "http" in carte.fragment.replace("http://www.w3.org", "")
    False
    """
    main = rate or stock
    if main is None:
        raise FigureError("an interactive map needs a rate, a stock, or both")
    for column in (rate, stock):
        if column is not None and column not in scales:
            raise FigureError(f"the column {column!r} is drawn and has no scale")
    reading = Reading.of(frame, main, not_concerned)
    shapes = load_contours(contours, light=True)
    made = classify(reading.known, scales[rate]) if rate else None
    amounts: pd.Series | None = None
    if stock is not None:
        stocks = Reading.of(frame, stock, not_concerned)
        stocks.check_not_negative()
        amounts = stocks.known
    units = tuple(reading.series.index)
    drawn = MapLayout.read().outlines(shapes, units)
    columns = {column: numbers(frame, column) for column in scales}
    facts = _facts(columns, reading, scales, made)
    alternative = words.alternative("Carte interactive", *reading.told(scales[main], made))
    identifier = (
        f"carte-{hashlib.sha256(json.dumps([words.title, facts], ensure_ascii=False).encode()).hexdigest()[:10]}"
    )
    fills = _fills(reading, made, identifier)
    codes = list(reading.concerned.index)
    names = [departement(str(code)).libelle for code in codes]
    table = pd.DataFrame({"code_departement": codes, "libelle_departement": names})
    for column, values in columns.items():
        table[column] = values.reindex(codes).to_numpy()
    data = {"source": typography.typeset(words.source), "unites": facts}
    context: dict[str, Any] = {
        "id": identifier,
        "title": typography.typeset(words.title),
        "subtitle": typography.typeset(words.subtitle),
        "alternative": typography.typeset(alternative),
        "colour": COLOURS,
        "card": _card_height(facts, words.source),
        "rings": rate is not None,
        "dotted": [(look.face[1:], look.face) for look in (made.looks if made else {}).values() if look.hatch],
        "map": drawn,
        "circles": [] if amounts is None else _circles(drawn, units, shapes, amounts),
        "fills": fills,
        "labels": {code: _spoken(fact) for code, fact in facts.items()},
        "first": min(fills),
        "legends": _legends(reading, scales.get(rate or ""), scales.get(stock or ""), made, amounts, identifier),
        "headings": [scale.title for scale in scales.values()],
        "rows": [
            {"code": code, "name": typography.typeset(name), "cells": [own.written(value) for own, value in cells]}
            for code, name, *values in table.itertuples(index=False)
            for cells in [list(zip(scales.values(), values, strict=True))]
        ],
        "below": [typography.typeset(line) for _, line in words.below(shapes.origin)],
        # In a script, "</" would end it whatever the JSON says.
        "facts": Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")),
    }
    options: dict[str, Any] = {"not_concerned": not_concerned, "contours": contours}
    if rate is not None and stock is not None:
        still = partial(choropleth_and_circles, frame, rate, stock, words, scales[rate], scales[stock], **options)
    else:
        still = partial(circles if rate is None else choropleth, frame, main, words, scales[main], **options)
    return InteractiveMap(words.title, _template().render(context), alternative, table, still)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("interactive.html.j2")


def _facts(
    columns: Mapping[str, pd.Series], reading: Reading, scales: Mapping[str, Scale], made: Classes | None
) -> dict[str, dict[str, Any]]:
    """Return what the card of each unit says: name, values with their ranks, class."""
    ranks = {name: values.dropna().rank(ascending=False, method="min").astype(int) for name, values in columns.items()}
    labels = made.labels if made is not None else {}
    facts: dict[str, dict[str, Any]] = {}
    for code in reading.series.index:
        own = departement(str(code))
        lines = [["Région", own.libelle_region]]
        if code in reading.not_concerned:
            lines.append(["État", "non concerné"])
        else:
            for column, scale in scales.items():
                text = "pas de donnée"
                if code in ranks[column].index:
                    rank = typography.ordinal(int(ranks[column][code]))
                    text = f"{scale.written(float(columns[column][code]))}, {rank} sur {len(ranks[column])}"
                lines.append([scale.title, text])
            if code in labels:
                lines.append(["Classe", labels[code]])
        facts[str(code)] = {
            "nom": typography.typeset(own.libelle),
            "lignes": [[name, typography.typeset(text)] for name, text in lines],
        }
    return facts


def _card_height(facts: Mapping[str, dict[str, Any]], source: str) -> int:
    """Return a height, in pixels, that holds the longest card, so that the page does not jump from one to the next."""
    cards = ([*(text for _, text in fact["lignes"]), source] for fact in facts.values())
    rows = max(sum(1 + math.ceil(len(text) / 30) for text in card) for card in cards)
    return 56 + 20 * rows


def _fills(reading: Reading, made: Classes | None, identifier: str) -> dict[str, str]:
    looks = made.fills if made is not None else {}
    fills = {str(code): _fill(looks.get(str(code), CONCERNED), identifier) for code in reading.series.index}
    fills |= dict.fromkeys(reading.missing, f"url(#{identifier}-hachures)")
    return fills | dict.fromkeys(reading.not_concerned, f"url(#{identifier}-hors-champ)")


def _fill(look: Look, identifier: str) -> str:
    return f"url(#{identifier}-{look.face[1:]})" if look.hatch else look.face


def _spoken(fact: Mapping[str, Any]) -> str:
    return f"{fact['nom']}. " + ". ".join(f"{name}\u00a0: {text}" for name, text in fact["lignes"][1:])


def _legends(
    reading: Reading,
    rate: Scale | None,
    stock: Scale | None,
    made: Classes | None,
    amounts: pd.Series | None,
    identifier: str,
) -> list[dict[str, Any]]:
    legends: list[dict[str, Any]] = []

    def box(fill: str, label: str, count: int) -> dict[str, Any]:
        return {"fill": fill, "label": f"{label} ({typography.number(count)})", "radius": 0, "height": 18}

    if rate is not None and made is not None:
        looks = made.looks
        entries = [
            box(_fill(looks[of_class.label], identifier), of_class.label, len(of_class.codes))
            for of_class in made.ordered[::-1]
        ]
        title = f"{rate.title} ({rate.unit})" if rate.legend else rate.title
        note = typography.typeset(f"Classes : {made.method}.")
        legends.append({"title": title, "entries": entries, "note": note})
    if stock is not None and amounts is not None and (amounts > 0).any():
        values = round_values(float(amounts.max()))
        entries = []
        for value in values:
            # A column of 34 points holds the largest; the others keep their proportion, and the text says the amounts.
            radius = _LEGEND_RADIUS * math.sqrt(value / values[0])
            size = {"radius": round(radius, 1), "height": max(18, round(2 * radius + 3))}
            entries.append({"label": stock.written(value), **size})
        note = "Surface proportionnelle à la valeur\u202f; la légende garde les proportions, non la taille à l’écran."
        legends.append({"title": stock.title, "entries": entries, "note": note})
    states = {"hachures": ("pas de donnée", reading.missing), "hors-champ": ("non concerné", reading.not_concerned)}
    apart = [box(f"url(#{identifier}-{fill})", label, len(of)) for fill, (label, of) in states.items() if of]
    if apart:
        legends.append({"title": "Hors classes", "entries": apart, "note": ""})
    return legends


def _circles(drawn: Mapping[str, Any], codes: tuple[str, ...], shapes: Contours, amounts: pd.Series) -> list[Any]:
    """Return the circles of amounts above 0, the largest first; under the glass where the unit is shown there too."""
    values = {str(code): float(value) for code, value in amounts.items() if value > 0}
    area = MapLayout.read().area_of_one(shapes, codes, amounts)
    # A unit under the glass stands last, and has its circle there.
    anchors = {unit["code"]: (unit["x"], unit["y"]) for unit in drawn["units"]}
    return [
        {"code": code, "x": x, "y": y, "r": round(math.sqrt(values[code] * area / math.pi), 1)}
        for code in sorted(values, key=lambda code: (-values[code], code))
        for x, y in [anchors[code]]
    ]

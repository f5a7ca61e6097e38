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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.path import Path as DrawnPath

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import looks
from cdppe_analysis.figures.alternatives import alternative
from cdppe_analysis.figures.bubbles import check_not_negative, scale_for
from cdppe_analysis.figures.classes import Classes, classify
from cdppe_analysis.figures.columns import NotConcerned, Reading, numbers, read
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.layout import Layout, Placed, load_layout, place
from cdppe_analysis.figures.legends import round_values
from cdppe_analysis.figures.looks import Look, class_looks
from cdppe_analysis.figures.page import Texts
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.storage.writing import write_text
from cdppe_analysis.territories import departement

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_LEGEND_RADIUS = 16.0


@dataclass(frozen=True, eq=False)
class Measure:
    """A column as readers see it: its name, its unit, its digits after the comma."""

    column: str
    label: str
    unit: str = "€"
    decimals: int = 0


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
    """

    title: str
    fragment: str
    alternative: str
    table: pd.DataFrame

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

    def _repr_html_(self) -> str:
        return self.fragment

    def __repr__(self) -> str:
        return f"InteractiveMap({self.title!r}, {len(self.table)} rows)"


def interactive_map(
    frame: pd.DataFrame,
    rate: Measure | None = None,
    stock: Measure | None = None,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    details: Iterable[Measure] = (),
    note: str | None = None,
    lecture: str | None = None,
    classes: int = 5,
    method: str | Sequence[float] = "quantiles",
    center: float | None = None,
    not_concerned: NotConcerned = None,
    contours: str | Path | Contours | None = None,
) -> InteractiveMap:
    """Draw a map to explore: a rate as filled areas, a stock as circles, or both.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the columns.
    rate, stock
        What fills the areas, and what the circles are.
    details
        Other columns to show for a département.
    title, subtitle, source, champ, note, lecture, classes, method, center, not_concerned, contours
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`; also when there is neither a rate nor a stock.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "62"], "montant_eur": [1995607, 1185174]})
    >>> carte = interactive_map(frame, stock=Measure("montant_eur", "Dotation"), title="Deux départements",
    ...     subtitle="En euros", source="exemple", champ="deux départements", not_concerned="others")
    >>> "http" in carte.fragment.replace("http://www.w3.org", "")
    False
    """
    main = rate or stock
    if main is None:
        raise FigureError("an interactive map needs a rate, a stock, or both")
    texts = Texts(title, subtitle, source, champ, note, lecture)
    shapes = contours if isinstance(contours, Contours) else load_contours(contours, light=contours is None)
    layout = load_layout()
    reading = read(frame, main.column, not_concerned)
    placed = place(shapes, tuple(reading.series.index), layout)
    made = shown = None
    if rate is not None:
        made = classify(reading.known, classes=classes, method=method, center=center, decimals=rate.decimals)
        shown = class_looks(made)
    amounts: pd.Series | None = None
    scale = 0.0
    if stock is not None:
        stocks = read(frame, stock.column, not_concerned)
        check_not_negative(stocks)
        amounts = stocks.known
        scale = scale_for(placed, layout, amounts)
    measures = [measure for measure in (rate, stock, *details) if measure is not None]
    facts = _facts(frame, reading, measures, made, source)
    words = alternative("Carte interactive", texts, reading, main.unit, main.decimals, made)
    identifier = f"carte-{hashlib.sha256(json.dumps([title, facts], ensure_ascii=False).encode()).hexdigest()[:10]}"
    fills = _fills(reading, made, shown, identifier)
    context: dict[str, Any] = {
        "id": identifier,
        "title": typography.typeset(title),
        "subtitle": typography.typeset(subtitle),
        "alternative": words,
        "width": round(layout.largeur),
        "height": round(layout.hauteur),
        "ink": COLOURS["encre"],
        "soft": COLOURS["encre_douce"],
        "line": COLOURS["trait"],
        "grid": COLOURS["grille"],
        "blue": COLOURS["bleu"],
        "orange": COLOURS["orange"],
        "card": _card_height(facts),
        "rings": rate is not None,
        "dotted": _dotted(made, shown),
        "frames": _frames(layout),
        "units": _units(placed, layout, fills, facts),
        "circles": [] if amounts is None else _circles(placed, layout, amounts, scale),
        "legends": _legends(reading, rate, stock, made, shown, amounts, scale, identifier),
        "headings": [measure.label for measure in measures],
        "rows": _rows(frame, reading, measures),
        "below": [typography.typeset(line) for _, line in texts.below(shapes.origin)],
        # In a script, "</" would end it whatever the JSON says.
        "facts": Markup(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")),
    }
    return InteractiveMap(title, _template().render(context), words, _table(frame, reading, measures))


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("interactive.html.j2")


def _facts(
    frame: pd.DataFrame, reading: Reading, measures: Sequence[Measure], made: Classes | None, source: str
) -> dict[str, dict[str, Any]]:
    """Return what the card of each unit says: name, values with their ranks, class, source."""
    columns = {measure.column: numbers(frame, measure.column) for measure in measures}
    ranks = {name: values.dropna().rank(ascending=False, method="min").astype(int) for name, values in columns.items()}
    labels = made.labels if made is not None else {}
    facts: dict[str, dict[str, Any]] = {}
    for code in reading.series.index:
        own = departement(str(code))
        lines = [["Région", own.libelle_region]]
        if code in reading.not_concerned:
            lines.append(["État", "non concerné"])
        else:
            for measure in measures:
                value = columns[measure.column].get(code, math.nan)
                text = typography.with_unit(float(value), measure.unit, measure.decimals)
                if not math.isnan(value):
                    rank, count = int(ranks[measure.column][code]), len(ranks[measure.column])
                    text += f", {rank}{'er' if rank == 1 else 'e'} sur {count}"
                else:
                    text = "pas de donnée"
                lines.append([measure.label, text])
            if code in labels:
                lines.append(["Classe", labels[code]])
        lines.append(["Source", source])
        facts[str(code)] = {
            "nom": typography.typeset(own.libelle),
            "lignes": [[name, typography.typeset(text)] for name, text in lines],
        }
    return facts


def _card_height(facts: Mapping[str, dict[str, Any]]) -> int:
    """Return a height, in pixels, that holds the longest card, so that the page does not jump from one to the next."""
    rows = max(sum(1 + math.ceil(len(text) / 30) for _, text in fact["lignes"]) for fact in facts.values())
    return 56 + 20 * rows


def _fills(reading: Reading, made: Classes | None, shown: Mapping[str, Look] | None, identifier: str) -> dict[str, str]:
    fills = {}
    for code in reading.series.index:
        if code in reading.not_concerned:
            fills[code] = looks.NOT_CONCERNED.face
        elif code in reading.missing:
            fills[code] = f"url(#{identifier}-hachures)"
        elif made is None or shown is None:
            fills[code] = looks.CONCERNED.face
        else:
            fills[code] = _fill(shown[made.labels[code]], identifier)
    return fills


def _fill(look: Look, identifier: str) -> str:
    return f"url(#{identifier}-{look.face[1:]})" if look.hatch else look.face


def _dotted(made: Classes | None, shown: Mapping[str, Look] | None) -> list[tuple[str, str]]:
    if made is None or shown is None:
        return []
    return [(look.face[1:], look.face) for look in shown.values() if look.hatch]


def _frames(layout: Layout) -> list[dict[str, Any]]:
    return [
        {
            "name": panel.nom,
            "x": panel.boite[0] + 1,
            "y": layout.hauteur - panel.boite[1] - panel.boite[3] + 1,
            "width": panel.boite[2] - 2,
            "height": panel.boite[3] - 2,
            "bar": round(panel.barre_km * panel.echelle, 1),
            "km": typography.with_unit(panel.barre_km, "km"),
        }
        for panel in layout.panneaux
        if panel.framed
    ]


def _units(
    placed: Sequence[Placed], layout: Layout, fills: Mapping[str, str], facts: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    first = min(unit.code for unit in placed)
    ordered = sorted(placed, key=lambda unit: (unit.panel.loupe, unit.code))
    return [
        {
            "code": unit.code,
            "path": _svg_path(unit.path, layout.hauteur),
            "fill": fills[unit.code],
            "x": round(unit.anchor[0], 1),
            "y": round(layout.hauteur - unit.anchor[1], 1),
            "shown_again": unit.panel.loupe,
            "first": unit.code == first,
            "label": _spoken(facts[unit.code]),
        }
        for unit in ordered
    ]


def _spoken(fact: Mapping[str, Any]) -> str:
    return f"{fact['nom']}. " + ". ".join(f"{name} : {text}" for name, text in fact["lignes"][1:-1])


def _svg_path(path: DrawnPath, height: float) -> str:
    """Write an outline, each ring from its first point on by steps, so that a page weighs less."""
    vertices = np.asarray(path.vertices, dtype=float) * (1, -1) + (0, height)
    tenths = np.round(vertices * 10).astype(int)
    starts = np.flatnonzero(np.asarray(path.codes) == DrawnPath.MOVETO)
    parts = []
    for ring in np.split(tenths, starts[1:]):
        steps = np.diff(ring[:-1], axis=0)
        moved = "".join(f"{_tenth(x)}{_tenth(y)}" for x, y in steps.tolist() if x or y)
        parts.append(f"M{ring[0, 0] / 10:g} {ring[0, 1] / 10:g}l{moved}z")
    return "".join(parts)


def _tenth(tenths: int) -> str:
    """Write a number of tenths after what stands before it: a minus sign separates by itself."""
    text = f"{tenths / 10:g}"
    return text if text.startswith("-") else f" {text}"


def _circles(placed: Sequence[Placed], layout: Layout, amounts: pd.Series, scale: float) -> list[dict[str, float]]:
    shown = [unit for unit in placed if float(amounts.get(unit.code, 0.0)) > 0]
    shown.sort(key=lambda unit: (-float(amounts[unit.code]), unit.code))
    return [
        {
            "x": round(unit.anchor[0], 1),
            "y": round(layout.hauteur - unit.anchor[1], 1),
            "r": round(math.sqrt(float(amounts[unit.code]) * scale / math.pi) * unit.panel.echelle_des_cercles, 1),
        }
        for unit in shown
    ]


def _legends(
    reading: Reading,
    rate: Measure | None,
    stock: Measure | None,
    made: Classes | None,
    shown: Mapping[str, Look] | None,
    amounts: pd.Series | None,
    scale: float,
    identifier: str,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def box(fill: str, label: str, count: int) -> dict[str, Any]:
        return {"fill": fill, "label": f"{label} ({typography.number(count)})", "radius": 0, "height": 18}

    if rate is not None and made is not None and shown is not None:
        entries = [
            box(_fill(shown[one.label], identifier), one.label, len(one.codes)) for one in reversed(made.ordered)
        ]
        found.append({"title": f"{rate.label} ({rate.unit})", "entries": entries, "note": f"Classes : {made.method}."})
    if stock is not None and amounts is not None and scale > 0:
        values = round_values(float(amounts.max()))
        # A column of 34 points holds the largest; the others keep their proportion, and the text says the amounts.
        radii = [_LEGEND_RADIUS * math.sqrt(value / values[0]) for value in values]
        entries = [
            {
                "fill": "none",
                "label": typography.with_unit(value, stock.unit, stock.decimals),
                "radius": round(radius, 1),
                "height": max(18, round(2 * radius + 3)),
            }
            for value, radius in zip(values, radii, strict=True)
        ]
        note = "Surface proportionnelle à la valeur ; la légende garde les proportions, non la taille à l’écran."
        found.append({"title": stock.label, "entries": entries, "note": note})
    apart = []
    if reading.missing:
        apart.append(box(f"url(#{identifier}-hachures)", "pas de donnée", len(reading.missing)))
    if reading.not_concerned:
        apart.append(box(looks.NOT_CONCERNED.face, "non concerné", len(reading.not_concerned)))
    if apart:
        found.append({"title": "Hors classes", "entries": apart, "note": ""})
    return found


def _rows(frame: pd.DataFrame, reading: Reading, measures: Sequence[Measure]) -> list[dict[str, Any]]:
    columns = [(measure, numbers(frame, measure.column)) for measure in measures]
    return [
        {
            "code": code,
            "name": typography.typeset(departement(str(code)).libelle),
            "cells": [
                typography.with_unit(float(values.get(code, math.nan)), measure.unit, measure.decimals)
                for measure, values in columns
            ],
        }
        for code in reading.concerned.index
    ]


def _table(frame: pd.DataFrame, reading: Reading, measures: Sequence[Measure]) -> pd.DataFrame:
    codes = list(reading.concerned.index)
    table = pd.DataFrame(
        {"code_departement": codes, "libelle_departement": [departement(str(code)).libelle for code in codes]}
    )
    for measure in measures:
        table[measure.column] = numbers(frame, measure.column).reindex(codes).to_numpy()
    return table

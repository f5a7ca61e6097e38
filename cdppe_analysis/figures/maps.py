"""Maps of the départements: a filled area for a rate, circles for euros, both together; one map, two, or many.

An amount is a stock: circles whose area is proportional to it, of at most one seventh of the land in all. A filled area
is for a rate. Classes are computed before anything is drawn twice; every map shows the overseas and, enlarged, Paris
and the three départements around it. Several maps have one scale: the classes, or the scale of the circles, come from
all of them together, so that a colour or an area means the same on each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.figure import Figure

from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.canvas import Canvas
from cdppe_analysis.figures.classes import EUROS, Classes, Scale, classify
from cdppe_analysis.figures.columns import NotConcerned, Reading
from cdppe_analysis.figures.contours import Contours, OneOfContours, load_contours
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.layout import MapLayout
from cdppe_analysis.figures.legends import KeyColumn
from cdppe_analysis.figures.page import MARGIN, Form, Page, Words, line_height, wrapped
from cdppe_analysis.figures.palette import COLOURS, Look
from cdppe_analysis.territories import departement

_LEGEND_WIDTH, _LEGEND_BELOW = 1.72, 3.2
_GAP = 0.12
_NAME = 9.0
_INSETS = (
    "Encarts, de haut en bas : Guadeloupe, Martinique, Guyane, La Réunion, Mayotte ; "
    "à droite, Paris et la petite couronne."
)


def choropleth(
    frame: pd.DataFrame,
    column: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: OneOfContours = None,
) -> Illustration:
    """Draw a rate as filled areas.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` (the 101, or `20` for Corse as one) and the column.
    column
        A rate: euros a protected child, a share, a change in %.
    words, scale
        What is said around the map, and how values are written and classed.
    not_concerned
        Codes that the figure is not about; `"others"` for all that the frame does not hold. Units that are neither
        there nor in the frame have no data.
    labels
        Codes whose names are written on the map.
    contours
        A file of contours to use instead of the package's own (checked first).

    Raises
    ------
    FigureError, TerritoryError
        One sentence for a column or a code that cannot be drawn.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "62", "20"], "taux": [12.5, 14.0, 9.0]})
    >>> words = Words("Trois départements", "Taux, en %", source="exemple", champ="trois départements")
    >>> choropleth(frame, "taux", words, Scale("%", 1), not_concerned="others").table["classe"].tolist()
    ['9,0', '12,5', '14,0']
    """
    reading = Reading.of(frame, column, not_concerned)
    made = _classed({"": reading}, scale)
    kind = "Carte des départements en plages de couleur"
    alternative = words.alternative(kind, *reading.told(scale, made))
    sketch = _sketch({"": reading}, {}, scale, made=made, labels=labels)
    return sketch.illustrated(words, contours, alternative, reading.rows(_labels(made)))


def circles(
    frame: pd.DataFrame,
    column: str,
    words: Words,
    scale: Scale = EUROS,
    *,
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: OneOfContours = None,
) -> Illustration:
    """Draw amounts as circles whose area is proportional to them.

    Parameters
    ----------
    frame, column, words, scale, not_concerned, labels, contours
        As `choropleth`; the column is a stock, in euros for instance.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also for a negative amount.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "62", "20"], "montant_eur": [1995607, 1185174, 112192]})
    >>> words = Words("Trois départements", "Montants, en euros", source="exemple", champ="trois départements")
    >>> len(circles(frame, "montant_eur", words, not_concerned="others").table)
    3
    """
    reading = Reading.of(frame, column, not_concerned)
    reading.check_not_negative()
    alternative = words.alternative("Carte en cercles proportionnels", *reading.told(scale))
    sketch = _sketch({}, {"": reading}, scale, labels=labels)
    return sketch.illustrated(words, contours, alternative, reading.rows())


def choropleth_and_circles(
    frame: pd.DataFrame,
    rate: str,
    stock: str,
    words: Words,
    rate_scale: Scale = EUROS,
    stock_scale: Scale = EUROS,
    *,
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: OneOfContours = None,
) -> Illustration:
    """Draw a rate as filled areas, and over it a stock as circles.

    Parameters
    ----------
    rate, stock, rate_scale, stock_scale
        The two columns of `frame`, and how the values of each are written; the others are as for `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`.
    """
    reading = Reading.of(frame, rate, not_concerned)
    amounts = Reading.of(frame, stock, not_concerned)
    amounts.check_not_negative()
    made = _classed({"": reading}, rate_scale)
    kind = "Carte des départements en plages de couleur et en cercles"
    rings = f"Cercles : {stock_scale.extremes(amounts.known)}"
    alternative = words.alternative(kind, *reading.told(rate_scale, made, rings))
    table = reading.rows(_labels(made)).merge(
        amounts.rows()[["code_departement", stock]], on="code_departement", how="left", validate="1:1"
    )
    sketch = _sketch({"": reading}, {"": amounts}, stock_scale, rate_scale, made=made, labels=labels)
    return sketch.illustrated(words, contours, alternative, table)


def unit_map(
    table: pd.DataFrame, rate: str, stock: str, words: Words, scale: Scale, stock_scale: Scale, contours: Contours
) -> Illustration:
    """Draw a rate as filled areas and a stock as circles, of the units of a study, that have their own contours.

    Parameters
    ----------
    table
        A row a unit: `code_departement`, `libelle_departement`, and the two columns.
    rate, stock, words, scale, stock_scale
        As for `choropleth_and_circles`.
    contours
        Those of all units that are drawn; the units without a row are not concerned.
    """
    values = table.set_index("code_departement")[[rate, stock]].reindex(list(contours.codes))
    outside = frozenset(contours.codes) - frozenset(table["code_departement"])
    reading, amounts = (Reading(values[column].astype(float), outside) for column in (rate, stock))
    made = _classed({"": reading}, scale)
    made = replace(made, method=made.method.replace("de départements", "d’unités"))
    told = f"Nombre d’unités par classe : {made.counted}"
    said = words.alternative("Carte en plages de couleur et en cercles", told)
    classes = table["code_departement"].map(_labels(made)).fillna("pas de donnée")
    rows = table[["code_departement", "libelle_departement", rate, stock]].assign(classe=classes)
    sketch = _sketch({"": reading}, {"": amounts}, stock_scale, scale, made=made)
    return sketch.illustrated(words, contours, said, rows)


def small_multiples(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | Sequence[str],
    words: Words,
    scale: Scale = EUROS,
    *,
    stock: bool = False,
    across: int | None = None,
    not_concerned: NotConcerned = None,
    contours: OneOfContours = None,
) -> Illustration:
    """Draw one map a column, all on one scale: two large ones, before and after for instance, or small ones.

    Parameters
    ----------
    frame, words, scale, not_concerned, contours
        As `choropleth`; the package's own contours of small maps are the light ones.
    columns
        The columns, or the name to write over each map -> its column.
    stock
        Circles, for amounts; filled areas, for rates, when left out.
    across
        Maps a row; chosen from their number when left out.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`; also when no column is given.
    """
    maps = dict(columns) if isinstance(columns, Mapping) else {str(column): column for column in columns}
    if not maps:
        raise FigureError("small multiples need at least one column")
    readings = {name: Reading.of(frame, column, not_concerned) for name, column in maps.items()}
    for reading in readings.values() if stock else ():
        reading.check_not_negative()
    made = None if stock else _classed(readings, scale)
    sketch = _sketch({}, readings, scale) if stock else _sketch(readings, {}, scale, made=made)
    tables = []
    for name, reading in readings.items():
        rows = reading.rows().set_axis(["code_departement", "libelle_departement", "valeur"], axis=1)
        rows.insert(0, "carte", name)
        if made:
            rows["classe"] = rows["code_departement"].map(_labels(made, name)).fillna("")
        tables.append(rows)
    said = [
        f"{name}. {scale.extremes(reading.known)}"
        for name, reading in readings.items()
        if len(readings) <= 4 and len(reading.known)
    ]
    kind = f"{'Deux' if len(maps) == 2 else len(maps)} cartes sur une même échelle"
    alternative = words.alternative(kind, *(said or [f"Cartes : {', '.join(readings)}."]))
    wide = across or min(4, math.ceil(math.sqrt(len(maps))))
    table = pd.concat(tables, ignore_index=True)
    return sketch.illustrated(words, contours, alternative, table, across=wide, small=len(maps) != 2)


@dataclass(frozen=True, eq=False)
class Sketch:
    """What stands on the maps of a figure and in its legend.

    `readings` are the maps, by the name over each; `paint` draws one of them, given the area of a circle for an amount
    of 1; `explain` fills the columns of the legend, words and boxes, that may be one, given that area and the inches of
    a map kilometre; `amounts` are those of the circles, the largest of all maps.
    """

    readings: Mapping[str, Reading]
    paint: Callable[[Canvas, str, float], None]
    explain: Callable[[KeyColumn, KeyColumn, float, float], None]
    amounts: pd.Series | None = None

    def illustrated(
        self,
        words: Words,
        contours: OneOfContours,
        alternative: str,
        table: pd.DataFrame,
        *,
        across: int = 1,
        small: bool = False,
    ) -> Illustration:
        """Return the figure: maps in rows of `across`, small ones with light contours and no words on their insets."""

        def draw(form: Form) -> Figure:
            shapes = load_contours(contours, light=small or form.narrow)
            return _composed(self, words, shapes, form, across=across, small=small)

        return Illustration.of(draw, words, alternative, table)


def _composed(sketch: Sketch, words: Words, contours: Contours, form: Form, *, across: int, small: bool) -> Figure:
    """Compose maps in rows, with their one legend beside them, or below: for two large maps, and on a narrow page.

    Small maps have no words on their insets. The legend is first laid out on a page that is thrown away, to know its
    height.
    """
    names = list(sketch.readings)
    several = len(names) > 1 or small
    beside = not form.narrow and (small or not several)
    page_width = (form.wide if several else form.width) - 2 * MARGIN
    across = min(across, 2 if small else 1) if form.narrow else across
    below = page_width if form.narrow else _LEGEND_BELOW
    legend_width = _LEGEND_WIDTH if beside else below
    width = (page_width - (legend_width + _GAP if beside else 0.0) - _GAP * (across - 1)) / across
    layout = MapLayout.of(contours, narrow=form.narrow and not small)
    map_height = width * layout.height / layout.width
    lines = {name: wrapped(name, width, _NAME, bold=True) if several else [] for name in names}
    band = line_height(_NAME) * max(map(len, lines.values())) + (0.04 if several else 0.0)
    step = map_height + band + _GAP
    maps_height = step * math.ceil(len(names) / across) - _GAP
    units = tuple(next(iter(sketch.readings.values())).series.index)
    area = 0.0 if sketch.amounts is None else layout.area_of_one(contours, units, sketch.amounts)
    lefts = (page_width - legend_width,) if beside or form.narrow else (0.0, legend_width + _GAP)

    def legend(page: Page, room: float) -> float:
        columns = [KeyColumn(page.drawing(left, 0.0, legend_width, room), legend_width, room, form) for left in lefts]
        columns[0].axes.set_gid("legende")
        sketch.explain(columns[0], columns[-1], area, width / layout.width)
        if small:
            columns[0].gap(0.1)
            columns[0].remark(_INSETS)
        return room - min(column.top for column in columns)

    def page_of(height: float) -> Page:
        return Page.open(words, height, form, wide=several, background=contours.origin)

    needed = legend(page_of(maps_height), maps_height)
    height = max(maps_height, needed) if beside else maps_height + _GAP + needed
    page = page_of(height)
    for number, name in enumerate(names):
        left = (number % across) * (width + _GAP)
        bottom = page.height - (number // across) * step - band - map_height
        canvas = Canvas.open(page, contours, units, layout, width, left=left, bottom=bottom, words=not small)
        sketch.paint(canvas, name, area)
        if several:
            title = page.drawing(left, bottom + map_height, width, band)
            for row, line in enumerate(lines[name]):
                down = band - line_height(_NAME) * (row + 0.8)
                title.text(0, down, line, fontsize=_NAME, fontweight="bold", color=COLOURS["encre"])
    legend(page, height if beside else needed)
    return page.figure


def _classed(readings: Mapping[str, Reading], scale: Scale) -> Classes:
    """Put the values of all maps in classes together, each under the name of its map and its code."""
    pooled = pd.concat({name: reading.known for name, reading in readings.items()})
    pooled.index = pooled.index.to_flat_index()
    return classify(pooled, scale)


def _labels(made: Classes, name: str = "") -> dict[str, str]:
    """Return the label of the class of each unit of a map, by code."""
    return {code: label for (own, code), label in made.labels.items() if own == name}


def _sketch(
    rates: Mapping[str, Reading],
    stocks: Mapping[str, Reading],
    scale: Scale,
    rate_scale: Scale | None = None,
    *,
    made: Classes | None = None,
    labels: Iterable[str] = (),
) -> Sketch:
    """Return the drawing of rates, in the classes that are made, of stocks as circles, or of both, a map a name."""
    readings = rates or stocks
    largest = pd.concat([reading.known for reading in stocks.values()], axis=1).max(axis=1) if stocks else None
    fills: dict[str, dict[str, Look]] = {name: {} for name in readings}
    for (name, code), look in made.fills.items() if made else ():
        fills[name][code] = look

    def paint(canvas: Canvas, name: str, area: float) -> None:
        canvas.units(readings[name], fills[name])
        if stocks:
            canvas.circles(stocks[name].known, area, rings=bool(rates))
        canvas.names(labels)

    def explain(legend: KeyColumn, boxes: KeyColumn, area: float, inches: float) -> None:
        if made:
            legend.heading((rate_scale or scale).title)
            boxes.classes(made, lambda one: [sum(own == name for own, _ in one.codes) for name in readings])
            boxes.states(list(readings.values()))
            legend.remark(f"Classes{' de toutes les cartes ensemble' if len(readings) > 1 else ''} : {made.method}.")
        if largest is None:
            return
        if made:
            legend.gap()
        legend.heading(scale.title)
        legend.amounts(largest, area, inches, scale, rings=bool(rates))
        if not made:
            boxes.gap()
            boxes.states(list(readings.values()), concerned=True)
        elif missing := [code for reading in stocks.values() for code in reading.missing]:
            names = ", ".join(departement(code).libelle for code in missing)
            legend.remark(f"Sans cercle, faute de donnée : {names}.")

    return Sketch(readings, paint, explain, largest)

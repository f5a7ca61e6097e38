"""Several maps on one scale: before and after, or small multiples (one a year, one a scenario).

The classes, or the scale of the circles, come from all the maps together, so that a colour or an area means the same on
each. A unit that is missing on one map is hatched there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures import looks
from cdppe_analysis.figures.alternatives import chart_alternative, extremes
from cdppe_analysis.figures.bubbles import check_not_negative, circle_legend, draw_circles, scale_for
from cdppe_analysis.figures.canvas import Canvas, draw_units, map_height, open_map
from cdppe_analysis.figures.classes import classify
from cdppe_analysis.figures.columns import NotConcerned, Reading, read
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.layout import Layout, Placed, load_layout, place
from cdppe_analysis.figures.legends import Column, class_boxes
from cdppe_analysis.figures.looks import class_looks
from cdppe_analysis.figures.maps import LEGEND_WIDTH
from cdppe_analysis.figures.page import MARGIN, Page, Texts, line_height, open_page, wrapped
from cdppe_analysis.figures.palette import COLOURS
from cdppe_analysis.territories import departement

PAGE_WIDTH = 10.0
_GAP = 0.14
_BELOW_WIDTH = 3.2
_NAME = 9.0
_INSETS = (
    "Encarts, de haut en bas : Guadeloupe, Martinique, Guyane, La Réunion, Mayotte ; "
    "à droite, Paris et la petite couronne."
)


def before_after(
    frame: pd.DataFrame,
    before: str,
    after: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    names: tuple[str, str] = ("Avant", "Après"),
    note: str | None = None,
    lecture: str | None = None,
    legend: str | None = None,
    classes: int = 5,
    method: str | Sequence[float] = "quantiles",
    center: float | None = None,
    unit: str = "€",
    decimals: int = 0,
    stock: bool = False,
    not_concerned: NotConcerned = None,
    contours: str | Path | Contours | None = None,
) -> Illustration:
    """Draw two columns side by side on one scale.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns.
    before, after
        The columns.
    names
        What stands over each map.
    stock
        Circles, for amounts; filled areas, for rates, when left out.
    title, subtitle, source, champ, note, lecture, legend
        As `choropleth`.
    classes, method, center, unit, decimals, not_concerned, contours
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`; also when both maps have one name.
    """
    if names[0] == names[1]:
        raise FigureError(f"both maps are named {names[0]!r}")
    readings = _readings(frame, dict(zip(names, (before, after), strict=True)), not_concerned)
    drawing = _stocks(readings, unit, decimals) if stock else _areas(readings, classes, method, center, unit, decimals)
    texts = Texts(title, subtitle, source, champ, note, lecture)
    shapes = contours if isinstance(contours, Contours) else load_contours(contours)
    figure = _panels(texts, readings, drawing, shapes, legend or f"En {unit}", across=2, beside=False)
    return _illustrated("Deux cartes sur une même échelle", figure, texts, readings, drawing)


def small_multiples(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | Sequence[str],
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    legend: str | None = None,
    classes: int = 5,
    method: str | Sequence[float] = "quantiles",
    center: float | None = None,
    unit: str = "€",
    decimals: int = 0,
    stock: bool = False,
    not_concerned: NotConcerned = None,
    across: int | None = None,
    contours: str | Path | Contours | None = None,
) -> Illustration:
    """Draw one small map a column, all on one scale.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and the columns.
    columns
        The columns, or the name to write over each map -> its column.
    across
        Maps a row; chosen from their number when left out.
    stock
        Circles, for amounts; filled areas, for rates, when left out.
    title, subtitle, source, champ, note, lecture, legend
        As `choropleth`.
    classes, method, center, unit, decimals, not_concerned, contours
        As `choropleth`; the package's own contours are the light ones.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`; also when no column is given.
    """
    maps = dict(columns) if isinstance(columns, Mapping) else {str(column): column for column in columns}
    if not maps:
        raise FigureError("small multiples need at least one column")
    readings = _readings(frame, maps, not_concerned)
    drawing = _stocks(readings, unit, decimals) if stock else _areas(readings, classes, method, center, unit, decimals)
    texts = Texts(title, subtitle, source, champ, note, lecture)
    shapes = contours if isinstance(contours, Contours) else load_contours(contours, light=contours is None)
    wide = across or min(4, math.ceil(math.sqrt(len(maps))))
    figure = _panels(texts, readings, drawing, shapes, legend or f"En {unit}", across=wide, beside=True)
    return _illustrated(f"{len(maps)} cartes sur une même échelle", figure, texts, readings, drawing)


@dataclass(frozen=True, eq=False)
class _Drawing:
    """How each of several maps is painted, and what the one legend says.

    `scale` gives the one scale of the circles, 0 without any; `explain` fills two columns of the legend, words and
    boxes, that may be the same one, from that scale and the inches of a map kilometre; `classes` gives the class of
    (map, code).
    """

    scale: Callable[[Sequence[Placed], Layout], float]
    paint: Callable[[Canvas, str, float], None]
    explain: Callable[[Column, Column, float, float], None]
    unit: str
    decimals: int
    classes: Mapping[tuple[str, str], str]


def _areas(
    readings: Mapping[str, Reading],
    classes: int,
    method: str | Sequence[float],
    center: float | None,
    unit: str,
    decimals: int,
) -> _Drawing:
    pooled = pd.concat({name: reading.known for name, reading in readings.items()})
    pooled.index = pooled.index.to_flat_index()
    made = classify(pooled, classes=classes, method=method, center=center, decimals=decimals)
    shown = class_looks(made)
    of = {(str(name), str(code)): one.label for one in made.ordered for name, code in map(tuple, one.codes)}
    counts = Counter((label, name) for (name, _), label in of.items())

    def paint(canvas: Canvas, name: str, _scale: float) -> None:
        draw_units(canvas, readings[name], {code: shown[label] for (owner, code), label in of.items() if owner == name})

    def explain(words: Column, boxes: Column, _scale: float, _inches: float) -> None:
        class_boxes(boxes, made, shown, lambda one: _count([counts[one.label, name] for name in readings]))
        _state_boxes(boxes, readings)
        words.remark(f"Classes de toutes les cartes ensemble : {made.method}.")

    return _Drawing(lambda _placed, _layout: 0.0, paint, explain, unit, decimals, of)


def _stocks(readings: Mapping[str, Reading], unit: str, decimals: int) -> _Drawing:
    for reading in readings.values():
        check_not_negative(reading)
    largest = pd.concat([reading.known for reading in readings.values()], axis=1).max(axis=1)

    def paint(canvas: Canvas, name: str, scale: float) -> None:
        draw_units(canvas, readings[name], {})
        draw_circles(canvas, readings[name].known, scale)

    def explain(words: Column, boxes: Column, scale: float, inches: float) -> None:
        circle_legend(words, largest, scale, inches, unit, decimals)
        boxes.gap()
        _state_boxes(boxes, readings)

    return _Drawing(lambda placed, layout: scale_for(placed, layout, largest), paint, explain, unit, decimals, {})


def _panels(
    texts: Texts,
    readings: Mapping[str, Reading],
    drawing: _Drawing,
    contours: Contours,
    heading: str,
    *,
    across: int,
    beside: bool,
) -> Figure:
    """Compose the maps in rows, with the one legend beside them, or below.

    Small maps have their legend beside them and no words on their insets. The legend is first laid out on a page that
    is thrown away, to know its height.
    """
    legend_width = LEGEND_WIDTH if beside else _BELOW_WIDTH
    width = (PAGE_WIDTH - 2 * MARGIN - (legend_width + _GAP if beside else 0.0) - _GAP * (across - 1)) / across
    names = {name: wrapped(name, width, _NAME, bold=True) for name in readings}
    band = line_height(_NAME) * max(len(lines) for lines in names.values()) + 0.04
    step = map_height(width) + band + _GAP
    maps_height = step * math.ceil(len(readings) / across) - _GAP
    layout = load_layout()
    units = {name: tuple(reading.series.index) for name, reading in readings.items()}
    scale = min(drawing.scale(place(contours, own, layout), layout) for own in units.values())
    lefts = (PAGE_WIDTH - 2 * MARGIN - legend_width,) if beside else (0.0, legend_width + _GAP)

    def legend(page: Page, room: float) -> float:
        columns = [Column(page.drawing(left, 0.0, legend_width, room), legend_width, room) for left in lefts]
        words, boxes = columns[0], columns[-1]
        words.axes.set_gid("legende")
        words.heading(heading)
        drawing.explain(words, boxes, scale, width / layout.largeur)
        if beside:
            words.gap(0.1)
            words.remark(_INSETS)
        return room - min(column.top for column in columns)

    with styled():
        needed = legend(open_page(texts, maps_height, width=PAGE_WIDTH, background=contours.origin), maps_height)
        height = max(maps_height, needed) if beside else maps_height + _GAP + needed
        page = open_page(texts, height, width=PAGE_WIDTH, background=contours.origin)
        for number, name in enumerate(readings):
            left = (number % across) * (width + _GAP)
            bottom = page.height - (number // across) * step - band - map_height(width)
            canvas = open_map(page, contours, units[name], width, left=left, bottom=bottom, words=not beside)
            drawing.paint(canvas, name, scale)
            title = page.drawing(left, bottom + map_height(width), width, band)
            for row, line in enumerate(names[name]):
                down = band - line_height(_NAME) * (row + 0.8)
                title.text(0, down, line, fontsize=_NAME, fontweight="bold", color=COLOURS["encre"])
        legend(page, height if beside else needed)
    return page.figure


def _state_boxes(column: Column, readings: Mapping[str, Reading]) -> None:
    missing = [len(reading.missing) for reading in readings.values()]
    outside = [len(reading.not_concerned) for reading in readings.values()]
    if any(missing):
        column.box(looks.MISSING, "pas de donnée", _count(missing), "pas-de-donnee")
    if any(outside):
        column.box(looks.NOT_CONCERNED, "non concerné", _count(outside), "non-concerne")


def _count(counts: Sequence[int]) -> str:
    """Write how many départements of each map: both for two maps, the range for more."""
    if len(set(counts)) == 1:
        return typography.number(counts[0])
    if len(counts) == 2:
        return typography.NBSP.join((typography.number(counts[0]), "puis", typography.number(counts[1])))
    return typography.NBSP.join(("de", typography.number(min(counts)), "à", typography.number(max(counts))))


def _illustrated(
    kind: str, figure: Figure, texts: Texts, readings: Mapping[str, Reading], drawing: _Drawing
) -> Illustration:
    said = [
        f"{name}. {extremes(reading.known, drawing.unit, drawing.decimals)}"
        for name, reading in readings.items()
        if len(readings) <= 4 and len(reading.known)
    ]
    if len(readings) > 4:
        said = [f"Cartes : {', '.join(readings)}."]
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "carte": name,
                    "code_departement": concerned.index,
                    "libelle_departement": [departement(code).libelle for code in concerned.index],
                    "valeur": concerned.to_numpy(),
                    "classe": [drawing.classes.get((name, code), "") for code in concerned.index],
                }
            )
            for name, reading in readings.items()
            for concerned in [reading.concerned]
        ],
        ignore_index=True,
    )
    table = rows if drawing.classes else rows.drop(columns="classe")
    return Illustration(figure, texts.title, chart_alternative(kind, texts, *said), table)


def _readings(frame: pd.DataFrame, maps: Mapping[str, str], not_concerned: NotConcerned) -> dict[str, Reading]:
    return {name: read(frame, column, not_concerned) for name, column in maps.items()}

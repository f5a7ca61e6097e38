"""Maps of the départements: a filled area for a rate, circles for euros, both together.

An amount is a stock: circles whose area is proportional to it, of at most one seventh of the land in all. A filled area
is for a rate. Classes are computed before anything is drawn twice; every map shows the overseas and, enlarged, Paris
and the three départements around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from cdppe_analysis.figures.alternatives import alternative, extremes
from cdppe_analysis.figures.bubbles import check_not_negative, circle_legend, circle_scale, draw_circles
from cdppe_analysis.figures.canvas import Canvas, draw_units, map_height, names_on_map, open_map
from cdppe_analysis.figures.classes import Classes, classify
from cdppe_analysis.figures.columns import NotConcerned, Reading, read
from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.legends import Column, class_boxes, state_boxes
from cdppe_analysis.figures.looks import Look, class_looks
from cdppe_analysis.figures.page import MARGIN, WIDTH, Page, Texts, open_page
from cdppe_analysis.territories import departement

LEGEND_WIDTH = 1.72
_LEGEND_GAP = 0.12
_MAP_WIDTH = WIDTH - 2 * MARGIN - LEGEND_WIDTH - _LEGEND_GAP


def choropleth(
    frame: pd.DataFrame,
    column: str,
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
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: str | Path | Contours | None = None,
) -> Illustration:
    """Draw a rate as filled areas.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` (the 101, or `20` for Corse as one) and the column.
    column
        A rate: euros a protected child, a share, a change in %.
    title, subtitle, source, champ, note, lecture
        The words (see `Texts`).
    legend
        What the legend measures; « En {unit} » when left out.
    classes, method, center, decimals
        As `classify`.
    unit
        Of the column, for the legend and the text alternative.
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
    >>> carte = choropleth(frame, "taux", title="Trois départements", subtitle="Taux, en %", unit="%",
    ...     source="exemple", champ="trois départements", decimals=1, not_concerned="others")
    >>> carte.table["classe"].tolist()
    ['9,0', '12,5', '14,0']
    """
    reading = read(frame, column, not_concerned)
    made = classify(reading.known, classes=classes, method=method, center=center, decimals=decimals)
    shown = class_looks(made)
    texts = Texts(title, subtitle, source, champ, note, lecture)

    def paint(canvas: Canvas) -> float:
        draw_units(canvas, reading, _fills(made, shown))
        names_on_map(canvas, labels)
        return 0.0

    def explain(column_drawn: Column, _canvas: Canvas, _scale: float) -> None:
        column_drawn.heading(legend or f"En {unit}")
        _class_legend(column_drawn, reading, made, shown)

    figure = composed(texts, _contours(contours), reading, paint, explain)
    words = alternative("Carte des départements en plages de couleur", texts, reading, unit, decimals, made)
    return Illustration(figure, title, words, rows_of(reading, made))


def circles(
    frame: pd.DataFrame,
    column: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    legend: str | None = None,
    unit: str = "€",
    decimals: int = 0,
    signed: bool = False,
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: str | Path | Contours | None = None,
) -> Illustration:
    """Draw amounts as circles whose area is proportional to them.

    Parameters
    ----------
    frame, column, title, subtitle, source, champ, note, lecture, legend
        As `choropleth`; the column is a stock, in euros for instance.
    unit, decimals, not_concerned, labels, contours
        As `choropleth`.
    signed
        Allow negative amounts (differences): two colours, and a texture for what is lost.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also for a negative amount, unless `signed`.

    Examples
    --------
    >>> frame = pd.DataFrame({"code_departement": ["59", "62", "20"], "montant_eur": [1995607, 1185174, 112192]})
    >>> carte = circles(frame, "montant_eur", title="Trois départements", subtitle="Montants, en euros",
    ...     source="exemple", champ="trois départements", not_concerned="others")
    >>> len(carte.table)
    3
    """
    reading = read(frame, column, not_concerned)
    if not signed:
        check_not_negative(reading)
    texts = Texts(title, subtitle, source, champ, note, lecture)

    def paint(canvas: Canvas) -> float:
        draw_units(canvas, reading, {})
        scale = circle_scale(canvas, reading.known)
        draw_circles(canvas, reading.known, scale, signed=signed)
        names_on_map(canvas, labels)
        return scale

    def explain(column_drawn: Column, canvas: Canvas, scale: float) -> None:
        column_drawn.heading(legend or f"En {unit}")
        circle_legend(column_drawn, reading.known, scale, canvas.inches, unit, decimals, signed=signed)
        column_drawn.gap()
        state_boxes(column_drawn, reading, concerned=True)

    figure = composed(texts, _contours(contours), reading, paint, explain)
    words = alternative("Carte en cercles proportionnels", texts, reading, unit, decimals)
    return Illustration(figure, title, words, rows_of(reading))


def choropleth_and_circles(
    frame: pd.DataFrame,
    *,
    rate: str,
    stock: str,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    note: str | None = None,
    lecture: str | None = None,
    rate_legend: str | None = None,
    stock_legend: str | None = None,
    classes: int = 5,
    method: str | Sequence[float] = "quantiles",
    center: float | None = None,
    rate_unit: str = "€",
    rate_decimals: int = 0,
    stock_unit: str = "€",
    stock_decimals: int = 0,
    not_concerned: NotConcerned = None,
    labels: Iterable[str] = (),
    contours: str | Path | Contours | None = None,
) -> Illustration:
    """Draw a rate as filled areas, and over it a stock as circles.

    Parameters
    ----------
    rate, stock
        The two columns of `frame`; the others are as for `choropleth` and `circles`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth` and `circles`.
    """
    reading = read(frame, rate, not_concerned)
    amounts = read(frame, stock, not_concerned)
    check_not_negative(amounts)
    made = classify(reading.known, classes=classes, method=method, center=center, decimals=rate_decimals)
    shown = class_looks(made)
    texts = Texts(title, subtitle, source, champ, note, lecture)

    def paint(canvas: Canvas) -> float:
        draw_units(canvas, reading, _fills(made, shown))
        scale = circle_scale(canvas, amounts.known)
        draw_circles(canvas, amounts.known, scale, rings=True)
        names_on_map(canvas, labels)
        return scale

    def explain(column: Column, canvas: Canvas, scale: float) -> None:
        column.heading(rate_legend or f"En {rate_unit}")
        _class_legend(column, reading, made, shown)
        column.gap()
        column.heading(stock_legend or f"En {stock_unit}")
        circle_legend(column, amounts.known, scale, canvas.inches, stock_unit, stock_decimals, rings=True)
        if amounts.missing:
            names = ", ".join(departement(code).libelle for code in amounts.missing)
            column.remark(f"Sans cercle, faute de donnée : {names}.")

    figure = composed(texts, _contours(contours), reading, paint, explain)
    kind = "Carte des départements en plages de couleur et en cercles"
    rings = f"Cercles : {extremes(amounts.known, stock_unit, stock_decimals)}"
    words = alternative(kind, texts, reading, rate_unit, rate_decimals, made, rings)
    table = rows_of(reading, made).merge(
        rows_of(amounts)[["code_departement", stock]], on="code_departement", how="left", validate="1:1"
    )
    return Illustration(figure, title, words, table)


def composed(
    texts: Texts,
    contours: Contours,
    reading: Reading,
    paint: Callable[[Canvas], float],
    explain: Callable[[Column, Canvas, float], None],
    more: float = 0.0,
) -> Figure:
    """Compose a page of one map and its legend; the page is made higher by `more` where the legend needs it."""
    height = map_height(_MAP_WIDTH)
    with styled():
        page = open_page(texts, height + more, background=contours.origin)
        canvas = open_map(page, contours, tuple(reading.series.index), _MAP_WIDTH, bottom=more)
        scale = paint(canvas)
        column = _legend(page)
        explain(column, canvas, scale)
    if column.top < 0 and more == 0:
        return composed(texts, contours, reading, paint, explain, -column.top)
    return page.figure


def _class_legend(column: Column, reading: Reading, made: Classes, shown: Mapping[str, Look]) -> None:
    class_boxes(column, made, shown)
    state_boxes(column, reading)
    column.remark(f"Classes : {made.method}.")


def _fills(made: Classes, shown: Mapping[str, Look]) -> dict[str, Look]:
    return {code: shown[label] for code, label in made.labels.items()}


def _legend(page: Page) -> Column:
    axes = page.drawing(page.width - LEGEND_WIDTH, 0.0, LEGEND_WIDTH, page.height)
    axes.set_gid("legende")
    return Column(axes, LEGEND_WIDTH, page.height)


def _contours(given: str | Path | Contours | None) -> Contours:
    return given if isinstance(given, Contours) else load_contours(given)


def rows_of(reading: Reading, made: Classes | None = None) -> pd.DataFrame:
    """Return the rows behind a map: the concerned units, their value, and their class where there are classes."""
    concerned = reading.concerned
    table = pd.DataFrame(
        {
            "code_departement": concerned.index.to_numpy(dtype=object),
            "libelle_departement": [departement(code).libelle for code in concerned.index],
            str(concerned.name): concerned.to_numpy(),
        }
    )
    if made is not None:
        table["classe"] = [made.labels.get(code, "pas de donnée") for code in concerned.index]
    return table

"""Charts of change: dumbbells before and after, and a waterfall of contributions."""

from __future__ import annotations

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from cdppe_analysis import typography
from cdppe_analysis.errors import FigureError
from cdppe_analysis.figures.alternatives import chart_alternative
from cdppe_analysis.figures.charts import (
    AXIS_ROOM,
    KEY_ROOM,
    ROW,
    VALUE_SIZE,
    beside,
    complete,
    french_axis,
    key,
    mark,
    named_numbers,
    noted,
    row_axes,
    zero_line,
)
from cdppe_analysis.figures.illustration import Illustration, styled
from cdppe_analysis.figures.page import Texts, open_page, text_width
from cdppe_analysis.figures.palette import COLOURS

_GAINED, _LOST, _EQUAL = COLOURS["bleu"], COLOURS["orange"], COLOURS["encre_douce"]


def dumbbells(
    frame: pd.DataFrame,
    before: str,
    after: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    names: tuple[str, str] = ("avant", "après"),
    note: str | None = None,
    lecture: str | None = None,
    unit: str = "€",
    decimals: int = 0,
) -> Illustration:
    """Draw two values a unit, joined by a line, the largest gain on top and the largest loss at the bottom.

    Parameters
    ----------
    frame
        A row a unit: `code_departement` and both columns.
    before, after
        The columns; a unit that lacks one is left out.
    names
        What the key calls them.
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`.

    Raises
    ------
    FigureError, TerritoryError
        As `choropleth`; also when no unit has both values.
    """
    rows = complete(named_numbers(frame, [before, after]), [before, after])
    rows = rows.assign(ecart=rows[after] - rows[before])
    rows = rows.iloc[rows["ecart"].argsort(kind="stable")[::-1]]
    up, down = int((rows["ecart"] > 0).sum()), int((rows["ecart"] < 0).sum())
    written = [typography.with_unit(float(value), unit, decimals, signed=True) for value in rows["ecart"]]
    room = max(text_width(text, VALUE_SIZE) for text in written) + 0.3
    texts = Texts(title, subtitle, source, champ, noted(note, frame, rows), lecture)
    with styled():
        page = open_page(texts, ROW * len(rows) + AXIS_ROOM + KEY_ROOM)
        axes = row_axes(page, list(rows["libelle_departement"]), height=page.height - KEY_ROOM, right_room=room)
        for row, (code, first, last, text) in enumerate(
            zip(rows.index, rows[before], rows[after], written, strict=True)
        ):
            colour = _GAINED if last > first else _LOST if last < first else _EQUAL
            axes.plot(
                [first, last],
                [row, row],
                color=colour,
                linewidth=2.0,
                zorder=2,
                gid=f"ecart-{code}",
                linestyle="-" if last >= first else (0, (1.5, 0.8)),
                solid_capstyle="butt",
                dash_capstyle="butt",
            )
            axes.plot(
                [first],
                [row],
                "o",
                markersize=4.6,
                markerfacecolor="white",
                markeredgecolor=COLOURS["encre_douce"],
                zorder=3,
            )
            axes.plot([last], [row], "o", markersize=4.6, color=colour, zorder=4)
            beside(axes, row, text, room)
        axes.margins(x=0.03)
        french_axis(axes.xaxis, unit, decimals)
        entries: list[tuple[Line2D | Patch, str]] = [
            (mark(COLOURS["encre_douce"], hollow=True), names[0]),
            (mark(_GAINED, line="-"), f"{names[1]}, en hausse"),
            (mark(_LOST, line=":"), f"{names[1]}, en baisse"),
        ]
        if up + down < len(rows):
            entries.append((mark(_EQUAL), "inchangé"))
        key(page, entries)
    words = chart_alternative(
        "Haltères avant et après",
        texts,
        f"{up} départements en hausse, {down} en baisse, {len(rows) - up - down} inchangés",
        f"Plus forte hausse ou moindre baisse : {rows['libelle_departement'].iloc[0]} ({written[0]})",
        f"Plus forte baisse ou moindre hausse : {rows['libelle_departement'].iloc[-1]} ({written[-1]})",
    )
    return Illustration(page.figure, title, words, rows.rename_axis("code_departement").reset_index())


def waterfall(
    frame: pd.DataFrame,
    label: str,
    column: str,
    *,
    title: str,
    subtitle: str,
    source: str,
    champ: str,
    start: float = 0.0,
    start_label: str = "départ",
    end_label: str = "arrivée",
    note: str | None = None,
    lecture: str | None = None,
    unit: str = "€",
    decimals: int = 0,
) -> Illustration:
    """Draw how contributions lead from a start to an end, in the order of the rows.

    Parameters
    ----------
    frame
        A row a contribution.
    label, column
        What contributes, and by how much.
    start
        Where the first contribution begins.
    start_label, end_label
        What stands beside the two totals; the end is the start and all contributions. A start of 0 is not drawn.
    title, subtitle, source, champ, note, lecture, unit, decimals
        As `choropleth`.

    Raises
    ------
    FigureError
        When a column is absent, or a contribution is missing or infinite.

    Examples
    --------
    >>> parts = pd.DataFrame({"critere": ["ASE", "IGB"], "montant_eur": [60000.0, 52192.0]})
    >>> chart = waterfall(parts, "critere", "montant_eur", title="D'où vient le montant", subtitle="En euros",
    ...     source="exemple", champ="un département")
    >>> chart.table["cumul"].tolist()
    [60000.0, 112192.0]
    """
    steps = contributions(frame, label, column)
    steps["cumul"] = start + steps[column].cumsum()
    end = float(steps["cumul"].iloc[-1])
    texts = Texts(title, subtitle, source, champ, note, lecture)
    # A start of nothing has no bar.
    opening = 1 if start else 0
    names = [*[start_label][:opening], *steps[label], end_label]
    bases = [*[0.0][:opening], start, *steps["cumul"].iloc[:-1], 0.0]
    sizes = [*[start][:opening], *steps[column], end]
    written = [
        typography.with_unit(float(size), unit, decimals, signed=opening <= number < len(sizes) - 1)
        for number, size in enumerate(sizes)
    ]
    room = max(text_width(text, VALUE_SIZE) for text in written) + 0.25
    with styled():
        page = open_page(texts, 0.27 * len(names) + AXIS_ROOM + KEY_ROOM)
        axes = row_axes(page, names, height=page.height - KEY_ROOM, right_room=room)
        for row, (base, size, text) in enumerate(zip(bases, sizes, written, strict=True)):
            total = row < opening or row == len(sizes) - 1
            colour = COLOURS["encre_douce"] if total else _GAINED if size >= 0 else _LOST
            axes.barh(
                row,
                size,
                left=base,
                height=0.62,
                color=colour,
                edgecolor="white",
                linewidth=0,
                hatch="...." if size < 0 and not total else None,
                gid=f"marche-{row}",
            )
            if row < len(sizes) - 1:
                axes.plot([base + size] * 2, [row - 0.31, row + 1.31], color=COLOURS["trait"], linewidth=0.6, zorder=3)
            axes.annotate(
                text,
                (max(base, base + size), row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center_baseline",
                fontsize=VALUE_SIZE,
                annotation_clip=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
                zorder=5,
            )
        axes.margins(x=0.02)
        zero_line(axes)
        french_axis(axes.xaxis, unit, decimals)
        entries: list[tuple[Line2D | Patch, str]] = [
            (Patch(color=COLOURS["encre_douce"]), "total"),
            (Patch(color=_GAINED), "contribution positive"),
        ]
        if (steps[column] < 0).any():
            lost = Patch(facecolor=_LOST, edgecolor="white", hatch="....", linewidth=0)
            entries.append((lost, "contribution négative"))
        key(page, entries)
    said = " ; ".join(f"{name} : {text}" for name, text in zip(names, written, strict=True))
    words = chart_alternative("Cascade de contributions", texts, said)
    return Illustration(page.figure, title, words, steps)


def contributions(frame: pd.DataFrame, label: str, column: str) -> pd.DataFrame:
    """Return two columns of a frame, checked: names, and finite numbers.

    Raises
    ------
    FigureError
        When a column is absent, the frame is empty, or a number is missing or infinite.
    """
    for name in (label, column):
        if name not in frame.columns:
            raise FigureError(f"the frame has no column {name!r}; it has {', '.join(map(str, frame.columns))}")
    found = pd.DataFrame(
        {
            label: frame[label].astype(str).to_numpy(),
            column: pd.to_numeric(frame[column], errors="coerce").to_numpy(float),
        }
    )
    if found.empty:
        raise FigureError("there is no contribution to draw")
    wrong = found.index[~found[column].abs().lt(float("inf"))]
    if len(wrong):
        raise FigureError(f"the value of {found[label][wrong[0]]!r} in {column!r} is missing, infinite or no number")
    return found

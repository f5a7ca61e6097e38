"""Annexes of every layout, rendered by program as text and as PDF, with what an exact reading must find in them."""

from __future__ import annotations

import itertools
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, departement

ALL_CODES = tuple(DEPARTEMENTS)
ROUNDED_TO = {1: 0, 1_000: -3, 1_000_000: -6}


@dataclass(frozen=True)
class Printing:
    """How an annex is printed.

    `structure` is `first_line` (région, its total, département, amount; the région on its first row only), `own_line`
    (a line for the région and its total), `right` (région, département, amount, and on the first row the région's
    total), `after` (a named total after the rows), `unnamed` (« Sous-total »), `repeated` (the région on every row,
    without a total) or `flat` (no région). `code` says where the code stands: `before`, `after` or `beside` the name.
    """

    structure: str = "first_line"
    unit: str = " €"
    heading_unit: str = ""
    thousands: str = " "
    decimals: int = 0
    scale: int = 1
    columns: int = 1
    total: str = "bottom"
    code: str = ""
    upper: bool = False
    width: int = 0
    rows_a_page: int = 0


class Rendered:
    """An annex of these départements, with amounts that all differ, and its cells as printed."""

    def __init__(self, codes=ALL_CODES, **printing):
        self.printing = Printing(**printing)
        self.amounts = {code: self._amounts(rank) for rank, code in enumerate(codes, start=1)}
        self.of_region = defaultdict(list)
        for code in codes:
            self.of_region[departement(code).code_region].append(code)

    def _amounts(self, rank):
        p = self.printing
        columns = range(1, p.columns + 1)
        euros = (100_000 + (7_919 * rank * rank + 104_729 * column * rank) % 2_000_000 for column in columns)
        return tuple(round(amount, ROUNDED_TO[p.scale] + p.decimals) if p.scale > 1 else amount for amount in euros)

    @property
    def expected(self):
        """The printed amounts of each département."""
        return {code: tuple(map(self.written, amounts)) for code, amounts in self.amounts.items()}

    @property
    def totals(self):
        """The number of totals that are printed."""
        p = self.printing
        of_regions = 0 if p.structure in ("flat", "repeated") else len(self.of_region)
        return p.columns * (of_regions + (p.total != "none"))

    def written(self, euros):
        p = self.printing
        whole, _, decimals = f"{Decimal(euros) / p.scale:.{p.decimals}f}".partition(".")
        grouped = f"{int(whole):,}".replace(",", p.thousands)
        return grouped + (f",{decimals}" if decimals else "") + p.unit

    def rows(self):
        p = self.printing
        blank_code = [""] if p.code in ("before", "after") else []
        nothing = [""] * p.columns
        rows = []
        for region, codes in self.of_region.items():
            label, totals = self._name(REGIONS[region]), self._sums(codes)
            if p.structure == "own_line":
                rows.append([label, *blank_code, *totals])
            for rank, code in enumerate(codes):
                name, own = self._departement(code), list(self.expected[code])
                on_first = (label, totals) if rank == 0 else ("", nothing)
                rows.append(
                    {
                        "first_line": [on_first[0], *on_first[1], *name, *own],
                        "right": [on_first[0], *name, *own, *on_first[1]],
                        "repeated": [label, *name, *own],
                    }.get(p.structure, [*name, *own])
                )
            if p.structure in ("after", "unnamed"):
                rows.append([f"Total {label}" if p.structure == "after" else "Sous-total", *blank_code, *totals])
        whole, width = self._sums(self.amounts), max(map(len, rows))
        right = nothing if p.structure == "right" else []
        total = ["TOTAL", *[""] * (width - 1 - len(whole) - len(right)), *whole, *right]
        rows = {"bottom": [*rows, total], "top": [total, *rows]}.get(p.total, rows)
        return [[self._wrapped(cell) for cell in row] for row in rows]

    def heading(self):
        p = self.printing
        unit = f" (en {p.heading_unit})" if p.heading_unit else ""
        amounts = [f"Montant{unit}"] if p.columns == 1 else [f"Volet {'ABCD'[c]}{unit}" for c in range(p.columns)]
        name = {"before": ["Code", "Département"], "after": ["Département", "Code"]}.get(p.code, ["Département"])
        of_regions = [f"Dotation par ARS{unit}"] * p.columns
        return {
            "first_line": ["Agence régionale de santé", *of_regions, *name, *amounts],
            "right": ["Agence régionale de santé", *name, *amounts, *of_regions],
            "repeated": ["Région", *name, *amounts],
        }.get(p.structure, [*name, *amounts])

    def text(self, form="spaces"):
        """Print as text.

        `form` is `spaces` (columns of spaces), `centred` (the same, short cells in the middle of tall rows),
        `collapsed` (one space between cells), `cells` (a cell a line), `tabs`, `semicolons` or `markdown`.
        """
        rows, size = self.rows(), self.printing.rows_a_page or 10_000
        pages = [rows[start : start + size] for start in range(0, len(rows), size)]
        lines = [part for row in [self.heading(), *rows] for cell in row for part in cell.split("\n")]
        widths = [max(map(len, lines))] * len(self.heading())
        printed = []
        for number, page in enumerate(pages, start=1):
            lines = ["Répartition par département des crédits de 2027", ""] if number == 1 else []
            for row in [self.heading(), *page]:
                lines += _lines(row, form, widths)
            printed.append("\n".join([*lines, "", f"Page {number} / {len(pages)}"] if len(pages) > 1 else lines))
        return "\f".join(printed) + "\n"

    def pdf(self, path, *, ruled=True, merged=False, size=9):
        """Print as PDF, with a paragraph above and a running foot; `merged` centres the région over its rows."""
        from matplotlib import get_data_path
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

        font = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
        pdfmetrics.registerFont(TTFont("DejaVuSans", str(font)))
        heading, rows = self.heading(), self.rows()
        style = [("FONT", (0, 0), (-1, -1), "DejaVuSans", size), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        style += [("ALIGN", (x, 0), (x, -1), "RIGHT") for x, cell in enumerate(rows[0]) if cell[:1].isdigit()]
        style += [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
        if merged:
            starts = [y for y, row in enumerate(rows, start=1) if row[0]]
            columns = range(1 + self.printing.columns) if self.printing.structure == "first_line" else (0,)
            for start, after in itertools.pairwise(starts):
                style += [("SPAN", (x, start), (x, after - 1)) for x in columns]
        above = "Les crédits de 2027 sont répartis entre les départements selon le tableau suivant."
        story = [
            Paragraph(above, ParagraphStyle("above", fontName="DejaVuSans", fontSize=10, leading=13)),
            Spacer(1, 12),
            Table([heading, *rows], repeatRows=1, style=TableStyle(style)),
        ]

        def foot(canvas, _):
            canvas.setFont("DejaVuSans", 7)
            canvas.drawString(40, 20, "Annexe 7 – exercice 2027")
            canvas.drawRightString(550, 20, f"{canvas.getPageNumber()} / 9")

        pages = landscape(A4) if len(heading) > 5 else A4
        SimpleDocTemplate(str(path), pagesize=pages).build(story, onFirstPage=foot, onLaterPages=foot)
        return path

    def _name(self, text):
        return text.upper() if self.printing.upper else text

    def _departement(self, code):
        label = self._name(departement(code).libelle)
        return {"before": [code, label], "after": [label, code], "beside": [f"{label} ({code})"]}.get(
            self.printing.code, [label]
        )

    def _sums(self, codes):
        return [self.written(sum(column)) for column in zip(*(self.amounts[code] for code in codes), strict=True)]

    def _wrapped(self, cell):
        width = self.printing.width
        return "\n".join(textwrap.wrap(cell, width)) if width and cell and not cell[0].isdigit() else cell


def _lines(row, form, widths):
    cells = [cell.split("\n") for cell in row]
    flat = [" ".join(cell) for cell in cells]
    if form in ("spaces", "centred"):
        height = max(map(len, cells))
        lines = []
        for y in range(height):
            parts = []
            for cell, width in zip(cells, widths, strict=False):
                rank = y - ((height - len(cell)) // 2 if form == "centred" else 0)
                part = cell[rank] if 0 <= rank < len(cell) else ""
                parts.append(part.rjust(width) if part[:1].isdigit() else part.ljust(width))
            lines.append("   ".join(parts).rstrip())
        return lines
    return {
        "tabs": ["\t".join(flat)],
        "semicolons": [";".join(flat)],
        "markdown": ["| " + " | ".join(flat) + " |", *(["|" + "---|" * len(flat)] if "Département" in row else [])],
        "cells": [line for cell in cells if "".join(cell) for line in [*cell, ""]],
        "collapsed": [*" ".join(cell for cell in row if cell).split("\n"), ""],
    }[form]


def found_in(annex):
    """Return the printed amounts of each département, as `Rendered.expected` gives them."""
    rows = annex.cells[annex.cells["nature"] == "departement"].set_index("code_departement")
    columns = [column for column in rows.columns if column.startswith("dotation_departement")]
    return {code: tuple(cells) for code, cells in zip(rows.index, rows[columns].to_numpy(), strict=True)}


def shown(amounts):
    """Return the same amounts with ordinary spaces, as a PDF may give them back."""
    return {code: tuple(" ".join(cell.split()) for cell in cells) for code, cells in amounts.items()}


@pytest.fixture(scope="session")
def rendered():
    return Rendered


@pytest.fixture(scope="session")
def found():
    return found_in


@pytest.fixture(scope="session")
def without_narrow_spaces():
    return shown


@pytest.fixture(scope="session")
def written():
    """Give the lines of a short text, read."""
    from cdppe_analysis.ingestion.lines import split_text

    def read(*lines, **options):
        return split_text("\n".join(lines), **options)

    return read

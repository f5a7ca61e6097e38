"""Annexes of every layout, rendered by program as text and as PDF, with what an exact reading must find in them."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from cdppe_analysis.territories import DEPARTEMENTS, REGIONS, departement

NNBSP = "\u202f"
ALL_CODES = tuple(DEPARTEMENTS)


@dataclass(frozen=True)
class Printing:
    """How an annex is printed.

    structure: `first_line` (région, its total, département, amount; the région on its first row only), `own_line`
    (a line for the région and its total), `right` (région, département, amount, then the région's total on its first
    row), `after` (a named total after the rows), `unnamed` (« Sous-total »), `repeated` (the région on every row, no
    regional total), `flat` (no région).
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
    title: bool = True


def amounts_for(codes, columns=1, start=100_000):
    """Amounts of six and seven digits, all different, whose sums carry: the k-th is far from a multiple of the first."""
    return {
        code: tuple(
            start + (7919 * rank * rank + 104_729 * (column + 1) * rank) % 2_000_000 for column in range(columns)
        )
        for rank, code in enumerate(codes, start=1)
    }


class Rendered:
    """An annex in cells, and what must be read in it."""

    def __init__(self, amounts, printing=None):
        self.printing = printing or Printing()
        self.amounts = amounts
        self.regions = defaultdict(list)
        for code in amounts:
            self.regions[departement(code).code_region].append(code)

    def written(self, euros):
        p = self.printing
        value = Decimal(euros) / p.scale
        whole, _, decimals = f"{value:.{p.decimals}f}".partition(".")
        grouped = f"{int(whole):,}".replace(",", p.thousands)
        return grouped + (f",{decimals}" if decimals else "") + p.unit

    def expected(self):
        return {code: tuple(self.written(euros) for euros in amounts) for code, amounts in self.amounts.items()}

    def sums(self, codes):
        return [self.written(sum(column)) for column in zip(*(self.amounts[code] for code in codes), strict=True)]

    def name(self, text):
        return text.upper() if self.printing.upper else text

    def departement_cells(self, code):
        label = self.name(departement(code).libelle)
        return {"before": [code, label], "after": [label, code], "beside": [f"{label} ({code})"]}.get(
            self.printing.code, [label]
        )

    def rows(self):
        p = self.printing
        blank_code = [""] if p.code in ("before", "after") else []
        nothing = [""] * p.columns
        rows = []
        for region, codes in self.regions.items():
            label, totals = self.name(REGIONS[region]), self.sums(codes)
            if p.structure == "own_line":
                rows.append([label, *blank_code, *totals])
            for rank, code in enumerate(codes):
                cells, own = self.departement_cells(code), list(self.expected()[code])
                first = rank == 0
                if p.structure == "first_line":
                    rows.append([label if first else "", *(totals if first else nothing), *cells, *own])
                elif p.structure == "right":
                    rows.append([label if first else "", *cells, *own, *(totals if first else nothing)])
                elif p.structure == "repeated":
                    rows.append([label, *cells, *own])
                else:
                    rows.append([*cells, *own])
            if p.structure == "after":
                rows.append([f"Total {label}", *blank_code, *totals])
            if p.structure == "unnamed":
                rows.append(["Sous-total", *blank_code, *totals])
        whole = self.sums(list(self.amounts))
        width = max(len(row) for row in rows)
        if p.structure == "first_line":
            total = ["TOTAL", *([""] * (width - p.columns - 1)), *whole]
        elif p.structure == "right":
            total = ["TOTAL", *([""] * (width - 2 * p.columns - 1)), *whole, *nothing]
        else:
            total = ["TOTAL", *([""] * (width - p.columns - 1)), *whole]
        if p.total == "bottom":
            rows.append(total)
        elif p.total == "top":
            rows.insert(0, total)
        return [self.wrapped(row) for row in rows]

    def header(self):
        p = self.printing
        unit = f" (en {p.heading_unit})" if p.heading_unit else ""
        amounts = [f"Montant{unit}"] if p.columns == 1 else [f"Volet {'ABCD'[c]}{unit}" for c in range(p.columns)]
        departements = {"before": ["Code", "Département"], "after": ["Département", "Code"]}.get(
            p.code, ["Départements concernés"]
        )
        per_region = [f"Dotation par ARS{unit}"] * p.columns
        return {
            "first_line": ["Agence régionale de santé", *per_region, *departements, *amounts],
            "right": ["Agence régionale de santé", *departements, *amounts, *per_region],
            "repeated": ["Région", *departements, *amounts],
        }.get(p.structure, [*departements, *amounts])

    def wrapped(self, row):
        if not self.printing.width:
            return row
        return [
            "\n".join(textwrap.wrap(cell, self.printing.width)) if cell and not cell[0].isdigit() else cell
            for cell in row
        ]

    def pages(self):
        rows, size = self.rows(), self.printing.rows_a_page or 10_000
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    def text(self, form="spaces"):
        """Print as text: `spaces` (columns of spaces), `centred` (the same, short cells in the middle of tall rows),
        `collapsed` (one space between cells), `cells` (one cell a line), `tabs`, `semicolons`, `markdown`."""
        printed = []
        pages = self.pages()
        everything = [self.header(), *(row for page in pages for row in page)]
        widths = [
            max(len(part) for row in everything for part in row[c : c + 1] for part in part.split("\n"))
            for c in range(max(map(len, everything)))
        ]
        for number, page in enumerate(pages, start=1):
            lines = (
                ["Répartition par département des crédits de l'année 2027", ""]
                if self.printing.title and number == 1
                else []
            )
            for row in [self.header(), *page]:
                lines += self._lines(row, form, widths)
                if form == "markdown" and row == self.header():
                    lines.append("|" + "---|" * len(widths))
            if len(pages) > 1:
                lines += ["", f"Page {number} / {len(pages)}"]
            printed.append("\n".join(lines))
        return "\f".join(printed) + "\n"

    def _lines(self, row, form, widths):
        cells = [cell.split("\n") for cell in row]
        if form in ("spaces", "centred"):
            height = max(map(len, cells))
            shifts = [(height - len(cell)) // 2 if form == "centred" else 0 for cell in cells]
            lines = []
            for y in range(height):
                parts = [
                    cell[y - shift] if 0 <= y - shift < len(cell) else ""
                    for cell, shift in zip(cells, shifts, strict=True)
                ]
                lines.append(
                    "   ".join(
                        part.rjust(width) if part[:1].isdigit() else part.ljust(width)
                        for part, width in zip(parts, widths, strict=False)
                    ).rstrip()
                )
            return lines
        flat = [" ".join(cell) for cell in cells]
        if form == "tabs":
            return ["\t".join(flat)]
        if form == "semicolons":
            return [";".join(flat)]
        if form == "markdown":
            return ["| " + " | ".join(flat) + " |"]
        if form == "cells":
            return [line for cell in cells for line in [*cell, ""] if "".join(cell)]
        return [*" ".join(cell for cell in row if cell).split("\n"), ""]

    def pdf(self, path, *, ruled=True, spans=False, size=9):
        """Print as PDF; `spans` merges the région's cells over its rows, centred."""
        from matplotlib import get_data_path
        from reportlab.lib.pagesizes import A4, landscape
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
        from reportlab.lib.styles import ParagraphStyle

        if "DejaVuSans" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(
                TTFont("DejaVuSans", str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"))
            )
        rows = [[cell.replace("\n", "\n") for cell in row] for row in self.rows()]
        header = self.header()
        style = [("FONT", (0, 0), (-1, -1), "DejaVuSans", size), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        if ruled:
            style.append(("GRID", (0, 0), (-1, -1), 0.5, "black"))
        if spans:
            first = 1
            for y, row in enumerate(rows, start=1):
                if row[0] or y == len(rows):
                    if y - first > 1:
                        style += [
                            ("SPAN", (x, first), (x, y - 1))
                            for x in (
                                range(1 + self.printing.columns) if self.printing.structure == "first_line" else (0,)
                            )
                        ]
                    first = y
        style += [("ALIGN", (x, 0), (x, -1), "RIGHT") for x, cell in enumerate(rows[0]) if cell[:1].isdigit()]
        body = ParagraphStyle("body", fontName="DejaVuSans", fontSize=10, leading=13)
        story = [
            Paragraph(
                "Répartition par département des crédits de l'année 2027, au titre de la protection de l'enfance.", body
            ),
            Spacer(1, 12),
        ]
        story.append(Table([header, *rows], repeatRows=1, style=TableStyle(style)))

        def footer(canvas, document):
            canvas.setFont("DejaVuSans", 7)
            canvas.drawString(40, 20, "Annexe 7 – exercice 2027")
            canvas.drawRightString(550, 20, f"{canvas.getPageNumber()} / 9")

        SimpleDocTemplate(str(path), pagesize=landscape(A4) if len(header) > 5 else A4).build(
            story, onFirstPage=footer, onLaterPages=footer
        )
        return path


@pytest.fixture(scope="session")
def rendered():
    return Rendered


@pytest.fixture(scope="session")
def printing():
    return Printing


@pytest.fixture(scope="session")
def amounts():
    return amounts_for

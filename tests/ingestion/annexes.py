"""Annexes made by program, in every structure, format and fault, with what an exact reading must find in them.

`python tests/ingestion/annexes.py 10000 [seed]` reads as many and prints how many are right, refused and wrong.
"""

from __future__ import annotations

import html
import io
import random
import sys
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from cdppe_analysis.errors import CdppeError
from cdppe_analysis.ingestion import read_annex
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS

NBSP, NNBSP = "\u00a0", "\u202f"
FORMATS = [
    "semicolons",
    "commas",
    "tabs",
    "quotes",
    "markdown",
    "pipes",
    "html",
    "xlsx",
    "spaces",
    "pdf",
    "pdf_bare",
    "stream",
]
FAULTS = [
    "glued",
    "about",
    "times",
    "spaces",
    "row_lost",
    "row_twice",
    "digit",
    "code",
    "short_row",
    "long_row",
    "unknown",
    "merged",
    "hidden",
    "no_value",
    "shifted",
]
SUMMED_NOWHERE = {"Vague", "Année", "Exercice", "Part", "Taux", "Fraction (en %)"}
METROPOLE = [code for code, d in DEPARTEMENTS.items() if d.code_region not in {"01", "02", "03", "04", "06"}]
COMMUNES = [
    "Abergement",
    "Bellegarde",
    "Bourg-en-Bresse",
    "Lille",
    "Roubaix",
    "Tourcoing",
    "Dunkerque",
    "Douai",
    "Cambrai",
    "Oyonnax",
    "Miribel",
    "Belley",
    "Gex",
    "Nantua",
    "Trévoux",
    "Lagnieu",
    "Denain",
    "Seclin",
    "Loos",
    "Ronchin",
]


@dataclass
class Made:
    """A document: its rows as printed, and the values that each territory must have."""

    seed: int
    form: str
    fault: str = ""
    header: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    expected: dict[str, tuple] = field(default_factory=dict)
    title: str = ""
    after: str = ""
    plain: bool = False
    proven: bool = False
    merged: tuple[int, int] | None = None
    hidden: int | None = None


def plain_name(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class Figures:
    """A column of figures: how its cells are printed."""

    def __init__(self, draw, kind):
        self.kind = kind
        self.space = draw.choice([" ", NBSP, NNBSP])
        self.decimals, self.scale, self.unit, self.heading_unit, self.suffix = 0, 1, "", "", ""
        self.negative = "-"
        if kind == "montant":
            style = draw.choice(["cell", "heading", "kilo_cell", "kilo_heading", "cents", "dots", "title", "mega"])
            self.style = style
            self.word = draw.choice(
                ["Montant", "Dotation", "Crédits notifiés", "Enveloppe", "Subvention", "Aide versée"]
            )
            if style in ("cell", "cents"):
                self.unit = draw.choice([" €", "€", NBSP + "€", " euros"])
            if style == "cents":
                self.decimals = 2
            if style == "dots":
                self.space, self.unit = ".", " €"
            if style == "heading":
                self.heading_unit = draw.choice([" (en euros)", " (€)", " en €"])
                if draw.random() < 0.3:
                    self.space = ""
            if style == "kilo_cell":
                self.scale, self.unit, self.decimals = 1000, " k€", draw.choice([0, 1])
            if style == "kilo_heading":
                self.scale, self.heading_unit, self.decimals = (
                    1000,
                    draw.choice([" (k€)", " en milliers d'euros"]),
                    draw.choice([0, 1]),
                )
            if style == "mega":
                self.scale, self.decimals, self.unit = 10**6, draw.choice([1, 2, 3]), " M€"
            self.negative = draw.choice(["-", "−", "- ", "()", "–"])
            self.low, self.high = 10**3, 4 * 10**6
        elif kind == "population":
            self.word, self.low, self.high = (
                draw.choice(["Population totale", "Population", "Nombre d'habitants"]),
                30_000,
                2_600_000,
            )
        elif kind == "places":
            self.word, self.low, self.high = (
                draw.choice(["Places", "Nombre de places", "Nb de projets", "Effectif"]),
                1,
                300,
            )
        elif kind == "pourcentage":
            self.word, self.unit, self.decimals = (
                draw.choice(["Part", "Taux", "Fraction (en %)"]),
                draw.choice([" %", "%"]),
                draw.choice([1, 2, 6]),
            )
            self.low, self.high = 0, 50
        elif kind == "vague":
            self.word, self.low, self.high = "Vague", 1, 3
        elif kind == "annee":
            self.word, self.low, self.high = draw.choice(["Année", "Exercice"]), 2019, 2023
            self.space = ""
        self.heading = self.word + self.heading_unit

    def value(self, draw):
        if self.kind == "annee":
            return Decimal(draw.randint(self.low, self.high))
        step = Decimal(1).scaleb(-self.decimals)
        return (
            Decimal(
                draw.randint(
                    self.low * 10**self.decimals // self.scale + 1, self.high * 10**self.decimals // self.scale + 1
                )
            )
            * step
        )

    def written(self, value, bare=False):
        whole, _, part = f"{abs(value):.{self.decimals}f}".partition(".")
        text = f"{int(whole):,}".replace(",", self.space) + (f",{part}" if part else "") + ("" if bare else self.unit)
        if value < 0:
            text = f"({text})" if self.negative == "()" else self.negative + text
        return text


def make(seed, form=None, fault=None):
    """Return an annex of this seed; its form and its fault are drawn where they are not given."""
    draw = random.Random(seed)
    form = form or draw.choice(FORMATS)
    fault = fault if fault is not None else draw.choice(["", "", *FAULTS])
    level = draw.choice(["departement"] * 5 + ["region"] * 2 + ["commune"])
    simple = form == "stream"
    if simple and level == "commune":
        level = "departement"
    made = Made(seed, form, fault)
    if level == "departement":
        pool = list(DEPARTEMENTS) if draw.random() < 0.5 else METROPOLE
        units = sorted(draw.sample(pool, min(len(pool), draw.choice([4, 8, 20, 45, 101]))))
        names = {code: DEPARTEMENTS[code].libelle for code in units}
        region_of = {code: DEPARTEMENTS[code].code_region for code in units}
    elif level == "region":
        units = sorted(draw.sample(list(REGIONS), draw.choice([5, 12, 18])), key=lambda code: REGIONS[code])
        if not set(units) - {"01", "02", "03", "04", "06", "94"}:
            units.append("44")
        names, region_of = {code: REGIONS[code] for code in units}, {}
    else:
        chosen = draw.sample(COMMUNES, draw.choice([5, 12, 20]))
        units = [f"{draw.choice(['01', '59', '2A'])}{draw.randint(100, 999)}" for _ in chosen]
        units = list(dict.fromkeys(units))
        names, region_of = dict(zip(units, chosen, strict=False)), {}
    upper, bare_letters = draw.random() < 0.2, draw.random() < 0.2
    names = {c: plain_name(n) if bare_letters else n for c, n in names.items()}
    names = {c: n.upper() if upper else n for c, n in names.items()}
    if draw.random() < 0.15 and level != "commune":
        names = {c: n + draw.choice(["", "", " (1)", "*", " (*)"]) for c, n in names.items()}
    kinds = (
        ["montant"]
        if simple
        else draw.choice(
            [
                ["montant"],
                ["montant"],
                ["population", "montant"],
                ["places", "montant"],
                ["pourcentage", "montant"],
                ["montant", "montant"],
                ["vague", "montant"],
                ["annee", "montant"],
                ["montant", "pourcentage", "places"],
                ["montant", "montant", "montant"],
                ["population", "pourcentage", "montant"],
            ]
        )
    )
    columns = [Figures(draw, kind) for kind in kinds]
    if form == "commas":
        for column in columns:
            column.decimals = 0 if column.kind != "pourcentage" else column.decimals
    money = [c for c in columns if c.kind == "montant"]
    while simple and (money[0].style == "kilo_heading" or (money[0].style == "heading" and not money[0].space)):
        money[0].__init__(draw, "montant")
    words = ["Montant", "Dotation", "Crédits"]
    for number, column in enumerate(money):
        if len(money) > 1:
            column.heading = f"{words[number]}{column.heading_unit}"
        if column.style == "title" and len(money) > 1:
            column.style, column.unit = "cell", " €"
    in_title = any(c.kind == "montant" and c.style == "title" for c in columns)
    made.title = "Répartition des crédits de 2024" + (draw.choice([" (en euros)", ", en euros"]) if in_title else "")
    has_title = in_title or draw.random() < 0.6
    code = (
        draw.choice(["", "before", "three", "glued", "after", "paren"])
        if level == "departement"
        else ("before" if level == "commune" else draw.choice(["", "before"]))
    )
    rank = draw.random() < 0.2 and (not simple or code == "")
    grouping = draw.choice(["", "", "own_line", "first_line", "repeated", "after"]) if level == "departement" else ""
    if simple:
        grouping = draw.choice(["", "first_line"]) if level == "departement" else ""
        code = draw.choice(["", "before"]) if level == "departement" else ""
        if grouping:
            rank = False
    if grouping:
        units = sorted(units, key=lambda unit: (REGIONS[region_of[unit]], unit))
        homonyms = {"971", "972", "973", "974", "976"}
        if grouping in ("own_line", "after"):
            units = [u for u in units if u not in homonyms] or units
    name_first = not (draw.random() < 0.15) or simple
    no_heading = (
        draw.random() < 0.1
        and all(c.kind in ("montant", "pourcentage") and c.unit for c in columns)
        and code in ("", "glued", "before")
        and not rank
    )
    made.plain = no_heading
    negative = draw.random() < 0.25 and not simple
    voids = draw.random() < 0.2 and not simple
    values = {}
    for unit in units:
        row = [column.value(draw) for column in columns]
        for position, column in enumerate(columns):
            if negative and column.kind == "montant" and draw.random() < 0.2:
                row[position] = -row[position]
            if voids and draw.random() < 0.1 and column.kind in ("montant", "places"):
                row[position] = None
        values[unit] = row

    def cells(row):
        return [draw.choice(["", "-", "nd"]) if v is None else c.written(v) for v, c in zip(row, columns, strict=True)]

    def sums(some):
        found = []
        for position, column in enumerate(columns):
            if column.kind in ("vague", "annee", "pourcentage"):
                found.append("")
            else:
                found.append(column.written(sum((values[u][position] or Decimal(0) for u in some), Decimal(0))))
        return found

    region_total = grouping == "first_line" and (simple or draw.random() < 0.7)

    def line(name, figures, code_cell="", rank_cell="", region="", region_cells=None):
        head = ([rank_cell] if rank else []) + ([region] if grouping in ("first_line", "repeated") else [])
        head += region_cells if region_total and region_cells is not None else ([""] if region_total else [])
        named = [name]
        if code in ("before", "three"):
            named = [code_cell, name]
        elif code == "after":
            named = [name, code_cell]
        return [*head, *named, *figures] if name_first else [*head, *figures, *named]

    if not no_heading:
        heading = line(
            {"departement": "Département", "region": "Région", "commune": "Commune"}[level],
            [c.heading for c in columns],
            "Code",
            draw.choice(["", "Rang", "N°"]),
            "Région",
            ["Total de la région"],
        )
        made.header = [heading]
    ordered, previous = [], None
    for number, unit in enumerate(units, start=1):
        region = region_of.get(unit)
        same = [u for u in units if region_of.get(u) == region]
        if grouping == "own_line" and region != previous:
            ordered.append(line(REGIONS[region], sums(same)))
        name = names[unit]
        shown = f"0{unit}" if code == "three" and len(unit) == 2 else unit
        if code == "glued":
            name = f"{unit} {name}"
        if code == "paren":
            name = f"{name} ({unit})"
        label = REGIONS[region] if region and (region != previous or grouping == "repeated") else ""
        total_of = [sums(same)[-1]] if region != previous else [""]
        ordered.append(line(name, cells(values[unit]), shown, str(number), label, total_of))
        made.expected[unit] = tuple(
            None if v is None else v * c.scale for v, c in zip(values[unit], columns, strict=True)
        )
        previous = region
        if grouping == "after" and (number == len(units) or region_of[units[number]] != region):
            ordered.append(line(f"Total {REGIONS[region]}", sums(same)))
    total = draw.choice(["", "bottom", "bottom", "top"])
    if total:
        label = draw.choice(["TOTAL", "Total", "Total général", "Ensemble"])
        whole = sums(units)
        row = line(label, whole)
        if grouping in ("first_line", "repeated") and draw.random() < 0.5 and not simple:
            at = 1 if rank else 0
            row = line("", whole, region=label)
            assert row[at] == label
        ordered = [*ordered, row] if total == "bottom" else [row, *ordered]
    made.rows = ordered
    made.proven = bool(total)
    if not has_title:
        made.title = ""
    made.after = draw.choice(["", "", "Source : DGCS, 2024", "(1) Données provisoires."])
    _spoil(made, draw, columns, units, names)
    return made


def _heading(made, cell):
    return made.header[0][cell] if made.header else ""


def _spoil(made, draw, columns, units, names):
    """Put the fault in the rows."""
    fault = made.fault
    if not fault:
        return
    of_units = [r for r, row in enumerate(made.rows) if any(any(n in cell for n in names.values()) for cell in row)]
    money = next(c for c in columns if c.kind == "montant")
    row_rank = draw.choice(of_units)
    row = made.rows[row_rank]
    cell = max(
        (
            c
            for c, text in enumerate(row)
            if any(d.isdigit() for d in text)
            and not any(n in text for n in names.values())
            and text.lstrip("0") not in {u.lstrip("0") for u in units}
            and (c >= len(row) - len(columns) - 1)
        ),
        key=lambda c: sum(map(str.isdigit, row[c])),
        default=None,
    )
    if cell is None:
        made.fault = ""
        return
    if fault == "glued":
        row[cell] = draw.choice(["n°1 ", "n°", "dont "]) + row[cell]
    elif fault == "about":
        row[cell] = draw.choice(["~", "≈", "env. ", "<"]) + row[cell]
    elif fault == "times":
        row[cell] = "2x" + row[cell]
    elif fault == "spaces":
        row[cell] = row[cell].replace(money.space, "   ") if money.space.isspace() else "4   " + row[cell]
    elif fault == "row_lost" and made.proven and not {"-", "nd", ""} & set(row):
        del made.rows[row_rank]
    elif fault == "row_twice":
        made.rows.insert(row_rank + 1, list(row))
    elif fault == "digit" and made.proven and "%" not in row[cell] and _heading(made, cell) not in SUMMED_NOWHERE:
        digits = [p for p, d in enumerate(row[cell]) if d.isdigit()]
        at = digits[0]
        row[cell] = row[cell][:at] + str((int(row[cell][at]) + draw.randint(1, 8)) % 9 + 1) + row[cell][at + 1 :]
    elif fault == "code" and made.header and "Code" in made.header[0] and row[made.header[0].index("Code")]:
        at = made.header[0].index("Code")
        row[at] = "64" if row[at] != "64" else "65"
    elif fault == "short_row" and len(row) > 2 and made.form not in ("xlsx", "pdf", "pdf_bare", "spaces"):
        del row[cell]
    elif fault == "long_row" and (row[-1] or made.form not in ("xlsx", "pdf", "pdf_bare", "spaces")):
        # Without columns, a bare 12 would be the first digits of the number after it: the print itself is another.
        row.insert(cell, "12 €" if made.form == "stream" else "12")
    elif fault == "unknown":
        at = next(c for c, text in enumerate(row) if any(n in text for n in names.values()))
        row[at] = "Zone franche"
    elif fault == "shifted" and len(row) > 2:
        at = next(c for c, text in enumerate(row) if any(n in text for n in names.values()))
        other = (at + 1) % len(row)
        row[at], row[other] = row[other], row[at]
    elif (
        fault == "merged"
        and made.form in ("xlsx", "html")
        and row_rank + 1 < len(made.rows)
        and row_rank + 1 in of_units
    ):
        made.merged = (row_rank, cell)
        made.rows[row_rank + 1][cell] = ""
    elif fault == "hidden" and made.form == "xlsx":
        made.hidden = row_rank
    elif fault == "no_value" and made.form == "xlsx":
        row[cell] = "=1+2"
    else:
        made.fault = ""


def write(made, folder):
    """Write the document in its format; return its path."""
    lines = [*made.header, *made.rows]
    top = [made.title] if made.title else []
    suffix = {"html": ".html", "xlsx": ".xlsx", "pdf": ".pdf", "pdf_bare": ".pdf", "markdown": ".md", "pipes": ".md"}
    of_fields = made.form in ("semicolons", "commas", "tabs", "quotes")
    path = Path(folder) / f"annexe{suffix.get(made.form, '.csv' if of_fields else '.txt')}"
    if made.form in ("semicolons", "commas", "tabs", "quotes"):
        import csv

        mark = {"semicolons": ";", "commas": ",", "tabs": "\t", "quotes": draw_mark(made)}[made.form]
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if made.form == "quotes" else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=mark, quoting=quoting, lineterminator="\n")
        if top and mark != ",":
            out.write(top[0] + "\n")
        writer.writerows(lines)
        path.write_text(out.getvalue(), encoding="utf-8")
    elif made.form in ("markdown", "pipes"):
        text = [*top, ""] if top else []
        for number, row in enumerate(lines):
            text.append("| " + " | ".join(row) + " |" if made.form == "markdown" else " | ".join(row))
            if number == 0 and made.header and made.form == "markdown":
                text.append("|" + "---|" * len(row))
        path.write_text("\n".join([*text, "", made.after]), encoding="utf-8")
    elif made.form == "html":
        rows = []
        for number, row in enumerate(lines):
            cells = []
            for column, cell in enumerate(row):
                rank = number - len(made.header)
                if made.merged and (rank, column) == (made.merged[0] + 1, made.merged[1]):
                    continue
                span = ' rowspan="2"' if made.merged == (rank, column) else ""
                cells.append(f"<td{span}>{html.escape(cell)}</td>")
            rows.append(f"<tr>{''.join(cells)}</tr>")
        path.write_text(
            f"<html><body><p>{made.title}</p><table>{''.join(rows)}</table><p>{made.after}</p></body></html>",
            encoding="utf-8",
        )
    elif made.form == "xlsx":
        _workbook(made, lines, top, path)
    elif made.form in ("pdf", "pdf_bare"):
        _pdf(made, lines, path)
    elif made.form == "spaces":
        widths = [max(len(row[c]) if c < len(row) else 0 for row in lines) for c in range(max(map(len, lines)))]
        text = [*top, ""] if top else []
        for row in lines:
            parts = [
                cell.rjust(w) if cell[-1:].isdigit() or cell[:1].isdigit() else cell.ljust(w)
                for cell, w in zip(row, widths, strict=False)
            ]
            text.append("   ".join(parts).rstrip())
        path.write_text("\n".join([*text, "", made.after]), encoding="utf-8")
    else:
        one = made.seed % 2
        text = ["Les crédits sont répartis comme suit, au titre de la", "contractualisation :", ""]
        if made.title:
            text.insert(0, made.title)
        for row in made.rows:
            written = [cell for cell in row if cell]
            text += [*written, ""] if one else [" ".join(written)]
        path.write_text("\n".join([*text, "", made.after]), encoding="utf-8")
    return path


def draw_mark(made):
    return ",;\t"[made.seed % 3]


def _workbook(made, lines, top, path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for text in top:
        sheet.append([text])
    start = len(top)
    for row in lines:
        sheet.append([_typed(cell) if made.seed % 2 else cell for cell in row])
    if made.merged:
        at = start + len(made.header) + made.merged[0] + 1
        sheet.merge_cells(start_row=at, end_row=at + 1, start_column=made.merged[1] + 1, end_column=made.merged[1] + 1)
    if made.hidden is not None:
        sheet.row_dimensions[start + len(made.header) + made.hidden + 1].hidden = True
    book.save(path)


def _typed(cell):
    if "  " in cell:
        return cell
    bare = cell.replace(" ", "").replace(NBSP, "").replace(NNBSP, "").replace(",", ".").replace("−", "-")
    try:
        return float(bare) if "." in bare else int(bare) if not (bare.startswith("0") and len(bare) > 1) else cell
    except ValueError:
        return cell


def _pdf(made, lines, path):
    from matplotlib import get_data_path
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    pdfmetrics.registerFont(TTFont("DejaVuSans", str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")))
    width = max(map(len, lines))
    data = [[*row, *[""] * (width - len(row))] for row in lines]
    right = [c for c in range(width) if sum(row[c][:1].isdigit() for row in data) > len(data) / 2]
    style = [("FONT", (0, 0), (-1, -1), "DejaVuSans", 8), *(("ALIGN", (c, 0), (c, -1), "RIGHT") for c in right)]
    style += (
        [("GRID", (0, 0), (-1, -1), 0.5, "black")] if made.form == "pdf" else [("LEFTPADDING", (0, 0), (-1, -1), 12)]
    )
    text = ParagraphStyle("text", fontName="DejaVuSans", fontSize=9)
    story = [
        Paragraph(made.title or "Annexe", text),
        Spacer(1, 10),
        Table(data, repeatRows=len(made.header), style=TableStyle(style)),
    ]
    story += [Paragraph(made.after, text)] if made.after else []

    def foot(canvas, _):
        canvas.setFont("DejaVuSans", 7)
        canvas.drawString(300, 20, f"{canvas.getPageNumber()}")

    SimpleDocTemplate(str(path), pagesize=landscape(A4) if width > 5 else A4).build(
        story, onFirstPage=foot, onLaterPages=foot
    )


def verdict(made, path):
    """Return `right`, `refused` or `wrong`, and why; a fault may be refused, or read as it is printed."""
    try:
        annex = read_annex(path)
    except CdppeError as error:
        return ("right" if made.fault else "refused"), str(error)
    found = {}
    figures = [rank for rank, column in enumerate(annex.table.columns) if column.of_figures]
    regional = [r for r in figures if annex.table.columns[r].heading in ("Total de la région", "dotation_region")]
    regional = regional if annex.table.level == "departement" else []
    figures = [rank for rank in figures if rank not in regional]
    for row in annex.table.rows:
        if row.kind in ("departement", "region", "unite") and row.code:
            found[row.code] = tuple(row.figures[rank] for rank in figures)
    if made.fault in ("row_lost", "digit") and any(remark.kind == "arrondi" for remark in annex.remarks):
        return "right", "hidden by the rounding, and said"
    for code, values in found.items():
        if len(values) == len(made.expected.get(code, ())) + 1 and not annex.table.columns[figures[0]].heading:
            found[code] = values[1:]
    # A fault that is read must be said, or change nothing to what is printed.
    if made.fault == "unknown" and any(row.kind == "autre" for row in annex.table.rows):
        return "right", "kept under its name"
    if found == made.expected:
        return "right", "" if not made.fault else "read"
    differing = [code for code in {*found, *made.expected} if found.get(code) != made.expected.get(code)]
    code = sorted(differing)[0]
    return "wrong", f"{code}: {found.get(code)} for {made.expected.get(code)}"


def main(count, seed=0, form=None):
    """Read `count` documents and print the verdicts by format and by fault."""
    table = Counter()
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(seed, seed + count):
            made = make(number, form)
            path = write(made, folder)
            try:
                answer, why = verdict(made, path)
            except Exception as error:  # a crash is worse than a refusal: it is counted apart
                answer, why = "crash", repr(error)
            table[made.form, bool(made.fault), answer] += 1
            if answer != "right":
                told.append(f"{answer} seed {number} {made.form} {made.fault or '-'}: {why}")
    for form_, faulty in sorted({key[:2] for key in table}):
        counts = {answer: table[form_, faulty, answer] for answer in ("right", "refused", "wrong", "crash")}
        print(f"{form_:11} {'fault' if faulty else 'sound'} {counts}")
    print(
        {
            answer: sum(n for key, n in table.items() if key[2] == answer)
            for answer in ("right", "refused", "wrong", "crash")
        }
    )
    return told


if __name__ == "__main__":
    for sentence in main(
        int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0, sys.argv[3] if len(sys.argv) > 3 else None
    )[:60]:
        print(sentence)

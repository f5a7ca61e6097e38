"""Found a study: a folder that the commands take with `--data`, from an annex or empty.

What an annex says goes in as it is: the document and its SHA-256, the table read cell by cell, the beneficiaries, the
amounts, the total. What it betrays is said as a hypothesis: the rounding (the largest power of ten that divides all
amounts, and whether they sum to the printed total), a minimum or a maximum (amounts tied at either end). What nobody
can read in it (criteria, weights, bounds) is `à compléter`.

Known drawback: a minimum that one unit alone is at is told as possible where it is rounder than the others, and left
to be filled in: the amounts alone do not say it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cdppe_analysis.data.given import FILE as CRITERIA
from cdppe_analysis.errors import TableError
from cdppe_analysis.ingestion import Annex, Column, TableRow, read_annex
from cdppe_analysis.rules.rule import BLANK
from cdppe_analysis.storage.files import check_folder, sha256
from cdppe_analysis.storage.strict import hint
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.tables.numerals import SCALES
from cdppe_analysis.territories import DECLARED, DEPARTEMENTS, Departement, france, normalised
from cdppe_analysis.typography import euros, number
from cdppe_analysis.upkeep import rendered

TABLE = "tableau"
"""The name of the raw table of a study."""

_UNITS_OF = {
    "departement": ("departement", "collectivite"),
    "region": ("region", "collectivite"),
    "autre": ("unite", "autre"),
}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_A_PLACE = re.compile(r"(?:l|p|table|tableau|feuille)\b[ .0-9-]*|.*![A-Z]*[0-9]*|")
_COMMUNE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_EXTREMES = {"plancher": "le plus petit", "plafond": "le plus grand"}
_ENOUGH = 5
"""Amounts from which a power of ten that divides them all is a rounding and no chance."""


@dataclass(frozen=True)
class Founded:
    """What was written: the folder, its title, its rule, how many beneficiaries share what, and where it was read."""

    folder: Path
    title: str
    rule: str
    beneficiaries: int
    total: Decimal
    annex: Annex | None


@dataclass
class _Study:
    """What is known of a study while it is written, and where it is written."""

    place: Path
    id: str
    title: str
    year: int | None
    source: str = BLANK
    rule: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def found_study(
    folder: str | Path,
    annex: str | Path | None = None,
    *,
    pages: Collection[int] | None = None,
    table: int | None = None,
    column: str | None = None,
    accept_gaps: bool = False,
) -> Founded:
    """Write the folder of a study, whole or not at all.

    Parameters
    ----------
    folder
        The folder to make; nothing may stand there.
    annex
        The document that publishes the amounts; without it the study is empty, to be filled in.
    pages, table, accept_gaps
        As for `ingestion.read_annex`.
    column
        The heading of the column of amounts (or its rank among them), where there are several.

    Raises
    ------
    TableError
        When something stands there, when nothing can be written there or the folder has no name, or when the annex has
        no column of amounts, or several and none is chosen.
    CdppeError
        When the annex cannot be read (see `ingestion.read_annex`); nothing is then written.
    """
    target = check_folder(folder)
    if target.exists() or target.is_symlink():
        raise TableError("something stands there already: a study is made in a new folder", cell=str(folder))
    for name in (target.name, Path(annex or "").name):
        if not name.isprintable():
            raise TableError("a name holds a character that is not seen: rename it", cell=ascii(name))
    if not target.parent.is_dir():
        raise TableError(f"cannot make it: there is no folder {str(target.parent)!r}", cell=str(folder))
    read = None if annex is None else read_annex(annex, pages, table, accept_gaps=accept_gaps)
    try:
        place = Path(tempfile.mkdtemp(prefix=".cdppe-", dir=target.parent))
    except OSError as error:
        raise TableError(f"cannot make it: {error.strerror}", cell=str(folder)) from error
    try:
        name = target.resolve().name
        if read is None or annex is None:
            study, amounts = _named(place, name, name), list[Decimal]()
            _write_empty(study)
        else:
            chosen = _chosen(read.table.columns, column)
            study = _named(place, name, read.table.title, chosen.heading, Path(annex).stem)
            amounts = _filled(study, read, Path(annex), chosen)
        _write_rule(study)
        _write_pages(study, len(amounts))
        place.chmod(0o755)
        place.rename(target)
    except OSError as error:
        raise TableError(f"cannot make it: {error.strerror}", cell=str(folder)) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return Founded(target, study.title, study.id, len(amounts), sum(amounts, Decimal(0)), read)


def _named(place: Path, name: str, title: str, heading: str = "", stem: str = "") -> _Study:
    """Return the identifier, title and year of a study: the first year that the column, the title or the file says."""
    titre = stem if _A_PLACE.fullmatch(title) else _line(title).lstrip("#* ")
    years = [set(_YEAR.findall(text)) for text in (heading, titre, stem)]
    of_title = next((one for one in years if one), set())
    year = int(of_title.pop()) if len(of_title) == 1 else None
    slug = _slug(name) or "etude"
    return _Study(place, slug if year is None or slug.endswith(f"-{year}") else f"{slug}-{year}", titre, year)


def _write_empty(study: _Study) -> None:
    _write_yaml(study.place / "sources.yml", {"sources": []}, _SOURCES)
    write_csv(pd.DataFrame(columns=["code_departement", "libelle_departement", "critere_1"]), study.place / CRITERIA)
    study.rule = {
        "enveloppe": {"valeur": BLANK, "unite": "EUR", "source": BLANK, "emplacement": BLANK},
        "beneficiaires": BLANK,
        "criteres": [_criterion("critere_1")],
        "plancher": BLANK,
        "plafond": BLANK,
        "arrondi": {"methode": "plus_forts_restes", "unite_eur": 1},
    }


def _filled(study: _Study, read: Annex, annex: Path, chosen: Column) -> list[Decimal]:
    table, study.source = read.table, _slug(annex.stem) or "annexe"
    rank = table.columns.index(chosen)
    lines = {line: row for line, row in enumerate(table.rows, start=1) if row.kind not in ("total", "dont")}
    coded = table.level != "autre" or any(row.code for row in lines.values())
    rows = {
        line: row
        for line, row in lines.items()
        if row.kind in _UNITS_OF[table.level] and row.figures[rank] is not None and (row.code or not coded)
    }
    if not rows:
        raise TableError(f"no unit of the table has an amount under {chosen.heading!r}", cell=annex.name)
    left = [row.name for line, row in lines.items() if line not in rows and row.kind != "region"]
    if left:
        study.notes.append(f"Sans montant ou sans code, laissés de côté : {', '.join(map(_line, left))}.")
    units = _units(rows, table.level)
    amounts: dict[str, Decimal] = {}
    for line, row in rows.items():
        if units[line].code in amounts:
            raise TableError("a code is given twice", code=units[line].code, cell=f"{annex.name}, {row.place}")
        amounts[units[line].code] = row.figures[rank] or Decimal(0)
    if taken := [code for code, amount in amounts.items() if amount < 0]:
        study.notes.append(f"Reprises, en négatif, qu'aucun partage ne rend : {', '.join(taken)}.")
    names = _write_raw(study, read, annex)
    _write_amounts(study, units, amounts, names[rank])
    own = table.level != "departement" or any(unit.code not in france().units for unit in units.values())
    if own:
        told = [(unit.code, unit.libelle, unit.code_region) for unit in units.values()]
        write_csv(pd.DataFrame(told, columns=["code", "nom", "appartient_a"]), study.place / DECLARED)
    counts = [one for one in table.columns if one.kind == "nombre" and one is not chosen]
    ids = {_slug(one.heading, "_") or f"critere_{number_}": one for number_, one in enumerate(counts, start=1)}
    _write_criteria(study, units, rows, {name: table.columns.index(one) for name, one in ids.items()})
    study.rule = {
        "enveloppe": _envelope(study, read, chosen, list(amounts.values())),
        "beneficiaires": {
            **({"liste": "territoires"} if own else {"codes": [_Quoted(code) for code in sorted(amounts)]}),
            "source": study.source,
            "emplacement": f"{TABLE}, lignes des bénéficiaires",
        },
        "criteres": [
            _criterion(name, one.heading, study.source, f"{TABLE}, {names[table.columns.index(one)][0]}")
            for name, one in ids.items()
        ]
        or [_criterion("critere_1")],
    }
    if chosen.unit not in SCALES:
        said = f"compte des {chosen.unit}" if chosen.unit else "ne dit pas l'unité des montants"
        study.notes.append(f"La colonne choisie {said} : des euros, par hypothèse.")
    unit = _rounding_unit(chosen, list(amounts.values()))
    study.rule |= _bounds(study, amounts, unit)
    study.rule["arrondi"] = _rounding(study, list(amounts.values()), unit)
    return list(amounts.values())


def _chosen(columns: Sequence[Column], choice: str | None) -> Column:
    """Return the column of the amounts."""
    of_money = [column for column in columns if column.kind == "montant"]
    listed = ", ".join(f"{rank}: {_line(column.heading)!r}" for rank, column in enumerate(of_money, start=1))
    if choice is None:
        if len(of_money) == 1:
            return of_money[0]
        if of_money:
            raise TableError(f"the table has {len(of_money)} columns of amounts: choose one with --column ({listed})")
        headings = ", ".join(repr(_line(column.heading)) for column in columns if column.of_figures)
        raise TableError(f"the table has no column of amounts; --column takes another of its figures ({headings})")
    if choice.isdigit() and 1 <= int(choice) <= len(of_money):
        return of_money[int(choice) - 1]
    named = {normalised(column.heading): column for column in columns if column.of_figures}
    if normalised(choice) not in named:
        near = hint(normalised(choice), named)
        raise TableError(f"no column of figures is headed {choice!r}{near}", cell="--column")
    return named[normalised(choice)]


def _units(rows: dict[int, TableRow], level: str) -> dict[int, Departement]:
    """Return the unit of each row: an official département, or what the annex says of another."""
    units = {}
    for rank, (line, row) in enumerate(rows.items(), start=1):
        if level == "departement" and row.code in france().units:
            units[line] = france().unit(row.code)
            continue
        code = row.code or f"U{rank:0{len(str(len(rows)))}d}"
        above = _line(row.region) if level != "region" else ""
        if not above and _COMMUNE.fullmatch(code):
            above = next((c for c in (code[:3], code[:2]) if c in DEPARTEMENTS), "")
        name = DEPARTEMENTS[above].libelle if above in DEPARTEMENTS else above
        units[line] = Departement(code, _line(row.name) or code, above, name)
    return units


def _write_raw(study: _Study, read: Annex, annex: Path) -> dict[int, list[str]]:
    """Keep the document and its table; return the columns of the raw table that hold each printed column."""
    frame, table = read.frame(), read.table
    figures = [column for column in table.columns if column.of_figures]
    values = list(frame.columns[len(frame.columns) - len(figures) :])
    safe: dict[str, str] = {}
    for heading in frame.columns:
        name, number_ = _slug(heading, "_") or "colonne", 2
        while name in safe.values():
            name, number_ = f"{name.rstrip('0123456789').rstrip('_')}_{number_}", number_ + 1
        safe[heading] = name
    folder = study.place / "raw" / study.source
    folder.mkdir(parents=True)
    shutil.copyfile(annex, folder / annex.name)
    write_csv(frame.rename(columns=safe), folder / f"{TABLE}.csv")
    read.remarks_frame().to_csv(folder / "remarques.csv", index=False, lineterminator="\n")
    entry = {
        "id": study.source,
        "titre": study.title,
        "editeur": BLANK,
        "date": str(study.year) if study.year else BLANK,
        "licence": BLANK,
        "nature": "document",
        "texte": annex.name,
        "empreinte": sha256(folder / annex.name),
        "note": f"Lu par cdppe ingest : {read.told()}.",
        "fichiers": [
            {
                "tableau": TABLE,
                "chemin": f"{study.source}/{TABLE}.csv",
                "sha256": sha256(folder / f"{TABLE}.csv"),
                "section": _line(table.rows[0].place),
                "titre": study.title,
                "colonnes": {name: _line(heading) for heading, name in safe.items() if heading != "ligne"},
            }
        ],
    }
    _write_yaml(study.place / "sources.yml", {"sources": [entry]}, _SOURCES)
    shown = [column for column in table.columns if column.kind not in ("nom", "region", "code")]
    printed = list(frame.columns[len(frame.columns) - len(figures) - len(shown) :])
    held = {}
    for column, value in zip(figures, values, strict=True):
        names = (printed[shown.index(column)], value)
        held[table.columns.index(column)] = [safe[name] for name in names]
    return held


def _write_amounts(study: _Study, units: dict[int, Departement], amounts: dict[str, Decimal], names: list[str]) -> None:
    table = pd.DataFrame([vars(unit) for unit in units.values()])
    table = table.rename(columns={"code": "code_departement", "libelle": "libelle_departement"})
    year = "" if study.year is None else str(study.year)
    table.insert(0, "dispositif", study.id.removesuffix(f"-{year}") if year else study.id)
    table.insert(1, "millesime", year)
    table["montant_eur"] = [str(_exact(amounts[unit.code])) for unit in units.values()]
    table["source"] = study.source
    table["emplacement"] = ["; ".join(f"{TABLE} L{line} {name}" for name in names) for line in units]
    (study.place / "clean").mkdir()
    write_csv(table, study.place / "clean" / "allocations.csv")


def _write_criteria(
    study: _Study, units: dict[int, Departement], rows: dict[int, TableRow], counts: dict[str, int]
) -> None:
    """Write the criteria to fill in: those that the annex counts are there."""
    headings = ["code", "nom"] if (study.place / DECLARED).is_file() else ["code_departement", "libelle_departement"]
    table = pd.DataFrame([(unit.code, unit.libelle) for unit in units.values()], columns=headings)
    for name, rank in counts.items():
        figures = [row.figures[rank] for row in rows.values()]
        table[name] = ["" if figure is None else str(_exact(figure)) for figure in figures]
    if counts:
        study.notes.append(f"Critères possibles, comptés par l'annexe : {', '.join(counts)}. D'autres s'ajoutent.")
    else:
        table["critere_1"] = ""
    write_csv(table, study.place / CRITERIA)


def _criterion(name: str, heading: str | None = None, source: str = BLANK, where: str = BLANK) -> dict[str, Any]:
    """Return a criterion whose weight is to be filled in; its year is the one that its heading says."""
    label = {} if heading is None else {"libelle": _line(heading)}
    years = set(_YEAR.findall(heading or ""))
    year = int(years.pop()) if len(years) == 1 else BLANK
    return {"id": name, **label, "poids": BLANK, "millesime": year, "source": source, "emplacement": where}


def _envelope(study: _Study, read: Annex, chosen: Column, amounts: Sequence[Decimal]) -> dict[str, Any]:
    """Return the envelope: the printed total of these amounts, or their sum as a hypothesis."""
    added = sum(amounts, Decimal(0))
    check = next((c for c in read.table.checks if c.column == chosen.heading and c.added == added), None)
    supposed = check is None or check.status in ("masque", "ecart")
    total = added if check is None or supposed else check.total
    envelope: dict[str, Any] = {"valeur": _exact(total), "unite": "EUR", "source": study.source}
    if check is None or supposed:
        envelope |= {"emplacement": f"somme des montants de {TABLE}", "statut": "hypothese"}
        why = "L'annexe n'imprime pas le total de ces montants"
        if check is not None:
            why = f"Le total imprimé, {_money(check.total)}, n'est pas leur somme, {_money(added)}"
        study.notes.append(f"{why} : l'enveloppe est la somme des montants, par hypothèse.")
        return envelope
    envelope["emplacement"] = f"« {_line(check.name)} », {check.place}"
    if total != added:
        told = f"Les montants font {_money(added)}, le total imprimé est {_money(total)}"
        study.notes.append(f"{told} : chacun a été arrondi pour soi.")
    return envelope


def _rounding_unit(chosen: Column, amounts: Sequence[Decimal]) -> Decimal:
    """Return the largest power of ten that divides all amounts, as far as their number tells it from chance."""
    exponents = [int(amount.normalize().as_tuple().exponent) for amount in amounts if amount]
    printed = {"k€": 3, "M€": 6, "Md€": 9}.get(chosen.unit, 0)
    exponent = min(exponents, default=0)
    return Decimal(1).scaleb(exponent if len(amounts) >= _ENOUGH else min(exponent, printed))


def _rounding(study: _Study, amounts: Sequence[Decimal], unit: Decimal) -> dict[str, Any]:
    total = Decimal(str(study.rule["enveloppe"]["valeur"]))
    alone = sum(amounts, Decimal(0)) != total or total % unit != 0
    if not alone:
        study.notes.append(
            f"Arrondi à {_money(unit)} : la somme des montants est l'enveloppe, "
            "d'où les plus forts restes, par hypothèse."
        )
    return {"methode": "independant" if alone else "plus_forts_restes", "unite_eur": _exact(unit)}


def _bounds(study: _Study, amounts: dict[str, Decimal], unit: Decimal) -> dict[str, Any]:
    """Return the minimum and the maximum that ties betray, each a hypothesis; the others are to be filled in."""
    bounds: dict[str, Any] = {}
    values = sorted(amounts.values())
    for name, value in (("plancher", values[0]), ("plafond", values[-1])):
        tied = values.count(value)
        # Amounts spread over few units of rounding are tied by chance.
        chance = len(values) * unit / (values[-1] - values[0]) if values[-1] > values[0] else Decimal(1)
        if value <= 0 or tied < 2 or tied == len(values) or (tied == 2 and chance > Decimal("0.05")):
            bounds[name] = BLANK
            if tied == 1 and value > 0 and value % (100 * unit) == 0:
                told = f"{_EXTREMES[name]} montant, {_money(value)}, est rond et un seul bénéficiaire l'a"
                study.notes.append(
                    f"{told[0].upper()}{told[1:]} : un {name}, peut-être ; les montants seuls ne le disent pas."
                )
            continue
        bounds[name] = {
            "valeur": _exact(value),
            "unite": "EUR",
            "source": study.source,
            "emplacement": f"{tied} montants égaux",
            "statut": "hypothese",
            "note": f"{number(tied)} bénéficiaires ont {_money(value)}, {_EXTREMES[name]} montant.",
        }
    return bounds


def _write_rule(study: _Study) -> None:
    (study.place / "rules").mkdir()
    head = {"id": study.id, "titre": study.title, "millesime": study.year or BLANK}
    note = {"note": " ".join(study.notes)} if study.notes else {}
    _write_yaml(study.place / "rules" / f"{study.id}.yml", {**head, **study.rule, **note}, _RULE)


_RULE = f"""# À compléter : remplacer chaque « {BLANK} ». Les commandes disent ce qui manque.
# criteres : un par critère, dans l'ordre voulu ; son id est une colonne de {CRITERIA} ; les poids font 1 ("0.50").
# plancher, plafond : null s'il n'y en a pas, sinon {{valeur: 100000, unite: EUR, source: ..., emplacement: ...}}.
# statut: hypothese se met à ce qu'aucun document ne donne.
"""
_SOURCES = "# Les documents et les séries d'où viennent les chiffres ; chaque « source » d'une règle en est un.\n"


class _Quoted(str):
    """A code, which no reader of YAML may take for a number."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Mappings line by line, codes in quotes."""


_Dumper.add_representer(_Quoted, lambda dumper, code: dumper.represent_scalar("tag:yaml.org,2002:str", code, style='"'))


def _write_yaml(path: Path, content: dict[str, Any], comment: str) -> None:
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=115)
    path.write_text(comment + text, encoding="utf-8", newline="\n")


def _write_pages(study: _Study, amounts: int) -> None:
    """Write the notebook and what a person opens first."""
    context = {
        "etude": study,
        "montants": amounts,
        "carte": not (study.place / DECLARED).exists(),
        "criteres": CRITERIA,
        "unites": DECLARED,
    }
    text, readme = rendered("study.md.j2", **context), rendered("study_readme.md.j2", **context)
    (study.place / "LISEZMOI.md").write_text(readme, encoding="utf-8", newline="\n")
    notebook = {
        "cells": list(_cells(text)),
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (study.place / "notebooks").mkdir()
    written = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    (study.place / "notebooks" / f"01-{study.id}.ipynb").write_text(written, encoding="utf-8", newline="\n")


def _cells(text: str) -> Iterator[dict[str, Any]]:
    """Cut a text in Markdown into cells: what is fenced as Python is code."""
    for rank, part in enumerate(re.split(r"^```(?:python)?\n", text, flags=re.MULTILINE)):
        if part.strip():
            cell: dict[str, Any] = {
                "cell_type": "markdown",
                "id": f"cellule-{rank}",
                "metadata": {},
                "source": part.strip(),
            }
            yield cell if rank % 2 == 0 else {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def _slug(text: str, joint: str = "-") -> str:
    """Return a text in plain letters and digits."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    return joint.join(re.findall("[a-z0-9]+", plain.replace("œ", "oe")))[:60].strip(joint)


def _line(text: str) -> str:
    """Return a printed text on one line, a word broken at a hyphen mended."""
    return " ".join(re.sub(r"-\s*\n\s*", "-", text).split())


def _exact(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _money(value: Decimal) -> str:
    return euros(value, 0 if value == value.to_integral_value() else 2)

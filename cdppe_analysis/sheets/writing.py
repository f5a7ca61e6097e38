"""Sheets written: a page each, a PDF each where there is a Chromium, and an index of those that are up to date.

PDFs are typeset by one browser where that can be. A sheet that stands in the folder from other data is not listed. The
sheets of the units of a study tell the amount, its rank, what was published and how it came about.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from cdppe_analysis.printing.chromium import find_chromium, print_pdfs, required_chromium
from cdppe_analysis.printing.layout import GLOSSARY, Announce, Foot, made_folder, render
from cdppe_analysis.sheets import REGION, known_code, sheet_codes, sheet_title
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.territories import DEPARTEMENTS, REGIONS
from cdppe_analysis.territories.names import normalised
from cdppe_analysis.typography import euros, number, ordinal, typeset

if TYPE_CHECKING:
    from cdppe_analysis.allocation import Allocation
    from cdppe_analysis.data import Data
    from cdppe_analysis.sheets.dossier import Dossier

TITLE = "Fiches de territoire"
_PHRASE = (
    "Ce que chaque département a reçu en 2020, ou ce qu’une extension donnerait, avec ses critères, son besoin attendu "
    "et ses indicateurs de PMI."
)


@dataclass(frozen=True)
class Written:
    """The pages and PDFs written, and the index."""

    pages: tuple[Path, ...]
    pdf: tuple[Path, ...]
    index: Path


def write_sheets(
    codes: Sequence[str],
    dossier: Dossier,
    out: Path,
    *,
    pdf: bool | None = None,
    in_site: bool | None = None,
    announce: Announce,
) -> Written:
    """Write sheets and the index.

    Parameters
    ----------
    codes
        Of départements, or of régions after an R.
    dossier
        What the sheets draw from.
    out
        The folder, made where it does not exist.
    pdf
        Whether to print PDFs; where there is a Chromium when left out.
    in_site
        Whether the pages link to the sources and the glossary of the site in the folder above; where there is one
        when left out.
    announce
        Called with each line of progress.

    Raises
    ------
    TerritoryError
        When a code is none.
    ReportError
        When the folder cannot be made, or a PDF is asked for and there is no Chromium.
    """
    from cdppe_analysis.sheets.sheet import render_sheet

    asked = [known_code(code) for code in codes]
    with_pdf = find_chromium() is not None if pdf is None else pdf
    if with_pdf:
        required_chromium()
    made_folder(out, "sheets")
    several = [
        {"fichier": f"{page}.html", "titre": typeset(name)}
        for page, name in ((f"{REGION}{code}", name) for code, name in REGIONS.items())
        if page in asked or (out / f"{page}.html").is_file()
    ]
    site = (out.parent / GLOSSARY).is_file() if in_site is None else in_site
    pages = [out / f"{code}.html" for code in asked]
    for count, (code, page) in enumerate(zip(asked, pages, strict=True), start=1):
        write_text(page, render_sheet(code, dossier, several, site=site))
        announce(f"{count}/{len(asked)} {page.name}")
    counted = itertools.count(1)
    targets = (
        print_pdfs(pages, announce=lambda target: announce(f"{next(counted)}/{len(asked)} {target.name}"))
        if with_pdf
        else []
    )
    index = out / "index.html"
    write_text(index, _index(out, dossier.foot, several, site=site))
    return Written(tuple(pages), tuple(targets), index)


def write_stale_sheets(out: Path, seed: int, *, pdf: bool = False, announce: Announce) -> list[dict[str, str]]:
    """Write those of all sheets that are not of these data, this package and this seed, and return them all.

    Parameters
    ----------
    out, pdf, announce
        As `write_sheets`.
    seed
        Of the draws of the scenarios.

    Returns
    -------
    list
        As `listed_sheets`.

    Raises
    ------
    ReportError
        As `write_sheets`.
    """
    pied = Foot.of()
    pages = {code: out / f"{code}.html" for code in sheet_codes()}
    stale = [
        code
        for code, page in pages.items()
        if not _is_fresh(page, pied, f', graine {seed}"', f"../{GLOSSARY}#")
        or (pdf and not _is_newer(page.with_suffix(".pdf"), page))
    ]
    if stale or not (out / "index.html").is_file():
        from cdppe_analysis.sheets.dossier import Dossier

        write_sheets(stale, Dossier.open(seed), out, pdf=pdf, in_site=True, announce=announce)
    else:
        announce(f"{len(pages)} sheets: unchanged")
    return listed_sheets(out, pied)


def listed_sheets(out: Path, pied: Foot) -> list[dict[str, str]]:
    """Return the sheets of a folder that are up to date: `fichier`, from the folder that holds it, and `titre`."""
    return [
        {"fichier": f"{out.name}/{code}.html", "titre": sheet_title(code)}
        for code in sheet_codes()
        if _is_fresh(out / f"{code}.html", pied)
    ]


def write_study_sheets(data: Data, codes: Sequence[str], out: Path, *, pdf: bool, announce: Announce) -> Written:
    """Write the sheet of each unit of a study, for its one rule.

    Parameters
    ----------
    data
        The study.
    codes
        The units; all the beneficiaries of the rule when empty.
    out
        The folder, made where it does not exist.
    pdf
        Whether to print PDFs too.
    announce
        Called with each line of progress.

    Raises
    ------
    RuleError, CriteriaError
        When the rule, or a criterion, is not filled in.
    TerritoryError
        When a code is no beneficiary.
    ReportError
        When a PDF is asked for and there is no Chromium.
    """
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.studies.explanation import explain

    rule = data.rule()
    allocation = allocate(rule, data.criteria(rule))
    published: dict[str, float] = {}
    if "allocations" in data.tables():
        published = dict(data.amounts(rule)[["code_departement", "montant_eur"]].values)
    asked = tuple(codes or rule.beneficiaires)
    told = {code: explain(allocation, code, data.units(rule)).splitlines()[1:] for code in asked}
    made_folder(out, "sheets")
    common = {
        "site": typeset(rule.titre),
        "pied": Foot.of(data.folder, rule.titre),
        "genre": "fiche",
        "racine": "",
        "rapports": [],
    }
    pages = []
    for count, (code, lines) in enumerate(told.items(), start=1):
        said = {
            "titre": typeset(f"{rule.label(code)} ({code})"),
            "fichier": f"{code}.html",
            "phrase": _standing(allocation, code, published),
            "etapes": [typeset(line) for line in lines],
            "cascade": Markup(_steps(allocation, code)),
            "glossaire": None,
            "accueil": f"{code}.html",
        }
        pages.append(out / f"{code}.html")
        write_text(pages[-1], render("fiche-etude.html.j2", **said, **common))
        announce(f"{count}/{len(told)} {code}.html")
    return Written(tuple(pages), tuple(print_pdfs(pages, announce=lambda _: None) if pdf else ()), pages[0])


def _standing(allocation: Allocation, code: str, published: dict[str, float]) -> str:
    """Return the amount, its rank, and how far it is from what was published."""
    amount = allocation.final[code]
    rank = sum(other > amount for other in allocation.final.values()) + 1
    said = f"{_to_the_cent(amount)}, le {ordinal(rank)} montant sur {number(len(allocation.final))}."
    if code in published:
        gap = float(amount) - float(published[code])
        said += f" Publié : {_to_the_cent(published[code])}"
        said += f", soit un écart de {euros(gap, 2, signed=True)}." if abs(gap) >= 0.005 else ", le même montant."
    return typeset(said)


def _to_the_cent(amount: float | Fraction) -> str:
    """Write an amount, with its cents where it has some."""
    return euros(amount, 0 if round(amount, 2) == round(amount) else 2)


def _steps(allocation: Allocation, code: str) -> str:
    from cdppe_analysis.figures import Words, waterfall
    from cdppe_analysis.sheets.sheet import waterfall_steps

    rule, amount = allocation.rule, _to_the_cent(allocation.final[code])
    name = typeset(rule.label(code))
    words = Words(
        title=f"{name} : d’où viennent les {amount}",
        subtitle=f"{rule.titre}, ce que chaque critère apporte, en euros",
        source=f"règle {rule.id}",
        champ=f"{name}, au sein des {number(len(rule.beneficiaires))} bénéficiaires.",
    )
    steps = waterfall_steps(allocation, code)
    return waterfall(steps, "etape", "montant_eur", words, end_label="Montant").svg(themed=True)


def _index(out: Path, pied: Foot, several: list[dict[str, str]], *, site: bool) -> str:
    fresh = {Path(sheet["fichier"]).stem: sheet["titre"] for sheet in listed_sheets(out, pied)}
    regions = []
    for region, name in sorted(REGIONS.items(), key=lambda pair: normalised(pair[1])):
        own = [
            {
                "fichier": f"{code}.html",
                "titre": sheet_title(code),
                "pdf": f"{code}.pdf" if _is_newer(out / f"{code}.pdf", out / f"{code}.html") else "",
            }
            for code, place in DEPARTEMENTS.items()
            if place.code_region == region and code in fresh
        ]
        page = f"{REGION}{region}"
        if own or page in fresh:
            regions.append({"nom": typeset(name), "fichier": f"{page}.html" if page in fresh else "", "fiches": own})
    return render(
        "fiches.html.j2",
        genre="fiche",
        titre=TITLE,
        phrase=_PHRASE,
        fichier="index.html",
        racine="",
        base="../" if site else None,
        glossaire=f"../{GLOSSARY}" if site else None,
        accueil="index.html",
        menu="Fiches",
        rapports=several,
        pied=pied,
        regions=regions,
        territoires=[{"fichier": f"{code}.html", "titre": title} for code, title in fresh.items()],
    )


def _is_fresh(page: Path, pied: Foot, *more: str) -> bool:
    """Whether a page is of these data and this package; `more` is what else follows in it."""
    if not page.is_file():
        return False
    text = page.read_text(encoding="utf-8")
    return pied.auteur in text and pied.empreinte in text and all(said in text for said in more)


def _is_newer(pdf: Path, page: Path) -> bool:
    return pdf.is_file() and os.stat(pdf).st_mtime_ns >= os.stat(page).st_mtime_ns

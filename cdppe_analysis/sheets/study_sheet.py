"""The sheets of the units of a study: the amount, its rank, what was published, how it came about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cdppe_analysis.allocation import Allocation, allocate
from cdppe_analysis.data import Data
from cdppe_analysis.figures import Words, waterfall
from cdppe_analysis.printing.chromium import print_pdfs
from cdppe_analysis.printing.layout import Announce, foot, markup, render
from cdppe_analysis.rules import Rule
from cdppe_analysis.sheets.sheet import waterfall_steps
from cdppe_analysis.sheets.writing import Written
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.studies.explanation import explain
from cdppe_analysis.typography import euros, number, ordinal, typeset


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
    rule = data.rule()
    allocation = allocate(rule, data.criteria(rule))
    published = dict(data.amounts(rule)[["code_departement", "montant_eur"]].values) if _read(data) else {}
    asked = tuple(codes or rule.beneficiaires)
    told = {code: explain(allocation, code, data.units(rule)).splitlines()[1:] for code in asked}
    out.mkdir(parents=True, exist_ok=True)
    common = {
        "site": typeset(rule.titre),
        "pied": foot(data.folder, rule.titre),
        "genre": "fiche",
        "racine": "",
        "rapports": [],
    }
    pages = []
    for count, (code, lines) in enumerate(told.items(), start=1):
        said = {
            "titre": typeset(f"{rule.label(code)} ({code})"),
            "fichier": f"{code}.html",
            "phrase": _standing(rule, allocation, code, published),
            "etapes": [typeset(line) for line in lines],
            "cascade": markup(_steps(rule, allocation, code)),
            "glossaire": None,
            "accueil": f"{code}.html",
        }
        pages.append(out / f"{code}.html")
        write_text(pages[-1], render("fiche-etude.html.j2", **said, **common))
        announce(f"{count}/{len(told)} {code}.html")
    return Written(tuple(pages), tuple(print_pdfs(pages, announce=lambda _: None) if pdf else ()), pages[0])


def _read(data: Data) -> bool:
    return "allocations" in data.tables()


def _standing(rule: Rule, allocation: Allocation, code: str, published: dict[str, float]) -> str:
    """Return the amount, its rank, and how far it is from what was published."""
    amount = allocation.final[code]
    rank = sum(other > amount for other in allocation.final.values()) + 1
    whole = amount.denominator == 1
    said = f"{euros(amount, 0 if whole else 2)}, le {ordinal(rank)} montant sur {number(len(rule.beneficiaires))}."
    if code in published:
        gap = float(amount) - float(published[code])
        said += f" Publié : {euros(published[code], 0 if whole else 2)}"
        said += f", soit un écart de {euros(gap, 2, signed=True)}." if abs(gap) >= 0.005 else ", le même montant."
    return typeset(said)


def _steps(rule: Rule, allocation: Allocation, code: str) -> str:
    amount, name = euros(allocation.final[code]), typeset(rule.label(code))
    words = Words(
        title=f"{name} : d’où viennent les {amount}",
        subtitle=f"{rule.titre}, ce que chaque critère apporte, en euros",
        source=f"règle {rule.id}",
        champ=f"{name}, au sein des {number(len(rule.beneficiaires))} bénéficiaires.",
    )
    steps = waterfall_steps(rule, allocation, code)
    return waterfall(steps, "etape", "montant_eur", words, start_label="rien", end_label="Montant").svg(themed=True)

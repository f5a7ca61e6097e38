"""The site: executed notebooks, sources, glossary, index, and one PDF of the reports where it is asked for.

A page stands in the site only while it is the report of its notebook as it is now: what is stale, or failed, is taken
away. Every file is written whole or not at all, and none where all are of these notebooks and data already.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing.chromium import print_pdf, required_chromium
from cdppe_analysis.printing.figure import FOLDER
from cdppe_analysis.printing.layout import GLOSSARY, SITE, Announce, Foot, entries, made_folder, render, site_pages
from cdppe_analysis.reports.execution import Execution, execute_notebooks, find_notebooks, numbered_notebooks
from cdppe_analysis.storage.files import replaced, write_text
from cdppe_analysis.territories import departement
from cdppe_analysis.typography import euros, interval, number, percent, typeset

if TYPE_CHECKING:
    from cdppe_analysis.data import Data
    from cdppe_analysis.reports.pages import Report

_RULE, _MOVED = (
    "ondam-ms-2020",
    {"ase": "ase-seule", "population": "population-seule-0-19", "mise_a_jour": "millesime-ase-2022"},
)
_ASPECTS = ("epp", "epnp", "vad_infirmiere", "consultation")
PHRASE = (
    "Les montants publiés de la contractualisation en prévention et protection de l’enfance, ramenés à leurs critères, "
    "mis sur une carte et comparés à ce qu’une autre règle aurait donné."
)


@dataclass(frozen=True)
class Site:
    """What was written, and what was not."""

    home: Path
    reports: tuple[Path, ...]
    failures: tuple[Execution, ...]
    pdf: Path | None


def write_site(
    notebooks: Path,
    out: Path,
    *,
    names: Sequence[str] = (),
    jobs: int = 2,
    pdf: bool = False,
    territories: Sequence[Mapping[str, str]] = (),
    announce: Announce,
) -> Site:
    """Execute the notebooks and write the site.

    Parameters
    ----------
    notebooks
        The folder of the notebooks; only those named NN-name.ipynb are reports.
    out
        The folder of the site, made where it does not exist.
    names
        The notebooks to execute; all of them by default. The others stay in the site if they are up to date.
    jobs
        Notebooks executed at once.
    pdf
        Write one PDF of all the reports too.
    territories
        The sheets that the index lets search: `titre`, and `fichier` from the folder of the site.
    announce
        Called with each line of progress.

    Raises
    ------
    ReportError
        When there is no notebook, a name is none, the folder cannot be made, or a PDF is asked for without a Chromium.
    """
    if pdf:
        required_chromium()
    cache = out / ".cache"
    executions = _executed(notebooks, cache, names, jobs, announce)
    mark = _mark(executions, territories, site_pages(out))
    pages = tuple(out / f"{execution.notebook.stem}.html" for execution in executions)
    index = out / "index.html"
    if not pdf and all(page.is_file() for page in (*pages, index)) and mark in index.read_text(encoding="utf-8"):
        announce("site: unchanged")
        return Site(index, pages, (), None)
    sheets = frozenset(Path(one["fichier"]).stem for one in territories)
    reports, failures = _read(executions, out, sheets, announce)
    from cdppe_analysis.reports.sources import write_sources

    write_sources(out, _uses(reports), announce=announce)
    _write_pages(out, reports, failures, territories, mark)
    _forget(out, cache, reports, executions)
    printed = _print_all(out, reports) if pdf and reports else None
    return Site(index, tuple(out / report.fichier for report in reports), tuple(failures), printed)


def write_study(data: Data, out: Path, *, names: Sequence[str] = (), jobs: int = 2, announce: Announce) -> Site:
    """Execute the notebooks of a study and write their pages, with an index.

    Parameters
    ----------
    data
        The study; its notebooks stand in the folder `notebooks`.
    out, names, jobs, announce
        As for `write_site`.

    Raises
    ------
    ReportError
        When there is no notebook, a name is none, or the folder cannot be made.
    """
    cache, index = out / ".cache", out / "index.html"
    executions = _executed((data.folder / "notebooks").resolve(), cache, names, jobs, announce)
    reports, failures = _read(executions, out, None, announce)
    titles = [typeset(source.titre) for source in data.sources.values()]
    site = titles[0] if titles else data.folder.resolve().name
    common = {
        "site": site,
        "pied": Foot.of(data.folder, site),
        "racine": "",
        "glossaire": None,
        "portes": {index.name: "Accueil"},
        "rapports": reports,
    }
    _write_reports(out, reports, common)
    phrase = "Des montants publiés, une règle, et ce qui reste à compléter."
    about = {"titre": site, "phrase": phrase, "fichier": index.name, "echecs": failures}
    write_text(index, render("etude.html.j2", genre="page-accueil", **about, **common))
    _forget(out, cache, reports, executions)
    return Site(index, tuple(out / report.fichier for report in reports), tuple(failures), None)


def _executed(notebooks: Path, cache: Path, names: Sequence[str], jobs: int, announce: Announce) -> list[Execution]:
    """Execute the notebooks that are named, all by default, and find the others where they are up to date."""
    chosen = find_notebooks(notebooks, names)
    others = [path for path in numbered_notebooks(notebooks) if path not in chosen] if names else []
    made_folder(cache, "reports")
    return execute_notebooks(chosen, cache, jobs=jobs, announce=announce, others=others)


def _read(
    executions: Sequence[Execution], out: Path, sheets: frozenset[str] | None, announce: Announce
) -> tuple[list[Report], list[Execution]]:
    """Read the reports of what was executed, their figures written; and what failed.

    A report that was read is kept beside the executed copy, for as long as the copy, the sheets and the other notebooks
    are the same, and the files of its figures are there.

    `sheets` are the départements whose sheets are in the site; nothing leads to sources or sheets without them.
    """
    # What reads notebooks is slow to import, and a site that is up to date has no need of it.
    from cdppe_analysis.reports.pages import Report

    reports: list[Report] = []
    failures: list[Execution] = []
    for execution in executions:
        if execution.executed is None:
            failures.append(execution)
            continue
        kept, beside = execution.executed.with_suffix(".json"), execution.notebook.parent.glob("*.ipynb")
        made_of = [sorted(path.name for path in beside), None if sheets is None else sorted(sheets)]
        report = Report.kept(kept, made_of)
        if report is not None and all(file.is_file() for file in _figure_files(report, out)):
            reports.append(report)
            continue
        try:
            report = Report.read(execution.executed, execution.notebook, sheets)
        except ReportError as error:
            announce(f"{execution.notebook.stem}: FAILED: {error}")
            failures.append(Execution(execution.notebook, None, None, str(error)))
            continue
        if report.sans_alternative:
            announce(f"{report.nom}: {report.sans_alternative} picture(s) without a description of their own")
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        contents = [content for figure in report.figures for content in figure.files.values()]
        for file, content in zip(_figure_files(report, out), contents, strict=True):
            with replaced(file) as temporary:
                temporary.write_bytes(content)
        reports.append(replace(report, figures=tuple(figure.named for figure in report.figures)))
        reports[-1].keep(kept, made_of)
    return reports, failures


def _figure_files(report: Report, out: Path) -> list[Path]:
    return [out / FOLDER / f"{figure.nom}.{suffix}" for figure in report.figures for suffix in figure.files]


def _mark(executions: Sequence[Execution], territories: Sequence[Mapping[str, str]], doors: Mapping[str, str]) -> str:
    """Return the digest of all that the pages are made of."""
    copies = [execution.executed.name if execution.executed else "" for execution in executions]
    made_of = f"{Foot.of().auteur} {Foot.of().empreinte} {copies} {list(territories)} {list(doors)}"
    return hashlib.sha256(made_of.encode()).hexdigest()


def _uses(reports: Sequence[Report]) -> dict[str, list[dict[str, str]]]:
    """Return the figures that name each source."""
    figures: dict[str, list[dict[str, str]]] = defaultdict(list)
    for report in reports:
        for figure in report.figures:
            said = {"numero": str(figure.numero), "titre": typeset(figure.titre), "ancre": figure.ancre}
            for source in figure.sources:
                figures[source].append({"page": report.fichier, "rapport": report.titre, **said})
    return dict(figures)


def _write_pages(
    out: Path,
    reports: Sequence[Report],
    failures: Sequence[Execution],
    territories: Sequence[Mapping[str, str]],
    mark: str,
) -> None:
    from cdppe_analysis.data import Data
    from cdppe_analysis.tables.estimates import methods

    common = {"pied": Foot.of(), "racine": "", "rapports": reports, "portes": site_pages(out)}
    _write_reports(out, reports, common)
    data = Data.open()
    glossary = render(
        "glossaire.html.j2",
        genre="page-glossaire",
        titre="Les mots et les formules",
        phrase="Les sigles, les mesures, les calculs du projet et ses estimations, avec leurs formules.",
        fichier=GLOSSARY,
        mots=entries(),
        methodes=methods(),
        noms={one.id: one.titre for name in data.rules() for one in data.rule(name).criteres},
        **common,
    )
    write_text(out / GLOSSARY, glossary)
    index = render(
        "accueil.html.j2",
        genre="page-accueil",
        titre=SITE,
        phrase=PHRASE,
        fichier="index.html",
        echecs=failures,
        territoires=territories,
        chiffres=_findings() if reports else {},
        marque=mark,
        **common,
    )
    write_text(out / "index.html", index)


@cache
def _findings() -> dict[str, str]:
    """Return the figures that the index prints, by their names in its template; none without the rule of 2020.

    Each is the exact result of a rule or a count of a table, computed from the data when the site is written, never
    typed; nothing is drawn here, the intervals are in the reports.

    Examples
    --------
    >>> _findings()["identiques"], _findings()["beneficiaires"]
    ('30', '30')
    """
    from cdppe_analysis.allocation import allocate
    from cdppe_analysis.data import Data
    from cdppe_analysis.simulation.coverage import WHOLE, coverage
    from cdppe_analysis.studies.preparation import compare_prepared, prepare

    data = Data.open()
    if _RULE not in data.rules():
        return {}
    rule, published, needs = data.rule(_RULE), data.published[_RULE], data.needs("sessad-ase")
    alone = replace(rule, arrondi=replace(rule.arrondi, methode="independant"))
    amounts = allocate(alone, data.criteria(rule)).final
    children = data.protected_children(needs, list(published))
    rates = {code: amount / children[code] for code, amount in published.items()}
    least, most = min(rates, key=rates.__getitem__), max(rates, key=rates.__getitem__)
    moved = {
        name: compare_prepared(prepare(data.scenario(one), data)).measure("part_deplacee")
        for name, one in _MOVED.items()
    }
    covered = coverage({code: float(amount) for code, amount in published.items()}, children, needs)
    whole = covered.set_index("code_departement").loc[WHOLE].to_dict()
    pmi, targets = data.table("pmi"), data.table("reperes")
    aimed = targets["nature"].eq("cible") & targets["contractualisation"].eq("2025-2027") & targets["unite"].eq("%")
    targets = targets[aimed].set_index("repere")
    values = pmi[pmi["annee"].eq(pmi["annee"].max()) & pmi["indicateur"].isin(_ASPECTS)].dropna(subset=["valeur"])
    reached = values["valeur"].astype(float) >= values["indicateur"].map(targets["valeur"]).astype(float)
    names = {code: departement(code).libelle for code in (least, most)}
    low, high = map(float, needs.prevalence)
    return {
        "enveloppe": euros(rule.enveloppe),
        "beneficiaires": number(len(published)),
        "identiques": number(sum(amounts[code] == amount for code, amount in published.items())),
        "moindre": euros(rates[least]),
        "moindre_nom": names[least],
        "plus": euros(rates[most]),
        "plus_nom": names[most],
        "rapport": number(rates[most] / rates[least], 1),
        **{f"deplace_{name}": percent(share, 0) for name, share in moved.items()},
        "places": number(float(whole["places"])),
        "couverture": interval(100 * whole["couverture_basse"], 100 * whole["couverture_haute"], unit="%"),
        "prevalence": interval(100 * low, 100 * high, unit="%"),
        "cellules_perdues": percent(float(pmi["valeur"].isna().mean()), 0),
        "annee_pmi": str(pmi["annee"].max()),
        "taux_connus": number(len(values)),
        "cibles_atteintes": number(int(reached.sum())),
    }


def _write_reports(out: Path, reports: Sequence[Report], common: Mapping[str, Any]) -> None:
    for place, report in enumerate(reports):
        page = render(
            "rapport.html.j2",
            genre="rapport",
            fichier=report.fichier,
            precedent=reports[place - 1] if place else None,
            suivant=reports[place + 1] if place + 1 < len(reports) else None,
            **vars(report),
            **common,
        )
        write_text(out / report.fichier, page)


def _forget(out: Path, cache: Path, reports: Sequence[Report], executions: Sequence[Execution]) -> None:
    pages = {report.fichier for report in reports}
    kept = {execution.executed for execution in executions}
    for page in out.glob("[0-9][0-9]-*.html"):
        if page.name not in pages:
            page.unlink()
    figures = {figure.nom for report in reports for figure in report.figures}
    for file in (out / FOLDER).glob("*"):
        if file.stem not in figures:
            file.unlink()
    for copy in (*cache.glob("*.ipynb"), *cache.glob("*.json")):
        if copy.with_suffix(".ipynb") not in kept:
            copy.unlink()


def _print_all(out: Path, reports: Sequence[Report]) -> Path:
    page, target = out / ".cache" / "ensemble.html", out / "rapports.pdf"
    text = render(
        "ensemble.html.j2",
        genre="rapport",
        titre=SITE,
        phrase=PHRASE,
        fichier="",
        racine="",
        base=None,
        glossaire=None,
        pied=Foot.of(),
        rapports=reports,
    )
    write_text(page, text)
    print_pdf(page, target)
    page.unlink()
    return target

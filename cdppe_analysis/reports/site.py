"""The site of the reports: executed notebooks, an index, and one PDF of them all where it is asked for.

A page stands in the site only while it is the report of its notebook as it is now: what is stale, or failed, is taken
away. Every file is written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdppe_analysis.data import Data
from cdppe_analysis.errors import ReportError
from cdppe_analysis.printing.chromium import find_chromium, print_pdf
from cdppe_analysis.printing.layout import SITE, Announce, foot, render
from cdppe_analysis.reports.execution import Execution, execute_notebooks, find_notebooks
from cdppe_analysis.reports.pages import Report, read_report
from cdppe_analysis.storage.writing import write_text
from cdppe_analysis.typography import typeset

PHRASE = (
    "Les montants publiés de la contractualisation en prévention et protection de l’enfance, ramenés à leurs critères, "
    "mis sur une carte et comparés à ce qu’une autre règle aurait donné."
)


@dataclass(frozen=True)
class Site:
    """What was written, and what was not."""

    accueil: Path
    rapports: tuple[Report, ...]
    echecs: tuple[Execution, ...]
    pdf: Path | None


def write_site(
    notebooks: Path,
    out: Path,
    *,
    names: Sequence[str] = (),
    jobs: int = 2,
    pdf: bool = False,
    territories: Sequence[Mapping[str, str]] = (),
    study: Data | None = None,
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
    study
        The study that the notebooks are of; the project's own when left out.
    announce
        Called with each line of progress.

    Raises
    ------
    ReportError
        When there is no notebook, a name is none, the folder cannot be made, or a PDF is asked for without a Chromium.
    """
    if pdf and find_chromium() is None:
        raise ReportError("--pdf needs Chromium or Chrome, which is not installed (or set CDPPE_CHROMIUM to its path)")
    chosen = find_notebooks(notebooks, names)
    others = [path for path in sorted(notebooks.glob("[0-9][0-9]-*.ipynb")) if path not in chosen] if names else []
    cache = out / ".cache"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"cannot make the folder of the reports: {error.strerror}", cell=str(out)) from error
    executions = execute_notebooks(chosen, cache, jobs=jobs, announce=announce)
    executions += execute_notebooks(others, cache, jobs=1, announce=announce, only_cached=True)
    executions.sort(key=lambda execution: execution.notebook.name)
    reports, failures = [], []
    for execution in executions:
        if execution.executed is None:
            failures.append(execution)
            continue
        try:
            report = read_report(execution.executed, execution.notebook.stem, execution.notebook.parent)
        except ReportError as error:
            announce(f"{execution.notebook.stem}: FAILED: {error}")
            failures.append(Execution(execution.notebook, None, None, str(error)))
            continue
        if report.sans_alternative:
            announce(f"{report.nom}: {report.sans_alternative} picture(s) without a description of their own")
        reports.append(report)
    _write_pages(out, reports, failures, territories, study)
    _forget(out, cache, reports, executions)
    printed = _print_all(out, reports) if pdf and reports else None
    return Site(out / "index.html", tuple(reports), tuple(failures), printed)


def _write_pages(
    out: Path,
    reports: Sequence[Report],
    failures: Sequence[Execution],
    territories: Sequence[Mapping[str, str]],
    study: Data | None,
) -> None:
    common: dict[str, Any] = {"pied": foot(study.folder if study else None), "racine": "", "rapports": reports}
    if study is not None:
        titles = [source.titre for source in study.sources.values()]
        common["site"] = typeset(titles[0] if titles else study.folder.resolve().name)
    for place, report in enumerate(reports):
        page = render(
            "rapport.html.j2",
            genre="rapport",
            titre=report.titre,
            phrase=report.phrase,
            fichier=report.fichier,
            sommaire=report.sommaire,
            corps=report.corps,
            scripts=report.scripts,
            avec_code=report.avec_code,
            precedent=reports[place - 1] if place else None,
            suivant=reports[place + 1] if place + 1 < len(reports) else None,
            **common,
        )
        write_text(out / report.fichier, page)
    failed = [{"nom": one.notebook.stem, "cellule": one.cell, "raison": one.reason} for one in failures]
    index = render(
        "accueil.html.j2",
        genre="page-accueil",
        titre=common.get("site", SITE),
        phrase=PHRASE
        if study is None
        else "Une étude\u00a0: ses montants publiés, sa règle, ce qui reste à compléter.",
        fichier="index.html",
        etude=study is not None,
        echecs=failed,
        territoires=territories,
        avec_sources=(out / "sources.html").is_file(),
        avec_simulateur=(out / "simulateur.html").is_file(),
        **common,
    )
    write_text(out / "index.html", index)


def _forget(out: Path, cache: Path, reports: Sequence[Report], executions: Sequence[Execution]) -> None:
    pages = {report.fichier for report in reports}
    kept = {execution.executed for execution in executions}
    for page in out.glob("[0-9][0-9]-*.html"):
        if page.name not in pages:
            page.unlink()
    for copy in cache.glob("*.ipynb"):
        if copy not in kept:
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
        pied=foot(),
        rapports=reports,
    )
    write_text(page, text)
    print_pdf(page, target)
    page.unlink()
    return target

"""The results of scenarios as files: a workbook or a CSV for people, and the record of each run beside it.

Text that a spreadsheet would take for a formula is written as text. Every table carries the scenario, the version and
the prints of what went in and came out.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cdppe_analysis.errors import ScenarioError
from cdppe_analysis.rules import Scenario
from cdppe_analysis.storage.files import check_writable, replaced, write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.studies.running import StudyResult

_LEVELS = ("05", "25", "50", "75", "95")
_HEADINGS = {
    "code_departement": "Code",
    "libelle_departement": "Département",
    "code_region": "Code de la région",
    "libelle_region": "Région",
    "situation": "Situation",
    "groupe": "Groupe (sur la base)",
    "avant": "Avant",
    "apres": "Après",
    "difference": "Différence",
    "difference_pct": "Différence (part du montant de base)",
    "avant_par_enfant": "Avant, par enfant protégé",
    "difference_par_enfant": "Différence par enfant protégé",
    "rang_avant": "Rang avant",
    "rang_apres": "Rang après",
    "rang_variation": "Rangs gagnés",
    "effet": "Effet",
    "probabilite_gain": "Part des tirages où il gagne",
    "probabilite_perte": "Part des tirages où il perd",
    "probabilite_plancher": "Part des tirages au minimum",
    "probabilite_plafond": "Part des tirages au maximum",
    "probabilite_garantie": "Part des tirages à la garantie",
    "moyenne": "Montant, moyenne",
    "ecart_type": "Montant, écart type",
    "ecart_moyen": "Écart à la base, moyenne",
    **{f"q{level}": f"Montant, quantile à {int(level)} %" for level in _LEVELS},
    **{f"ecart_q{level}": f"Écart à la base, quantile à {int(level)} %" for level in _LEVELS},
    **{f"rang_q{level}": f"Rang, quantile à {int(level)} %" for level in _LEVELS},
}

_MEASURES = {
    "enveloppe": "Enveloppe (€)",
    "unites": "Bénéficiaires",
    "gini": "Gini, par enfant protégé",
    "theil": "Theil, par enfant protégé",
    "theil_entre_regions": "Theil entre régions",
    "theil_dans_regions": "Theil dans les régions",
    "entrants": "Entrants",
    "sortants": "Sortants",
    "gagnants": "Gagnants",
    "perdants": "Perdants",
    "inchanges": "Inchangés",
    "argent_ajoute": "Ajouté à l'enveloppe, ou retiré si moins de 0 (€)",
    "argent_deplace": "Argent qui change de mains (€)",
    "part_deplacee": "Argent qui change de mains (part de l'enveloppe de base)",
    "correlation_des_rangs": "Corrélation des rangs",
}

_PER_UNIT = ("avant", "apres", "difference", "avant_par_enfant", "difference_par_enfant")
_EUROS = frozenset({*_PER_UNIT, "moyenne", "ecart_type", "ecart_moyen"})

_ESTIMATES = (
    "Un scénario est une simulation du projet, et non une décision. L'indice de besoin n'est pas publié : il est "
    "déduit des montants de 2020. Plusieurs critères sont des estimations ; leurs variantes sont dans la table des "
    "critères."
)


def write_results(results: Sequence[StudyResult], path: str | Path) -> list[Path]:
    """Write the tables of some scenarios to a workbook (.xlsx) or a CSV, and the record of each beside it.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ScenarioError
        When the suffix is neither .csv nor .xlsx.
    TableError
        When the file cannot be written there.
    """
    file = Path(path)
    scenarios = [result.prepared.scenario for result in results]
    check_destination(file, scenarios)
    records = _records(file, scenarios)
    # All are written before the first takes its place: a table without its record would be half a result.
    with contextlib.ExitStack() as places:
        table, *beside = [places.enter_context(replaced(place)) for place in (file, *records)]
        if file.suffix.lower() == ".xlsx":
            _write_workbook(results, table)
        else:
            frame = pd.concat([_bound(result) for result in results], ignore_index=True)
            texts = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name].dtype)]
            frame[texts] = frame[texts].map(_as_text, na_action="ignore")
            write_csv(frame, table)
        for result, record in zip(results, beside, strict=True):
            write_text(record, json.dumps(result.record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return [file, *records]


def check_destination(path: Path, scenarios: Sequence[Scenario]) -> None:
    """Check that the results of scenarios and their records can be written there, before a long run.

    Raises
    ------
    ScenarioError
        When the suffix is neither .csv nor .xlsx.
    TableError
        When the file cannot be written there.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise ScenarioError(f"a result is written to .csv or .xlsx, not to {path.suffix or 'a file without suffix'!r}")
    for place in (path, *_records(path, scenarios)):
        check_writable(place)


def _records(file: Path, scenarios: Sequence[Scenario]) -> list[Path]:
    middles = ["" if len(scenarios) == 1 else f".{scenario.file_stem}" for scenario in scenarios]
    return [file.with_name(f"{file.stem}{middle}.registre.json") for middle in middles]


def _bound(result: StudyResult) -> pd.DataFrame:
    """Return the table of a result, each row bound to its scenario, version and prints."""
    table = result.table.copy()
    table.insert(0, "scenario", pd.Series([result.prepared.scenario.id] * len(table), dtype="str"))
    for name, value in _prints(result).items():
        table[name] = pd.array([value] * len(table), dtype="str")
    return table


def _prints(result: StudyResult) -> dict[str, str]:
    return {
        "version": result.record["entrees"]["versions"]["cdppe-analysis"],
        "empreinte_des_entrees": result.record["empreinte_des_entrees"],
        "empreinte_du_resultat": result.record["empreinte_du_resultat"],
    }


def _as_text(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula, by the mark that it takes for « text »."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write_workbook(results: Sequence[StudyResult], path: Path) -> None:
    from cdppe_analysis.figures.tables import Worksheet, write_workbook

    wholes = [result.comparison.overall.assign(scenario=result.prepared.scenario.id) for result in results]
    whole = pd.concat(wholes, ignore_index=True)[["scenario", "mesure", "avant", "apres", "difference"]]
    whole["mesure"] = whole["mesure"].map(_MEASURES).astype("str")
    headings = {"scenario": "Scénario", "mesure": "Mesure", "avant": "Avant", "apres": "Après", "difference": "Écart"}
    sheets = [Worksheet("ensemble", "Ce que chaque scénario change à l'ensemble", whole, headings=headings)]
    for rank, result in enumerate(results, start=1):
        table = result.table
        sheets.append(
            Worksheet(
                f"{rank} {_sheet_name(result.prepared.scenario.id)}"[:31],
                result.prepared.scenario.titre,
                table,
                headings={name: _heading(name) for name in table.columns},
                units={name: "€" for name in table.columns if _in_euros(name)},
            )
        )
    write_workbook(
        path,
        sheets,
        sources=_sources(results),
        parameters={
            f"{result.prepared.scenario.id}, {name}": value
            for result in results
            for name, value in _parameters(result).items()
        },
        notes=[_ESTIMATES],
    )


def _heading(name: str) -> str:
    if name.startswith("erreur_"):
        return f"{_heading(name.removeprefix('erreur_'))} : erreur de tirage"
    return _HEADINGS.get(name) or name.replace("contribution ", "Contribution de ")


def _sheet_name(identifier: str) -> str:
    return "".join("-" if letter in "[]:*?/\\" else letter for letter in identifier)


def _in_euros(name: str) -> bool:
    figure = name.removeprefix("erreur_")
    return figure in _EUROS or figure.startswith(("q", "ecart_q", "contribution "))


def _sources(results: Sequence[StudyResult]) -> list[str]:
    """Return the titles of the documents and series that were read."""
    documents = results[0].prepared.data.sources
    tables = [table for result in results for table in result.prepared.tables.values()]
    named = sorted({str(source) for table in tables for source in table["source"].unique()})
    return [f"{documents[name].titre} ({documents[name].editeur})" if name in documents else name for name in named]


def _parameters(result: StudyResult) -> dict[str, str]:
    scenario, inputs = result.prepared.scenario, result.record["entrees"]
    return {
        "titre": scenario.titre,
        "auteur": scenario.auteur,
        "reference": scenario.reference,
        "base": scenario.base,
        "raisonnement": scenario.raisonnement,
        **{f"difference {path}": str(value) for path, value in scenario.differences},
        "tirages": str(inputs["tirages"]),
        "graine": "" if inputs["graine"] is None else str(inputs["graine"]),
        **{f"empreinte table {name}": print_ for name, print_ in inputs["tables"].items()},
        **_prints(result),
    }

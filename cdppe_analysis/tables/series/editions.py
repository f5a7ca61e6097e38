"""Add a workbook that was read to a data folder, as an edition: raw cells with their address, source, hash.

A raw table `series.csv` a publication holds one row a cell: serie, annee, code_departement, valeur, unite, feuille,
cellule. Kept are the series and the years that `publications.yml` says under `garder`, so that the data stay small. The
entry of the catalogue is written at the end of `sources.yml`, whose comments are left as they are.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import yaml

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import load_sources
from cdppe_analysis.sources.raw import sha256
from cdppe_analysis.storage.files import write_text
from cdppe_analysis.storage.tables import write_csv
from cdppe_analysis.tables.series.reading import Reading

TABLE = "series"
COLUMNS = {
    "serie": "Série (titre du tableau et de la colonne)",
    "annee": "Année",
    "code_departement": "Code du département",
    "valeur": "Cellule",
    "unite": "Unité",
    "feuille": "Feuille du classeur",
    "cellule": "Adresse dans la feuille",
}
"""Columns of the raw table, each with what it holds."""


def kept(reading: Reading) -> pd.DataFrame:
    """Return the rows of a reading that are kept in a data folder, columns of `COLUMNS`."""
    rules = reading.publication.garder
    rows = reading.rows
    wanted = rows["serie"].map(lambda serie: any(re.fullmatch(pattern, serie) for pattern in rules["series"]))
    return rows.loc[wanted & rows["annee"].ge(rules["depuis"]), list(COLUMNS)].reset_index(drop=True)


def add_edition(reading: Reading, workbook: str | Path, folder: Path) -> pd.DataFrame:
    """Write the raw table and the entry of the catalogue, and return the rows kept; nothing for a file already there.

    Parameters
    ----------
    reading
        The workbook read.
    workbook
        The file itself, for its hash.
    folder
        The data folder, which holds `raw/` and `sources.yml`.

    Raises
    ------
    SourceError
        When the edition is there from another file, or when the folder is no data folder; nothing is then written.
    """
    edition, catalogue = reading.publication.edition, folder / "sources.yml"
    sources, own = load_sources(folder), sha256(Path(workbook))
    if edition in sources:
        if sources[edition].empreinte == own:
            return kept(reading)
        raise SourceError(f"the edition {edition!r} is there already, from another file", cell=str(catalogue))
    rows = kept(reading)
    if rows.empty:
        raise SourceError(f"the edition {edition!r} holds none of the series that are kept", cell=str(workbook))
    raw = folder / "raw" / edition / f"{TABLE}.csv"
    raw.parent.mkdir(parents=True, exist_ok=True)
    printed = rows.assign(valeur=rows["valeur"].map(lambda value: f"{value:.15g}"))
    write_csv(
        printed.rename_axis("ligne").pipe(lambda frame: frame.set_axis(frame.index + 1)).reset_index(names="ligne"), raw
    )
    write_text(
        catalogue, catalogue.read_text(encoding="utf-8").rstrip("\n") + "\n" + _entry(reading, own, raw, workbook)
    )
    return rows


def _entry(reading: Reading, own: str, raw: Path, workbook: str | Path) -> str:
    publication = reading.publication
    entry = {
        "id": publication.edition,
        "titre": publication.titre,
        "editeur": publication.editeur,
        "date": publication.date,
        "licence": publication.licence,
        "nature": "serie",
        "note": f"Lu dans le classeur {Path(workbook).name} ; chaque ligne donne sa feuille et sa cellule.",
        "empreinte": own,
        "fichiers": [
            {
                "tableau": TABLE,
                "chemin": f"{publication.edition}/{TABLE}.csv",
                "sha256": sha256(raw),
                "section": "Tableaux par département",
                "titre": "Séries, une ligne par cellule du classeur",
                "colonnes": COLUMNS,
            }
        ],
    }
    text = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=110)
    return "".join(f"  {line}\n" for line in text.splitlines())

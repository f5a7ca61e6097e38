"""The tables that others refer to.

`territoires.csv` has the 101 départements and their régions, from the Code officiel géographique of 2020; `unites.csv`
every unit that a source counts; `sources.csv` the catalogue.
"""

from __future__ import annotations

import pandas as pd

from cdppe_analysis.sources import Archive
from cdppe_analysis.territories import DEPARTEMENTS, OTHER_UNITS, components

UNDATED = "n. d."
"""What the catalogue says of an edition whose date is unknown."""


def build_territories(archive: Archive) -> pd.DataFrame:
    """Return the 101 départements ordered by code.

    Returns
    -------
    DataFrame
        Columns code_departement, libelle_departement, code_region, libelle_region.
    """
    cells = archive.raw("insee-cog-2020", "departements").cells
    return cells.sort_values("code_departement", ignore_index=True)


def build_units(archive: Archive) -> pd.DataFrame:  # noqa: ARG001 - the units come with the package
    """Return the 101 départements and the units that stand for some, ordered by code.

    Returns
    -------
    DataFrame
        Columns code_departement, libelle, composantes (codes of the départements covered, separated by a space).
    """
    units = {**DEPARTEMENTS, **OTHER_UNITS}
    codes = sorted(units)
    return pd.DataFrame(
        {
            "code_departement": codes,
            "libelle": [units[code].libelle for code in codes],
            "composantes": [" ".join(components(code)) for code in codes],
        }
    )


def build_sources(archive: Archive) -> pd.DataFrame:
    """Return the catalogue of sources, in its order.

    Returns
    -------
    DataFrame
        Columns source, titre, editeur, date, licence, nature, empreinte; an unknown date is empty, and so
        is the empreinte of what is no document.
    """
    sources = list(archive.sources.values())
    names = ("titre", "editeur", "date", "licence", "nature")
    columns: dict[str, list[str]] = {"source": [source.id for source in sources]}
    columns |= {name: [str(getattr(source, name)) for source in sources] for name in names}
    columns["date"] = ["" if date == UNDATED else date for date in columns["date"]]
    columns["empreinte"] = [source.empreinte or "" for source in sources]
    return pd.DataFrame(columns)

"""The table `objectifs.csv`: the 26 objectives of 2020-2022 and the 14 of 2025-2027, with the envelope that pays.

2020: the titles are those of annex 2, the envelope and the character (`fondamental`, `facultatif`) those of annex 4,
the engagement that of annex 6; annex 4 lists objective 24 under two envelopes, which makes two rows. 2025: number,
title, character and envelope are those of the table that closes annex 1, the axis that of its sections. A character
printed once for several rows (« A minima de l'un des trois objectifs ») holds for all of them.

Known drawback: the titles vary from one annex to another; `docs/differences.md` lists the variants.
"""

from __future__ import annotations

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive

CIRCULAIRE = "circulaire-2020-34"
INSTRUCTION = "instruction-2025-60"
ENVELOPES = {
    "FIR": "fir",
    "programme 304": "programme_304",
    "P. 304": "programme_304",
    "ONDAM médico-social": "ondam_ms",
    "ONDAM MS": "ondam_ms",
}
CHARACTERS = {
    "Objectif fondamental": "fondamental",
    "Objectifs fondamentaux": "fondamental",
    "Objectif facultatif": "facultatif",
    "Objectifs facultatifs": "facultatif",
    "Obligatoire": "obligatoire",
    "Facultatif": "facultatif",
    "A minima de l'un des trois objectifs": "un_des_trois_au_moins",
}


def build(archive: Archive) -> pd.DataFrame:
    """Return both lists of objectives, ordered by number.

    Returns
    -------
    DataFrame
        Columns of the schema, one row an objective and an envelope.

    Raises
    ------
    SourceError, CorrectionError
        When a raw file changed or a correction matches nothing.
    TableError
        When a number stands in one annex only, when annexes 4 and 6 give it another character, or a heading is unknown.
    """
    return pd.concat([_of_2020(archive), _of_2025(archive)], ignore_index=True)[archive.columns("objectifs")]


def _of_2020(archive: Archive) -> pd.DataFrame:
    titles = _numbered("annexe2-objectifs", CIRCULAIRE, archive)[["numero", "libelle", "ref"]]
    paid = _numbered("annexe4-objectifs", CIRCULAIRE, archive)[["numero", "enveloppe", "caractere", "ref"]]
    detailed = _numbered("annexe6-objectifs", CIRCULAIRE, archive)[["numero", "engagement", "caractere", "ref"]]
    rows = titles.merge(paid, on="numero", how="outer", validate="one_to_many", suffixes=("", "_4"))
    rows = rows.merge(detailed, on="numero", how="outer", validate="many_to_one", suffixes=("", "_6"))
    _check_complete(rows, CIRCULAIRE)
    rows["caractere"] = _mapped(rows["caractere"], CHARACTERS, CIRCULAIRE)
    other = rows["numero"][rows["caractere"] != _mapped(rows["caractere_6"], CHARACTERS, CIRCULAIRE)]
    if len(other):
        raise TableError(f"objective {other.iloc[0]} has another character in annex 6", cell=CIRCULAIRE)
    return rows.assign(
        contractualisation="2020-2022",
        enveloppe=_mapped(rows["enveloppe"], ENVELOPES, CIRCULAIRE),
        source=CIRCULAIRE,
        emplacement=rows["ref"] + "; " + rows["ref_4"] + "; " + rows["ref_6"],
    ).sort_values(["numero", "enveloppe"])


def _of_2025(archive: Archive) -> pd.DataFrame:
    table = _numbered("annexe1-tableau", INSTRUCTION, archive)
    text = _numbered("annexe1-objectifs", INSTRUCTION, archive)[["numero", "axe", "ref"]]
    rows = table.merge(text, on="numero", how="outer", validate="one_to_one", suffixes=("", "_texte"))
    _check_complete(rows, INSTRUCTION)
    printed_once = rows["caractere"].replace("", None).ffill()
    return rows.assign(
        contractualisation="2025-2027",
        engagement=rows["axe"],
        caractere=_mapped(printed_once, CHARACTERS, INSTRUCTION),
        enveloppe=_mapped(rows["enveloppe"], ENVELOPES, INSTRUCTION),
        source=INSTRUCTION,
        emplacement=rows["ref"] + "; " + rows["ref_texte"],
    ).sort_values("numero")


def _numbered(tableau: str, source: str, archive: Archive) -> pd.DataFrame:
    raw = archive.corrected(source, tableau)
    refs = [raw.reference(ligne) for ligne in raw.cells.index]
    return raw.cells.assign(numero=raw.cells["numero"].astype("int64"), ref=refs)


def _check_complete(rows: pd.DataFrame, source: str) -> None:
    incomplete = rows["numero"][rows.isna().any(axis=1)]
    if len(incomplete):
        raise TableError(f"objective {incomplete.iloc[0]} is not in every annex", cell=source)


def _mapped(printed: pd.Series, known: dict[str, str], source: str) -> pd.Series:
    unknown = sorted(set(printed) - set(known))
    if unknown:
        raise TableError(f"{unknown[0]!r} is no heading of the objectives", cell=source)
    return printed.map(known)

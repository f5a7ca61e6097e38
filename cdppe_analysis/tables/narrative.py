"""The tables drawn from the texts: prevalence, stays, figures of the contract, schemes, deadlines, objectives.

A raw table of running text has, for each figure, the few printed words that hold it (`imprime`), where they stand
(`section`, `ligne_texte`), and the project's own description of what is measured. Every builder raises SourceError or
CorrectionError when a raw file changed or a correction matches nothing, TableError when a cell is no figure or no date,
and TerritoryError when a territory is unknown.

`prevalence.csv`, from the feedback session of the Club des Territoires: what the documents say of children both
protected and disabled. Each row keeps its own population and its own definition: a « situation de handicap » is an
estimate, a « notification MDPH » a decision, an « orientation » another, and being followed by the ASE in a
medico-social establishment is the reverse of all three. They are never added nor averaged. A range stays a range, and a
passage without a figure has no value. Known drawback: no document gives the size of the populations that were observed,
but for the SAS of the Somme.

`sejours.csv`, from the box of its introduction: the Loiret's three mean stays in its children's home, in days and in
printed months. The box prints its labels apart from its figures, in the same order; the text says that ten months are
the children with a disability. Known drawback: no count of children or of stays is printed, nor the year.

`reperes.csv`: the other figures that the documents print, national targets first. One row a figure: what is measured
(`repere`, the identifier of `pmi` where it is the same indicator), its nature (`cible` to reach, `donnee` observed,
`credit` in euros, `regle` of the contract, `effectif` counted), the objective it belongs to if any. Two passages that
contradict each other are two rows. Known drawback: the amounts and weights that share the envelopes are in the rules.

`dispositifs.csv`: the schemes of the feedback session, and the three « SESSAD ASE » of the Nord. One row a scheme and a
figure (`indicateur`, `valeur`, `unite`); a scheme that the document describes without a figure has one row without.
`places` and `ouverture` are those of the scheme, repeated on its rows. Known drawback: an opening that the document
only announces (Loiret, Nord) is written like one that took place; the date tells them apart.

`echeances.csv`: the reverse planning of 2020 and every date and deadline of both contracts. `jours_avant_j` is the
number of days that the reverse planning counts back from its « Jour J »; the other dates have none. A step that two
passages date otherwise has two rows. Known drawback: a deadline relative to the signature has no date.

`objectifs.csv`: the 26 objectives of 2020-2022 and the 14 of 2025-2027, with the envelope that pays. 2020: the titles
are those of annex 2, the envelope and the character (`fondamental`, `facultatif`) those of annex 4, the engagement that
of annex 6; annex 4 lists objective 24 under two envelopes, which makes two rows. 2025: number, title, character and
envelope are those of the table that closes annex 1, the axis that of its sections. A character printed once for several
rows (« A minima de l'un des trois objectifs ») holds for all of them. Known drawback: the titles vary from one annex to
another; `docs/differences.md` lists the variants.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cdppe_analysis.errors import TableError
from cdppe_analysis.sources import Archive, RawTable
from cdppe_analysis.storage.strict import read_yaml
from cdppe_analysis.tables.amounts import PrintedFigure, read_date
from cdppe_analysis.territories import departement, recognise_departement

_COUNTRY = "France"
_CIRCULAIRE = "circulaire-2020-34"
_FEEDBACK = "rex-club-territoires"
_INSTRUCTION = "instruction-2025-60"


@cache
def _said() -> Mapping[str, Any]:
    """Return what `narrative.yml` says: the documents, the printed headings of the objectives."""
    return dict(read_yaml(Path(__file__).with_suffix(".yml"), TableError))


def _documents() -> list[tuple[str, str, str]]:
    """Return each document, what names its tables, and the period of the contracts that it opens."""
    return [(source, own["nom"], own["contractualisation"]) for source, own in _said()["documents"].items()]


def prevalence(archive: Archive) -> pd.DataFrame:
    """Return every printed proportion, in the order of the print.

    `valeur`, `borne_basse` and `borne_haute` are in `unite` (% or rapport), missing where the print gives none;
    `code_departement` is empty for the whole country.
    """
    raw = archive.corrected(_FEEDBACK, "prevalence")
    rows = raw.cells[["indicateur", "population", "unite", "note"]].join([_bounds(raw), _territories(raw)])
    rows = rows.assign(millesime=_whole(raw.cells["millesime"]), source=_FEEDBACK, emplacement=_places(raw, "imprime"))
    return rows[archive.columns("prevalence")].reset_index(drop=True)


def sejours(archive: Archive) -> pd.DataFrame:
    """Return the three means: `duree_jours` in days, `mois_imprimes` the months that the document prints beside."""
    raw = archive.corrected(_FEEDBACK, "sejours")
    rows = raw.cells[["public", "note"]].join(_territories(raw))
    rows["duree_jours"] = _bounds(raw, "jours")["valeur"]
    rows["mois_imprimes"] = _bounds(raw, "mois")["valeur"].astype("int64")
    rows = rows.assign(source=_FEEDBACK, emplacement=_places(raw, "jours", "mois"))
    return rows[archive.columns("sejours")].reset_index(drop=True)


def reperes(archive: Archive) -> pd.DataFrame:
    """Return the figures of all documents, in their order, then the national amounts read in the press."""
    tables = [(source, f"reperes-{name}", period) for source, name, period in _documents()]
    parts = []
    for source, tableau, period in (*tables, ("enveloppes-nationales", "reperes", "")):
        raw = archive.corrected(source, tableau)
        rows = raw.cells[["repere", "nature", "unite", "note"]].join(_bounds(raw))
        rows["numero"], rows["millesime"] = _whole(raw.cells["numero"]), _whole(raw.cells["annee"])
        parts.append(rows.assign(contractualisation=period, source=source, emplacement=_places(raw, "imprime")))
    return pd.concat(parts, ignore_index=True)[archive.columns("reperes")]


def dispositifs(archive: Archive) -> pd.DataFrame:
    """Return the schemes of both documents, in the order of the print.

    `places` is a count or missing, `valeur` is in `unite` or missing.

    Raises
    ------
    TableError
        When a figure belongs to no scheme.
    """
    parts = [_schemes(archive, _FEEDBACK, "rex"), _schemes(archive, "aac-sessad-ase-nord", "aac")]
    return pd.concat(parts, ignore_index=True)[archive.columns("dispositifs")]


def echeances(archive: Archive) -> pd.DataFrame:
    """Return the reverse planning, then the dates of each document, in the order of the print.

    `date` and `jours_avant_j` are missing where the print gives none.
    """
    planning = archive.corrected(_CIRCULAIRE, "annexe3-retroplanning")
    days = _whole(planning.cells["echeancier"].replace({"Jour J": "0"}))
    parts = [_dates(planning, "date", "2020-2022", "echeancier", "date").assign(jours_avant_j=days)]
    for source, name, period in _documents():
        parts.append(_dates(archive.corrected(source, f"echeances-{name}"), "imprime", period, "imprime"))
    table = pd.concat(parts, ignore_index=True)[archive.columns("echeances")]
    return table.astype({"jours_avant_j": "Int64"})


def objectifs(archive: Archive) -> pd.DataFrame:
    """Return both lists of objectives, ordered by number, one row an objective and an envelope.

    Raises
    ------
    TableError
        When a number stands in one annex only, when annexes 4 and 6 give it another character, or a heading is unknown.
    """
    return pd.concat([_of_2020(archive), _of_2025(archive)], ignore_index=True)[archive.columns("objectifs")]


def _schemes(archive: Archive, source: str, name: str) -> pd.DataFrame:
    raw = archive.corrected(source, f"dispositifs-{name}")
    schemes = raw.cells[["nom", "type"]].join(_territories(raw))
    schemes["ouverture"] = _iso(raw, "ouverture")
    counts = [PrintedFigure.read(text).value if text else None for text in raw.cells["places"]]
    schemes["places"] = pd.array([None if count is None else int(count) for count in counts], dtype="Int64")
    schemes["ref_dispositif"] = _places(raw, "ouverture", "places")
    schemes["rang"] = schemes.index
    printed = archive.corrected(source, f"indicateurs-{name}")
    numbers = printed.cells[["nom", "indicateur", "unite"]].assign(
        valeur=[float(figure.only_number) for figure in _figures(printed)],
        ref_indicateur=[printed.reference(ligne, "imprime") for ligne in printed.cells.index],
        ordre=printed.cells.index,
    )
    unknown = sorted(set(numbers["nom"]) - set(schemes["nom"]))
    if unknown:
        raise TableError(f"the figures of {unknown[0]!r} belong to no scheme of the document", cell=source)
    rows = schemes.merge(numbers, on="nom", how="left", validate="one_to_many").sort_values(["rang", "ordre"])
    both = rows["ref_indicateur"] + "; " + rows["ref_dispositif"]
    rows = rows.assign(source=source, emplacement=rows["ref_dispositif"].where(rows["ref_indicateur"].isna(), both))
    return rows.fillna({"indicateur": "", "unite": ""})


def _dates(raw: RawTable, colonne: str, period: str, *places: str) -> pd.DataFrame:
    return raw.cells[["etape"]].assign(
        contractualisation=period,
        date=_iso(raw, colonne),
        jours_avant_j=None,
        source=raw.source,
        emplacement=_places(raw, *places),
    )


def _iso(raw: RawTable, colonne: str) -> list[str]:
    years = raw.cells.get("annee", pd.Series("", index=raw.cells.index))
    return [
        read_date(text, years[ligne], cell=f"{raw.source} {raw.reference(ligne, colonne)}") if text else ""
        for ligne, text in zip(raw.cells.index, raw.cells[colonne], strict=True)
    ]


def _figures(raw: RawTable, colonne: str = "imprime") -> list[PrintedFigure]:
    return [
        PrintedFigure()
        if text == _said()["sans_chiffre"]
        else PrintedFigure.read(text, cell=f"{raw.source} {raw.reference(ligne, colonne)}")
        for ligne, text in zip(raw.cells.index, raw.cells[colonne], strict=True)
    ]


def _bounds(raw: RawTable, colonne: str = "imprime") -> pd.DataFrame:
    """Return the figure of each row as floats: valeur, borne_basse, borne_haute."""
    read = _figures(raw, colonne)
    return pd.DataFrame(
        {
            "valeur": [figure.value for figure in read],
            "borne_basse": [figure.low for figure in read],
            "borne_haute": [figure.high for figure in read],
        },
        index=raw.cells.index,
        dtype="float64",
    )


def _territories(raw: RawTable) -> pd.DataFrame:
    """Return the official name and the code of each printed département, the code empty for the whole country."""
    codes = ["" if name == _COUNTRY else recognise_departement(name) for name in raw.cells["territoire"]]
    names = [departement(code).libelle if code else _COUNTRY for code in codes]
    return pd.DataFrame({"territoire": names, "code_departement": codes}, index=raw.cells.index, dtype="str")


def _whole(printed: pd.Series) -> pd.Series:
    return pd.to_numeric(printed.replace("", None)).astype("Int64")


def _places(raw: RawTable, *columns: str) -> list[str]:
    """Name the printed cells of each row, or the row where it prints none of them."""
    return [
        "; ".join(raw.reference(int(str(ligne)), column) for column in columns if row[column])
        or raw.reference(int(str(ligne)))
        for ligne, row in raw.cells.iterrows()
    ]


def _of_2020(archive: Archive) -> pd.DataFrame:
    titles = _numbered("annexe2-objectifs", _CIRCULAIRE, archive)[["numero", "libelle", "ref"]]
    paid = _numbered("annexe4-objectifs", _CIRCULAIRE, archive)[["numero", "enveloppe", "caractere", "ref"]]
    detailed = _numbered("annexe6-objectifs", _CIRCULAIRE, archive)[["numero", "engagement", "caractere", "ref"]]
    rows = titles.merge(paid, on="numero", how="outer", validate="one_to_many", suffixes=("", "_4"))
    rows = rows.merge(detailed, on="numero", how="outer", validate="many_to_one", suffixes=("", "_6"))
    _check_complete(rows, _CIRCULAIRE)
    rows["caractere"] = _mapped(rows["caractere"], "caractere", _CIRCULAIRE)
    other = rows["numero"][rows["caractere"] != _mapped(rows["caractere_6"], "caractere", _CIRCULAIRE)]
    if len(other):
        raise TableError(f"objective {other.iloc[0]} has another character in annex 6", cell=_CIRCULAIRE)
    return rows.assign(
        contractualisation="2020-2022",
        enveloppe=_mapped(rows["enveloppe"], "enveloppe", _CIRCULAIRE),
        source=_CIRCULAIRE,
        emplacement=rows["ref"] + "; " + rows["ref_4"] + "; " + rows["ref_6"],
    ).sort_values(["numero", "enveloppe"])


def _of_2025(archive: Archive) -> pd.DataFrame:
    table = _numbered("annexe1-tableau", _INSTRUCTION, archive)
    text = _numbered("annexe1-objectifs", _INSTRUCTION, archive)[["numero", "axe", "ref"]]
    rows = table.merge(text, on="numero", how="outer", validate="one_to_one", suffixes=("", "_texte"))
    _check_complete(rows, _INSTRUCTION)
    printed_once = rows["caractere"].replace("", None).ffill()
    return rows.assign(
        contractualisation="2025-2027",
        engagement=rows["axe"],
        caractere=_mapped(printed_once, "caractere", _INSTRUCTION),
        enveloppe=_mapped(rows["enveloppe"], "enveloppe", _INSTRUCTION),
        source=_INSTRUCTION,
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


def _mapped(printed: pd.Series, heading: str, source: str) -> pd.Series:
    words = _said()[heading]
    unknown = sorted(set(printed) - set(words))
    if unknown:
        raise TableError(f"{unknown[0]!r} is no heading of the objectives", cell=source)
    return printed.map(words)

"""The way back from a clean row to the cells that a document prints."""

from __future__ import annotations

from cdppe_analysis.errors import SourceError
from cdppe_analysis.sources import Archive, CellReference
from cdppe_analysis.tables.estimates import methods


def printed_cells(source: str, emplacement: str, archive: Archive) -> list[dict[str, object]]:
    """Return the cells that an `emplacement` names, or the formula of the estimate that it is."""
    known = archive.sources
    document = known[source].titre if source in known else source
    method = next((method for method in methods() if method.place == emplacement), None)
    if method is not None:
        return [
            {"document": document, "section": "", "tableau": method.edition, "ligne": None, "colonne": None,
             "imprime": f"{method.formula} ({method.hypothesis}) À remplacer par : {method.replacement}"}
        ]  # fmt: skip
    cells: list[dict[str, object]] = []
    for part in emplacement.split("; "):
        try:
            reference = CellReference.parse(part)
        except SourceError:
            unknown = dict.fromkeys(("tableau", "ligne", "colonne", "imprime"))
            cells.append({"document": document, "section": part, **unknown})
            continue
        raw = archive.raw(source, reference.tableau)
        raw_file = known[source].file(reference.tableau)
        columns = list(raw.cells.columns) if reference.colonne is None else [reference.colonne]
        address = None
        if {"feuille", "cellule"} <= set(raw.cells.columns):
            address = "!".join(raw.cells[name].loc[reference.ligne] for name in ("feuille", "cellule"))
        cells.extend(
            {
                "document": document,
                "section": raw_file.section if address is None else address,
                "tableau": raw_file.titre,
                "ligne": reference.ligne,
                "colonne": raw_file.colonnes[column],
                "imprime": raw.cells.at[reference.ligne, column],
            }
            for column in columns
        )
    return cells

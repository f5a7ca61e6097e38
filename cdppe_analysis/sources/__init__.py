"""The documents, the references to their cells, the declared corrections.

A raw table is a grid of text, exactly as printed: one CSV a printed table under `data/raw/<source>/`, whose first
column `ligne` numbers the printed rows. A cell is named `<tableau> L<ligne> <colonne>`; with the source's id it
leads back to the document.
"""

from cdppe_analysis.sources.corrections import (
    Archive,
    Correction,
    DeclaredGap,
    apply_corrections,
    where_printed,
)
from cdppe_analysis.sources.documents import CellReference, RawFile, RawTable, Source, all_sources, load_sources

__all__ = [
    "Archive",
    "CellReference",
    "Correction",
    "DeclaredGap",
    "RawFile",
    "RawTable",
    "Source",
    "all_sources",
    "apply_corrections",
    "load_sources",
    "where_printed",
]

"""What a reader of the annex should look at again: where, of what kind, what is printed, and why."""

from __future__ import annotations

from dataclasses import dataclass

from cdppe_analysis.ingestion.lines import Document


@dataclass(frozen=True)
class Doubt:
    """One thing that was read with a reservation; `doute` is a French sentence.

    `nature` is one of `nom` (a name spelt otherwise), `homonyme` (a name that is a région and a département), `code`,
    `region` (a département printed under another région), `unite`, `colonnes` (two columns could read as one), `vide`
    (a dash, « nd », an empty cell), `arrondi` (a total within the rounding of its parts), `ecart` (a total that is not
    the sum of its parts), `total` (a check that could not be made), `nombre_ecarte`, `texte_ecarte`, `fichier`.
    """

    page: int
    ligne: int
    nature: str
    cellule: str
    doute: str


def place(document: Document, rank: int) -> tuple[int, int]:
    """Return the page and the line of a rank."""
    line = document.lines[rank]
    return line.page, line.number

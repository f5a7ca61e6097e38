"""The documents, the references to their cells, the declared corrections.

A raw table is a grid of text, exactly as printed: one CSV a printed table under `data/raw/<source>/`, whose first
column `ligne` numbers the printed rows. A cell is named `<tableau> L<ligne> <colonne>`; with the source's id it
leads back to the document.
"""

from cdppe_analysis.sources.corrections import Archive as Archive
from cdppe_analysis.sources.corrections import Correction as Correction
from cdppe_analysis.sources.corrections import DeclaredGap as DeclaredGap
from cdppe_analysis.sources.corrections import apply_corrections as apply_corrections
from cdppe_analysis.sources.documents import CellReference as CellReference
from cdppe_analysis.sources.documents import RawFile as RawFile
from cdppe_analysis.sources.documents import RawTable as RawTable
from cdppe_analysis.sources.documents import Source as Source
from cdppe_analysis.sources.documents import all_sources as all_sources
from cdppe_analysis.sources.documents import load_sources as load_sources

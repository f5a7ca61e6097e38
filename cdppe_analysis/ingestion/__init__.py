"""Next year's annex: a table of territories, in any usual format, read with every number of the document accounted for.

`read_annex` reads a file; `docs/ingest.md` says which layouts it reads, which it refuses, and the columns it writes.
"""

from cdppe_analysis.ingestion.annex import Annex, read_annex
from cdppe_analysis.ingestion.kinds import Column
from cdppe_analysis.ingestion.rows import Number, Remark
from cdppe_analysis.ingestion.tables import Table, TableRow
from cdppe_analysis.ingestion.totals import Check

__all__ = ["Annex", "Check", "Column", "Number", "Remark", "Table", "TableRow", "read_annex"]

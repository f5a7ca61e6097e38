"""Next year's annex: a « répartition par département », text or PDF, becomes a raw table with its doubts.

`read_annex` reads a file; `docs/ingest.md` says which layouts it reads, which it refuses, and the columns it writes.
"""

from cdppe_analysis.ingestion.annex import Annex, read_annex
from cdppe_analysis.ingestion.checks import Check

__all__ = ["Annex", "Check", "read_annex"]

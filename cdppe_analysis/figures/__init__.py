"""Maps, charts and tables: frames in, pictures out."""

from cdppe_analysis.figures.tables import ReadableTable, readable_table

__all__ = ["ReadableTable", "readable_table"]

"""Publishers' own files: from a workbook of the DREES or of the Insee to series, each value with its cell.

`workbook` opens the file safely, `table` finds and checks the table by département of a sheet, `publications` says what
it is, `reading` gives the rows.
"""

from cdppe_analysis.tables.series.reading import COLUMNS, Fate, Reading, add_edition, read_publication

__all__ = ["COLUMNS", "Fate", "Reading", "add_edition", "read_publication"]

"""Publishers' own files: from a workbook of the DREES or of the Insee to series, each value with its cell.

`storage.workbook` opens the file safely, `table` finds and checks the table by département of a sheet, `publications`
says what it is and gives the rows.
"""

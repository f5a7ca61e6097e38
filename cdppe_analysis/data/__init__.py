"""The only door to the files: clean tables, rules, criteria, and the way back to a printed cell."""

"""The edge of the simulation: scenarios read from their files, prepared, run, and written down.

`simulation` below reads and writes nothing; here scenarios of `data/scenarios` meet the tables and the rules.
"""

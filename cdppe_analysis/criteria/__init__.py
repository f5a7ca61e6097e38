"""From published series to the value of each criterion.

`published` gives the series as published, `estimates` the bridges over what is not published, and `build` the whole
table `criteres.csv`. A value is found by its criterion, its year (`millesime`) and its edition: the publication it
comes from, or the name of the method that estimated it.
"""

from cdppe_analysis.criteria.estimates import METHODS, Method
from cdppe_analysis.criteria.table import COLUMNS, build

__all__ = ["COLUMNS", "METHODS", "Method", "build"]

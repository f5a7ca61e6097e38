"""Maps, charts and tables: frames in, pictures out. Knows no rule.

Every figure is one call, and comes back as an `Illustration`: the picture, its text alternative, the table behind it.
"""

from cdppe_analysis.figures.contours import Contours, load_contours
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.maps import choropleth, choropleth_and_circles, circles
from cdppe_analysis.figures.tables import ReadableTable, readable_table

__all__ = [
    "Contours",
    "Illustration",
    "ReadableTable",
    "choropleth",
    "choropleth_and_circles",
    "circles",
    "load_contours",
    "readable_table",
]

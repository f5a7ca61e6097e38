"""Maps, charts and tables: frames in, pictures out. Knows no rule.

Every figure is one call, and comes back as an `Illustration`: the picture, its text alternative, the table behind it.
"""

from cdppe_analysis.figures.bars import by_region, ranked_bars, waterfall
from cdppe_analysis.figures.bivariate import bivariate
from cdppe_analysis.figures.classes import Scale
from cdppe_analysis.figures.contours import Contours, export_contours, load_contours
from cdppe_analysis.figures.illustration import Illustration
from cdppe_analysis.figures.interactive import InteractiveMap, interactive_map
from cdppe_analysis.figures.maps import choropleth, choropleth_and_circles, circles, small_multiples
from cdppe_analysis.figures.page import Words
from cdppe_analysis.figures.points import dots, dumbbells, intervals
from cdppe_analysis.figures.scatter import scatter
from cdppe_analysis.figures.spread import distribution, lorenz, quantile_fans
from cdppe_analysis.figures.tables import ReadableTable, Worksheet, readable_table, write_workbook
from cdppe_analysis.figures.ternary import ternary

__all__ = [
    "Contours",
    "Illustration",
    "InteractiveMap",
    "ReadableTable",
    "Scale",
    "Words",
    "Worksheet",
    "bivariate",
    "by_region",
    "choropleth",
    "choropleth_and_circles",
    "circles",
    "distribution",
    "dots",
    "dumbbells",
    "export_contours",
    "interactive_map",
    "intervals",
    "load_contours",
    "lorenz",
    "quantile_fans",
    "ranked_bars",
    "readable_table",
    "scatter",
    "small_multiples",
    "ternary",
    "waterfall",
    "write_workbook",
]

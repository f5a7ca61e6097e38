"""The only door to the files: `Data.open()` gives tables, rules, scenarios, series, and the way back to a cell."""

from cdppe_analysis.data.handle import Data

__all__ = ["Data"]

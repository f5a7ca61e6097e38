"""The simulator: one page that opens from the disk, with the rules, the series, their draws and the engine in it."""

from cdppe_analysis.simulator.page import FILE, is_current, write_simulator

__all__ = ["FILE", "is_current", "write_simulator"]

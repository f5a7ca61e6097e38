"""A printed table becomes a tidy one: amounts, names and totals read without a guess."""

from cdppe_analysis.cleaning.amounts import read_amount, read_amounts

__all__ = ["read_amount", "read_amounts"]

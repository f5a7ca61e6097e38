"""A printed table becomes a tidy one, published series become the values of the criteria.

Amounts, names and totals are read without a guess. `published` gives the series as published, `estimates` the bridges
over what is not published, and `criteria` the whole table `criteres.csv`, where a value is found by its criterion, its
year (`millesime`) and its edition: the publication it comes from, or the name of the method that estimated it.
"""

"""The départements and régions: INSEE codes, names as documents print them, special cases.

The 101 départements are those of the Code officiel géographique of 2020, with `2A` and `2B` apart. Three units that
sources count otherwise are known beside them, each with the départements that it covers:

- `20`, the Collectivité de Corse, which is `2A` and `2B` together;
- `69D` and `69M`, the Département du Rhône and the Métropole de Lyon, which are `69` together;
- `6AE`, the Collectivité européenne d'Alsace, which is `67` and `68` together.

A folder may declare units of its own, communes or services (`declared`); `Territories` is what both give.

Known drawback: the frontier between `69D` and `69M` has no contour here, so that a map shows `69`.
"""

from cdppe_analysis.territories.codes import (
    CORSE,
    DEPARTEMENTS,
    OTHER_UNITS,
    REGIONS,
    Departement,
    Territories,
    components,
    departement,
    france,
    region_code,
)
from cdppe_analysis.territories.declared import read_territories
from cdppe_analysis.territories.names import (
    departement_names,
    normalised,
    recognise_departement,
    recognise_region,
    region_names,
)

__all__ = [
    "CORSE",
    "DEPARTEMENTS",
    "OTHER_UNITS",
    "REGIONS",
    "Departement",
    "Territories",
    "components",
    "departement",
    "departement_names",
    "france",
    "normalised",
    "read_territories",
    "recognise_departement",
    "recognise_region",
    "region_code",
    "region_names",
]

"""The départements and régions: INSEE codes, names as documents print them, special cases.

The 101 départements are those of the Code officiel géographique of 2020, with `2A` and `2B` apart. Three units that
sources count otherwise are known beside them, each with the départements that it covers:

- `20`, the Collectivité de Corse, which is `2A` and `2B` together;
- `69D` and `69M`, the Département du Rhône and the Métropole de Lyon, which are `69` together;
- `6AE`, the Collectivité européenne d'Alsace, which is `67` and `68` together.

A folder may declare units of its own, communes or services (`Territories.read`); `Territories` is what both give.

Known drawback: the frontier between `69D` and `69M` has no contour here, so that a map shows `69`.
"""

from cdppe_analysis.territories.codes import CORSE as CORSE
from cdppe_analysis.territories.codes import DECLARED as DECLARED
from cdppe_analysis.territories.codes import DEPARTEMENTS as DEPARTEMENTS
from cdppe_analysis.territories.codes import OTHER_UNITS as OTHER_UNITS
from cdppe_analysis.territories.codes import REGIONS as REGIONS
from cdppe_analysis.territories.codes import Departement as Departement
from cdppe_analysis.territories.codes import Territories as Territories
from cdppe_analysis.territories.codes import components as components
from cdppe_analysis.territories.codes import departement as departement
from cdppe_analysis.territories.codes import france as france
from cdppe_analysis.territories.codes import region_code as region_code
from cdppe_analysis.territories.names import departement_names as departement_names
from cdppe_analysis.territories.names import normalised as normalised
from cdppe_analysis.territories.names import recognise_departement as recognise_departement
from cdppe_analysis.territories.names import recognise_region as recognise_region
from cdppe_analysis.territories.names import region_names as region_names

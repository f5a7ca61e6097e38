"""How many children, how long they stay, how many places they need and what those cost. No I/O.

`prevalence` bounds proportions and the children they stand for; `stays` is the arithmetic of three printed means;
`flow` simulates arrivals and stays, and agrees with Little's law; `places` counts places, services and euros.
"""

from cdppe_analysis.needs.flow import Occupancy, simulate_occupancy
from cdppe_analysis.needs.intervals import Interval
from cdppe_analysis.needs.parameters import Needs, parse_needs
from cdppe_analysis.needs.places import Service, children_followed_a_year, places_freed, places_occupied
from cdppe_analysis.needs.prevalence import (
    binomial_interval,
    children_concerned,
    compatible_counts,
    neighbouring_counts,
)
from cdppe_analysis.needs.stays import (
    MeanStays,
    in_months,
    mean_implied_by_share_of_places,
    mean_implied_by_share_of_stays,
    ratio_of_stays,
    share_of_places,
    share_of_stays,
)

__all__ = [
    "Interval",
    "MeanStays",
    "Needs",
    "Occupancy",
    "Service",
    "binomial_interval",
    "children_concerned",
    "children_followed_a_year",
    "compatible_counts",
    "in_months",
    "mean_implied_by_share_of_places",
    "mean_implied_by_share_of_stays",
    "neighbouring_counts",
    "parse_needs",
    "places_freed",
    "places_occupied",
    "ratio_of_stays",
    "share_of_places",
    "share_of_stays",
    "simulate_occupancy",
]

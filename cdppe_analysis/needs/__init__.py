"""How many children, how long they stay, how many places they need and what those cost. No I/O.

`printed` bounds proportions, the children they stand for, and what three printed means say of stays; `places` counts
places, services and euros, and simulates arrivals and stays, which agrees with Little's law.
"""

from cdppe_analysis.needs.places import (
    Needs,
    Occupancy,
    Service,
    children_followed_a_year,
    parse_needs,
    places_occupied,
    simulate_occupancy,
)
from cdppe_analysis.needs.printed import (
    DAYS_A_YEAR,
    Interval,
    MeanStays,
    binomial_interval,
    children_concerned,
    compatible_counts,
    in_months,
    neighbouring_counts,
)

__all__ = [
    "DAYS_A_YEAR",
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
    "neighbouring_counts",
    "parse_needs",
    "places_occupied",
    "simulate_occupancy",
]

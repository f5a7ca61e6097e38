"""Back from published euros to what they reveal: a criterion, the weights, the proxies that would do as well."""

from cdppe_analysis.calibration.criterion import CriterionIntervals, calibrate_criterion
from cdppe_analysis.calibration.proxies import ProxyFit, best_proxy
from cdppe_analysis.calibration.weights import WeightIntervals, calibrate_weights

__all__ = [
    "CriterionIntervals",
    "ProxyFit",
    "WeightIntervals",
    "best_proxy",
    "calibrate_criterion",
    "calibrate_weights",
]

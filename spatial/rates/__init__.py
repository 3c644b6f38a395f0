"""Rates: cases by population, how sure they are, and how they are smoothed where few people live."""

from spatial.rates.expected import Rates, Ratios, crude, excess_risk, poisson_limits, standardised
from spatial.rates.smoothing import Smoothed, smooth_globally, smooth_locally

__all__ = [
    "Rates",
    "Ratios",
    "Smoothed",
    "crude",
    "excess_risk",
    "poisson_limits",
    "smooth_globally",
    "smooth_locally",
    "standardised",
]

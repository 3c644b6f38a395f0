"""Concentration: how unevenly cases are shared out among cells."""

from spatial.concentration.curve import Lorenz, gini, least_rows, lorenz, top_share
from spatial.concentration.indices import Herfindahl, Quotients, Theil, herfindahl, location_quotient, theil

__all__ = [
    "Herfindahl",
    "Lorenz",
    "Quotients",
    "Theil",
    "gini",
    "herfindahl",
    "least_rows",
    "location_quotient",
    "lorenz",
    "theil",
    "top_share",
]

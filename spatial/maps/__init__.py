"""Maps 地图 for notebooks and reports that work with no network: everything that they need is within one file.

The cells are the ground; there is no base map. A map that is a file of its own says its title, its legend with the
method of its classes and the unit, its source with the instant of the data, a scale, and 模拟 where the data are
invented (`saved`); the page that embeds several says that itself (`embedded`). The only room that asks folium, whose
scripts are put inside in place of the addresses that it would link. The same map is the same bytes.
"""

from spatial.maps.embedded import WORDS, Areas, Borders, Embedded, Ground, Points, embed
from spatial.maps.saved import (
    BORDER,
    HOT,
    METHODS,
    RAMP,
    VOID,
    Map,
    categories,
    choropleth,
    hotspots,
    pair,
    points,
    sureness,
)

__all__ = [
    "BORDER",
    "HOT",
    "METHODS",
    "RAMP",
    "VOID",
    "WORDS",
    "Areas",
    "Borders",
    "Embedded",
    "Ground",
    "Map",
    "Points",
    "categories",
    "choropleth",
    "embed",
    "hotspots",
    "pair",
    "points",
    "sureness",
]

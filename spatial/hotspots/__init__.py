"""Hot spots 热点: whether high values lie together, where, and since when.

`moran`, `geary` and `general_g` answer for all cells at once; `local_moran`, `gi` and `gi_star` for each cell;
`emerging` for each cell over periods. What counts as significant, with so many cells asked at once, `control` decides.
"""

from spatial.hotspots.control import adjusted, significant
from spatial.hotspots.getis import GetisOrd, gi, gi_star
from spatial.hotspots.judged import Overall
from spatial.hotspots.lisa import LocalMoran, local_moran
from spatial.hotspots.overall import geary, general_g, moran
from spatial.hotspots.patterns import Emerging, emerging
from spatial.hotspots.trend import Trend, mann_kendall

__all__ = [
    "Emerging",
    "GetisOrd",
    "LocalMoran",
    "Overall",
    "Trend",
    "adjusted",
    "emerging",
    "geary",
    "general_g",
    "gi",
    "gi_star",
    "local_moran",
    "mann_kendall",
    "moran",
    "significant",
]

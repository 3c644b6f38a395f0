"""Maps on paper: a window in a round scale, what belongs around it, and labels that do not lie upon each other."""

from spatial.cartography.drawing import SIGNS, Drawing, Pen
from spatial.cartography.furniture import draw_graticule, draw_north, draw_scale_bar
from spatial.cartography.graticule import GridLine, graticule
from spatial.cartography.labels import Label, Placed, inside_points, place_labels, text_width, wrapped
from spatial.cartography.merging import Merged, crowded, merge, radii, round_counts
from spatial.cartography.window import ScaleBar, Window, north_angle, scale_bar, window_for

__all__ = [
    "SIGNS",
    "Drawing",
    "GridLine",
    "Label",
    "Merged",
    "Pen",
    "Placed",
    "ScaleBar",
    "Window",
    "crowded",
    "draw_graticule",
    "draw_north",
    "draw_scale_bar",
    "graticule",
    "inside_points",
    "merge",
    "north_angle",
    "place_labels",
    "radii",
    "round_counts",
    "scale_bar",
    "text_width",
    "window_for",
    "wrapped",
]

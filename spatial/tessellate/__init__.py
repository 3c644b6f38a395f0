"""单元网格: build a simulated district from an outline, split, merge and number its grid cells."""

from spatial.tessellate.areas import Area
from spatial.tessellate.build import Ground, build
from spatial.tessellate.dividing import common_ground, corners_beside, divide, join, weave
from spatial.tessellate.features import Feature
from spatial.tessellate.number import number
from spatial.tessellate.recipe import Recipe, read_recipe
from spatial.tessellate.redraw import merge, split
from spatial.tessellate.sides import join_sides, shorten_sides
from spatial.tessellate.writing import write

__all__ = [
    "Area", "Feature", "Ground", "Recipe", "build", "common_ground", "corners_beside", "divide", "join",
    "join_sides", "merge", "number", "read_recipe", "shorten_sides", "split", "weave", "write",
]  # fmt: skip

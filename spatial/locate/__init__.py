"""Points to cells: which grid cell a position belongs to, by one rule that the database keeps as well.

A point belongs to the cell that covers it, its boundary included. Where several cells cover it, on a shared edge or
corner, it belongs to the one whose code comes first in the order of the code points of its text ("C" collation);
where none covers it, to none. PostGIS says the same as `ST_Covers(cell, point) ORDER BY code COLLATE "C" LIMIT 1`.
"""

from spatial.locate.locator import Locator, locate

__all__ = ["Locator", "locate"]

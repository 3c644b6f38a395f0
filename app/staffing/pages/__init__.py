"""The pages of staffing: people, units, the board, duty, and what administrators look after."""

from app.staffing.pages import (
    absence,
    board,
    duty,
    handing_over,
    neighbourhood,
    people,
    posts,
    roster,
    security,
    units,
)
from app.staffing.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = [
    "absence",
    "blueprint",
    "board",
    "duty",
    "handing_over",
    "neighbourhood",
    "people",
    "posts",
    "roster",
    "security",
    "units",
]

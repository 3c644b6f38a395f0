"""What cells have, before and after they are drawn anew, and by what their households are shared out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.cases.store import carrying as desks
from app.grid.service.redrawing import Redrawing
from app.grid.store.redrawing import CellNow
from app.registry.store import carrying as elements


@dataclass(slots=True)
class Holding:
    """What a cell has: households, elements by kind, cases."""

    code: str
    name: str
    households: int | None
    area_m2: float
    elements: dict[str, int] = field(default_factory=dict)
    cases_open: int = 0
    cases_over: int = 0


def holdings(connection: Connection, cells: Sequence[CellNow]) -> list[Holding]:
    """What cells have now."""
    numbers = [cell.no for cell in cells]
    known = elements.counts(connection, numbers)
    lying = desks.counts(connection, numbers)
    return [
        Holding(cell.code, cell.name, cell.households, cell.area_m2, known[cell.no], *lying[cell.no])
        for cell in cells
    ]


def homes_given(
    drawn: Redrawing, homes: Mapping[tuple[int, int], tuple[int, int]]
) -> tuple[dict[tuple[int, int], int], set[str]]:
    """By what the households of each cell are shared out: dwellings, else buildings, else ground in square centimetres.

    Parameters
    ----------
    homes
        Dwellings and buildings that came along, by the number of the cell that is gone and that of the new one.

    Returns
    -------
    Weights by the same numbers, and which of the three served where a cell went to more than one.
    """
    weights: dict[tuple[int, int], int] = {}
    bases = set()
    for old, news in drawn.into.items():
        given = {new: max(1, round(drawn.ground[old, new] * 10_000)) for new in news}
        basis = "area"
        for place, name in ((1, "buildings"), (0, "dwellings")):
            counted = {new: homes.get((old, new), (0, 0))[place] for new in news}
            if any(counted.values()):
                given, basis = counted, name
        weights |= {(old, new): many for new, many in given.items()}
        if len(news) > 1:
            bases.add(basis)
    return weights, bases

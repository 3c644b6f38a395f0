"""What somebody who imports may not write, told row by row: what lies beyond, and what the database refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.interop.service.elements.row import Row
from app.registry.service.entries import Wrong
from app.registry.service.refusing import meaning
from app.registry.store import matching, walled

Step = Callable[[Sequence["Row"]], int]


def judge(connection: Connection, district_id: int, rows: Sequence[Row]) -> list[Row]:
    """Give each row that lies beyond the territory, or changes what does, its fault; the others are the answer."""
    theirs = walled.outside(connection, (row.known_id for row in rows if row.known_id))
    nos = _areas(connection, district_id, rows)
    beyond = walled.beyond(connection, nos.values())
    for row in rows:
        if row.known_id in theirs or nos.get(row.line.row) in beyond:
            row.wrongs.append(Wrong(*_why(row)))
    return [row for row in rows if not row.wrongs]


def _areas(connection: Connection, district_id: int, rows: Sequence[Row]) -> dict[int, int]:
    """Numbers of the areas in which rows will lie; none of what stays where it is."""
    points = [row for row in rows if row.values.get("lon") is not None]
    where = [(row.values["lon"], row.values["lat"]) for row in points]
    found = matching.areas_at(connection, district_id, where) if points else []
    nos = {row.line.row: no for row, no in zip(points, found, strict=True)}
    sites = walled.sites(connection, (row.site_id for row in rows if row.site_id))
    root = matching.root_no(connection, district_id)
    for row in rows:
        if row.line.row not in nos and not (row.known_id and not row.site_id and not row.area_no):
            nos[row.line.row] = sites.get(row.site_id) or row.area_no or root
    return nos


def _why(row: Row) -> tuple[str, str]:
    for name in ("lon", "site", "area"):
        if row.values.get(name) is not None:
            return name, "outside_territory"
    return ("name", "outside_territory") if row.known_id or row.site_id else ("area", "place_missing")


def by_halves(connection: Connection, rows: Sequence[Row], step: Step) -> int:
    """Write rows; where the database refuses, find those that it refuses by halves, and write the others.

    Returns
    -------
    The sum of what the steps answer. Rows that are refused have their fault then.
    """
    if not rows:
        return 0
    try:
        with connection.begin_nested():
            return step(rows)
    except DBAPIError as error:
        found = meaning(error, Wrong("name", "outside_territory"))
        if found is None:
            raise
        # Not from the error: it carries the values that were bound.
        fault: Wrong = found
    if len(rows) == 1:
        rows[0].wrongs.append(fault)
        return 0
    middle = len(rows) // 2
    return by_halves(connection, rows[:middle], step) + by_halves(connection, rows[middle:], step)

"""Cells are split and merged: a new edition from today, in which all other cells stand as they stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import Connection, Row, func, select

from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid import store
from app.grid.rules import Level, apportion
from app.grid.service.borders import redraw_borders
from app.grid.store import redrawing
from app.grid.store.redrawing import CellNow
from spatial.tessellate import corners_beside, weave


@dataclass(frozen=True, slots=True)
class NewCell:
    """A cell to be made, its shape in EPSG:4490."""

    code: str
    name: str
    name_en: str | None
    shape: Any


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What was drawn: cells that are gone and cells that were made, in the order of their codes.

    Parameters
    ----------
    at
        Since when everything lies in the new cells.
    """

    edition_id: int
    edition: str
    on_day: date
    at: datetime
    gone: tuple[CellNow, ...]
    made: tuple[CellNow, ...]

    @property
    def into(self) -> dict[int, tuple[int, ...]]:
        """The numbers of what has come of each cell that is gone, by its number."""
        return {old.no: tuple(new.no for new in self.made) for old in self.gone}


def find_cells(connection: Connection, district_id: int, codes: Sequence[str]) -> tuple[CellNow, ...]:
    """Cells in force, by their codes.

    Raises
    ------
    NotFoundError
        `cells_missing`: names all that are not there.
    """
    found = redrawing.cells_in_force(connection, district_id, codes)
    known = {cell.code for cell in found}
    if missing := [code for code in dict.fromkeys(codes) if code not in known]:
        raise NotFoundError("cells_missing", codes=", ".join(missing)[:200])
    return tuple(found)


def check_codes(connection: Connection, district: Row[Any], parent: str, codes: Sequence[str]) -> None:
    """See that codes that were asked for are free.

    Raises
    ------
    ConflictError
        `cell_code_used`: names all that a cell has, or had in whichever edition.
    InvalidError
        `cell_code_strange`: does not begin with that of the community, or is there twice.
    """
    rule = store.levels(connection, district.id)[Level.CELL]
    strange = [code for code in codes if rule.code_extends_parent and not _fits(code, parent)]
    strange += [code for code in dict.fromkeys(codes) if list(codes).count(code) > 1 or not code.strip()]
    if strange:
        raise InvalidError("cell_code_strange", codes=", ".join(strange)[:200], parent=parent)
    if used := sorted(set(codes) & redrawing.codes_ever(connection, district.id)):
        raise ConflictError("cell_code_used", codes=", ".join(used)[:200])


def _fits(code: str, parent: str) -> bool:
    rest = code.removeprefix(parent)
    return code.startswith(parent) and len(rest) == 3 and rest.isdecimal() and rest != "000"


def redraw(
    connection: Connection,
    district: Row[Any],
    gone: Sequence[CellNow],
    wanted: Sequence[NewCell],
    *,
    like: CellNow,
    source: str,
) -> Redrawing:
    """Put new cells in the place of others, which lie in one community and cover the same ground.

    Parameters
    ----------
    like
        The cell of which the new ones have what nobody says anew.
    """
    present = store.edition_in_force(connection, district.id)
    if present is None:
        raise NotFoundError("cells_missing", codes=", ".join(cell.code for cell in gone))
    day = store.today(connection, district.id)
    name = f"{day:%Y-%m-%d}"
    store.supersede_edition(connection, present.id, day)
    edition = store.add_edition(connection, district.id, name, day, source)
    redrawing.copy_cells(connection, present.id, edition, [cell.id for cell in gone])
    _weave(connection, edition, gone, wanted)
    shared = {
        "district_id": district.id, "edition_id": edition, "level": Level.CELL.value, "kind": like.kind,
        "parent_id": like.parent_id, "households": None, "source": source,
        "simulated": any(cell.simulated for cell in gone),
    }  # fmt: skip
    store.add_areas(
        connection,
        [
            {**shared, "code": new.code, "name": new.name, "name_en": new.name_en, "shape": new.shape}
            for new in wanted
        ],
    )
    store.enforce_edition(connection, edition)
    made = redrawing.cells_in_force(connection, district.id, [new.code for new in wanted])
    at = connection.execute(select(func.clock_timestamp())).scalar_one()
    drawn = Redrawing(edition, name, day, at, tuple(gone), tuple(made))
    redrawing.add_lineage(connection, _lineage(drawn))
    redraw_borders(connection, district)
    store.count_up(connection, "areas")
    return drawn


def _weave(connection: Connection, edition: int, gone: Sequence[CellNow], wanted: Sequence[NewCell]) -> None:
    """Give neighbours the corners that new cells have on their sides, so that a border stays one line."""
    before = shapely.union_all([cell.shape for cell in gone])
    corners = corners_beside(before, [new.shape for new in wanted])
    if not len(corners):
        return
    ids, shapes = redrawing.beside(connection, edition, before)
    for area_id, old, new in zip(ids, shapes, weave(shapes, corners), strict=True):
        if len(shapely.get_coordinates(new)) != len(shapely.get_coordinates(old)):
            redrawing.reshape(connection, area_id, new)


def _lineage(drawn: Redrawing) -> list[dict[str, Any]]:
    whole = sum(new.area_m2 for new in drawn.made)
    return [
        {
            "from_no": old.no,
            "to_no": new.no,
            "edition_id": drawn.edition_id,
            "on_day": drawn.on_day,
            "at": drawn.at,
            "area_share": new.area_m2 / whole,
        }
        for old in drawn.gone
        for new in drawn.made
    ]


def settle_households(
    connection: Connection, drawn: Redrawing, weights: Mapping[int, int]
) -> dict[int, int | None]:
    """Give the new cells the households of those that are gone, with the sum kept; what each cell has now.

    Parameters
    ----------
    weights
        By which a cell's households are shared out, by the number of the new cell.
    """
    numbers = [new.no for new in drawn.made]
    pairs: dict[tuple[int, int], int | None] = {}
    for old in drawn.gone:
        if old.households is None:
            pairs |= {(old.no, no): None for no in numbers}
        else:
            parts = apportion(old.households, [weights[no] for no in numbers])
            pairs |= {(old.no, no): many for no, many in zip(numbers, parts, strict=True)}
    totals: dict[int, int | None] = {}
    for no in numbers:
        known = [many for (_, new), many in pairs.items() if new == no and many is not None]
        totals[no] = sum(known) if known else None
    redrawing.settle_households(
        connection, drawn.edition_id, {no: many for no, many in totals.items() if many is not None}
    )
    redrawing.settle_lineage(connection, pairs)
    return totals

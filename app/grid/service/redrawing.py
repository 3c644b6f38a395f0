"""Cells are drawn anew: a new edition from today, in which all others stand as they stood."""

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
from app.grid.service.ground import Ground, ground_given
from app.grid.store import redrawing
from app.grid.store.redrawing import CellNow
from spatial.tessellate import corners_beside, weave


@dataclass(frozen=True, slots=True)
class NewCell:
    """A cell to be made, its shape in EPSG:4490.

    Parameters
    ----------
    like
        The cell of which it has what nobody says anew.
    """

    code: str
    name: str
    name_en: str | None
    shape: Any
    like: CellNow


@dataclass(frozen=True, slots=True)
class Group:
    """Cells of one community that go, and those that come in their place, on the same ground."""

    gone: tuple[CellNow, ...]
    made: tuple[NewCell, ...]


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What was drawn: cells that are gone and cells that were made, in the order of their codes.

    Parameters
    ----------
    at
        Since when everything lies in the new cells.
    ground
        How many square metres of each cell that is gone came to each new one, by their numbers.
    """

    edition_id: int
    edition: str
    on_day: date
    at: datetime
    gone: tuple[CellNow, ...]
    made: tuple[CellNow, ...]
    ground: Ground

    @property
    def into(self) -> dict[int, tuple[int, ...]]:
        """The numbers of what has come of each cell that is gone, by its number."""
        return {
            old.no: tuple(new.no for new in self.made if (old.no, new.no) in self.ground) for old in self.gone
        }


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


def redraw(connection: Connection, district: Row[Any], groups: Sequence[Group], *, source: str) -> Redrawing:
    """Put new cells in the place of others, group by group, in one new edition."""
    gone = sorted((cell for group in groups for cell in group.gone), key=lambda cell: cell.code)
    present = store.edition_in_force(connection, district.id)
    if present is None:
        raise NotFoundError("cells_missing", codes=", ".join(cell.code for cell in gone)[:200])
    day = store.today(connection, district.id)
    name = f"{day:%Y-%m-%d}"
    store.supersede_edition(connection, present.id, day)
    edition = store.add_edition(connection, district.id, name, day, source)
    redrawing.copy_cells(connection, present.id, edition, [cell.id for cell in gone])
    store.add_areas(
        connection, [_row(district, new, group, edition, source) for group in groups for new in group.made]
    )
    for group in groups:
        _weave(connection, edition, group)
    store.enforce_edition(connection, edition)
    made = redrawing.cells_in_force(
        connection, district.id, [new.code for group in groups for new in group.made]
    )
    at = connection.execute(select(func.clock_timestamp())).scalar_one()
    ground = _ground(district, groups, made)
    drawn = Redrawing(edition, name, day, at, tuple(gone), tuple(made), ground)
    redrawing.add_lineage(connection, _lineage(drawn))
    redraw_borders(connection, district)
    store.count_up(connection, "areas")
    return drawn


def _row(district: Row[Any], new: NewCell, group: Group, edition: int, source: str) -> dict[str, Any]:
    return {
        "district_id": district.id, "edition_id": edition, "level": Level.CELL.value, "kind": new.like.kind,
        "parent_id": new.like.parent_id, "households": None, "source": source,
        "simulated": any(cell.simulated for cell in group.gone),
        "code": new.code, "name": new.name, "name_en": new.name_en, "shape": new.shape,
    }  # fmt: skip


def _weave(connection: Connection, edition: int, group: Group) -> None:
    """Give neighbours, new ones too, the corners that new cells have on their sides, so that borders stay one line."""
    before = shapely.union_all([cell.shape for cell in group.gone])
    corners = corners_beside(before, [new.shape for new in group.made])
    if not len(corners):
        return
    ids, shapes = redrawing.beside(connection, edition, before)
    for area_id, old, new in zip(ids, shapes, weave(shapes, corners), strict=True):
        if len(shapely.get_coordinates(new)) != len(shapely.get_coordinates(old)):
            redrawing.reshape(connection, area_id, new)


def _ground(district: Row[Any], groups: Sequence[Group], made: Sequence[CellNow]) -> Ground:
    of_code = {new.code: new for new in made}
    found: Ground = {}
    for group in groups:
        found |= ground_given(district, group.gone, [of_code[new.code] for new in group.made])
    return found


def _lineage(drawn: Redrawing) -> list[dict[str, Any]]:
    whole = {old: sum(drawn.ground[old, new] for new in news) for old, news in drawn.into.items()}
    return [
        {
            "from_no": old,
            "to_no": new,
            "edition_id": drawn.edition_id,
            "on_day": drawn.on_day,
            "at": drawn.at,
            "area_share": area_m2 / whole[old],
        }
        for (old, new), area_m2 in drawn.ground.items()
    ]


def settle_households(
    connection: Connection, drawn: Redrawing, weights: Mapping[tuple[int, int], int]
) -> dict[int, int | None]:
    """Give the new cells the households of those that are gone, with the sums kept; what each cell has now.

    Parameters
    ----------
    weights
        By which a cell's households are shared out, by its number and that of the new cell.
    """
    pairs: dict[tuple[int, int], int | None] = {}
    for old in drawn.gone:
        parts = drawn.into[old.no]
        if old.households is None:
            pairs |= {(old.no, no): None for no in parts}
        else:
            many = apportion(old.households, [weights[old.no, no] for no in parts])
            pairs |= {(old.no, no): count for no, count in zip(parts, many, strict=True)}
    totals: dict[int, int | None] = {}
    for new in drawn.made:
        known = [many for (_, no), many in pairs.items() if no == new.no and many is not None]
        totals[new.no] = sum(known) if known else None
    redrawing.settle_households(
        connection, drawn.edition_id, {no: many for no, many in totals.items() if many is not None}
    )
    redrawing.settle_lineage(connection, pairs)
    return totals

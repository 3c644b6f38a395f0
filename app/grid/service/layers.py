"""A layer of areas is put into the tree: changed rows change, cells become a new edition, cases follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.grid import store
from app.grid.rules import SINCE_EVER, Level
from app.grid.service.borders import redraw_borders
from spatial.crs import metric_crs_for


@dataclass(frozen=True, slots=True)
class AreaRows:
    """Areas to be put in: arrays of one length, shapes in EPSG:4490, `parents` codes of the level above."""

    codes: NDArray[Any]
    names: NDArray[Any]
    parents: NDArray[Any]
    kinds: NDArray[Any]
    households: NDArray[Any]
    shapes: NDArray[Any]
    names_en: NDArray[Any]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(slots=True)
class PutResult:
    """What putting a layer in has changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    edition: str | None = None
    derived_parent: bool = field(default=False)


def put_areas(
    connection: Connection,
    district: Row[Any],
    level: Level,
    rows: AreaRows,
    *,
    source: str,
    simulated: bool = False,
) -> PutResult:
    """Make the areas of a level be exactly these.

    Cells that differ from today's in any code, name, parent, household count or shape become a new edition that
    takes effect today and supersedes the present one; the first edition counts from `SINCE_EVER`, so that older
    cases have a cell. Areas of other levels are changed one by one; those that are missing end today.
    """
    choose_projection(connection, district, rows.shapes)
    put = _put_cells if level is Level.CELL else _put_level
    result = put(connection, district, level, rows, source, simulated)
    if result.added or result.changed or result.ended:
        redraw_borders(connection, district)
        store.count_up(connection, "areas")
    return result


def choose_projection(connection: Connection, district: Row[Any], shapes: NDArray[Any]) -> int:
    """The district's projection in metres, chosen from where its first areas lie if nobody has named one."""
    known = store.find_district(connection)
    if known is not None and known.metric_srid is not None:
        return int(known.metric_srid)
    west, south, east, north = shapely.total_bounds(shapes)
    srid = metric_crs_for((west + east) / 2, (south + north) / 2)
    store.change_district(connection, district.id, metric_srid=srid)
    return srid


def _same(present: store.AreaSet, rows: AreaRows, at: NDArray[Any], have: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of the rows `at` say just what the present areas `have` say."""
    pairs = (
        (present.names, rows.names),
        (present.parents, rows.parents),
        (present.kinds, rows.kinds),
        (present.households, rows.households),
    )
    same = shapely.equals_exact(
        shapely.normalize(present.shapes[have]), shapely.normalize(_multi(rows.shapes[at])), tolerance=0
    )
    for ours, theirs in pairs:
        same &= np.array([a == b for a, b in zip(ours[have], theirs[at], strict=True)], dtype=bool)
    return same  # type: ignore[no-any-return]


def _multi(shapes: NDArray[Any]) -> NDArray[Any]:
    return np.array(
        [shapely.multipolygons([s]) if s.geom_type == "Polygon" else s for s in shapes], dtype=object
    )


def _match(present: store.AreaSet, rows: AreaRows) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]:
    """Rows whose code is present, the places of those in `present`, and whether each says the same."""
    place = {code: i for i, code in enumerate(present.codes)}
    at = np.array([i for i, code in enumerate(rows.codes) if code in place], dtype=np.intp)
    have = np.array([place[rows.codes[i]] for i in at], dtype=np.intp)
    return at, have, _same(present, rows, at, have)


def _values(
    district: Row[Any],
    level: Level,
    rows: AreaRows,
    at: Sequence[int],
    parents: dict[str, int],
    source: str,
    simulated: bool,
) -> list[dict[str, Any]]:
    return [
        {
            "district_id": district.id,
            "level": level.value,
            "code": rows.codes[i],
            "name": rows.names[i],
            "name_en": rows.names_en[i],
            "kind": rows.kinds[i],
            "households": rows.households[i],
            "parent_id": parents.get(rows.parents[i]),
            "source": source,
            "simulated": simulated,
            "shape": rows.shapes[i],
        }
        for i in at
    ]


def parents_of(connection: Connection, district: Row[Any], level: Level) -> store.AreaSet | None:
    """The areas of the level above; None for the root."""
    levels = store.levels(connection, district.id)
    above = levels[level].depth - 1
    names = [name for name, row in levels.items() if row.depth == above and name != Level.RESIDENT_GROUP]
    return store.current_areas(connection, district.id, names[0]) if names else None


def _parent_ids(connection: Connection, district: Row[Any], level: Level) -> dict[str, int]:
    parents = parents_of(connection, district, level)
    return {} if parents is None else {c: int(i) for c, i in zip(parents.codes, parents.ids, strict=True)}


def _put_level(
    connection: Connection, district: Row[Any], level: Level, rows: AreaRows, source: str, simulated: bool
) -> PutResult:
    present = store.current_areas(connection, district.id, level)
    at, have, same = _match(present, rows)
    parents = _parent_ids(connection, district, level)
    result = PutResult(unchanged=int(same.sum()), changed=int((~same).sum()))
    for i, j in zip(at[~same], have[~same], strict=True):
        (values,) = _values(district, level, rows, [i], parents, source, simulated)
        moved = shapely.equals_exact(present.shapes[j], _multi(rows.shapes[[i]])[0], tolerance=0)
        shape = values.pop("shape")
        store.change_area(connection, int(present.ids[j]), None if moved else shape, **values)
    new = np.setdiff1d(np.arange(len(rows)), at)
    first = SINCE_EVER if not len(present) else store.today(connection, district.id)
    values = _values(district, level, rows, list(new), parents, source, simulated)
    if values:
        store.add_areas(connection, [{**row, "valid_from_on": first} for row in values])
    gone = np.setdiff1d(np.arange(len(present)), have)
    if gone.size:
        store.end_areas(connection, present.ids[gone].tolist(), store.today(connection, district.id))
    result.added, result.ended = len(new), int(gone.size)
    return result


def _put_cells(
    connection: Connection, district: Row[Any], level: Level, rows: AreaRows, source: str, simulated: bool
) -> PutResult:
    present = store.current_areas(connection, district.id, level)
    _, _, same = _match(present, rows)
    if len(present) == len(rows) == int(same.sum()):
        return PutResult(unchanged=len(rows))
    old = store.edition_in_force(connection, district.id)
    day = SINCE_EVER if old is None else store.today(connection, district.id)
    name = f"{day:%Y-%m-%d}" if old else "1"
    if old is not None:
        store.supersede_edition(connection, old.id, day)
    edition = store.add_edition(connection, district.id, name, day, source)
    parents = _parent_ids(connection, district, level)
    values = _values(district, level, rows, list(range(len(rows))), parents, source, simulated)
    store.add_areas(connection, [{**row, "edition_id": edition} for row in values])
    store.enforce_edition(connection, edition)
    return PutResult(
        added=len(rows) - int(same.sum()),
        unchanged=int(same.sum()),
        ended=max(0, len(present) - len(rows)),
        edition=name,
    )

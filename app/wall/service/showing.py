"""What a wall shows now: numbers, tiles, marks and overdue cases of one instant, as far as its preset allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.cases.service.reference_data import reference
from app.wall import store
from app.wall.rules import Choice, Preset, Setting, choice, masked, rounded_up, street_of

Record = dict[str, Any]
EVERYWHERE = (0, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class View:
    """Before whom the wall stands.

    Parameters
    ----------
    reads_staff
        Whether they may read who works where; else names are masked.
    streets
        Names of the streets that may be told of an address.
    """

    district_id: int
    zone: str
    areas: tuple[Record, ...]
    level: str
    streets: tuple[str, ...]
    reads_staff: bool
    now: datetime


def show(connection: Connection, setting: Setting, view: View) -> Record:
    """All that the wall shows."""
    chosen = choice(reference("wall_presets"), setting.preset, store.categories(connection, view.district_id))
    now, district = view.now, view.district_id
    by_area = store.numbers(connection, district, view.level, chosen, now)
    tiles = _tiles(view.areas, by_area)
    whole = by_area[None]
    kinds = store.kinds(connection, district, chosen, now)
    return {
        "at": now,
        "figures": {
            "today": store.today(connection, district, view.zone, now),
            **{name: whole[name] for name in ("open", "near", "overdue", "urgent")},
        },
        "scale": rounded_up(max((tile["share"] or 0 for tile in tiles), default=0)),
        "tiles": tiles,
        "kinds": {"by": "category" if chosen.first else "line", "items": kinds},
        "reds": _reds(connection, setting, chosen, view),
        "marks": {
            "items": store.marks(connection, district, chosen, now),
            "elsewhere": whole["overdue"] - whole["placed"],
        },
        "duty": _duty(store.on_duty(connection, district), setting.preset, view.reads_staff),
        "core": _around([area["bounds"] for area in view.areas if area["dense"]]),
    }


def _tiles(areas: Sequence[Record], by_area: Mapping[int | None, Record]) -> list[Record]:
    """One for each area, the greatest share of late cases first; where nothing is open there is no share."""
    none = {"open": 0, "overdue": 0, "near": 0, "urgent": 0}
    found = []
    for area in areas:
        counts = by_area.get(area["id"], none)
        share = counts["overdue"] / counts["open"] if counts["open"] else None
        tile = {name: area[name] for name in ("id", "name", "name_en", "lon", "lat")}
        found.append({**tile, **{name: counts[name] for name in none}, "share": share})
    return sorted(found, key=lambda tile: (-(tile["share"] or 0), -tile["overdue"], tile["id"]))


def _reds(connection: Connection, setting: Setting, chosen: Choice, view: View) -> Record:
    low, high = EVERYWHERE
    if setting.focus_no is not None:
        low, high = setting.focus_no, store.last_no(connection, setting.focus_no) or setting.focus_no
    rows = store.reds(connection, view.district_id, chosen, (low, high), view.now)
    return {
        "of": rows[0]["of"] if rows else 0,
        "items": [_red(row, setting.preset, view.streets) for row in rows],
    }


def _red(row: Record, preset: Preset, streets: Sequence[str]) -> Record:
    """An overdue case; visitors learn of its place no more than the street."""
    shown = {name: value for name, value in row.items() if name not in {"address", "of"}}
    place = street_of(row["address"], streets) if preset is Preset.VISIT else row["address"]
    return {**shown, "place": place}


def _duty(rows: Sequence[Record], preset: Preset, reads_staff: bool) -> Record:
    """Who is on duty, by name where one may read it; before visitors only how many of each role."""
    counts = Counter(row["role"] for row in rows)
    people = [
        {
            "name": row["name"] if reads_staff else masked(row["name"]),
            "role": row["role"],
            "leads": row["leads"],
        }
        for row in rows
    ]
    return {
        "there": any(row["there"] for row in rows),
        "count": len(rows),
        "roles": [{"role": role, "count": n} for role, n in counts.items()],
        "people": [] if preset is Preset.VISIT else people,
    }


def _around(boxes: Sequence[Sequence[float]]) -> list[float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]

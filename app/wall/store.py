"""Reads what a wall shows, under row security, and reads and writes its setting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.dialects.postgresql import insert

from app.db import Actor, transaction
from app.wall.rules import Choice, Preset, Setting, WarningKind, WarningLevel, WeatherWarning
from app.wall.tables import WallSetting

Record = dict[str, Any]

FOLDER = Path(__file__).parent / "sql"
SLOWEST_S = 10.0
MOST_REDS, MOST_KINDS, MOST_STREETS = 30, 4, 20_000

SETTING = (
    "SELECT preset, focus_no, tours, warning_kind, warning_level, warning_text, warning_until_at, version, set_at"
    " FROM wall_settings WHERE district_id = :district"
)


@cache
def _statement(name: str) -> TextClause:
    return text((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def _rows(connection: Connection, name: str, values: Mapping[str, Any]) -> list[Record]:
    return [dict(row._mapping) for row in connection.execute(_statement(name), values)]


def setting(connection: Connection, district_id: int) -> tuple[Setting, int]:
    """What the wall shows, and the number of that setting; 0 where nobody has set anything."""
    row = connection.execute(text(SETTING), {"district": district_id}).one_or_none()
    if row is None:
        return Setting(), 0
    warning = None
    if row.warning_kind is not None:
        warning = WeatherWarning(
            WarningKind(row.warning_kind),
            WarningLevel(row.warning_level),
            row.warning_text,
            row.warning_until_at,
        )
    return Setting(Preset(row.preset), row.focus_no, row.tours, warning), row.version


def put_setting(connection: Connection, district_id: int, account_id: int, wanted: Setting) -> int:
    """Set what the wall shows; the number of the new setting.

    Raises
    ------
    sqlalchemy.exc.ProgrammingError
        Row security: whoever acts does not serve the command centre.
    """
    values = {
        "preset": wanted.preset.value, "focus_no": wanted.focus_no, "tours": wanted.tours,
        "warning_kind": wanted.warning.kind.value if wanted.warning else None,
        "warning_level": wanted.warning.level.value if wanted.warning else None,
        "warning_text": wanted.warning.text if wanted.warning else "",
        "warning_until_at": wanted.warning.until_at if wanted.warning else None,
        "set_by": account_id,
    }  # fmt: skip
    made = insert(WallSetting).values(district_id=district_id, **values)
    changed = {**values, "version": WallSetting.version + 1, "set_at": text("now()")}
    put = made.on_conflict_do_update(index_elements=["district_id"], set_=changed).returning(
        WallSetting.version
    )
    return int(connection.execute(put).scalar_one())


def drives(connection: Connection) -> bool:
    """Whether the one who acts serves the command centre now."""
    return bool(connection.execute(text("SELECT drives_wall()")).scalar_one())


@lru_cache(maxsize=64)
def areas(url: str, actor: Actor, version: int, district_id: int, level: str) -> tuple[Record, ...]:
    """The areas of a level that an actor sees: number, names, place of the name, bounds, whether they are dense."""
    with transaction(url, actor=actor, read_only=True, timeout_s=SLOWEST_S) as connection:
        return tuple(_rows(connection, "areas", {"district": district_id, "level": level}))


@lru_cache(maxsize=4)
def streets(url: str, version: int, district_id: int) -> tuple[str, ...]:
    """The names of the streets of the district's map."""
    statement = text(
        "SELECT DISTINCT name FROM ground_features WHERE district_id = :district AND kind = 'street'"
        " AND name IS NOT NULL ORDER BY name LIMIT :limit"
    )
    with transaction(url, actor=Actor(), read_only=True, timeout_s=SLOWEST_S) as connection:
        found = connection.execute(statement, {"district": district_id, "limit": MOST_STREETS})
        return tuple(found.scalars())


def categories(connection: Connection, district_id: int) -> list[Record]:
    """All categories, as `rules.choice` takes them."""
    rows = connection.execute(
        text(
            "SELECT id, code, major, line, restricted FROM case_categories WHERE district_id = :district LIMIT 2000"
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def numbers(
    connection: Connection, district_id: int, level: str, chosen: Choice, now: datetime
) -> dict[int | None, Record]:
    """Open cases by area of a level, and of all that is in sight under None."""
    values = {"district": district_id, "level": level, "numbers": list(chosen.numbers), "now": now}
    rows = _rows(connection, "numbers", values)
    totals = {row["id"]: row for row in rows if row["id"] is not None}
    # Of several rows without an area the last one is the sum: the others lie in no area of the level.
    return {**totals, None: max((row for row in rows if row["id"] is None), key=lambda row: row["open"])}


def today(connection: Connection, district_id: int, zone: str, now: datetime) -> int:
    """How many cases were reported today."""
    statement = text(
        "SELECT count(*) FROM cases c WHERE c.district_id = :district AND c.reported_at <= :now"
        " AND c.reported_at >= date_trunc('day', CAST(:now AS timestamptz) AT TIME ZONE :zone) AT TIME ZONE :zone"
    )
    return int(
        connection.execute(statement, {"district": district_id, "now": now, "zone": zone}).scalar_one()
    )


def reds(
    connection: Connection, district_id: int, chosen: Choice, between: tuple[int, int], now: datetime
) -> list[Record]:
    """The overdue cases that are told of one by one; each row says of how many."""
    values = {
        "district": district_id, "first": list(chosen.first), "numbers": list(chosen.numbers), "low": between[0],
        "high": between[1], "now": now, "limit": MOST_REDS,
    }  # fmt: skip
    return _rows(connection, "reds", values)


def marks(connection: Connection, district_id: int, chosen: Choice, now: datetime) -> list[Record]:
    """What the map shows, by cell."""
    values = {"first": list(chosen.first), "numbers": list(chosen.numbers), "now": now}
    return _rows(connection, "marks", {"district": district_id, **values})


def kinds(connection: Connection, district_id: int, chosen: Choice, now: datetime) -> list[Record]:
    """What a preset looks at in numbers: the categories that it puts first, else the business lines."""
    values = {
        "district": district_id,
        "first": list(chosen.first),
        "by_category": bool(chosen.first),
        "now": now,
    }
    return _rows(connection, "kinds", {**values, "limit": MOST_KINDS})


def on_duty(connection: Connection, district_id: int) -> list[Record]:
    """Who is on duty at the command centre."""
    return _rows(connection, "on_duty", {"district": district_id})


def last_no(connection: Connection, no: int) -> int | None:
    """The last number below an area; None where it is not in sight."""
    return connection.execute(text("SELECT last_no FROM area_numbers WHERE no = :no"), {"no": no}).scalar()

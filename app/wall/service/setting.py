"""The wall is driven: preset, place, tour, weather warning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ForbiddenError, NotFoundError
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.wall import store
from app.wall.rules import Preset, Setting, check_warning


def drive(
    connection: Connection,
    district_id: int,
    by: Hand,
    *,
    preset: Preset,
    focus_no: int | None,
    tours: bool,
    warning: dict[str, Any] | None,
) -> int:
    """Set what the wall shows; the number of the new setting.

    Parameters
    ----------
    warning
        `kind`, `level`, `text` and `until_at` of a weather warning; None for none.

    Raises
    ------
    ForbiddenError
        `wall_not_yours`: whoever asks does not serve the command centre now.
    InvalidError
        `wall_warning_incomplete`, `wall_warning_past`.
    NotFoundError
        `area_missing`.
    """
    if by.account_id is None or not store.drives(connection):
        raise ForbiddenError("wall_not_yours")
    if focus_no is not None and store.last_no(connection, focus_no) is None:
        raise NotFoundError("area_missing", id=focus_no)
    entered = None if warning is None else check_warning(**warning, now=datetime.now(UTC))
    wanted = Setting(preset, focus_no, tours, entered)
    version = store.put_setting(connection, district_id, by.account_id, wanted)
    facts = {"preset": preset.value, "focus": focus_no, "tours": tours}
    if entered is not None:
        facts |= {"warning": f"{entered.kind}.{entered.level}"}
    ledger.add(
        connection,
        Entry("wall.set", "done", by.account_id, by.name, "wall", str(district_id), by.address, facts),
    )
    return version


def told(found: Setting, version: int, areas: tuple[dict[str, Any], ...], now: datetime) -> dict[str, Any]:
    """The setting as a wall is told it; a warning that is over is none."""
    focus = next((one for one in areas if one["no"] == found.focus_no), None)
    warning = found.warning_at(now)
    return {
        "version": version,
        "preset": found.preset.value,
        "tours": found.tours,
        "focus": None
        if focus is None
        else {name: focus[name] for name in ("id", "name", "name_en", "bounds")},
        "warning": warning
        and {
            "kind": warning.kind.value,
            "level": warning.level.value,
            "text": warning.text,
            "until_at": warning.until_at,
        },
    }

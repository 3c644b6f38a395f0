"""What is kept of people no longer than it is needed: shown beforehand, then deleted, and that it was is logged."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.registry.service.noting import note
from app.registry.store import persons as store
from app.registry.store import writing

SWEEP = "retention"
PLATFORM = Hand("retention")
"""Who deletes by the day, as the access log names it."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Over:
    """Whose time is over on a day: ids of persons, and single needs of others."""

    persons: tuple[int, ...]
    needs: tuple[tuple[int, str], ...]


def due(connection: Connection, district_id: int, on_day: date) -> Over:
    """What `delete` would delete on that day, and nothing else."""
    return _over(store.over(connection, district_id, on_day))


def delete(connection: Connection, district_id: int, on_day: date, *, by: Hand) -> Over:
    """Delete whose last day was before that day, with all that was remembered of it. The log keeps that it was."""
    found = _over(store.delete_over(connection, district_id, on_day))
    for person_id in found.persons:
        _log(connection, person_id, by)
    for person_id, need in found.needs:
        _log(connection, person_id, by, need)
    if found.persons or found.needs:
        writing.count_up(connection)
    return found


def sweep(connection: Connection) -> None:
    """Delete what is over today, in every district of the workspace; the log says how many that was."""
    for district_id in store.districts(connection):
        found = delete(connection, district_id, store.today(connection, district_id), by=PLATFORM)
        logger.info("retention: %s persons, %s needs deleted", len(found.persons), len(found.needs))


def _log(connection: Connection, person_id: int, by: Hand, need: str | None = None) -> None:
    what = {} if need is None else {"field": "need"}
    note(connection, "person.delete", person_id, by, why="retention", **what)


def _over(rows: list[store.Record]) -> Over:
    whole = tuple(row["person_id"] for row in rows if row["need"] is None)
    return Over(whole, tuple((row["person_id"], row["need"]) for row in rows if row["need"] is not None))

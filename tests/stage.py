"""A stage for stories: the toy town at work at the hour that a story says, through the real services."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from app.cases.rules.clocks import ClockReading
from app.cases.rules.timing import Stage, StageClock, clocks
from app.cases.service import moving, reporting
from app.cases.service.situation import timed
from app.cases.service.timetable import timetable
from app.cases.store import log, reported
from app.db import Actor
from tests import casework, town
from tests.casework import Casework

KUNMING = ZoneInfo("Asia/Shanghai")
AT = "current_setting('panlong.at')::timestamptz"


def at_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the services take the hour from a setting instead of the database's clock, and write it down then, too."""
    written = str(log.RECORD.text).replace("at, client_id)", "at, client_id, recorded_at)", 1)
    written = written.replace(":at, :client)", f":at, :client, {AT})", 1)
    monkeypatch.setattr(log, "RECORD", text(written).bindparams(*log.RECORD._bindparams.values()))
    monkeypatch.setattr(log, "LOCK", text(str(log.LOCK).replace("now() AS now", f"{AT} AS now")))
    monkeypatch.setattr(reported, "ADD", text(str(reported.ADD).replace("now()", AT)))


def hour(written: str) -> datetime:
    """An hour of Kunming's clocks: `2026-09-30 16:00`."""
    return datetime.fromisoformat(written).replace(tzinfo=KUNMING)


@dataclass(slots=True)
class Play:
    """A story as it goes on: who does what, when."""

    connection: Connection
    work: Casework
    at: datetime = field(default_factory=lambda: hour("2026-03-10 09:20"))

    def act(self, who: str) -> Actor:
        """From now on somebody acts, at the hour of the story."""
        view = self.connection.execute(
            text("SELECT (v).roles, (v).territory::text, (v).units FROM account_view(:account) v"),
            {"account": self.work.account(who)},
        ).one()
        actor = Actor(self.work.account(who), tuple(view[0]), view[1], tuple(view[2]))
        self.connection.execute(
            text(
                "SELECT set_config('panlong.' || key, value, true) FROM jsonb_each_text(CAST(:all AS jsonb))"
            ),
            {"all": json.dumps({**actor.settings, "at": self.at.isoformat()})},
        )
        return actor

    def report(self, who: str, category: str, when: str = "", **fields: Any) -> int:
        """Somebody reports something at an hour, in the first cell unless the fields say otherwise."""
        self.at = hour(when) if when else self.at
        lon, lat = fields.pop("place", town.centre(casework.AREA))
        raw = {"category": category, "description": "演练", "position": {"lon": lon, "lat": lat}, **fields}
        return int(reporting.report(self.connection, 1, self.act(who), raw, uuid.uuid4())["case_id"])

    def move(self, who: str, case: int, move: str, when: str = "", **given: Any) -> dict[str, Any]:
        """Somebody moves a case at an hour; files are invented as they are needed."""
        self.at = hour(when) if when else self.at
        for name in ("evidence", "before", "after"):
            if given.get(name) is True:
                given[name] = [self.file(who)]
        version = self.value("SELECT version FROM cases WHERE id = :case", case=case)
        return moving.make(
            self.connection, self.act(who), moving.Request(case, move, given, version, uuid.uuid4())
        )

    def file(self, who: str, place: tuple[float, float] | None = None) -> int:
        """A picture that somebody has taken in, taken at a place."""
        lon, lat = place or (None, None)
        return int(
            self.connection.execute(
                text(
                    "INSERT INTO files (sha256, kind, size_bytes, width, height, original_sha256, created_by, lon, lat)"
                    " VALUES (sha256('x'), 'jpeg', 9, 4, 4, sha256('y'), :who, :lon, :lat) RETURNING id"
                ),
                {"who": self.work.account(who), "lon": lon, "lat": lat},
            ).scalar_one()
        )

    def value(self, statement: str, **values: Any) -> Any:
        """One value of the database."""
        return self.connection.execute(text(statement), values).scalar()

    def due(self, case: int) -> str:
        """By when a case is due, as a clock in Kunming shows it."""
        found = self.value("SELECT due_at FROM cases WHERE id = :case", case=case)
        return "" if found is None else found.astimezone(KUNMING).strftime("%Y-%m-%d %H:%M")

    def clocks(self, case: int) -> list[StageClock]:
        """All clocks of a case."""
        return clocks([timed(row) for row in log.rows(self.connection, case)], timetable())

    def reading(self, case: int, stage: Stage, when: str = "") -> ClockReading:
        """What the last clock of a stage shows at an hour."""
        found = [clock for clock in self.clocks(case) if clock.stage is stage]
        return found[-1].read(hour(when) if when else self.at)

    def log(self, case: int) -> list[str]:
        """The moves of a case."""
        return [row.move for row in log.rows(self.connection, case)]

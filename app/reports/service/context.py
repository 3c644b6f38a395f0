"""What the sections of a report are made from: who asks is in the connection, the rest stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.reports.rules.kinds import ReportKind
from app.web.i18n import translate


@dataclass(frozen=True, slots=True)
class Scope:
    """The area or the unit that a report is about; the district has no level below it.

    Parameters
    ----------
    level
        That of an area, or `unit`.
    id
        Of the area or of the unit.
    """

    level: str
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """One report that is being made, under the row security of the one who asks for it.

    Parameters
    ----------
    srid
        EPSG number of the district's projection.
    subject
        What it is about, where that is no area: the number of a case, a place's code, the question of a selection.
    since_on, until_on
        First and last day of its period, in the district.
    known_at
        As far as the log was written then.
    base_url
        Where people reach the platform, for codes that a telephone reads.
    """

    connection: Connection
    district_id: int
    district_name: str
    timezone: str
    srid: int
    kind: ReportKind
    scope: Scope
    subject: str
    since_on: date
    until_on: date
    known_at: datetime
    locale: str
    simulated: bool
    base_url: str

    def t(self, key: str, /, **facts: Any) -> str:
        """A word of reports in the language of the report: `report.<key>`."""
        return translate(self.locale, f"report.{key}", **facts)

    @property
    def since(self) -> datetime:
        """The instant at which the first day begins."""
        return datetime.combine(self.since_on, time(), ZoneInfo(self.timezone))

    @property
    def until(self) -> datetime:
        """The instant at which the last day has ended."""
        return datetime.combine(self.until_on + timedelta(days=1), time(), ZoneInfo(self.timezone))

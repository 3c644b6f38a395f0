"""What the sections of a report are made from: who asks is in the connection, the rest stands here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.reports.rules.kinds import ReportKind
from app.web.i18n import translate

T = TypeVar("T")

UNIT = "unit"
"""The level of a scope that is no area but a unit 部门."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The area or the unit that a report is about.

    Parameters
    ----------
    level
        That of an area, or `unit`.
    id
        Of the area or of the unit.
    no, last_no
        Number of the area, and the last one of those below it; of a unit those of the whole district.
    """

    level: str
    id: int
    code: str
    name: str
    no: int = 0
    last_no: int = 0

    @property
    def unit_id(self) -> int | None:
        """The id of the unit, where it is one."""
        return self.id if self.level == UNIT else None

    @property
    def area_id(self) -> int | None:
        """The id of the area, where it is one."""
        return None if self.level == UNIT else self.id


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
    made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What several sections need, made by the first of them."""
        if name not in self.made:
            self.made[name] = make()
        return cast("T", self.made[name])

    def called(self, thing: Any) -> str:
        """The name of something that has one in Chinese and may have one in English."""
        english = None if self.locale.startswith("zh") else thing.name_en
        return str(english or thing.name)

    def named(self, record: Mapping[str, Any], name: str = "name") -> str | None:
        """The same of a record that has `<name>` and `<name>_en`; None where it has neither."""
        english = None if self.locale.startswith("zh") else record.get(f"{name}_en")
        return english or record[name]

    def t(self, key: str, /, **facts: Any) -> str:
        """A word of reports in the language of the report: `report.<key>`."""
        return translate(self.locale, f"report.{key}", **facts)

    def word(self, key: str, /, **facts: Any) -> str:
        """Any word of the catalogue in the language of the report."""
        return translate(self.locale, key, **facts)

    @property
    def since(self) -> datetime:
        """The instant at which the first day begins."""
        return datetime.combine(self.since_on, time(), ZoneInfo(self.timezone))

    @property
    def until(self) -> datetime:
        """The instant at which the last day has ended."""
        return datetime.combine(self.until_on + timedelta(days=1), time(), ZoneInfo(self.timezone))

"""Reference data that the system administrator edits: each row holds from a day to the day after its last."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db import Table


class Dated:
    """What every such table has: whose it is, and when it holds."""

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]

    @declared_attr
    @classmethod
    def district_id(cls) -> Mapped[int]:
        """The district whose row it is."""
        return mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))


class BusinessLine(Dated, Table):
    """业务线; its letter begins the codes of its categories."""

    __tablename__ = "business_lines"

    code: Mapped[str]
    letter: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]


class Major(Dated, Table):
    """大类: a major class of categories."""

    __tablename__ = "majors"

    code: Mapped[str]
    line: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]


class SeasonOfYear(Dated, Table):
    """时令: first and last day, month-day."""

    __tablename__ = "seasons"

    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    begin: Mapped[str]
    end: Mapped[str]


class Phrase(Dated, Table):
    """A reason, or a phrase 常用语."""

    __tablename__ = "phrases"

    kind: Mapped[str]
    of: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str]


class WorkCalendar(Dated, Table):
    """工作日历: its zone, and whose holidays it follows."""

    __tablename__ = "calendars"

    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    zone: Mapped[str]
    country: Mapped[str] = mapped_column(server_default="")
    known_until_on: Mapped[date | None]


class CalendarHours(Dated, Table):
    """Hours of a calendar on some weekdays, in a season or all year."""

    __tablename__ = "calendar_hours"

    calendar: Mapped[str]
    season_begin: Mapped[str] = mapped_column(server_default="")
    season_end: Mapped[str] = mapped_column(server_default="")
    weekdays: Mapped[str]
    hours: Mapped[str]


class CalendarDay(Dated, Table):
    """A date that is settled otherwise."""

    __tablename__ = "calendar_days"

    on: Mapped[date]
    calendar: Mapped[str]
    state: Mapped[str]
    hours: Mapped[str] = mapped_column(server_default="")
    name: Mapped[str | None]
    name_en: Mapped[str | None]


class StageLimit(Dated, Table):
    """The limit of a desk's stage."""

    __tablename__ = "stage_limits"

    stage: Mapped[str]
    urgent: Mapped[bool]
    amount: Mapped[str]
    unit: Mapped[str]


class LoopLabel(Dated, Table):
    """What a loop is called, and by which calendar its desks work."""

    __tablename__ = "loops"

    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    calendar: Mapped[str]

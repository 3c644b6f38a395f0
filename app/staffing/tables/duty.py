"""在岗: leave 休假, the duty roster 值班表, 上岗 and 下岗, desks taken over, hand-overs 交接班."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

INSTANT = TIMESTAMP(timezone=True)


class Leave(Table):
    """休假: from when somebody is away, and the first day back. Why is not asked."""

    __tablename__ = "leaves"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"))
    from_on: Mapped[date]
    until_on: Mapped[date]


class Shift(Table):
    """班次: who is planned to be on duty at a unit, and whether that person leads 带班."""

    __tablename__ = "shifts"
    __table_args__ = (Index("ix_shifts_unit_id", "unit_id", "starts_at"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(INSTANT)
    ends_at: Mapped[datetime] = mapped_column(INSTANT)
    leads: Mapped[bool] = mapped_column(server_default="false")
    simulated: Mapped[bool] = mapped_column(server_default="false")


class DutySpell(Table):
    """From 上岗 to 下岗, as the person said; kept no longer than a hand-over could need it."""

    __tablename__ = "duty_spells"
    __table_args__ = (Index("ix_duty_spells_unit_id", "unit_id", postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    began_at: Mapped[datetime] = mapped_column(INSTANT, server_default=text("now()"))
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Takeover(Table):
    """接管: a desk that another one serves for some other reason than the hour."""

    __tablename__ = "takeovers"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    by_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    reason: Mapped[str]
    began_at: Mapped[datetime] = mapped_column(INSTANT, server_default=text("now()"))
    began_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))


class Handover(Table):
    """交接班: signed by the one who goes and by the one who comes, and then never changed."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_unit_id", "unit_id", "id"),
        Index("ix_handovers_to_unit_id", "to_unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    to_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"))
    happened: Mapped[str] = mapped_column(server_default="")
    dangerous: Mapped[str] = mapped_column(server_default="")
    promised: Mapped[str] = mapped_column(server_default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    given_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    given_name: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(INSTANT)
    content_hash: Mapped[bytes]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    taken_name: Mapped[str | None]
    taken_at: Mapped[datetime | None] = mapped_column(INSTANT)
    remark: Mapped[str | None]

"""考核评价: schemes, periods and what was published of them. Triggers and policies: migration 0044."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Numeric
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

PERIOD = "evaluation_periods.id"


class EvaluationScheme(Table):
    """评分方案: an edition of a scheme; the last one of a code holds."""

    __tablename__ = "evaluation_schemes"
    __table_args__ = (Index("ix_evaluation_schemes_code", "district_id", "code", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    of: Mapped[str]
    weights: Mapped[list[Any]] = mapped_column(JSONB)
    note: Mapped[str | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(server_default="now()")


class EvaluationPeriod(Table):
    """考核周期: open, then published 公示 with its schemes and as known at an instant, then frozen with a hash."""

    __tablename__ = "evaluation_periods"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime] = mapped_column(server_default="now()")
    since_at: Mapped[datetime | None]
    until_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    schemes: Mapped[list[Any] | None] = mapped_column(JSONB)
    object_until_on: Mapped[date | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None]
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    frozen_at: Mapped[datetime | None]
    sha256: Mapped[bytes | None]


class EvaluationFigure(Table):
    """What was published of an object: its counts, its score, its place."""

    __tablename__ = "evaluation_figures"

    period_id: Mapped[int] = mapped_column(ForeignKey(PERIOD, ondelete="CASCADE"), primary_key=True)
    of: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    area_no: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    score: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))
    place: Mapped[int | None]


class EvaluationCorrection(Table):
    """更正: a count of an earlier, frozen period as it was published and as it is known now."""

    __tablename__ = "evaluation_corrections"

    period_id: Mapped[int] = mapped_column(ForeignKey(PERIOD, ondelete="CASCADE"), primary_key=True)
    of_period_id: Mapped[int] = mapped_column(
        ForeignKey(PERIOD, ondelete="CASCADE"), primary_key=True, index=True
    )
    of: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    area_no: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int | None]
    was: Mapped[int]
    now_is: Mapped[int]
    added: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    removed: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class EvaluationObjection(Table):
    """异议: what somebody holds against a published figure, and the answer."""

    __tablename__ = "evaluation_objections"
    __table_args__ = (Index("ix_evaluation_objections_period_id", "period_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey(PERIOD, ondelete="CASCADE"))
    of: Mapped[str]
    key: Mapped[str]
    client_id: Mapped[UUID] = mapped_column(unique=True)
    reason: Mapped[str]
    filed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    filed_at: Mapped[datetime] = mapped_column(server_default="now()")
    upheld: Mapped[bool | None]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]

"""立案条件 and 编号: under what a problem becomes a case, and what it is then called."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, Identity, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

AMOUNT = Numeric(9, 4)


class FilingCondition(Table):
    """立案条件 with its limits, valid for a time; `valid_to_on` is the day after it."""

    __tablename__ = "filing_conditions"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    number: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("case_categories.id"), index=True)
    condition: Mapped[str]
    closing_condition: Mapped[str]
    limit_amount: Mapped[Decimal] = mapped_column(AMOUNT)
    limit_unit: Mapped[str]
    control_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    control_unit: Mapped[str | None]
    season: Mapped[str | None]
    season_amount: Mapped[Decimal | None] = mapped_column(AMOUNT)
    season_unit: Mapped[str | None]
    default_unit: Mapped[str]
    lowest_loop: Mapped[str]
    risk: Mapped[str]
    verification: Mapped[str]
    self_handle: Mapped[bool] = mapped_column(server_default="false")
    standard_ref: Mapped[str | None]
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]


class CasePrefix(Table):
    """The letters of a subdistrict in the numbers of its cases."""

    __tablename__ = "case_prefixes"
    __table_args__ = (UniqueConstraint("district_id", "letters"),)

    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(primary_key=True)
    letters: Mapped[str]


class CaseCounter(Table):
    """How many cases a subdistrict has numbered on a day."""

    __tablename__ = "case_counters"

    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True)
    letters: Mapped[str] = mapped_column(primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]

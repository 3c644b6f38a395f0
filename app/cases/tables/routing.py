"""派遣依据: who looks after what where, who gets which cases. Who writes it: `migrations/sql/0016_…`, `0021_….sql`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class MaintenanceArea(Table):
    """管养区段: a stretch, a ground or a spot that a unit looks after, for a kind of thing; a ruling 裁定 is one too.

    Of `category_id`, `major` and `line` at most one says for what; none of them: for whatever is there.
    """

    __tablename__ = "maintenance_areas"
    __table_args__ = (
        Index("ix_maintenance_areas_reach", "reach", postgresql_using="gist"),
        Index("ix_maintenance_areas_case_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
        Index("ix_maintenance_areas_ended_by", "ended_by", postgresql_where=text("ended_by IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("case_categories.id"))
    major: Mapped[str | None]
    line: Mapped[str | None]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    tolerance_m: Mapped[float] = mapped_column(server_default="10")
    source: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("maintenance_areas.id", ondelete="SET NULL"))
    ended_because: Mapped[str | None]
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", 4490, spatial_index=False))
    reach: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", 4490, spatial_index=False))


class RoutingRule(Table):
    """派遣规则: the cases of a category, a major class or a business line in an area go to a unit."""

    __tablename__ = "routing_rules"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("case_categories.id"))
    major: Mapped[str | None]
    line: Mapped[str | None]
    area_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"), index=True
    )
    unit_code: Mapped[str]
    note: Mapped[str | None]
    source: Mapped[str] = mapped_column(server_default="import")
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]


class DispatchPolicy(Table):
    """Whether the platform may dispatch by itself, which share is checked, how far a ruling reaches."""

    __tablename__ = "dispatch_policies"

    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True)
    automatic: Mapped[bool] = mapped_column(server_default="true")
    sample_share: Mapped[Decimal] = mapped_column(Numeric(4, 3), server_default="0.1")
    ruling_radius_m: Mapped[float] = mapped_column(server_default="20")

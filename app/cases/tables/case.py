"""Cases, their categories, the imports that they come from. Triggers: `migrations/sql`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

OPEN = text("open_state(state)")


class CaseCategory(Table):
    """小类: what a case is about, with its business line 业务线 and major class 大类.

    Of a restricted one 限知 text and place are for those alone who deal with the case.
    """

    __tablename__ = "case_categories"
    __table_args__ = (UniqueConstraint("district_id", "code"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    line: Mapped[str | None]
    major: Mapped[str | None]
    standard_ref: Mapped[str | None]
    restricted: Mapped[bool] = mapped_column(server_default="false")
    switched_on: Mapped[bool] = mapped_column(server_default="true")
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]


class Import(Table):
    """One import that took effect, with what was told about it."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    file_name: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    rows_read: Mapped[int] = mapped_column(BigInteger)
    rows_added: Mapped[int] = mapped_column(BigInteger)
    rows_changed: Mapped[int] = mapped_column(BigInteger)
    rows_skipped: Mapped[int] = mapped_column(BigInteger)
    notes: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    finished_at: Mapped[datetime] = mapped_column(server_default="now()")


class Case(Table):
    """A case: outside every cell without `cell_id`, without a position (待定位) without `geom`.

    `area_id` says whose desk it is on and is never null, `unit_id` and
    `handler_id` who has to handle it; `area_no` is the number of that place in the area tree. `state`, `loop`,
    `version` and `stand` are what folding its log gives; `version` 0 has none, and is as its import said.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_cases_open_geom_3857", "geom_3857", postgresql_using="gist", postgresql_where=OPEN),
        Index("ix_cases_open_area_no", "area_no", postgresql_where=OPEN),
        Index("ix_cases_unit_id", "unit_id", postgresql_where=text("unit_id IS NOT NULL")),
        Index("ix_cases_handler_id", "handler_id", postgresql_where=text("handler_id IS NOT NULL")),
        Index("ix_cases_closed_at", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_cases_number", "number", postgresql_where=text("number IS NOT NULL")),
        Index("ix_cases_number_end", text('"right"(number, 4)'), postgresql_where=text("number IS NOT NULL")),
        Index("ix_cases_reporter_id", "reporter_id", postgresql_where=text("reporter_id IS NOT NULL")),
        Index(
            "ix_cases_co_unit_ids",
            "co_unit_ids",
            postgresql_using="gin",
            postgresql_where=text("co_unit_ids IS NOT NULL"),
        ),
        {"postgresql_partition_by": "RANGE (id)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default="new_case_id()")
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id"))
    external_ref: Mapped[str | None] = mapped_column(index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("case_categories.id"))
    state: Mapped[str]
    reported_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]
    near_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    source: Mapped[str | None]
    address: Mapped[str | None]
    description: Mapped[str | None]
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    area_no: Mapped[int] = mapped_column(BigInteger, index=True)
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    import_row: Mapped[int | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    number: Mapped[str | None]
    loop: Mapped[str] = mapped_column(server_default="subdistrict")
    version: Mapped[int] = mapped_column(server_default="0")
    stand: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    condition_id: Mapped[int | None] = mapped_column(ForeignKey("filing_conditions.id"))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    co_unit_ids: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4490, spatial_index=False))
    geom_3857: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 3857, spatial_index=False))

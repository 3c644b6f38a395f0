"""报表: definitions, schedules, runs, what they say, their files and who signed them. Policies: migration 0047."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

ACCOUNT = "accounts.id"
RUN = "report_runs.id"
EDITION = ("report_editions.run_id", "report_editions.no")


class ReportDefinition(Table):
    """报表定义: a version of it; the last one of a code holds."""

    __tablename__ = "report_definitions"
    __table_args__ = (UniqueConstraint("district_id", "code", "version"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    version: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str | None]
    sections: Mapped[list[str]] = mapped_column(ARRAY(Text))
    formats: Mapped[list[str]] = mapped_column(ARRAY(Text))
    retired: Mapped[bool] = mapped_column(server_default="false")
    made_by: Mapped[int | None] = mapped_column(ForeignKey(ACCOUNT))
    made_at: Mapped[datetime] = mapped_column(server_default="now()")


class ReportSchedule(Table):
    """定时报表: made anew for each period as soon as it is over, with the eyes of an account."""

    __tablename__ = "report_schedules"
    __table_args__ = (
        Index("ix_report_schedules_next_on", "next_on", postgresql_where=text("stopped_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    client_id: Mapped[UUID] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(ACCOUNT))
    definition: Mapped[str]
    scope: Mapped[str]
    formats: Mapped[list[str]] = mapped_column(ARRAY(Text))
    locale: Mapped[str]
    base_url: Mapped[str] = mapped_column(server_default="")
    at_minute: Mapped[int]
    next_on: Mapped[date]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    stopped_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(server_default="now()")


class ReportRun(Table):
    """One run of a report: by which definition, about what, of when, as known when; and how far it has come."""

    __tablename__ = "report_runs"
    __table_args__ = (
        Index("ix_report_runs_asked", "id", postgresql_where=text("state = 'waiting' AND NOT queued")),
        Index(
            "ix_report_runs_rewording",
            "id",
            postgresql_where=text("rewording IS NOT NULL AND NOT rewording_queued"),
        ),
        Index("ix_report_runs_account_id", "account_id", "id"),
        Index("ix_report_runs_area_no", "area_no", "id", postgresql_where=text("circulated_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    client_id: Mapped[UUID] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey(ACCOUNT))
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("report_schedules.id", ondelete="SET NULL"))
    definition: Mapped[str]
    version: Mapped[int]
    kind: Mapped[str]
    sections: Mapped[list[str]] = mapped_column(ARRAY(Text))
    title: Mapped[str]
    scope: Mapped[str]
    scope_name: Mapped[str]
    area_no: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    since_on: Mapped[date]
    until_on: Mapped[date]
    known_at: Mapped[datetime]
    base_url: Mapped[str] = mapped_column(server_default="")
    locale: Mapped[str]
    formats: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(server_default="waiting")
    queued: Mapped[bool] = mapped_column(server_default="false")
    cancelling: Mapped[bool] = mapped_column(server_default="false")
    part: Mapped[float] = mapped_column(REAL, server_default="0")
    doing: Mapped[str | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    fingerprint: Mapped[str | None]
    failed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    edition: Mapped[int] = mapped_column(server_default="0")
    asked_at: Mapped[datetime] = mapped_column(server_default="now()")
    done_at: Mapped[datetime | None]
    circulated_by: Mapped[int | None] = mapped_column(ForeignKey(ACCOUNT))
    circulated_name: Mapped[str | None]
    circulated_at: Mapped[datetime | None]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey(ACCOUNT))
    issued_name: Mapped[str | None]
    issued_at: Mapped[datetime | None]
    issue_remark: Mapped[str | None]
    rewording: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    rewording_queued: Mapped[bool] = mapped_column(server_default="false")


class ReportEdition(Table):
    """What a run says: as it was made, and as it was edited since."""

    __tablename__ = "report_editions"

    run_id: Mapped[int] = mapped_column(ForeignKey(RUN, ondelete="CASCADE"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    words: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    made_by: Mapped[int | None] = mapped_column(ForeignKey(ACCOUNT))
    made_at: Mapped[datetime] = mapped_column(server_default="now()")


class ReportDocument(Table):
    """A document that an edition is made of, compressed; an atlas has one for each sheet."""

    __tablename__ = "report_documents"
    __table_args__ = (ForeignKeyConstraint(("run_id", "edition"), EDITION, ondelete="CASCADE"),)

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]


class ReportFile(Table):
    """A file of an edition; its bytes lie on the shelf, under their hash."""

    __tablename__ = "report_files"
    __table_args__ = (
        ForeignKeyConstraint(("run_id", "edition"), EDITION, ondelete="CASCADE"),
        Index("ix_report_files_sha256", "sha256"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    format: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]


class ReportSignature(Table):
    """会签: who has read an edition, and what they say of it."""

    __tablename__ = "report_signatures"
    __table_args__ = (ForeignKeyConstraint(("run_id", "edition"), EDITION, ondelete="CASCADE"),)

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey(ACCOUNT), primary_key=True)
    name: Mapped[str]
    agreed: Mapped[bool]
    remark: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default="now()")

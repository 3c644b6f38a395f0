"""消息 and 评价: what people are told of cases, and what those say who reported them. Functions: migration 0018."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class Notice(Table):
    """One thing that has happened and concerns somebody: of which case, proposal or report, and what, no texts."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("account_id", "case_id", "version", "kind"),
        Index("ix_notices_account_id", "account_id", "id"),
        Index("ix_notices_unread", "account_id", postgresql_where=text("read_at IS NULL")),
        Index(
            "notices_proposal_once",
            "account_id",
            "proposal_id",
            "version",
            "kind",
            unique=True,
            postgresql_where=text("proposal_id IS NOT NULL"),
        ),
        Index(
            "notices_report_once",
            "account_id",
            "report_run_id",
            "version",
            "kind",
            unique=True,
            postgresql_where=text("report_run_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    # The tables are of higher floors; the keys stand in migrations 0045 and 0047.
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("grid_proposals.id", ondelete="CASCADE"))
    report_run_id: Mapped[int | None] = mapped_column(ForeignKey("report_runs.id", ondelete="CASCADE"))
    version: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class CaseRating(Table):
    """What whoever reported a case says of its end; `closing` is the row of the log by which it ended."""

    __tablename__ = "case_ratings"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    closed_case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    closing: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    solved: Mapped[bool]
    satisfied: Mapped[int] = mapped_column(SmallInteger)
    remark: Mapped[str | None]
    rated_at: Mapped[datetime] = mapped_column(server_default="now()")
    changed_at: Mapped[datetime | None]

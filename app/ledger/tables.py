"""The access log 访问日志: who did what and who looked at what. Chain: `migrations/sql/0004_access_log.sql`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class AccessLogEntry(Table):
    """One thing that somebody did or was refused; `hash` covers the row and the hash of the row before."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index("ix_access_log_account_id", "account_id", "no"),
        Index(
            "ix_access_log_subject", "subject_kind", "subject_id", "no",
            postgresql_where=text("subject_kind = 'person'"),
        ),
    )  # fmt: skip

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None]
    account_name: Mapped[str | None]
    action: Mapped[str]
    outcome: Mapped[str]
    subject_kind: Mapped[str | None]
    subject_id: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(INET)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AccessLogEnd(Table):
    """The number and hash of the last row."""

    __tablename__ = "access_log_end"

    single: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default="true")
    no: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

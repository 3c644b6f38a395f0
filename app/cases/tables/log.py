"""The log of moves 办理记录, and what belongs to a row of it. Chain, triggers: `migrations/sql/0014_log_moves.sql`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.db import Table


class Xid8(UserDefinedType[int]):
    """PostgreSQL's xid8: the number of a transaction."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Its name in SQL."""
        return "xid8"


ischema_names["xid8"] = Xid8  # so that a migrated database can be read back without a warning


class CaseTransition(Table):
    """One move of a case: who made it in which post, from where to where, with what, when; never changed.

    `given` is what the one who moved gave, of texts their salted hash; `facts` what the platform knew then.
    """

    __tablename__ = "case_transitions"
    __table_args__ = (
        UniqueConstraint("case_id", "client_id"),
        Index(
            "ix_case_transitions_sampled",
            "case_id",
            postgresql_where=text("facts -> 'sampled' = 'true'::jsonb"),
        ),
        Index(
            "ix_case_transitions_at",
            "at",
            "recorded_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 16, "autosummarize": "on"},
        ),
        {"postgresql_partition_by": "RANGE (case_id)"},
    )

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    move: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    loop: Mapped[str]
    unit_id: Mapped[int | None]
    area_no: Mapped[int] = mapped_column(BigInteger)
    account_id: Mapped[int | None]
    post_id: Mapped[int | None]
    seats: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    given: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    client_id: Mapped[UUID | None]
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("pg_current_xact_id()"), index=True)
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class CaseRemark(Table):
    """What somebody wrote with a move; it can be forgotten, its salted hash in the log stays."""

    __tablename__ = "case_remarks"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    salt: Mapped[bytes]


class CaseAttachment(Table):
    """A file that was given with a move, and as what: evidence, before, after."""

    __tablename__ = "case_attachments"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), primary_key=True, index=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str]


class CaseLink(Table):
    """并案, 反复件, 拆分: the case that another one goes on in, comes again after, or was split from."""

    __tablename__ = "case_links"

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    other_id: Mapped[int] = mapped_column(BigInteger, index=True)


class CaseContact(Table):
    """Whom to tell what became of a case; seen by desks that answer."""

    __tablename__ = "case_contacts"
    __table_args__ = (Index("ix_case_contacts_plain", "case_id", postgresql_where=text("plain IS NOT NULL")),)

    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str | None]
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    tail_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    plain: Mapped[str | None]


class CaseReportKey(Table):
    """The id that a client gave to its report: the same report sent twice is one case."""

    __tablename__ = "case_report_keys"

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int | None]
    case_id: Mapped[int] = mapped_column(BigInteger)

"""What imports remember: which column of a header was which field; and imports that somebody prepares."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import REAL, BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class ImportMapping(Table):
    """The mapping that somebody gave for a header, by its fingerprint."""

    __tablename__ = "import_mappings"

    district_id: Mapped[int] = mapped_column(
        ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    used_at: Mapped[datetime] = mapped_column(server_default="now()")


class PreparedImport(Table):
    """A file of elements that somebody has sent, and how far its import has come."""

    __tablename__ = "element_imports"
    __table_args__ = (
        UniqueConstraint("account_id", "client_id", name="element_imports_once"),
        Index("ix_element_imports_account_id", "account_id", "id"),
        Index("ix_element_imports_asked", "id", postgresql_where=text("doing IS NOT NULL AND NOT queued")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    client_id: Mapped[UUID]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    file_name: Mapped[str]
    ending: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(server_default="sent")
    doing: Mapped[str | None]
    queued: Mapped[bool] = mapped_column(server_default="false")
    begun_at: Mapped[datetime | None]
    cancelled: Mapped[bool] = mapped_column(server_default="false")
    rows_read: Mapped[int] = mapped_column(server_default="0")
    part: Mapped[float] = mapped_column(REAL, server_default="0")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    header: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sent_at: Mapped[datetime] = mapped_column(server_default="now()")
    done_at: Mapped[datetime | None]


class ImportPart(Table):
    """A part of the file that was sent, or of the workbook of what is wrong with it; sealed."""

    __tablename__ = "element_import_parts"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("element_imports.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    what: Mapped[str] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes]


class ImportChoice(Table):
    """A row that may be known already, and what somebody has decided that it is."""

    __tablename__ = "element_import_choices"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("element_imports.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    decision: Mapped[str | None]

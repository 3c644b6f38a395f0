"""附件: what was taken in. The bytes lie on the shelf, under their hash; names are not kept, they may name people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Double, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class File(Table):
    """A picture or film that somebody attached; two that attach the same have two rows and one content."""

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_created_by", "created_by", "created_at"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    sha256: Mapped[bytes] = mapped_column(index=True)
    kind: Mapped[str]
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    duration_s: Mapped[float | None] = mapped_column(Double)
    taken_at: Mapped[datetime | None]
    taken_at_assumed: Mapped[bool] = mapped_column(server_default="false")
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    altitude_m: Mapped[float | None] = mapped_column(Double)
    dop: Mapped[float | None] = mapped_column(Double)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    original_sha256: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))

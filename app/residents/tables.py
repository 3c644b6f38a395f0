"""回执: tries of looking a report up, and visits that are open. Functions: `migrations/sql/0018_tell_people.sql`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, LargeBinary
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class ReceiptTry(Table):
    """Somebody has tried a number; the number is kept as its hash."""

    __tablename__ = "receipt_tries"
    __table_args__ = (
        Index("ix_receipt_tries_number_hash", "number_hash", "at"),
        Index("ix_receipt_tries_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    number_hash: Mapped[bytes] = mapped_column(LargeBinary)
    address: Mapped[str] = mapped_column(INET)
    at: Mapped[datetime] = mapped_column(server_default="now()")


class ReceiptVisit(Table):
    """Whoever shows this token may read that receipt for a while."""

    __tablename__ = "receipt_visits"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[datetime] = mapped_column(index=True)

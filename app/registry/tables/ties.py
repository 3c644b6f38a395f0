"""Relations between elements, what they were before, where they lay before, and which two records were one thing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


def _element() -> Mapped[int]:
    return mapped_column(ForeignKey("elements.id", ondelete="CASCADE"))


class Relation(Table):
    """Who is tied to what, how and since when. The source of `concerns` is a case, of all others an element."""

    __tablename__ = "relations"
    __table_args__ = (
        Index(
            "relations_once", "source_id", "kind", "target_id", "from_on", unique=True,
            postgresql_where=text("source_id IS NOT NULL"),
        ),
        Index(
            "relations_case_once", "case_id", "target_id", unique=True,
            postgresql_where=text("case_id IS NOT NULL"),
        ),
        Index(
            "relations_one_site", "source_id", unique=True,
            postgresql_where=text("kind IN ('lives_in', 'located_in') AND to_on IS NULL"),
        ),
        Index("ix_relations_target_id", "target_id", "kind"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("elements.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    target_id: Mapped[int] = _element()
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    source: Mapped[str]
    simulated: Mapped[bool] = mapped_column(server_default="false")


class ElementChange(Table):
    """What an element said before it changed, as `version`; numbers are not remembered, not even sealed."""

    __tablename__ = "element_changes"
    __table_args__ = (Index("ix_element_changes_element_id", "element_id", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    element_id: Mapped[int] = _element()
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    note: Mapped[str | None]


class ElementArea(Table):
    """The area in which an element lay until a day, on which it lay there no more."""

    __tablename__ = "element_areas"

    element_id: Mapped[int] = mapped_column(
        ForeignKey("elements.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    until_on: Mapped[date] = mapped_column(primary_key=True)
    area_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))


class ElementMerge(Table):
    """Two records that were one thing; `moved` is what undoing it takes back."""

    __tablename__ = "element_merges"
    __table_args__ = (
        Index("ix_element_merges_kept_id", "kept_id"),
        Index("element_merges_gone_once", "gone_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kept_id: Mapped[int] = _element()
    gone_id: Mapped[int] = _element()
    at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str]
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class ElementKey(Table):
    """The id that a client made for an element, a tie or a merger before it was written: sent twice it is one."""

    __tablename__ = "element_keys"
    __table_args__ = (
        Index("ix_element_keys_element_id", "element_id"),
        Index("ix_element_keys_merge_id", "merge_id", postgresql_where=text("merge_id IS NOT NULL")),
    )

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int | None]
    element_id: Mapped[int] = _element()
    did: Mapped[str] = mapped_column(server_default=text("'made'"))
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("element_merges.id", ondelete="CASCADE"))

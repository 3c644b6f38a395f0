"""网格调整方案: proposals, the blocks that they are drawn with, their steps and cells. Policies: migration 0045."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class GridProposal(Table):
    """网格调整方案: how the cells of an area could be drawn anew, and how far it has come."""

    __tablename__ = "grid_proposals"
    __table_args__ = (
        Index("ix_grid_proposals_asked", "id", postgresql_where=text("doing IS NOT NULL AND NOT queued")),
        Index("ix_grid_proposals_waiting", "effective_on", postgresql_where=text("state = 'approved'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    client_id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str | None]
    area_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"), index=True
    )
    base_edition_id: Mapped[int] = mapped_column(ForeignKey("grid_editions.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(server_default="draft")
    effective_on: Mapped[date]
    least_households: Mapped[int] = mapped_column(server_default="300")
    most_households: Mapped[int] = mapped_column(server_default="500")
    version: Mapped[int] = mapped_column(server_default="1")
    step: Mapped[int | None]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    drawn_at: Mapped[datetime] = mapped_column(server_default="now()")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    approved_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("grid_editions.id", ondelete="SET NULL"))
    doing: Mapped[str | None]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    queued: Mapped[bool] = mapped_column(server_default="false")
    part: Mapped[float] = mapped_column(REAL, server_default="0")
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    tried_on: Mapped[date | None]
    suggestion: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ProposalBlock(Table):
    """地块: ground that no new border cuts, with what was known of it when it was drawn; EPSG:4490."""

    __tablename__ = "grid_proposal_blocks"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("grid_proposals.id", ondelete="CASCADE"), primary_key=True
    )
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    community: Mapped[str]
    cell: Mapped[str | None]
    households: Mapped[int]
    buildings: Mapped[int]
    cases: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4490, spatial_index=False))


class ProposalStep(Table):
    """One step of drawing: the cell of each block, in the order of their numbers, and what cells are to be called."""

    __tablename__ = "grid_proposal_steps"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("grid_proposals.id", ondelete="CASCADE"), primary_key=True
    )
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    did: Mapped[str]
    cells: Mapped[list[str]] = mapped_column(ARRAY(Text))
    names: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    at: Mapped[datetime] = mapped_column(server_default="now()")


class ProposalCell(Table):
    """A cell of the step that stands; EPSG:4490."""

    __tablename__ = "grid_proposal_cells"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("grid_proposals.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    community: Mapped[str]
    same: Mapped[bool]
    was: Mapped[str | None]
    name: Mapped[str | None]
    code: Mapped[str | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4490, spatial_index=False))

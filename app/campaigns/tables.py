"""专项任务: campaigns, the places on their lists, the visits there. Functions and policies: migration 0020."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class Campaign(Table):
    """专项任务: a task that was admitted to communities by a number, for an area and some days."""

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_last_on", "district_id", "last_on"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id"))
    client_id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    admission: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("case_categories.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    area_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime] = mapped_column(server_default="now()")
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class CampaignPlace(Table):
    """A place on a campaign's list; the list is fixed when the campaign is opened."""

    __tablename__ = "campaign_places"
    __table_args__ = (Index("ix_campaign_places_campaign_id", "campaign_id", "id"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    label: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", 4490, spatial_index=False))
    area_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))


class CampaignVisit(Table):
    """A visit of a place, only ever added to; with something found it has the case that it became."""

    __tablename__ = "campaign_visits"
    __table_args__ = (Index("ix_campaign_visits_place_id", "place_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("campaign_places.id"))
    client_id: Mapped[UUID] = mapped_column(unique=True)
    outcome: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(server_default="now()")

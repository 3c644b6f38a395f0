"""Persons 人: what serving them needs and nothing else, see `docs/decisions/0028-what-is-kept-of-a-person.md`."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class Household(Table):
    """户: who lives together."""

    __tablename__ = "households"
    __table_args__ = (UniqueConstraint("district_id", "code", name="households_code_unique"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")


class Person(Table):
    """人: identity number and telephone are sealed, each beside a keyed index by which it is found."""

    __tablename__ = "persons"
    __table_args__ = (
        Index(
            "persons_identity_unique", "district_id", "identity_index", unique=True,
            postgresql_where=text("identity_index IS NOT NULL"),
        ),
        Index("ix_persons_phone_index", "phone_index", postgresql_where=text("phone_index IS NOT NULL")),
        Index("ix_persons_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ix_persons_household_id", "household_id", postgresql_where=text("household_id IS NOT NULL")),
        Index("ix_persons_retain_until_on", "retain_until_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("elements.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    name: Mapped[str]
    identity: Mapped[bytes | None]
    identity_index: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    born_on: Mapped[date | None]
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id", ondelete="SET NULL"))
    household_relation: Mapped[str | None]
    legal_basis: Mapped[str]
    retain_until_on: Mapped[date]
    restricted_at: Mapped[datetime | None]
    restriction: Mapped[str | None]


class NeedType(Table):
    """服务需求: what somebody may need, by which law it is recorded, and for how many months it is kept."""

    __tablename__ = "need_types"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    legal_basis: Mapped[str]
    keep_months: Mapped[int] = mapped_column(SmallInteger)


class PersonNeed(Table):
    """A need of a person, with its legal basis and the last day on which it is kept."""

    __tablename__ = "person_needs"
    __table_args__ = (Index("ix_person_needs_retain_until_on", "retain_until_on"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    need: Mapped[str] = mapped_column(ForeignKey("need_types.code"), primary_key=True)
    legal_basis: Mapped[str]
    from_on: Mapped[date]
    retain_until_on: Mapped[date]
    source: Mapped[str]


class SealKey(Table):
    """A key that has sealed something, known by what it makes of one text; the key itself is never here."""

    __tablename__ = "seal_keys"

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cipher: Mapped[str]
    proof: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

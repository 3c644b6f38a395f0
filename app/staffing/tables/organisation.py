"""力量: units 单位, posts 岗位, the people who hold them and the areas that they answer for."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    literal_column,
    null,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class Unit(Table):
    """单位: the command centre 指挥中心, a sub-centre 街道分中心, a department 部门, a crew, a utility."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("district_id", "code", name="units_code_unique"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    full_name: Mapped[str | None]
    name_en: Mapped[str | None]
    kind: Mapped[str]
    credit_code: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    area_no: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))
    duties: Mapped[str | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    night_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    inner_check: Mapped[bool] = mapped_column(server_default="false")
    calendar: Mapped[str | None]
    day_phone: Mapped[str | None]
    night_phone: Mapped[str | None]
    valid_from_on: Mapped[date] = mapped_column(server_default="2000-01-01")
    valid_to_on: Mapped[date | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")


class StaffMember(Table):
    """人员: a person at work, with or without an account."""

    __tablename__ = "staff_members"
    __table_args__ = (
        UniqueConstraint("district_id", "code", name="staff_members_code_unique"),
        Index(
            "ix_staff_members_words",
            func.letter_pairs(func.search_text(literal_column("name"), null())),
            postgresql_using="gin",
        ),
        Index(
            "ix_staff_members_code",
            func.lower(literal_column("code")).label("code"),
            postgresql_ops={"code": "text_pattern_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    code: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), unique=True
    )
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    simulated: Mapped[bool] = mapped_column(server_default="false")


class Post(Table):
    """岗位: a place in a unit, with the role that it gives; the role never changes."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="RESTRICT"), index=True)
    role: Mapped[str]
    title: Mapped[str]
    simulated: Mapped[bool] = mapped_column(server_default="false")


class PostArea(Table):
    """An area that a post answers for, with all that lies below it."""

    __tablename__ = "post_areas"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    area_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"), primary_key=True, index=True
    )


class PostHolder(Table):
    """Who holds a post from a day until another, the first on which it is no longer held; or stands in for a leave."""

    __tablename__ = "post_holders"
    __table_args__ = (
        Index("ix_post_holders_leave_id", "leave_id", postgresql_where=text("leave_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="RESTRICT"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    leave_id: Mapped[int | None] = mapped_column(ForeignKey("leaves.id", ondelete="CASCADE"))


class Assignment(Table):
    """Who looks after a cell from a day until another: full-time 专职, professional 专业 or part-time 兼职.

    Exclusion constraints (`migrations/sql/0008_assignments.sql`) keep one full-time officer to a cell and one cell to a
    full-time officer at every instant. A stand-in 代班 has the cell of an officer on leave beside that officer.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_leave_id", "leave_id", postgresql_where=text("leave_id IS NOT NULL")),
        Index("ix_assignments_group_no", "group_no", postgresql_where=text("group_no IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    cell_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"), index=True
    )
    kind: Mapped[str]
    duty: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    leave_id: Mapped[int | None] = mapped_column(ForeignKey("leaves.id", ondelete="CASCADE"))
    place: Mapped[str | None]
    group_no: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE")
    )


class UnitTerm(Table):
    """届: the time for which a council 理事会 is elected; a security team 群防队 has one without an end."""

    __tablename__ = "unit_terms"
    __table_args__ = (UniqueConstraint("unit_id", "no", name="unit_terms_no"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"))
    no: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class UnitMember(Table):
    """Who sits on a council or belongs to a security team, within its term; one chair or leader at a time."""

    __tablename__ = "unit_members"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("unit_terms.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    standing: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class GroupLeader(Table):
    """居民小组长: who leads a resident group, one at a time."""

    __tablename__ = "group_leaders"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    group_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

"""Elements 要素 and what each kind of them says; functions and policies: migrations 0026 and 0027."""

from __future__ import annotations

from datetime import date

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    REAL,
    BigInteger,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table

LISTED = text("merged_into IS NULL")
HOUSES = "kind = 'place' AND type <> 'dwelling' AND merged_into IS NULL"
SAID = text("kind <> 'person' AND type <> 'dwelling' AND merged_into IS NULL")


class ElementType(Table):
    """What an element is more closely: 楼栋, 小区, 物业公司, a class of components with its national code."""

    __tablename__ = "element_types"

    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    standard_ref: Mapped[str | None]
    rank: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class Element(Table):
    """人、地、物、组织: anything of the registry; the columns of its kind are in a table of that kind."""

    __tablename__ = "elements"
    __table_args__ = (
        ForeignKeyConstraint(["kind", "type"], ["element_types.kind", "element_types.code"]),
        Index(
            "elements_code_unique", "district_id", "kind", "code", unique=True,
            postgresql_where=text("code IS NOT NULL"),
        ),
        Index("ix_elements_area_no", "area_no", "kind"),
        Index("ix_elements_site_id", "site_id", postgresql_where=text("site_id IS NOT NULL")),
        Index("ix_elements_unit_id", "unit_id", postgresql_where=text("unit_id IS NOT NULL")),
        Index("ix_elements_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
        Index("ix_elements_geom_3857", "geom_3857", postgresql_using="gist"),
        Index("ix_elements_listed", "district_id", "kind", "type", "id", postgresql_where=LISTED),
        Index(
            "ix_elements_words",
            func.letter_pairs(func.search_text(literal_column("name"), literal_column("address"))),
            "kind",
            postgresql_using="gin",
            postgresql_where=SAID,
        ),
        Index(
            "ix_elements_called", "kind", func.lower(literal_column("name")).label("name"),
            postgresql_ops={"name": "text_pattern_ops"}, postgresql_where=SAID,
        ),
        *(
            Index(
                f"ix_elements_plain_{name}", func.plain_address(literal_column(name)),
                postgresql_where=text(f"{HOUSES} AND {name} IS NOT NULL"),
            )
            for name in ("name", "address")
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    type: Mapped[str]
    code: Mapped[str | None]
    name: Mapped[str | None]
    address: Mapped[str | None]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("elements.id", ondelete="SET NULL"))
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", 4490, spatial_index=False))
    geom_3857: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", 3857, spatial_index=False),
        Computed("st_transform(geom, 3857)", persisted=True),
    )
    area_no: Mapped[int] = mapped_column(BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    valid_from_on: Mapped[date]
    valid_to_on: Mapped[date | None]
    source: Mapped[str]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(server_default="1")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("elements.id", ondelete="CASCADE"))


def _own_id() -> Mapped[int]:
    return mapped_column(
        BigInteger, ForeignKey("elements.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class Place(Table):
    """地: addresses, compounds, buildings with their flats, sites, stretches. A flat has entrance, floor and room."""

    __tablename__ = "places"

    id: Mapped[int] = _own_id()
    shape: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", 4490, spatial_index=False))
    floors: Mapped[int | None] = mapped_column(SmallInteger)
    floors_below: Mapped[int | None] = mapped_column(SmallInteger)
    height_m: Mapped[float | None] = mapped_column(REAL)
    entrance: Mapped[str | None]
    floor: Mapped[int | None] = mapped_column(SmallInteger)
    room: Mapped[str | None]


class CityObject(Table):
    """部件: a component of the city with its state, the department in charge, who owns it and who maintains it."""

    __tablename__ = "city_objects"

    id: Mapped[int] = _own_id()
    state: Mapped[str] = mapped_column(server_default="intact")
    department_code: Mapped[str | None]
    department: Mapped[str | None]
    owner: Mapped[str | None]
    custodian: Mapped[str | None]


class Organisation(Table):
    """组织; its telephone is sealed. Social organisations are filed 备案 first and registered 登记 later."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index(
            "ix_organisations_phone_index", "phone_index", postgresql_where=text("phone_index IS NOT NULL")
        ),
    )

    id: Mapped[int] = _own_id()
    phone: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    filed_on: Mapped[date | None]
    registered_on: Mapped[date | None]

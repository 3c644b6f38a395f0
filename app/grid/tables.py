"""区划与网格: districts, levels, the area tree, grid editions 网格版本, the ground."""

from __future__ import annotations

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Table


class District(Table):
    """区, or a city that has taken its place: all that is particular to it is in this row and its levels."""

    __tablename__ = "districts"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str | None]
    timezone: Mapped[str]
    number_sign: Mapped[str | None]
    metric_srid: Mapped[int | None]
    gaps_allowed: Mapped[bool] = mapped_column(server_default="false")
    part_time_needed: Mapped[int] = mapped_column(server_default="1")
    simulated: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default="now()")


class AreaLevel(Table):
    """One level of a district's tree and the rule of its codes."""

    __tablename__ = "area_levels"

    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[str] = mapped_column(primary_key=True)
    depth: Mapped[int] = mapped_column(SmallInteger)
    code_pattern: Mapped[str] = mapped_column(server_default=".+")
    code_extends_parent: Mapped[bool] = mapped_column(server_default="false")


class GridEdition(Table):
    """网格版本: one drawing of all cells, valid from a day on; only a gapless one can take effect."""

    __tablename__ = "grid_editions"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft")
    effective_on: Mapped[date]
    superseded_on: Mapped[date | None]
    source: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default="now()")


class AreaNumber(Table):
    """A place in the area tree as an interval of numbers: what lies below it has numbers from `no` to `last_no`.

    A place keeps its number through grid editions and whatever its shape.
    """

    __tablename__ = "area_numbers"
    __table_args__ = (
        UniqueConstraint("no", "last_no"),
        Index(
            "area_numbers_place",
            "district_id",
            "level",
            "code",
            text("COALESCE(parent_no, 0::bigint)"),
            unique=True,
        ),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last_no: Mapped[int] = mapped_column(BigInteger)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    level: Mapped[str]
    code: Mapped[str]
    parent_no: Mapped[int | None] = mapped_column(
        ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"), index=True
    )


class CellLineage(Table):
    """网格沿革: which cell came from which, with the share of the ground and the households that came along.

    A cell that was split has a row for each of its parts; cells that were merged have one each.
    """

    __tablename__ = "cell_lineage"

    from_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"), primary_key=True
    )
    to_no: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("area_numbers.no", onupdate="CASCADE", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("grid_editions.id", ondelete="CASCADE"), index=True)
    on_day: Mapped[date]
    at: Mapped[datetime]
    area_share: Mapped[float]
    households: Mapped[int | None]


class Area(Table):
    """区, subdistrict 街道, community 社区, cell 单元网格 or resident group 居民小组; EPSG:4490."""

    __tablename__ = "areas"
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "level"], ["area_levels.district_id", "area_levels.level"]),
        UniqueConstraint("edition_id", "code", name="areas_code_unique_in_edition"),
        ForeignKeyConstraint(
            ["no", "last_no"],
            ["area_numbers.no", "area_numbers.last_no"],
            name="areas_number_fkey",
            onupdate="CASCADE",
        ),
        Index("ix_areas_geom", "geom", postgresql_using="gist"),
        Index("ix_areas_geom_3857", "geom_3857", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    level: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id", ondelete="RESTRICT"), index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("grid_editions.id", ondelete="CASCADE"))
    households: Mapped[int | None]
    valid_from_on: Mapped[date | None]
    valid_to_on: Mapped[date | None]
    source: Mapped[str | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4490, spatial_index=False))
    geom_3857: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", 3857, spatial_index=False),
        Computed("st_transform(geom, 3857)", persisted=True),
    )
    label_3857: Mapped[WKBElement] = mapped_column(Geometry("POINT", 3857, spatial_index=False))
    area_m2: Mapped[float]
    no: Mapped[int] = mapped_column(BigInteger, index=True)
    last_no: Mapped[int] = mapped_column(BigInteger)


class AreaBorder(Table):
    """A border of today's areas, drawn once, marked with the widest level that it parts; EPSG:3857.

    There are two drawings: one of long lines without numbers, for those who see all of it, and one of the pieces
    between two areas each, with their numbers, of which everybody sees what bounds their own.
    """

    __tablename__ = "area_borders"
    __table_args__ = (Index("ix_area_borders_geom_3857", "geom_3857", postgresql_using="gist"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    level: Mapped[str]
    left_no: Mapped[int | None] = mapped_column(BigInteger)
    right_no: Mapped[int | None] = mapped_column(BigInteger)
    geom_3857: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", 3857, spatial_index=False))


class GroundFeature(Table):
    """What people find their way by: streets, rivers, hills, landmarks, compounds 小区; EPSG:4490."""

    __tablename__ = "ground_features"
    __table_args__ = (
        Index("ix_ground_features_geom_3857", "geom_3857", postgresql_using="gist"),
        Index(
            "ix_ground_features_words",
            func.letter_pairs(func.search_text(literal_column("name"), literal_column("name_en"))),
            postgresql_using="gin",
            postgresql_where=text("name IS NOT NULL OR name_en IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("districts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    class_: Mapped[str | None] = mapped_column("class")
    rank: Mapped[int] = mapped_column(SmallInteger, server_default="5")
    name: Mapped[str | None]
    name_en: Mapped[str | None]
    source: Mapped[str | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", 4490, spatial_index=False))
    geom_3857: Mapped[WKBElement] = mapped_column(
        Geometry("GEOMETRY", 3857, spatial_index=False), Computed("st_transform(geom, 3857)", persisted=True)
    )


class DataVersion(Table):
    """How often a topic has changed; caches and ETags are keyed by it."""

    __tablename__ = "data_versions"

    topic: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")

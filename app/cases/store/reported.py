"""A case comes into being: its row, which the database gives a place and a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

ADD = text("""
INSERT INTO cases (district_id, category_id, state, reported_at, source, address, description, loop, reporter_id,
    simulated, area_id, geom)
SELECT d.id, :category, 'reported', now(), :source, :address, :description, :loop, :reporter, d.simulated, :area,
    CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) END
FROM districts d WHERE d.id = :district
RETURNING id, number, area_no, reported_at
""")


@dataclass(frozen=True, slots=True)
class NewCase:
    """What somebody reports; without a position it is on the desk of an area."""

    district_id: int
    category_id: int
    source: str
    loop: str
    reporter: int | None
    description: str | None = None
    address: str | None = None
    position: tuple[float, float] | None = None
    area_id: int | None = None


def add(connection: Connection, case: NewCase) -> Row[Any]:
    """Add a case without a log; its id, number, the number of its area, and when it was reported."""
    lon, lat = case.position or (None, None)
    return connection.execute(
        ADD,
        {
            "district": case.district_id,
            "category": case.category_id,
            "source": case.source,
            "address": case.address,
            "description": case.description,
            "loop": case.loop,
            "reporter": case.reporter,
            "area": case.area_id,
            "lon": lon,
            "lat": lat,
        },
    ).one()


def place_of(connection: Connection, case_id: int) -> Row[Any]:
    """Where a case lies and what it is about, to make another one like it."""
    return connection.execute(
        text(
            "SELECT category_id, source, address, area_id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM cases"
            " WHERE id = :case"
        ),
        {"case": case_id},
    ).one()


def in_district(connection: Connection, district_id: int, lon: float, lat: float) -> bool:
    """Whether a position lies in a district, its border included."""
    statement = text("SELECT in_district(:district, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490))")
    return bool(connection.execute(statement, {"district": district_id, "lon": lon, "lat": lat}).scalar_one())


def category(connection: Connection, district_id: int, code: str) -> Row[Any] | None:
    """A category by its code, with the lowest loop of its conditions; None where there is none."""
    return connection.execute(
        text(
            "SELECT k.id, k.code, (SELECT min(array_position(ARRAY['community', 'subdistrict', 'district'],"
            " f.lowest_loop)) FROM filing_conditions f WHERE f.category_id = k.id"
            " AND daterange(f.valid_from_on, f.valid_to_on) @> district_today(k.district_id)) - 1 AS lowest"
            " FROM case_categories k WHERE k.district_id = :district AND k.code = :code AND k.switched_on"
            " AND daterange(k.valid_from_on, k.valid_to_on) @> district_today(k.district_id)"
        ),
        {"district": district_id, "code": code},
    ).one_or_none()


def claim(connection: Connection, client: UUID, account: int | None, case_id: int) -> None:
    """Note that a client's report has become a case; a second one with the same id fails."""
    connection.execute(
        text(
            "INSERT INTO case_report_keys (client_id, account_id, case_id) VALUES (:client, :account, :case)"
        ),
        {"client": client, "account": account, "case": case_id},
    )


def claimed(connection: Connection, client: UUID) -> int | None:
    """The case that a client's report has become."""
    statement = text("SELECT case_id FROM case_report_keys WHERE client_id = :client")
    return connection.execute(statement, {"client": client}).scalar()


def area_in_sight(connection: Connection, district_id: int, code: str) -> int | None:
    """Id of an area by its code, if it lies in the territory of the one who asks."""
    return connection.execute(
        text(
            "SELECT a.id FROM areas_on(:district, district_today(:district)) a WHERE a.code = :code"
            " AND a.no <@ territory() LIMIT 1"
        ),
        {"district": district_id, "code": code},
    ).scalar()


def restrict(connection: Connection, district_id: int, codes: list[str]) -> None:
    """Make categories restricted 限知: what is said and where stays with those who deal with such a case."""
    connection.execute(
        text(
            "UPDATE case_categories SET restricted = true WHERE district_id = :district AND code = ANY (:codes)"
        ),
        {"district": district_id, "codes": codes},
    )

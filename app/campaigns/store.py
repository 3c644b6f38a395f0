"""Reads and writes campaigns, as the one who asks sees them: the walls are in migration 0020."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Double, Integer, Text

from app.campaigns.rules import AREAS, Place
from app.db import Actor

Record = dict[str, Any]

SHOWN = """
SELECT c.id, c.name, c.admission, c.area_no, c.unit_id, c.first_on, c.last_on, c.opened_at, c.ended_at, c.end_reason,
    district_today(c.district_id) AS today, k.code AS category, k.name AS category_name, k.name_en AS category_name_en,
    a.code AS area, a.name AS area_name, a.name_en AS area_name_en, u.name AS unit, u.name_en AS unit_en,
    campaign_size(c.id) AS size, s.*
FROM campaigns c JOIN case_categories k ON k.id = c.category_id LEFT JOIN areas a ON a.id = c.area_id
LEFT JOIN units u ON u.id = c.unit_id CROSS JOIN LATERAL (
    SELECT count(*) AS places, count(*) FILTER (WHERE g.state <> 'unvisited') AS visited,
        count(*) FILTER (WHERE g.state = 'clear') AS clear,
        count(*) FILTER (WHERE g.state NOT IN ('unvisited', 'clear')) AS found,
        count(*) FILTER (WHERE g.state = 'on_the_spot') AS on_the_spot,
        count(*) FILTER (WHERE g.state = 'handed_on') AS handed_on
    FROM campaign_coverage(c.id) g) s
"""
LISTED = (Path(__file__).parent / "sql" / "places.sql").read_text("utf-8")

PHASES = {
    "coming": "c.ended_at IS NULL AND c.first_on > district_today(:district)",
    "open": "c.ended_at IS NULL AND district_today(:district) BETWEEN c.first_on AND c.last_on",
    "over": "(c.ended_at IS NOT NULL OR c.last_on < district_today(:district))",
}

OUTSIDE = text("""
SELECT p.row FROM unnest(:rows, :lons, :lats) AS p (row, lon, lat)
WHERE NOT ST_Covers((SELECT geom FROM areas WHERE id = :area), ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490))
""").bindparams(
    bindparam("rows", type_=ARRAY(Integer)),
    bindparam("lons", type_=ARRAY(Double)),
    bindparam("lats", type_=ARRAY(Double)),
)
ADD_PLACES = text("""
INSERT INTO campaign_places (campaign_id, label, geom)
SELECT :campaign, p.label, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490)
FROM unnest(:labels, :lons, :lats) WITH ORDINALITY AS p (label, lon, lat, n) ORDER BY p.n
""").bindparams(
    bindparam("labels", type_=ARRAY(Text)),
    bindparam("lons", type_=ARRAY(Double)),
    bindparam("lats", type_=ARRAY(Double)),
)


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What a campaign is opened with."""

    district_id: int
    client_id: UUID
    name: str
    admission: str
    category_id: int
    area_id: int
    area_no: int
    unit_id: int
    first_on: date
    last_on: date
    opened_by: int | None


def campaigns(
    connection: Connection, district_id: int, *, phase: str | None, before: int | None, limit: int
) -> list[Record]:
    """Campaigns in sight, the newest first, each with its counts; at most `limit` that come before an id."""
    of_phase = PHASES[phase] if phase else "true"
    rows = connection.execute(
        text(
            f"{SHOWN} WHERE c.district_id = :district AND {of_phase}"
            " AND (CAST(:before AS integer) IS NULL OR c.id < :before) ORDER BY c.id DESC LIMIT :limit"
        ),
        {"district": district_id, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def campaign(connection: Connection, campaign_id: int) -> Record | None:
    """One campaign with its counts; None where the one who asks sees none."""
    row = connection.execute(text(f"{SHOWN} WHERE c.id = :id"), {"id": campaign_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def cases_of(connection: Connection, campaign_id: int) -> list[int]:
    """Ids of the cases that last visits found, as far as the one who asks sees them."""
    statement = text(
        "SELECT c.id FROM campaign_coverage(:id) g JOIN cases c ON c.id = g.case_id ORDER BY c.id"
    )
    return list(connection.execute(statement, {"id": campaign_id}).scalars())


def places(
    connection: Connection, campaign_id: int, *, after: int, limit: int, state: str | None = None
) -> list[Record]:
    """Places in sight in the order of the list, after an id, each with how it stands there.

    Parameters
    ----------
    state
        Only those of a state; `visited` for all states but the first.
    """
    values = {"id": campaign_id, "after": after, "limit": limit, "state": state}
    rows = connection.execute(text(LISTED), values)
    return [dict(row._mapping) for row in rows]


def place(connection: Connection, campaign_id: int, place_id: int) -> Row[Any] | None:
    """A place in sight, with the days of its campaign; `own`: it lies in the territory of the one who asks."""
    return connection.execute(
        text(
            "SELECT p.id, p.label, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat, p.area_no <@ territory() AS own,"
            " c.first_on, c.last_on, c.ended_at, district_today(c.district_id) AS today, c.district_id,"
            " k.code AS category"
            " FROM campaign_places p JOIN campaigns c ON c.id = p.campaign_id"
            " JOIN case_categories k ON k.id = c.category_id WHERE p.id = :place AND c.id = :campaign"
        ),
        {"place": place_id, "campaign": campaign_id},
    ).one_or_none()


def area_for(connection: Connection, district_id: int, code: str, *, anywhere: bool) -> Row[Any] | None:
    """An area of today by its code, in the territory of the one who asks, or `anywhere` in what they see."""
    return connection.execute(
        text(
            "SELECT a.id, a.no FROM areas_on(:district, district_today(:district)) a WHERE a.code = :code"
            " AND a.level = ANY (:levels) AND (:anywhere OR a.no <@ territory()) ORDER BY a.id LIMIT 1"
        ),
        {"district": district_id, "code": code, "levels": list(AREAS), "anywhere": anywhere},
    ).one_or_none()


def areas_for(connection: Connection, district_id: int, *, anywhere: bool) -> list[Record]:
    """Areas that a form offers, by code: cells, which are many, are named to the interface only."""
    rows = connection.execute(
        text(
            "SELECT a.code, a.level, a.name, a.name_en FROM areas_on(:district, district_today(:district)) a"
            " WHERE a.level = ANY (:levels) AND (:anywhere OR a.no <@ territory()) ORDER BY a.code LIMIT 1000"
        ),
        {"district": district_id, "levels": list(AREAS[:3]), "anywhere": anywhere},
    )
    return [dict(row._mapping) for row in rows]


def is_restricted(connection: Connection, category_id: int) -> bool:
    """Whether cases of a category are told in confidence 限知."""
    statement = text("SELECT restricted FROM case_categories WHERE id = :id")
    return bool(connection.execute(statement, {"id": category_id}).scalar_one())


def outside(connection: Connection, area_id: int, listed: Sequence[Place]) -> set[int]:
    """Rows of those places that do not lie in an area, its border included."""
    values = {
        "area": area_id,
        "rows": [one.row for one in listed],
        "lons": [one.lon for one in listed],
        "lats": [one.lat for one in listed],
    }
    return set(connection.execute(OUTSIDE, values).scalars())


def add(connection: Connection, new: NewCampaign, listed: Sequence[Place]) -> int:
    """Open a campaign with its list of places."""
    columns = tuple(NewCampaign.__dataclass_fields__)
    statement = text(
        f"INSERT INTO campaigns ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"
        " RETURNING id"
    )
    made = int(connection.execute(statement, {name: getattr(new, name) for name in columns}).scalar_one())
    values = {
        "campaign": made,
        "labels": [one.label for one in listed],
        "lons": [one.lon for one in listed],
        "lats": [one.lat for one in listed],
    }
    connection.execute(ADD_PLACES, values)
    return made


def end(connection: Connection, campaign_id: int, account_id: int | None, reason: str) -> bool:
    """End a campaign; False where it has ended, or is not for the one who asks to end."""
    return bool(
        connection.execute(
            text(
                "UPDATE campaigns SET ended_at = now(), ended_by = :account, end_reason = :reason"
                " WHERE id = :id AND ended_at IS NULL"
            ),
            {"id": campaign_id, "account": account_id, "reason": reason},
        ).rowcount
    )


def may_run(connection: Connection, campaign_id: int, actor: Actor) -> bool:
    """Whether a campaign in sight is one that somebody may end: of their territory, or of their unit."""
    statement = text("SELECT area_no <@ territory() OR unit_id = ANY (:units) FROM campaigns WHERE id = :id")
    return bool(connection.execute(statement, {"id": campaign_id, "units": list(actor.units)}).scalar())


def add_visit(
    connection: Connection,
    place_id: int,
    client: UUID,
    account_id: int | None,
    outcome: str,
    case_id: int | None,
) -> Row[Any]:
    """Keep a visit; its id, and when it was."""
    return connection.execute(
        text(
            "INSERT INTO campaign_visits (place_id, client_id, outcome, case_id, account_id)"
            " VALUES (:place, :client, :outcome, :case, :account) RETURNING id, at"
        ),
        {"place": place_id, "client": client, "outcome": outcome, "case": case_id, "account": account_id},
    ).one()


def visit(connection: Connection, visit_id: int) -> Row[Any] | None:
    """A visit in sight, with its place's campaign."""
    return connection.execute(
        text(
            "SELECT v.id, v.outcome, v.case_id, v.at, v.place_id, p.campaign_id FROM campaign_visits v"
            " JOIN campaign_places p ON p.id = v.place_id WHERE v.id = :id"
        ),
        {"id": visit_id},
    ).one_or_none()


def request_of(connection: Connection, client: UUID) -> Row[Any] | None:
    """What a client's request has become: a campaign or a visit, and whether it is of the one who asks."""
    statement = text("SELECT campaign_id, visit_id, mine FROM campaign_request(:client)")
    return connection.execute(statement, {"client": client}).first()


def posts(connection: Connection) -> list[tuple[str, int]]:
    """Role and unit of every post that the one who asks holds today."""
    return [
        (row.role, row.unit_id)
        for row in connection.execute(text("SELECT role, unit_id FROM acting_posts() ORDER BY post_id"))
    ]


def to_walk(connection: Connection) -> int:
    """How many campaigns run today with places in the territory of the one who asks."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM campaigns c WHERE c.ended_at IS NULL"
                " AND district_today(c.district_id) BETWEEN c.first_on AND c.last_on AND EXISTS ("
                " SELECT FROM campaign_places p WHERE p.campaign_id = c.id AND p.area_no <@ (SELECT territory()))"
            )
        ).scalar_one()
    )

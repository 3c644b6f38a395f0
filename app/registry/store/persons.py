"""Reads persons as far as they are in sight: their needs, their sealed numbers, and who has looked at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


def needs(connection: Connection, person_id: int) -> list[Record]:
    """What somebody needs, with the legal basis of each and the last day on which it is kept."""
    rows = connection.execute(
        text(
            "SELECT n.need, t.name, t.name_en, n.legal_basis, n.from_on, n.retain_until_on, n.source"
            " FROM person_needs n JOIN need_types t ON t.code = n.need WHERE n.person_id = :id ORDER BY n.need"
        ),
        {"id": person_id},
    )
    return [dict(row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A person's sealed numbers with their indexes, and whether the record may not be used."""

    name: str
    identity: tuple[bytes, bytes] | None
    phone: tuple[bytes, bytes] | None
    restricted: bool


def numbers(connection: Connection, person_id: int) -> Numbers | None:
    """The sealed numbers of a person in sight."""
    row = connection.execute(
        text(
            "SELECT name, identity, identity_index, phone, phone_index, restricted_at IS NOT NULL AS restricted"
            " FROM persons WHERE id = :id"
        ),
        {"id": person_id},
    ).one_or_none()
    if row is None:
        return None
    identity = None if row.identity is None else (bytes(row.identity), bytes(row.identity_index))
    phone = None if row.phone is None else (bytes(row.phone), bytes(row.phone_index))
    return Numbers(row.name, identity, phone, row.restricted)


def found(
    connection: Connection,
    district_id: int,
    *,
    called: str | None = None,
    identity: bytes | None = None,
    phone: bytes | None = None,
    after: int | None = None,
    limit: int,
) -> list[int]:
    """Ids of persons in sight whose name begins so, or who have a number of this index; just one of the three."""
    rows = connection.execute(
        text(
            "SELECT p FROM persons_found(:district, CAST(:called AS text), CAST(:identity AS bytea),"
            " CAST(:phone AS bytea), CAST(:after AS bigint), :limit) p"
        ),
        {
            "district": district_id, "called": called, "identity": identity, "phone": phone, "after": after,
            "limit": limit,
        },
    )  # fmt: skip
    return list(rows.scalars())


def looks(connection: Connection, person_id: int, *, before: int | None, limit: int) -> list[Record]:
    """Who has looked at a person's record, the newest first."""
    rows = connection.execute(
        text(
            "SELECT no, at, account_name AS account, action, facts ->> 'purpose' AS purpose, facts ->> 'field' AS field"
            " FROM person_looks(:id, CAST(:before AS bigint), :limit)"
        ),
        {"id": person_id, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def over(connection: Connection, district_id: int, on_day: date) -> list[Record]:
    """Whose time is over on a day: persons, and with `need` single needs of others."""
    rows = connection.execute(
        text("SELECT person_id, need FROM retention_over(:district, :day)"),
        {"district": district_id, "day": on_day},
    )
    return [dict(row._mapping) for row in rows]


def delete_over(connection: Connection, district_id: int, on_day: date) -> list[Record]:
    """Delete whose time is over, and all that was remembered of it; what that was."""
    rows = connection.execute(
        text("SELECT person_id, need FROM retention_delete(:district, :day)"),
        {"district": district_id, "day": on_day},
    )
    return [dict(row._mapping) for row in rows]


def districts(connection: Connection) -> list[int]:
    """Ids of all districts."""
    return list(connection.execute(text("SELECT id FROM districts ORDER BY id")).scalars())


def today(connection: Connection, district_id: int) -> date:
    """The day that it is in a district."""
    found: date = connection.execute(text("SELECT district_today(:id)"), {"id": district_id}).scalar_one()
    return found

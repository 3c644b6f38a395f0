"""Writes elements one by one, as whoever acts: the walls of rows decide what may be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.registry.rules.kinds import ElementKind
from app.registry.store.bulk import PARTS

Record = dict[str, Any]

GENERAL = (
    "type", "code", "name", "address", "lon", "lat", "area_no", "unit_id", "valid_from_on", "valid_to_on",
)  # fmt: skip
"""What is written of elements of every kind; of persons type, area and days alone."""

PERSONAL = ("type", "area_no", "valid_from_on", "valid_to_on")


def general_of(kind: ElementKind) -> tuple[str, ...]:
    """What of an element of a kind stands in the table of all."""
    return PERSONAL if kind is ElementKind.PERSON else GENERAL


def _set(values: Mapping[str, Any]) -> dict[str, str]:
    """Columns with what is bound to them; a point is one column of two values."""
    columns = {name: f":{name}" for name in values if name not in ("lon", "lat")}
    if "lon" in values:
        columns["geom"] = (
            "ST_SetSRID(ST_MakePoint(CAST(:lon AS double precision), CAST(:lat AS double precision)), 4490)"
        )
    return columns


def add(
    connection: Connection, district_id: int, kind: ElementKind, values: Mapping[str, Any], source: str
) -> int:
    """Write an element and what its kind says; its id.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        A code or a number that is taken; a place that is not for the one who acts.
    """
    own = [name for name in PARTS[kind][1] if name in values]
    columns = _set({name: values[name] for name in general_of(kind) if name in values})
    element_id = connection.execute(
        text(
            f"INSERT INTO elements (district_id, kind, source, {', '.join(columns)})"
            f" VALUES (:district, :kind, :source, {', '.join(columns.values())}) RETURNING id"
        ),
        {**values, "district": district_id, "kind": kind.value, "source": source},
    ).scalar_one()
    if kind is ElementKind.PERSON:
        own.append("district_id")
    names = "".join(f", {name}" for name in own)
    bound = "".join(f", :{name}" for name in own)
    connection.execute(
        text(f"INSERT INTO {PARTS[kind][0]} (id{names}) VALUES (:id{bound})"),
        {**values, "id": element_id, "district_id": district_id},
    )
    return int(element_id)


def hold(connection: Connection, element_id: int) -> Record | None:
    """An element that is for the one who acts to change, and for nobody else until the transaction ends."""
    row = connection.execute(
        text(
            "SELECT id, district_id, kind, type, code, name, address, ST_X(geom) AS lon, ST_Y(geom) AS lat, site_id,"
            " area_no, unit_id, valid_from_on, valid_to_on, version, merged_into IS NOT NULL AS merged,"
            # Of what it was made one with beyond the territory not even the number is told.
            " (SELECT k.id FROM elements k WHERE k.id = e.merged_into) AS merged_into FROM elements e WHERE id = :id"
            " FOR NO KEY UPDATE OF e"
        ),
        {"id": element_id},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def remember(connection: Connection, element_id: int, reason: str) -> None:
    """Keep what an element says before it changes."""
    connection.execute(text("SELECT remember_element(:id, :why)"), {"id": element_id, "why": reason})


def explain(connection: Connection, element_id: int, said: str) -> None:
    """Say why, beside what was remembered last."""
    connection.execute(text("SELECT note_change(:id, :said)"), {"id": element_id, "said": said})


def change(connection: Connection, kind: ElementKind, element_id: int, values: Mapping[str, Any]) -> None:
    """Change what is named, and count the version up.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        As `add`.
    """
    columns = _set({name: values[name] for name in general_of(kind) if name in values})
    assigned = "".join(f", {name} = {bound}" for name, bound in columns.items())
    connection.execute(
        text(f"UPDATE elements SET version = version + 1{assigned} WHERE id = :id"),
        {**values, "id": element_id},
    )
    own = [name for name in PARTS[kind][1] if name in values]
    if own:
        assigned = ", ".join(f"{name} = :{name}" for name in own)
        connection.execute(
            text(f"UPDATE {PARTS[kind][0]} SET {assigned} WHERE id = :id"), {**values, "id": element_id}
        )


def count_up(connection: Connection) -> None:
    """Say that the registry has changed."""
    connection.execute(text("SELECT count_up_registry()"))


def place_of(connection: Connection, said: str) -> Record | None:
    """A place in the territory, by its code or its id."""
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= 18 else None
    row = connection.execute(
        text(
            "SELECT id, area_no FROM elements WHERE kind = 'place' AND merged_into IS NULL AND area_no <@ territory()"
            " AND (code = :said OR id = CAST(:number AS bigint)) ORDER BY code = :said DESC NULLS LAST LIMIT 1"
        ),
        {"said": said.upper(), "number": number},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def area_no_of(connection: Connection, district_id: int, code: str) -> int | None:
    """Number of an area in the territory by its code."""
    return connection.execute(
        text(
            "SELECT no FROM areas_on(:district, district_today(:district)) WHERE code = :code AND no <@ territory()"
            " LIMIT 1"
        ),
        {"district": district_id, "code": code},
    ).scalar()


def unit_id_of(connection: Connection, district_id: int, said: str) -> int | None:
    """Id of a unit in force by its code or its name."""
    return connection.execute(
        text(
            "SELECT id FROM units WHERE district_id = :district AND (code = :said OR name = :said)"
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district) ORDER BY code = :said DESC LIMIT 1"
        ),
        {"district": district_id, "said": said},
    ).scalar()


def household_of(connection: Connection, district_id: int, code: str) -> int:
    """Id of the household of a code, which is made if there is none."""
    return int(
        connection.execute(
            text("SELECT household_of(:district, :code)"), {"district": district_id, "code": code}
        ).scalar_one()
    )


def add_need(
    connection: Connection,
    person_id: int,
    *,
    need: str,
    basis: str,
    from_on: date,
    until_on: date,
    source: str,
) -> None:
    """Write what a person needs, by which law, and the last day on which that is kept."""
    connection.execute(
        text(
            "INSERT INTO person_needs (person_id, need, legal_basis, from_on, retain_until_on, source)"
            " VALUES (:person, :need, :basis, :from_on, :until_on, :source)"
        ),
        {"person": person_id, "need": need, "basis": basis, "from_on": from_on, "until_on": until_on, "source": source},
    )  # fmt: skip


def forget_need(connection: Connection, person_id: int, need: str) -> bool:
    """Take a need back, out of what is remembered too; whether there was one."""
    statement = text("SELECT forget_need(:person, :need)")
    return bool(connection.execute(statement, {"person": person_id, "need": need}).scalar_one())


def merge(connection: Connection, kept: int, gone: int, why: str) -> int:
    """Make two records one; the number of the merger.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        They are not one, or not for the one who acts.
    """
    statement = text("SELECT merge_elements(:kept, :gone, :why)")
    return int(connection.execute(statement, {"kept": kept, "gone": gone, "why": why}).scalar_one())


def part(connection: Connection, merge_id: int) -> None:
    """Undo a merger.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        It does not stand, or is not for the one who acts.
    """
    connection.execute(text("SELECT part_elements(:id)"), {"id": merge_id})


def merged(connection: Connection, merge_id: int) -> tuple[int, int] | None:
    """Ids of the record that was kept and the one that went, of a merger in sight."""
    row = connection.execute(
        text("SELECT kept_id, gone_id FROM element_merges WHERE id = :id"), {"id": merge_id}
    ).one_or_none()
    return None if row is None else (row.kept_id, row.gone_id)


def mergers(connection: Connection, element_id: int, limit: int) -> list[Record]:
    """Mergers that an element was in, the newest first, as far as both records are in sight."""
    rows = connection.execute(
        text(
            "SELECT id, kept_id, gone_id, at, reason, undone_at FROM element_merges WHERE :id IN (kept_id, gone_id)"
            " ORDER BY id DESC LIMIT :limit"
        ),
        {"id": element_id, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]

"""Elements that are there already, as an import finds them, and what it changes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.store.bulk import PARTS

Record = dict[str, Any]

COMMON = ("type", "code", "name", "address", "unit_id", "valid_from_on", "valid_to_on")


def codes_in_use(connection: Connection, district_id: int, kind: str, codes: Sequence[str]) -> dict[str, int]:
    """Ids of elements by their codes; those that were merged into others are the others."""
    rows = connection.execute(
        text(
            "SELECT code, coalesce(merged_into, id) AS id FROM elements"
            " WHERE district_id = :district AND kind = :kind AND code = ANY (:codes)"
        ),
        {"district": district_id, "kind": kind, "codes": list(codes)},
    )
    return {row.code: row.id for row in rows}


def has_any(connection: Connection, district_id: int, kind: ElementKind) -> bool:
    """Whether anything of a kind is there."""
    statement = text(
        "SELECT EXISTS (SELECT FROM elements WHERE district_id = :district AND kind = :kind AND merged_into IS NULL)"
    )
    values = {"district": district_id, "kind": kind.value}
    return bool(connection.execute(statement, values).scalar_one())


def identities_in_use(connection: Connection, district_id: int, indexes: Sequence[bytes]) -> dict[bytes, int]:
    """Ids of persons by the indexes of their identity numbers."""
    rows = connection.execute(
        text(
            "SELECT identity_index, coalesce(merged_into, id) AS id FROM persons JOIN elements USING (id)"
            " WHERE persons.district_id = :district AND identity_index = ANY (:indexes)"
        ),
        {"district": district_id, "indexes": list(indexes)},
    )
    return {bytes(row.identity_index): row.id for row in rows}


def places_called(connection: Connection, district_id: int, words: Sequence[str]) -> dict[str, list[int]]:
    """Ids of places by what they are called: by their address, or their name where they are no flat."""
    rows = connection.execute(
        text(
            "SELECT w.word, e.id FROM unnest(CAST(:words AS text[])) w (word) JOIN elements e"
            " ON e.address = w.word OR (e.name = w.word AND e.type <> 'dwelling')"
            " WHERE e.district_id = :district AND e.kind = 'place' AND e.merged_into IS NULL"
        ),
        {"district": district_id, "words": list(words)},
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.word, []).append(row.id)
    return found


def units_called(connection: Connection, district_id: int) -> dict[str, int]:
    """Ids of units by their names and codes."""
    rows = connection.execute(
        text("SELECT id, code, name FROM units WHERE district_id = :district"), {"district": district_id}
    ).all()
    return {row.name: row.id for row in rows} | {row.code: row.id for row in rows}


def area_numbers(connection: Connection, district_id: int) -> dict[str, int]:
    """Numbers of today's areas by their codes."""
    rows = connection.execute(
        text("SELECT code, no FROM areas_on(:district, district_today(:district))"), {"district": district_id}
    )
    return {row.code: row.no for row in rows}


def households(connection: Connection, district_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Ids of households by their codes."""
    rows = connection.execute(
        text("SELECT code, id FROM households WHERE district_id = :district AND code = ANY (:codes)"),
        {"district": district_id, "codes": list(codes)},
    )
    return {row.code: row.id for row in rows}


def as_they_are(connection: Connection, kind: ElementKind, ids: Sequence[int]) -> dict[int, Record]:
    """Elements by their ids, with the details of their kind, and `lon` and `lat`."""
    table, columns = PARTS[kind]
    taken = ", ".join(_taken(name) for name in columns if name != "name")
    own = ", p.name" if kind is ElementKind.PERSON else ""
    common = ", ".join(f"e.{name}" for name in COMMON if name != "name" or not own)
    rows = connection.execute(
        text(
            f"SELECT e.id, {common}{own}, e.site_id, e.area_no, ST_X(e.geom) AS lon, ST_Y(e.geom) AS lat, {taken}"
            f" FROM elements e JOIN {table} p USING (id) WHERE e.id = ANY (:ids) FOR UPDATE OF e"
        ),
        {"ids": list(ids)},
    )
    return {row.id: dict(row._mapping) for row in rows}


def _taken(name: str) -> str:
    return "upper(encode(ST_AsEWKB(p.shape), 'hex')) AS shape" if name == "shape" else f"p.{name}"


def needs_of(connection: Connection, person_ids: Sequence[int]) -> dict[int, set[str]]:
    """What persons need."""
    rows = connection.execute(
        text("SELECT person_id, need FROM person_needs WHERE person_id = ANY (:ids)"),
        {"ids": list(person_ids)},
    )
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, set()).add(row.need)
    return found


def remember(connection: Connection, ids: Sequence[int], why: str) -> None:
    """Keep what elements say, and count their versions up."""
    values = {"ids": list(ids), "why": why}
    connection.execute(
        text("SELECT remember_element(id, :why) FROM unnest(CAST(:ids AS bigint[])) i (id)"), values
    )
    connection.execute(text("UPDATE elements SET version = version + 1 WHERE id = ANY (:ids)"), values)


def change(connection: Connection, kind: ElementKind, element_id: int, values: Mapping[str, Any]) -> None:
    """Put values in the place of those that an element has: columns of either table, `area_no`, `lon` with `lat`."""
    table, columns = PARTS[kind]
    own = [name for name in values if name in columns]
    common = [name for name in values if name in (*COMMON, "area_no") and name not in own]
    parts = [f"{name} = :{name}" for name in common]
    if "lon" in values:
        parts.append("geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)")
    facts = {**values, "id": element_id}
    if parts:
        connection.execute(text(f"UPDATE elements SET {', '.join(parts)} WHERE id = :id"), facts)
    if own:
        given = ", ".join(
            f"{name} = {'CAST(:shape AS geometry)' if name == 'shape' else ':' + name}" for name in own
        )
        connection.execute(text(f"UPDATE {table} SET {given} WHERE id = :id"), facts)


def end_site(connection: Connection, element_ids: Sequence[int], today: date) -> None:
    """Let elements lie in nothing from today on; what was only entered today is taken back."""
    kinds = [RelationKind.LIVES_IN.value, RelationKind.LOCATED_IN.value]
    facts = {"ids": list(element_ids), "kinds": kinds, "today": today}
    where = "source_id = ANY (:ids) AND kind = ANY (:kinds) AND to_on IS NULL"
    connection.execute(text(f"DELETE FROM relations WHERE {where} AND from_on >= :today"), facts)
    connection.execute(text(f"UPDATE relations SET to_on = :today WHERE {where}"), facts)

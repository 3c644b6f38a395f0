"""Elements written from entries: one from a form or a program, many from a file. All the doors write here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, NotFoundError
from app.registry.rules.kinds import RESIDENT, ElementKind, RelationKind
from app.registry.service import noting
from app.registry.service.entries import SEALED, Words, Wrong, read_entry
from app.registry.service.refusing import refusals, refuse
from app.registry.store import bulk, tying, types, writing
from app.seals.service import Column, sealer

Record = dict[str, Any]

SEALS = {
    (ElementKind.PERSON, "identity"): Column.IDENTITY,
    (ElementKind.PERSON, "phone"): Column.PERSON_PHONE,
    (ElementKind.ORGANISATION, "phone"): Column.ORGANISATION_PHONE,
}
OUTSIDE = Wrong("area", "outside_territory")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is right: what is written, and what it lies in.

    Parameters
    ----------
    values
        As `read_entry` gives them.
    site_id, area_no, unit_id
        What its words for site, area and unit name; None for what is not said.
    """

    kind: ElementKind
    values: Mapping[str, Any]
    site_id: int | None = None
    area_no: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Another entry in the place of what an element says: of it `fields` are written and nothing else."""

    element_id: int
    version: int
    entry: Entry
    fields: frozenset[str]
    from_on: date | None = None


def read(
    connection: Connection,
    district_id: int,
    kind: ElementKind,
    said: Mapping[str, str | None],
    words: Words,
    today: date,
) -> tuple[Entry, list[Wrong]]:
    """An entry from texts, with everything that is wrong with it; what it names is looked up in the territory."""
    values, faults = read_entry(kind, said, words, today)
    site = None if values["site"] is None else writing.place_of(connection, values["site"])
    if values["site"] is not None and site is None:
        faults.append(Wrong("site", "site_unknown"))
    area = None if values["area"] is None else writing.area_no_of(connection, district_id, values["area"])
    if values["area"] is not None and area is None:
        faults.append(Wrong("area", "area_unknown"))
    unit = None
    if values.get("unit") is not None:
        unit = writing.unit_id_of(connection, district_id, values["unit"])
        if unit is None:
            faults.append(Wrong("unit", "unit_unknown"))
    if site is not None:
        area = site["area_no"]
    return Entry(kind, values, None if site is None else site["id"], area, unit), faults


def placed(entry: Entry) -> list[Wrong]:
    """What is wrong with a new entry that says nothing of where it lies."""
    said = any(entry.values.get(name) is not None for name in ("site", "area", "lon", "lat"))
    return [] if said else [Wrong("area", "place_missing")]


def add(
    connection: Connection,
    district_id: int,
    entries: Sequence[Entry],
    today: date,
    *,
    source: str,
    by: Hand,
) -> list[int]:
    """Write new elements; their ids, in the order of the entries.

    Raises
    ------
    InvalidError
        `fields_invalid`: what is taken already, or lies outside the territory. Nothing of that entry is written.
    """
    made = []
    for one in entries:
        with refusals(connection, OUTSIDE):
            made.append(_add(connection, district_id, one, today, source))
        if one.kind is ElementKind.PERSON:
            noting.note(connection, "person.add", made[-1], by)
    if made:
        writing.count_up(connection)
    return made


def _add(connection: Connection, district_id: int, one: Entry, today: date, source: str) -> int:
    written = _written(connection, district_id, one, frozenset(one.values))
    written["valid_from_on"] = written.get("valid_from_on") or today
    if written.get("state", "") is None:
        del written["state"]
    element_id = writing.add(connection, district_id, one.kind, written, source)
    if one.site_id is not None:
        start = min(written["valid_from_on"], today)
        tying.add(connection, site_kind(one.kind), element_id, one.site_id, from_on=start, source=source)
    if one.kind is ElementKind.PERSON:
        add_needs(connection, element_id, one.values["needs"], today, source)
    return element_id


def site_kind(kind: ElementKind) -> str:
    """The relation by which something of a kind lies where it does."""
    return (RelationKind.LIVES_IN if kind is ElementKind.PERSON else RelationKind.LOCATED_IN).value


def _written(connection: Connection, district_id: int, one: Entry, fields: frozenset[str]) -> dict[str, Any]:
    """Columns with their values, numbers sealed."""
    found = {name: value for name, value in one.values.items() if name in fields}
    if one.kind is ElementKind.PERSON:
        found["type"] = RESIDENT
        if "household" in fields:
            code = found.pop("household")
            found["household_id"] = (
                None if code is None else writing.household_of(connection, district_id, code)
            )
    elif "unit" in fields:
        found["unit_id"] = one.unit_id
    if fields & {"site", "area"} and one.area_no is not None:
        found["area_no"] = one.area_no
    for name in SEALED.get(one.kind, frozenset()) & fields:
        plain = found[name]
        column = SEALS[one.kind, name]
        sealed = None if plain is None else sealer(connection).seal(column, plain)
        found[name] = None if sealed is None else sealed.value
        found[f"{name}_index"] = None if sealed is None else sealed.index
    known = {*writing.general_of(one.kind), *bulk.PARTS[one.kind][1]}
    return {name: value for name, value in found.items() if name in known}


def later(day: date, months: int) -> date:
    """The day so many months later; the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError


def add_needs(connection: Connection, person_id: int, needs: Sequence[str], today: date, source: str) -> None:
    """Write needs with the legal basis and the time that the reference data give them."""
    known = {row["code"]: row for row in types.needs(connection)} if needs else {}
    for need in needs:
        writing.add_need(
            connection, person_id, need=need, basis=known[need]["legal_basis"], from_on=today,
            until_on=later(today, known[need]["keep_months"]), source=source,
        )  # fmt: skip


def hold(connection: Connection, element_id: int, version: int | None = None) -> Record:
    """An element that is for the one who acts to change, as it was seen.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_changed`, with the version that it has now; `element_merged`.
    """
    found = writing.hold(connection, element_id)
    if found is None:
        raise NotFoundError("element_missing", id=element_id)
    if version is not None and found["version"] != version:
        raise ConflictError("element_changed", id=element_id, version=found["version"])
    if found["merged"]:
        raise ConflictError("element_merged", id=element_id, into=found["merged_into"])
    return found


def change(
    connection: Connection,
    district_id: int,
    changes: Sequence[Change],
    today: date,
    *,
    source: str,
    by: Hand,
    reason: str = "edited",
) -> None:
    """Write other entries in the place of what elements say; what they said is remembered.

    Raises
    ------
    NotFoundError, ConflictError
        As `hold`.
    InvalidError
        As `add`.
    """
    for one in changes:
        hold(connection, one.element_id, one.version)
        writing.remember(connection, one.element_id, reason)
        with refusals(connection, OUTSIDE):
            _change(connection, district_id, one, today, source)
        if one.entry.kind is ElementKind.PERSON:
            noting.note(connection, "person.change", one.element_id, by, fields=",".join(sorted(one.fields)))
    if changes:
        writing.count_up(connection)


def _change(connection: Connection, district_id: int, one: Change, today: date, source: str) -> None:
    fields = one.fields - {"needs"}
    written = _written(connection, district_id, one.entry, fields)
    if written.get("valid_from_on", today) is None:
        del written["valid_from_on"]
    if "site" in fields:
        # Its area follows what it lies in; only where it lies in nothing any more is it given.
        if one.entry.site_id is not None:
            written.pop("area_no", None)
        move(connection, one.element_id, one.entry, one.from_on or today, source)
    writing.change(connection, one.entry.kind, one.element_id, written)


def move(connection: Connection, element_id: int, entry: Entry, on_day: date, source: str) -> None:
    """Let something lie in another thing from a day on, or in none.

    Raises
    ------
    InvalidError
        `fields_invalid`: it came to where it lies later than that.
    """
    old = tying.site(connection, element_id)
    if old is not None and old["target_id"] == entry.site_id:
        return
    if old is None:
        tying.leave(connection, element_id, on_day)
    else:
        if on_day < old["from_on"]:
            refuse([Wrong("from_on", "before_last_move")])
        tying.end(connection, old["id"], on_day)
    if entry.site_id is not None:
        kind = site_kind(entry.kind)
        tying.add(connection, kind, element_id, entry.site_id, from_on=on_day, source=source)

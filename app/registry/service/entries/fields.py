"""What can be said of an element of each kind, in the order of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.registry.rules.kinds import ElementKind
from app.registry.service.entries.readers import (
    read_birth,
    read_code,
    read_credit,
    read_floor,
    read_height,
    read_household_relation,
    read_identity,
    read_list,
    read_number,
    read_old_day,
    read_phone_number,
    read_state,
    read_whole,
    within,
)
from app.writing import read_day, read_text


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an entry.

    Parameters
    ----------
    read
        From the text to the value; ValueError for what it cannot read.
    wrong
        Code of the fault that it is then.
    most
        Characters that are taken at most.
    """

    name: str
    read: Callable[[str], Any] = read_text
    wrong: str = "text_unreadable"
    most: int = 120
    needed: bool = False


TYPE = Field("type", most=40, needed=True)
PLACED = (
    Field("address", most=200),
    Field("lon", within(read_number, -180, 180), "lon_unreadable", 40),
    Field("lat", within(read_number, -90, 90), "lat_unreadable", 40),
    Field("site", most=120),
    Field("area", read_code, "code_unreadable", 40),
    Field("unit", most=120),
)
DAYS = (
    Field("valid_from_on", read_old_day, "day_unreadable", 40),
    Field("valid_to_on", read_old_day, "day_unreadable", 40),
)
NAME = Field("name", needed=True)
CODE = Field("code", read_code, "code_unreadable", 40)

FIELDS: Mapping[ElementKind, tuple[Field, ...]] = {
    ElementKind.PLACE: (
        TYPE, CODE, NAME, *PLACED,
        Field("floors", within(read_whole, 1, 200), "floors_unreadable", 10),
        Field("floors_below", within(read_whole, 0, 20), "floors_unreadable", 10),
        Field("height_m", read_height, "height_unreadable", 20),
        Field("entrance", most=20),
        Field("floor", read_floor, "floor_unreadable", 10),
        Field("room", most=20),
        *DAYS,
    ),
    ElementKind.OBJECT: (
        TYPE, CODE, NAME, *PLACED,
        Field("state", read_state, "state_unreadable", 20),
        Field("department_code", read_credit, "credit_code_wrong", 40),
        Field("department"), Field("owner"), Field("custodian"),
        *DAYS,
    ),
    ElementKind.ORGANISATION: (
        TYPE, Field("code", read_credit, "credit_code_wrong", 40), NAME, *PLACED,
        Field("phone", read_phone_number, "phone_unreadable", 40),
        Field("filed_on", read_old_day, "day_unreadable", 40),
        Field("registered_on", read_old_day, "day_unreadable", 40),
        *DAYS,
    ),
    ElementKind.PERSON: (
        Field("name", most=60, needed=True),
        Field("identity", read_identity, "identity_wrong", 40),
        Field("phone", read_phone_number, "phone_unreadable", 40),
        Field("born_on", read_birth, "day_unreadable", 40),
        Field("site", most=200),
        Field("area", read_code, "code_unreadable", 40),
        Field("household", read_code, "code_unreadable", 40),
        Field("household_relation", read_household_relation, "household_relation_unreadable", 20),
        Field("needs", read_list, "text_unreadable", 200),
        Field("legal_basis", most=200, needed=True),
        Field("retain_until_on", read_day, "day_unreadable", 40, needed=True),
        *DAYS,
    ),
}  # fmt: skip
"""What can be said of an element of each kind, in the order of a form."""

SEALED: Mapping[ElementKind, frozenset[str]] = {
    ElementKind.PERSON: frozenset({"identity", "phone"}),
    ElementKind.ORGANISATION: frozenset({"phone"}),
}
"""Fields whose value is told nowhere in clear: no fault repeats it, no list shows it."""

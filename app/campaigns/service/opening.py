"""A campaign is opened: without an admission number not at all, else with all faults told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.accounts.rules import PERMISSIONS, Permission, Role
from app.campaigns import store
from app.campaigns.rules import (
    LONGEST_NAME,
    NOT_ADMITTED,
    Place,
    Rows,
    Wrong,
    day_faults,
    read_places,
    refuse,
)
from app.campaigns.store import NewCampaign
from app.cases.rules.fields import READERS, Kind, bad, text, why
from app.cases.store import named, reported
from app.db import Actor
from app.errors import ConflictError, ForbiddenError
from app.grid import store as grid

SHOWN = 60
OPENERS = frozenset(role.value for role, may in PERMISSIONS.items() if Permission.OPEN_CAMPAIGNS in may)
MOST_BODY = 4 << 20
"""Bytes of a request: 2,000 places with long names are more than other requests hold."""

ADMITTED_ONCE = "campaigns_admitted_once"


def open_campaign(
    connection: Connection, district_id: int, actor: Actor, raw: Mapping[str, Any], client: UUID
) -> int:
    """Open a campaign and return its id; sent twice it is one campaign.

    Raises
    ------
    ConflictError
        `campaign_not_admitted` (reason `not_admitted`): without an admission number nothing else is looked at;
        `client_id_used`.
    InvalidError
        `fields_invalid`, with every fault: field, reason, and of a place its row.
    ForbiddenError
        `not_permitted`: no post of today opens campaigns.
    """
    if raw.get("admission") is None or not str(raw["admission"]).strip():
        raise ConflictError("campaign_not_admitted", reason=NOT_ADMITTED)
    values, faults = _read(raw)
    places, wrong = read_places(_rows(raw.get("places")))
    earlier = store.request_of(connection, client)
    if earlier is not None:
        # What cannot be read was never taken in, whatever its id says.
        refuse([*faults, *wrong])
        if not earlier.mine or earlier.campaign_id is None:
            raise ConflictError("client_id_used")
        return int(earlier.campaign_id)
    faults += day_faults(values.get("first_on"), values.get("last_on"), grid.today(connection, district_id))
    category, area, unit = _looked_up(connection, district_id, actor, values, faults)
    if area is not None:
        beyond = store.outside(connection, area.id, places)
        wrong += [
            Wrong("position", "outside_area", one.label[:SHOWN], one.row)
            for one in places
            if one.row in beyond
        ]
    refuse([*faults, *sorted(wrong, key=lambda fault: fault.row or 0)])
    assert category is not None and area is not None and unit is not None
    new = NewCampaign(
        district_id, client, values["name"], values["admission"], category, area.id, area.no, unit,
        values["first_on"], values["last_on"], actor.account_id,
    )  # fmt: skip
    return _added(connection, new, places)


def _added(connection: Connection, new: NewCampaign, places: list[Place]) -> int:
    try:
        with connection.begin_nested():
            return store.add(connection, new, places)
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if constraint == ADMITTED_ONCE:
            refuse([Wrong("admission", "in_use", new.admission)])
        if constraint == "campaigns_client_id_key":
            # Sent twice at once: whoever comes second asks again and is told of the first.
            raise ConflictError("client_id_used") from error
        raise


def _looked_up(
    connection: Connection, district_id: int, actor: Actor, values: Mapping[str, Any], faults: list[Wrong]
) -> tuple[int | None, Any, int | None]:
    """Category, area and unit that were named; what is not there is added to the faults."""
    category = area = None
    if code := values.get("category"):
        found = reported.category(connection, district_id, code)
        category = None if found is None else int(found.id)
        if category is None:
            faults.append(Wrong("category", "unknown", code[:SHOWN]))
        elif store.is_restricted(connection, category):
            # The list of places would show where somebody has confided something.
            faults.append(Wrong("category", "told_in_confidence", code[:SHOWN]))
    if code := values.get("area"):
        anywhere = Role.UNIT_DISPATCHER.value in actor.roles
        area = store.area_for(connection, district_id, code, anywhere=anywhere)
        if area is None:
            faults.append(Wrong("area", "unknown", code[:SHOWN]))
    return category, area, _unit(connection, district_id, values.get("unit"), faults)


def _unit(connection: Connection, district_id: int, wanted: int | None, faults: list[Wrong]) -> int | None:
    """The unit that asks: a desk may enter it for any, a department only for itself."""
    posts = [(role, unit) for role, unit in store.posts(connection) if role in OPENERS]
    if not posts:
        raise ForbiddenError("not_permitted")
    if wanted is None:
        return posts[0][1]
    desk = any(role != Role.UNIT_DISPATCHER for role, _ in posts)
    there = wanted in named.units_there(connection, district_id, [wanted])
    if not there or not (desk or wanted in {unit for _, unit in posts}):
        faults.append(Wrong("unit", "unknown", str(wanted)))
        return None
    return wanted


def _name(raw: Any) -> str:
    found = text(raw)
    if len(found) > LONGEST_NAME:
        raise bad("name_too_long")
    return found


def _day(raw: Any) -> date:
    found: str = READERS[Kind.DATE](raw)
    return date.fromisoformat(found)


READ: Mapping[str, Callable[[Any], Any]] = {
    "name": _name,
    "admission": READERS[Kind.CODE],
    "category": READERS[Kind.CODE],
    "area": READERS[Kind.CODE],
    "unit": READERS[Kind.UNIT],
    "first_on": _day,
    "last_on": _day,
}
"""The fields of a campaign beside its places, and how each is read."""

KINDS = {"first_on": "date", "last_on": "date", "admission": "code", "category": "code", "area": "code"}


def _read(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Wrong]]:
    known = {*READ, "places", "client_id"}
    faults = [Wrong(str(name)[:SHOWN], "unknown_field") for name in raw if name not in known]
    values: dict[str, Any] = {}
    for name, reader in READ.items():
        value = raw.get(name)
        if value is None or value == "":
            if name != "unit":
                faults.append(Wrong(name, "missing"))
            continue
        try:
            values[name] = reader(value)
        except (ValueError, TypeError, OverflowError) as error:
            faults.append(Wrong(name, why(error, KINDS.get(name, "text")), str(value)[:SHOWN]))
    return values, faults


def _rows(raw: Any) -> Rows:
    """The places of a request as rows: those of a table have the numbers of its lines."""
    if raw is None or raw == "":
        return []
    if not isinstance(raw, list):
        refuse([Wrong("places", "not_places")])
    return [
        one if isinstance(one, tuple) else (row, one if isinstance(one, Mapping) else {})
        for row, one in enumerate(raw, 1)
    ]

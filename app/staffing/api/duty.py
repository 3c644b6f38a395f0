"""`/api/v1/duty`: who is on duty now; going on and off duty."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.api import HERE, here
from app.staffing.api.blueprint import blueprint
from app.staffing.rules import UnitKind
from app.staffing.service import duty, presence
from app.web import acting, answers
from app.web.body import json_object
from app.web.doors import needs
from app.web.shapes import (
    COUNT,
    ID,
    INSTANT,
    MOST_ID,
    TEXT,
    YES,
    Named,
    about,
    items,
    maybe,
    optional,
    record,
    words,
)
from app.web.stating import states

CALLED = {"id": ID, "name": TEXT, "name_en": maybe(TEXT)}
PRESENT = Named(
    "PersonOnDuty",
    record(
        code=TEXT, name=TEXT, role=maybe(TEXT), leads=YES, simulated=YES, has_phone=YES, began_at=INSTANT,
        there=about(YES, "Whether they have gone on duty; else they are on the roster of this hour."),
    ),
)  # fmt: skip
SHIFT = Named(
    "Shift",
    record(
        on=maybe(about(record(**CALLED, since=INSTANT), "上岗: where the one who asks is on duty.")),
        desks=about(items(record(**CALLED)), "Where they could be on duty."),
        units=items(
            record(
                **CALLED,
                kind=words(UnitKind),
                phone=maybe(about(TEXT, "值班电话: that of this hour.")),
                people=items(PRESENT),
            )
        ),
        more=about(COUNT, "People on duty who are not named here."),
    ),
)
DESK = record({"unit"}, only_these_=True, unit=optional(about(ID, "Where; by default at the only desk.")))


@blueprint.get("/duty")
@needs(Permission.KEEP_DUTY)
@states(SHIFT, kept=False, fails=HERE)
def on_duty() -> Response:
    """Whether one is on duty, and who is there in one's territory, one's own units first."""
    with acting.reading() as connection:
        return answers.private(_shift(connection))


@blueprint.post("/duty/on")
@needs(Permission.KEEP_DUTY)
@states(
    SHIFT,
    body=DESK,
    fails={
        InvalidError: ["parameter_invalid"],
        NotFoundError: ["district_missing", "not_at_work", "desk_missing"],
    },
)
def go_on() -> Response:
    """上岗; a spell of duty elsewhere ends by it."""
    unit = _only("unit")
    if unit is None or unit == "":
        unit = None
    elif isinstance(unit, bool) or not isinstance(unit, int) or not 0 < unit <= MOST_ID:
        raise InvalidError("parameter_invalid", field="unit", value=str(unit)[:40])
    with acting.writing() as connection:
        duty.go_on(connection, me().account_id, unit)
        return answers.private(_shift(connection))


@blueprint.post("/duty/off")
@needs(Permission.KEEP_DUTY)
@states(SHIFT, fails={NotFoundError: ["district_missing", "not_at_work"], ConflictError: ["not_on_duty"]})
def go_off() -> Response:
    """下岗."""
    with acting.writing() as connection:
        duty.go_off(connection, me().account_id)
        return answers.private(_shift(connection))


def _only(name: str) -> Any:
    """The one field that is taken; any other one is refused."""
    body = json_object()
    for other in body:
        if other != name:
            raise InvalidError("parameter_invalid", field=other[:40], value=str(body[other])[:40])
    return body.get(name)


def _shift(connection: Connection) -> dict[str, Any]:
    found = presence.shift(connection, here().district_id, me().account_id)
    spell = found.pop("spell")
    if spell is not None:
        spell = {
            "id": spell["unit_id"], "name": spell["name"], "name_en": spell["name_en"], "since": spell["began_at"],
        }  # fmt: skip
    desks = [{name: desk[name] for name in CALLED} for desk in found.pop("desks")]
    return {"on": spell, "desks": desks, **found}

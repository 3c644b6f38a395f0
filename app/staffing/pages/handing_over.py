"""交接班: written, signed, countersigned, and read again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me, seat
from app.accounts.rules import Permission
from app.accounts.service import own
from app.errors import AppError, NotFoundError
from app.staffing.pages.blueprint import ROWS, blueprint
from app.staffing.service import handing_over as service
from app.staffing.service.handing_over import Told
from app.staffing.store import duty
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import parameter, row_id


@blueprint.get("/handovers")
@needs(Permission.HAND_OVER)
def handovers() -> Response:
    """Hand-overs from and to the desks that the reader may see, the newest first."""
    before = parameter("before", row_id, None)
    with acting.reading() as connection:
        rows = duty.handovers(connection, parameter("unit", row_id, None), before, ROWS + 1)
    following = rows[ROWS - 1]["id"] if len(rows) > ROWS else None
    return page("handovers.html", me=me(), rows=rows[:ROWS], following=following)


@blueprint.get("/handovers/new")
@needs(Permission.HAND_OVER)
def new_handover() -> Response:
    """The form, with what the platform counts of the desk now."""
    return _form(parameter("unit", row_id, None), parameter("to", row_id, None))


def _form(unit_id: int | None, to_id: int | None, problem: AppError | None = None) -> Response:
    with acting.reading() as connection:
        mine, others = _desks(connection)
        unit = next((one for one in mine if unit_id in {None, one["id"]}), None)
        if unit is None:
            raise NotFoundError("desk_missing")
        to = next((one for one in others if one["id"] == to_id), unit)
        facts = service.facts(connection, unit["id"], to["id"], datetime.now(UTC))
    status = status_of(problem)
    return page(
        "handover-new.html",
        status,
        me=me(),
        mine=mine,
        others=others,
        unit=unit,
        to=to,
        facts=facts,
        problem=problem,
        given=request.form,
    )


def _desks(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The desks at which one holds a post, and all to which something can be handed over."""
    myself = duty.me_at_work(connection, me().account_id)
    mine = [] if myself is None else duty.desks_of(connection, myself["id"])
    seen = {one["id"]: one for one in [*mine, *duty.desks(connection, datetime.now(UTC))]}
    for one in mine:
        night = duty.night_desk(connection, one["id"])
        if night is not None:
            seen.setdefault(night["id"], night)
    return mine, list(seen.values())


@blueprint.post("/handovers/new")
@needs(Permission.HAND_OVER)
def give_handover() -> Response:
    """Sign a hand-over as the one who goes."""
    unit_id, to_id = forms.needed("unit", row_id), forms.needed("to", row_id)
    try:
        told = Told(*(forms.written(name, service.LONGEST) for name in ("happened", "dangerous", "promised")))
        own.confirm(acting.database_url(), me(), request.form.get("password", ""), seat())
        with acting.writing() as connection:
            made = service.give(connection, unit_id, to_id, told, me().name, by=hand())
    except AppError as error:
        return _form(unit_id, to_id, error)
    flash("handover.given")
    return redirect(url_for("staffing.handover", handover_id=made), 303)


@blueprint.get("/handovers/<int:handover_id>")
@needs(Permission.HAND_OVER)
def handover(handover_id: int) -> Response:
    """One hand-over, as it was signed."""
    return _handover(handover_id)


def _handover(handover_id: int, problem: AppError | None = None) -> Response:
    with acting.reading() as connection:
        found = duty.handover(connection, handover_id)
    if found is None:
        raise NotFoundError("handover_missing", id=handover_id)
    status = status_of(problem)
    return page(
        "handover.html",
        status,
        me=me(),
        it=found,
        whole=service.as_signed(found),
        problem=problem,
        given=request.form,
    )


@blueprint.post("/handovers/<int:handover_id>/take")
@needs(Permission.HAND_OVER)
def take_handover(handover_id: int) -> Response:
    """Countersign a hand-over as the one who comes."""
    try:
        remark = forms.written("remark", service.LONGEST // 2)
        own.confirm(acting.database_url(), me(), request.form.get("password", ""), seat())
        with acting.writing() as connection:
            service.take(connection, handover_id, me().name, remark, by=hand())
    except AppError as error:
        return _handover(handover_id, error)
    flash("handover.taken")
    return redirect(url_for("staffing.handover", handover_id=handover_id), 303)

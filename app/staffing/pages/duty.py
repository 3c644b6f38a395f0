"""在岗: who is on duty, the duty roster, whose desk it is now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError
from app.grid.api import here
from app.staffing.pages.blueprint import blueprint
from app.staffing.service import duty as service
from app.staffing.store import duty
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import day as day_of
from app.web.params import number, parameter, row_id

DAYS = 7


@blueprint.get("/duty")
@needs(Permission.KEEP_DUTY)
def on_duty() -> Response:
    """The desks and who serves them, who is on duty, and a week of a unit's roster."""
    return _duty()


def _duty(problem: AppError | None = None) -> Response:
    zone = ZoneInfo(here().timezone)
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    first = parameter("from", day_of, today)
    wanted = parameter("unit", row_id, None) or request.form.get("unit", type=int)
    with acting.reading() as connection:
        myself = duty.me_at_work(connection, me().account_id)
        mine = [] if myself is None else duty.desks_of(connection, myself["id"])
        desks = duty.desks(connection, now)
        known = {one["id"]: one for one in [*desks, *mine]}
        unit_id = wanted if wanted in known else next((one["id"] for one in [*mine, *desks]), None)
        begin = datetime.combine(first, time(), zone)
        rows = (
            [] if unit_id is None else duty.shifts(connection, unit_id, begin, begin + timedelta(days=DAYS))
        )
        facts: dict[str, Any] = {
            "spell": None if myself is None else duty.spell_of(connection, myself["id"]),
            "there": [] if unit_id is None else duty.on_duty(connection, unit_id),
        }
    days = [first + timedelta(days=n) for n in range(DAYS)]
    # A shift that began before the first day and still runs stands on it.
    by_day = {
        day: [row for row in rows if max(row["starts_at"].astimezone(zone).date(), first) == day]
        for day in days
    }
    return page(
        "duty.html",
        status_of(problem),
        me=me(),
        mine=mine,
        desks=desks,
        unit=known.get(unit_id),
        units=list(known.values()),
        by_day=by_day,
        today=today,
        earlier=first - timedelta(days=DAYS),
        later=first + timedelta(days=DAYS),
        problem=problem,
        given=request.form,
        zone=zone,
        **facts,
    )


def _back() -> Response:
    return redirect(url_for("staffing.on_duty", unit=request.form.get("unit") or None), 303)


@blueprint.post("/duty/on")
@needs(Permission.KEEP_DUTY)
def go_on_duty() -> Response:
    """上岗."""
    with acting.writing() as connection:
        service.go_on(connection, me().account_id, forms.optional("unit", row_id))
    flash("duty.began")
    return _back()


@blueprint.post("/duty/off")
@needs(Permission.KEEP_DUTY)
def go_off_duty() -> Response:
    """下岗."""
    with acting.writing() as connection:
        service.go_off(connection, me().account_id)
    flash("duty.ended")
    return _back()


@blueprint.post("/duty/shifts")
@needs(Permission.MANAGE_STAFFING)
def plan_shift() -> Response:
    """Put somebody on the roster, on one day or on several in a row."""
    try:
        with acting.writing() as connection:
            service.plan(
                connection,
                forms.needed("unit", row_id),
                forms.needed("code", str),
                forms.needed("day", forms.day),
                forms.needed("start", forms.clock),
                forms.needed("end", forms.clock),
                leads=forms.written("leads") == "1",
                days=forms.optional("days", number(1, 62)) or 1,
                by=hand(),
            )
    except AppError as error:
        return _duty(error)
    flash("duty.planned")
    return _back()


@blueprint.post("/duty/shifts/remove")
@needs(Permission.MANAGE_STAFFING)
def remove_shift() -> Response:
    """Take a shift off the roster."""
    with acting.writing() as connection:
        service.unplan(connection, forms.needed("shift", row_id), by=hand())
    flash("duty.removed")
    return _back()


@blueprint.post("/duty/take-over")
@needs(Permission.TAKE_OVER)
def take_over() -> Response:
    """Let another desk serve a unit's queue, by default the district's."""
    try:
        with acting.writing() as connection:
            service.take_over(
                connection,
                forms.needed("desk", row_id),
                forms.needed("by", row_id),
                forms.written("reason", 500),
                by=hand(),
            )
    except AppError as error:
        return _duty(error)
    flash("duty.taken_over")
    return _back()


@blueprint.post("/duty/give-back")
@needs(Permission.TAKE_OVER)
def give_back() -> Response:
    """Let a desk serve itself again."""
    with acting.writing() as connection:
        service.give_back(connection, forms.needed("desk", row_id), by=hand())
    flash("duty.given_back")
    return _back()

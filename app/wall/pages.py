"""大屏 as a page, and the page on which those on duty drive it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError
from app.grid.api import here
from app.wall import store
from app.wall.rules import LEVEL, LONGEST_TEXT, Preset, Setting, WarningKind, WarningLevel
from app.wall.service import setting as service
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.i18n import catalogue
from app.web.pages import page, page_locale
from app.web.params import number, one_of

blueprint = Blueprint("wall", __name__)

SHOWN = frozenset({"wall", "role"})
TIMES = frozenset({"map.days", "map.hours", "map.minutes"})
"""Words that the wall needs."""


@blueprint.get("/wall")
@needs(Permission.READ_CASES)
def wall() -> Response:
    """The frame of the wall; all that it shows is asked for by the browser, again and again."""
    words = {
        key: value
        for key, value in catalogue(page_locale()).items()
        if key.split(".")[0] in SHOWN or key in TIMES
    }
    return page("wall.html", words=words, district=here().record, me=me(), csrf_token=generate_csrf())


@blueprint.get("/wall/control")
@needs(Permission.DRIVE_WALL)
def control() -> Response:
    """What the wall shows, and the form that sets it."""
    return _control()


def _control(problem: AppError | None = None) -> Response:
    place = here()
    zone, now = ZoneInfo(place.timezone), datetime.now(UTC)
    with acting.reading() as connection:
        found, version = store.setting(connection, place.district_id)
        drives = store.drives(connection)
    view, version_of_areas = acting.actor().view, place.versions["areas"]
    known = store.areas(acting.database_url(), view, version_of_areas, place.district_id, LEVEL)
    given = request.form if problem is not None else _filled(found, now, zone)
    return page(
        "wall-control.html",
        status_of(problem),
        me=me(),
        drives=drives,
        version=version,
        areas=known,
        presets=list(Preset),
        kinds=list(WarningKind),
        levels=list(WarningLevel),
        longest=LONGEST_TEXT,
        given=given,
        problem=problem,
    )


def _filled(found: Setting, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """What the form holds when it is opened: what the wall shows now."""
    warning = found.warning_at(now)
    filled = {
        "preset": found.preset.value,
        "focus": str(found.focus_no or ""),
        "tours": "1" if found.tours else "",
    }
    if warning is not None:
        until = warning.until_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        filled |= {
            "kind": warning.kind.value,
            "level": warning.level.value,
            "text": warning.text,
            "until": until,
        }
    return filled


def _warning(zone: ZoneInfo) -> dict[str, Any] | None:
    """The warning that was filled in; None where no kind was chosen."""
    kind = forms.optional("kind", one_of(kind.value for kind in WarningKind))
    if kind is None:
        return None
    until = forms.optional("until", lambda raw: datetime.strptime(raw[:16], "%Y-%m-%dT%H:%M"))
    return {
        "kind": kind,
        "level": forms.optional("level", one_of(level.value for level in WarningLevel)) or "",
        "text": forms.written("text", LONGEST_TEXT),
        "until_at": None if until is None else until.replace(tzinfo=zone).astimezone(UTC),
    }


@blueprint.post("/wall/control")
@needs(Permission.DRIVE_WALL)
def drive() -> Response:
    """Set what the wall shows; it follows within two seconds."""
    place = here()
    try:
        with acting.writing() as connection:
            service.drive(
                connection,
                place.district_id,
                hand(),
                preset=Preset(forms.needed("preset", one_of(preset.value for preset in Preset))),
                focus_no=forms.optional("focus", number(0, 2**62)),
                tours=forms.written("tours") == "1",
                warning=_warning(ZoneInfo(place.timezone)),
            )
    except AppError as error:
        return _control(error)
    flash("wall.was_set")
    return redirect(url_for("wall.control"), 303)

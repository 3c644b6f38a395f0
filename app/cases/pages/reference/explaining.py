"""`/reference/routing_rules/explain`: whom a case of a category in an area would go to on a day, and why."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.pages.reference.blueprint import blueprint, english
from app.cases.service import reference_editing as editing
from app.cases.service.routing import Place, Suggestion, suggest
from app.cases.service.wording import outcome, said
from app.cases.store import finding
from app.cases.store.reference_names import named
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page, page_locale
from app.web.params import day as read_day
from app.web.params import parameter, written

MOST_DEGREES = 180.0


@blueprint.get("/reference/routing_rules/explain")
@needs(Permission.EDIT_REFERENCE)
def explain() -> Response:
    """Ask by category and area, or position, as the data are on a day; the answer line by line, as a desk gets it."""
    category, area = parameter("category", written(40), ""), parameter("area", written(40), "")
    lon, lat = parameter("lon", _degrees, None), parameter("lat", _degrees, None)
    position = None if lon is None or lat is None else (lon, lat)
    district = here().district_id
    with acting.reading() as connection:
        today = editing.today(connection, district)
        on = parameter("on", read_day, today)
        categories = named(connection, district, "categories", today, english=english())
        areas = named(connection, district, "areas", today, english=english())
        found = _found(connection, category, area, position, on) if category and (area or position) else None
    lines = (
        [] if found is None else [(line, said(page_locale(), line, found)) for line in found.decision.lines]
    )
    others = [] if found is None else [said(page_locale(), line, found) for line in found.decision.others]
    return page(
        "reference-explain.html",
        me=me(),
        asked={"category": category, "area": area, "lon": lon, "lat": lat, "on": on.isoformat()},
        categories=categories,
        areas=areas,
        found=found,
        called={"category": dict(categories).get(category, ""), "area": _where(found)},
        missing=found is None and bool(category or area or position),
        lines=lines,
        others=others,
        outcome=None if found is None else outcome(page_locale(), found),
    )


def _where(found: Suggestion | None) -> str:
    """The areas of a place, the widest first, as the reader calls them."""
    chain = () if found is None else sorted(found.basis.chain, key=lambda area: area.depth)
    return " › ".join((english() and area.name_en) or area.name for area in chain)


def _degrees(raw: str) -> float:
    value = float(raw)
    if not abs(value) <= MOST_DEGREES:
        raise ValueError(raw)
    return value


def _found(
    connection: Connection, category: str, area: str, position: tuple[float, float] | None, on: date
) -> Suggestion | None:
    district = here().district_id
    if position is not None:
        place = finding.place_named(connection, district, category, *position)
    else:
        place = finding.area_named(connection, district, category, area)
    if place is None:
        return None
    where = Place(district, place.category_id, place.area_no, place.loop, on, position=position)
    return suggest(connection, where)

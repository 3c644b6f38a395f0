"""The staffing board: which cells lack whom."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.grid import store as grid
from app.grid.api import here
from app.staffing.pages.blueprint import blueprint
from app.staffing.rules import Part, read_missing
from app.staffing.service.exporting import workbook
from app.staffing.store import cells, rosters
from app.web import acting
from app.web.doors import needs
from app.web.i18n import translate
from app.web.pages import page, page_locale
from app.web.params import day as day_of
from app.web.params import parameter, row_id

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUGGESTED = 50
"""Cells without an officer for which somebody is suggested."""


@blueprint.get("/staffing")
@needs(Permission.READ_STAFF)
def board() -> Response:
    """The staffing board: which cells lack whom on a day, gaps first, under the sums of the areas above."""
    place = here()
    with acting.reading() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        wanted, area = (
            parameter("missing", read_missing, "any"),
            parameter("area", row_id, None),
        )
        sums = cells.summary(connection, place.district_id, day)
        rows = cells.cells(connection, place.district_id, day, missing=wanted, area=area, limit=200)
        lacking = [row["code"] for row in rows if Part.OFFICER in row["missing"]]
        near = rosters.suggestions(connection, lacking[:SUGGESTED], day, each=1)
    return page(
        "staffing.html",
        me=me(),
        day=day,
        sums=sums,
        rows=rows,
        near=near,
        missing=wanted,
        area=area,
        parts=[*Part],
        full=200,
    )


@blueprint.get("/staffing/export.xlsx")
@needs(Permission.EXPORT_STAFF)
def export() -> Response:
    """The board and the roster behind it as a workbook; who took it is logged."""
    place = here()
    locale = page_locale()
    with acting.writing() as connection:
        day = parameter("on", day_of, grid.today(connection, place.district_id))
        area = parameter("area", row_id, None)
        body = workbook(
            connection, place.district_id, day, area, lambda word: translate(locale, word), by=hand()
        )
    response = Response(body, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="roster-{day}.xlsx"'
    response.cache_control.no_store = True
    return response

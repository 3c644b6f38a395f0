"""`/api/v1/view/cases.csv`: all cases of a list as a table, for those who go on working with a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from app.accounts.rules import Permission
from app.cube.api.asking import QUESTION
from app.cube.api.blueprint import blueprint
from app.cube.api.viewing import HERE, ORDER, listed_ids, rows_of
from app.errors import InvalidError
from app.grid.api import Here, here
from app.web.doors import needs
from app.web.i18n import translate
from app.web.pages import page_locale
from app.web.shapes import TEXT
from app.web.sheets import sheet
from app.web.stating import states

CSV = "text/csv"
MOST = 20_000
"""Rows of a table: what a person still looks through."""

AT_ONCE = 500
COLUMNS = (
    "number", "category", "condition", "urgency", "state", "loop", "reported", "due", "closed", "parent", "area",
    "address", "lon", "lat", "unit", "returns", "extensions", "simulated",
)  # fmt: skip


@blueprint.get("/view/cases.csv")
@needs(Permission.READ_CASES)
@states(
    TEXT,
    media=[CSV],
    kept=False,
    query=(*QUESTION, ORDER),
    fails={**HERE, InvalidError: ["export_too_large"]},
)
def export() -> Response:
    """The list of the view as a table, with times of the district; who is asked for fewer has to narrow it."""
    place, locale = here(), page_locale()
    listed = listed_ids(place, MOST)
    if listed["next"] is not None:
        raise InvalidError("export_too_large", total=listed["total"], most=MOST)
    head = [translate(locale, f"export.{name}") for name in COLUMNS]
    response = Response(sheet(head, _rows(place, listed, locale)), mimetype=CSV)
    response.headers.set("Content-Disposition", "attachment", filename="cases.csv")
    response.cache_control.no_store = True
    return response


def _rows(place: Here, listed: dict[str, Any], locale: str) -> Iterator[list[Any]]:
    zone, english = ZoneInfo(place.timezone), locale.startswith("en")
    ids = listed["ids"]

    def named(row: dict[str, Any], name: str) -> Any:
        return (english and row[f"{name}_en"]) or row[name]

    def word(domain: str, key: str | None) -> str:
        return translate(locale, f"{domain}.{key}") if key else ""

    for first in range(0, len(ids), AT_ONCE):
        for row in rows_of(place, {**listed, "ids": ids[first : first + AT_ONCE]}):
            times = (
                row[name] and row[name].astimezone(zone) for name in ("reported_at", "due_at", "closed_at")
            )
            yield [
                row["number"] or row["ref"], named(row, "category"), row["condition"],
                word("urgency", row["urgency"]), word("state", row["state"]), word("loop", row["loop"]), *times,
                named(row, "parent"), named(row, "area"), row["address"], row["lon"], row["lat"], named(row, "unit"),
                row["returns"], row["extensions"], word("export", "yes" if row["simulated"] else None),
            ]  # fmt: skip

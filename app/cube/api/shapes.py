"""What the view of a screen looks like."""

from __future__ import annotations

from app.cases.api.shapes import LOOP, STATE, VERSION
from app.cube.rules import Fill, Mark, Tab
from app.web.shapes import (
    CASE_ID,
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    TEXT,
    YES,
    Named,
    about,
    items,
    maybe,
    page,
    record,
    table,
    words,
)

FIGURES = record(
    today=about(COUNT, "今日上报: reported on the day of the view."),
    registered_today=about(COUNT, "立案: those of them that were registered."),
    open=about(COUNT, "在办"),
    near=about(COUNT, "黄: 临期"),
    overdue=about(COUNT, "红: 超期"),
    suspended=about(COUNT, "挂账, 停钟"),
    to_verify=about(COUNT, "待核查"),
    unlocated=about(COUNT, "待定位: open, without a position."),
    outside=about(COUNT, "Open, with a position outside every cell."),
)
ROW = Named(
    "QueuedCase",
    record(
        id=CASE_ID,
        number=maybe(TEXT),
        ref=maybe(TEXT),
        category_id=ID,
        category=TEXT,
        category_en=maybe(TEXT),
        condition=maybe(about(TEXT, "立案条件, in words.")),
        urgency=maybe(words(["most", "urgent"])),
        state=STATE,
        loop=LOOP,
        version=VERSION,
        reported_at=INSTANT,
        due_at=maybe(INSTANT),
        near_at=maybe(INSTANT),
        closed_at=maybe(INSTANT),
        address=maybe(TEXT),
        cell_id=maybe(ID),
        area_id=ID,
        area=maybe(TEXT),
        area_en=maybe(TEXT),
        parent=maybe(TEXT),
        parent_en=maybe(TEXT),
        lon=maybe(LON),
        lat=maybe(LAT),
        unit_id=maybe(ID),
        unit=maybe(TEXT),
        unit_en=maybe(TEXT),
        handler=maybe(TEXT),
        returns=COUNT,
        extensions=COUNT,
        pending=about(items(TEXT), "What was asked and waits for an answer."),
        simulated=YES,
        file_id=maybe(about(ID, "Its first picture.")),
    ),
)
DAYS = record(
    first=DAY,
    reported=about(items(COUNT), "Of each day from the first to that of the view, how many were reported."),
    overdue=about(items(COUNT), "How many of those are overdue."),
)
LIST = page(ROW, TEXT, order=words(["due", "new"]), total=COUNT)
VIEW = Named(
    "View",
    record(
        at=about(INSTANT, "The instant of the view; marks of time are its own."),
        past=YES,
        figures=FIGURES,
        tabs=record(**dict.fromkeys(Tab, COUNT)),
        steps=about(items(COUNT, least=5, most=5), "Of steps 1 to 5, under the tab."),
        marks=record(**{mark.name.lower(): COUNT for mark in Mark}),
        cells=about(table(COUNT), "By id of the cell; those without any are left out."),
        fill=maybe(
            record(
                of=words(Fill),
                cells=about(
                    table(items(COUNT, least=2, most=2)),
                    "By id of the cell what stands above and below the line; those without a value are left out.",
                ),
            )
        ),
        categories=about(table(COUNT), "By id of the category."),
        days=DAYS,
        queue=LIST,
    ),
)

"""`/api/v1/screens/…`: what those begin with who look over others."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.cases.store import listing
from app.cube.api import versions
from app.cube.api.shapes import ROW
from app.cube.rules import Flag, Wanted
from app.cube.service import Question, ask, cube_of
from app.cube.service.ordering import DUE
from app.grid.api import HERE, Here, here
from app.grid.rules import Level
from app.screens.rules.decisions import WORDS, Matter
from app.screens.service import checking, deciding
from app.screens.service.places import parts
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import this_minute
from app.web.shapes import COUNT, DAY, ID, INSTANT, TEXT, YES, Named, about, items, maybe, record, words
from app.web.stating import states

blueprint = Blueprint("screens_api", __name__, url_prefix="/api/v1/screens")

MOST_URGENT = 12
DECIDING = sorted({move.value for moves in WORDS.values() for move in moves})
DECISION = Named(
    "Decision",
    {
        **ROW.schema,
        "properties": {**ROW.schema["properties"], "matter": words(Matter), "moves": items(words(DECIDING))},
        "required": [*ROW.schema["required"], "matter", "moves"],
    },
)
PART = record(
    id=ID, code=TEXT, name=TEXT, name_en=maybe(TEXT), open=COUNT, near=COUNT, overdue=COUNT, urgent=COUNT
)
COMMAND = Named(
    "CommandScreen",
    record(
        at=INSTANT,
        decisions=record(
            counts=record(**dict.fromkeys(Matter, COUNT)),
            whole=about(YES, "Whether all that may wait was looked through; else there are more."),
            items=about(items(DECISION, most=deciding.MOST), "Each with the moves that decide it."),
        ),
        urgent=record(
            of=COUNT, items=about(items(ROW, most=MOST_URGENT), "特急 that is open, what is due first.")
        ),
        parts=record(level=words([Level.SUBDISTRICT, Level.COMMUNITY]), items=items(PART, most=60)),
    ),
)
SPOT_CHECK = Named(
    "SpotCheck",
    record(
        on=DAY,
        of=about(COUNT, "How many there are to be drawn from."),
        most=COUNT,
        items=about(items(ROW, most=checking.MOST), "In the order in which they were drawn."),
    ),
)


@blueprint.get("/command")
@needs(Permission.MOVE_CASES)
@states(COMMAND, kept=False, fails=HERE)
def command() -> Response:
    """需要你决定: what the one who asks could decide now; 特急 that is open; how the parts of their territory stand."""
    place, now = here(), datetime.now(UTC)
    ids, urgent = _urgent(place)
    actor, url = acting.actor(), acting.database_url()
    with acting.reading() as connection:
        found = deciding.decisions(connection, place.district_id, actor, now)
        level, places = parts(
            connection, url, actor.view, place.versions["areas"], place.district_id, this_minute()
        )
        rows = listing.some(connection, place.district_id, ids)
    decisions = {"counts": found.counts, "whole": found.whole, "items": found.items}
    return answers.private(
        {
            "at": now,
            "decisions": decisions,
            "urgent": {"of": urgent, "items": rows},
            "parts": {"level": level.value, "items": places},
        }
    )


def _urgent(place: Here) -> tuple[list[int], int]:
    """The first cases that are 特急, and how many are; they come before all others in this order."""
    asked = Question(acting.actor(), Wanted(now=this_minute()))
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, versions(place)) as answer:
        urgent = answer.flagged(Flag.MOST_URGENT)
        ids, _ = answer.page(DUE, None, MOST_URGENT)
    return ids[:urgent], urgent


@blueprint.get("/spot-check")
@needs(Permission.MOVE_CASES)
@states(SPOT_CHECK, kept=False, fails=HERE)
def spot_check() -> Response:
    """抽查: cases that wait to be verified, drawn by day and account, the same whenever they are asked for."""
    place = here()
    with acting.reading() as connection:
        found = checking.spot_check(connection, place.district_id, acting.actor())
    return answers.private({"on": found.on, "of": found.of, "most": checking.MOST, "items": found.items})

"""`/m/cases/<id>`: one case out of doors, and what the one who stands before it may do, as big keys."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Connection

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.rules.moves import Move
from app.cases.service import moving, offering
from app.cases.service.clock_faces import face
from app.cases.service.situation import Situation
from app.cases.service.watching import watched
from app.cases.store import heading, ratings, story
from app.errors import NotFoundError
from app.field import store
from app.field.pages.blueprint import blueprint, words
from app.field.rules import ALARMING, KEYS, TOLD, metres
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import one_of, parameter
from app.web.shapes import MOST_CASE_ID

MOST_FILES, MOST_STEPS = 60, 200
SAID = ("reason", "opinion")


@blueprint.get("/m/cases/<int:case_id>")
@needs(Permission.REPORT_CASES)
def case(case_id: int) -> Response:
    """A case as whoever goes there needs it; those who only report see what became of their own."""
    if not 0 < case_id <= MOST_CASE_ID:
        raise NotFoundError("case_missing", id=case_id)
    done = parameter("done", one_of(Move), None)
    reads = me().may(Permission.READ_CASES)
    with acting.writing() as connection:
        found = watched(connection, case_id, acting.actor())
        head = heading.head(connection, case_id)
        if head is None or not (reads or store.reported_by_me(connection, case_id)):
            raise NotFoundError("case_missing", id=case_id)
        steps = story.log(connection, case_id, after=0, limit=MOST_STEPS)
        files = story.files(connection, case_id, limit=MOST_FILES)
        offers = _offers(connection, found)
        confided = heading.confided(connection, case_id)
        said = ratings.ratings(connection, case_id) if reads else []
        units = heading.units_by_id(connection, {row["unit_id"] for row in steps} - {None})
    head = _seen(head, confided)
    return page(
        "m-case.html",
        me=me(),
        district=here().record,
        one={**head, "face": face(head["state"], head["due_at"], found.clocks, found.now)},
        offers=offers,
        alarming=ALARMING,
        version=found.case.version,
        steps=[_step(row, head, texts=reads) for row in reversed(steps) if reads or row["move"] in TOLD],
        files=files if reads else [file for file in files if file["version"] == 1],
        reads=reads,
        units=units,
        ratings=said,
        done=done,
        csrf_token=generate_csrf(),
        words=words(),
    )


def _seen(head: dict[str, Any], confided: dict[str, Any]) -> dict[str, Any]:
    """The head without whoever left a telephone; what was told in confidence is put back for those who may read it."""
    kept = {name: value for name, value in head.items() if not name.startswith("contact_")}
    return kept | confided


def _offers(connection: Connection, found: Situation) -> list[offering.Offer]:
    """The keys: moves of the telephone that may be made now."""
    if not me().may(Permission.MOVE_CASES):
        return []
    edges = {edge.move: edge for edge in moving.moves_for(connection, found)}
    made = offering.offers(connection, found, [edges[move] for move in KEYS if move in edges])
    rank = {move.value: number for number, move in enumerate(KEYS)}
    return sorted((offer for offer in made if offer.move in rank), key=lambda offer: rank[offer.move])


def _step(row: dict[str, Any], head: dict[str, Any], *, texts: bool) -> dict[str, Any]:
    """A row of the log as the page tells it, with how far from the case it was made."""
    said = [row["given"][name] for name in SAID if isinstance(row["given"].get(name), str)]
    place = row["given"].get("place") if texts and head["lon"] is not None else None
    return {
        **{name: row[name] for name in ("version", "move", "at", "unit_id")},
        "said": said if texts else [],
        "far": None if place is None else metres((head["lon"], head["lat"]), (place[0], place[1])),
        "accuracy": place[2] if place is not None and len(place) > 2 else None,
    }

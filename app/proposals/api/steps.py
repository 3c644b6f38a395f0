"""What is done with a proposal: it is drawn, balanced, compared, proposed, approved, sent back, withdrawn, rebased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.grid.service import the_district
from app.proposals.api import shapes
from app.proposals.api.blueprint import blueprint
from app.proposals.api.proposals import MISSING, note, told
from app.proposals.rules import LONGEST_NAME, Act, Doing
from app.proposals.service import drafting
from app.proposals.service.editing import edit
from app.proposals.service.refusing import DRAWN_BADLY, refusals
from app.registry.api.asked import Asked as Body
from app.registry.api.asked import said_in, version
from app.web import acting
from app.web.doors import needs
from app.web.stating import states

MOST_BODY = 4 << 20
"""Bytes of a request that gives very many blocks."""

NEEDED = {
    "give": ("to",), "split": ("cell",), "merge": ("cells",), "name": ("cell",), "take": (), "undo": (), "redo": (),
}  # fmt: skip


def one_in(known: tuple[str, ...]) -> Callable[[Any], str]:
    """Reads one of some words."""

    def reader(raw: Any) -> str:
        if raw not in known:
            raise ValueError(raw)
        return str(raw)

    return reader


def texts(most: int) -> Callable[[Any], list[str]]:
    """Reads a list of codes."""

    def reader(raw: Any) -> list[str]:
        if not isinstance(raw, list) or not 0 < len(raw) <= most:
            raise ValueError(raw)
        return [said_in(60)(one) for one in raw]

    return reader


def points(least: int) -> Callable[[Any], list[tuple[float, float]]]:
    """Reads points, each as longitude and latitude."""

    def reader(raw: Any) -> list[tuple[float, float]]:
        if not isinstance(raw, list) or not least <= len(raw) <= 2000:
            raise ValueError(raw)
        return [_point(one) for one in raw]

    return reader


def _point(raw: Any) -> tuple[float, float]:
    lon, lat = raw
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in raw):
        raise ValueError(raw)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(raw)
    return float(lon), float(lat)


def within(least: float, most: float, *, whole: bool = False) -> Callable[[Any], float]:
    """Reads a number between two."""

    def reader(raw: Any) -> float:
        kinds = int if whole else (int, float)
        if isinstance(raw, bool) or not isinstance(raw, kinds) or not least <= raw <= most:
            raise ValueError(raw)
        return raw

    return reader


READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "blocks": (texts(20_000), "text_unreadable"),
    "ring": (points(3), "not_points"),
    "to": (said_in(60), "text_unreadable"),
    "cell": (said_in(60), "text_unreadable"),
    "cells": (texts(200), "text_unreadable"),
    "line": (points(2), "not_points"),
    "parts": (within(2, 20, whole=True), "not_number"),
    "name": (said_in(LONGEST_NAME), "text_unreadable"),
    "code": (said_in(60), "text_unreadable"),
}
ABSENT = ""


@blueprint.post("/proposals/<int:proposal_id>/edits")
@needs(Permission.DRAW_GRID, most_bytes=MOST_BODY)
@states(
    shapes.ONE,
    body=shapes.EDIT,
    kept=False,
    fails={
        InvalidError: ["fields_invalid", "proposal_no_suggestion", *DRAWN_BADLY.values()],
        NotFoundError: ["proposal_missing", "proposal_cell_missing"],
        ConflictError: ["proposal_changed", "proposal_not_draft", "proposal_busy", "proposal_no_step"],
    },
)
def take_step(proposal_id: int) -> Response:
    """Take a step of drawing. It is stored at once, and can be undone."""
    asked = Body("version", "do", *READERS)
    known = asked.value("version", version, "not_number")
    do = asked.value("do", one_in(shapes.EDITS), "unknown_choice")
    said = {}
    for name, (reader, wrong) in READERS.items():
        needed = name in NEEDED.get(do or "", ())
        value = asked.value(name, reader, wrong, None if needed else ABSENT)
        if value not in (None, ABSENT):
            said[name] = value
    if do == "give" and not said.get("ring"):
        asked.value("blocks", texts(20_000), "text_unreadable")
    asked.done()
    with acting.writing() as connection, refusals():
        edit(connection, the_district(connection), proposal_id, known, do, said, by=hand())
    return told(proposal_id)


@blueprint.post("/proposals/<int:proposal_id>/acts")
@needs(Permission.DRAW_GRID)
@states(
    shapes.ONE,
    body=shapes.ACT,
    kept=False,
    fails={
        InvalidError: ["fields_invalid", "proposal_day", "proposal_faulty"],
        **MISSING,
        ForbiddenError: ["not_permitted", "proposal_own"],
        ConflictError: [
            "proposal_changed", "proposal_state", "proposal_busy", "proposal_touched", "proposal_unchanged",
        ],
    },
)  # fmt: skip
def act(proposal_id: int) -> Response:
    """Propose it, approve what somebody else has proposed, send it back, withdraw it, draw it on the cells of today."""
    asked = Body("version", "act", "reason")
    known = asked.value("version", version, "not_number")
    what = asked.value(
        "act", one_in(tuple(one.value for one in Act if one is not Act.DRAW)), "unknown_choice"
    )
    reason = asked.value("reason", note, "text_unreadable", "") or None
    asked.done()
    with acting.writing() as connection, refusals():
        drafting.act(
            connection, the_district(connection), proposal_id, known, Act(what), may=me().permissions, by=hand(),
            reason=reason,
        )  # fmt: skip
    return told(proposal_id)


@blueprint.post("/proposals/<int:proposal_id>/work")
@needs(Permission.DRAW_GRID)
@states(
    shapes.ONE,
    status=202,
    body=shapes.WORK,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        **MISSING,
        ConflictError: ["proposal_changed", "proposal_busy"],
    },
)
def work(proposal_id: int) -> Response:
    """Let the worker balance a community as a suggestion, or compare with the cells of today."""
    asked = Body("version", "do", "community", "count", "effort_hours", "hours_per_day", "officers")
    known = asked.value("version", version, "not_number")
    do = asked.value("do", one_in(("balance", "compare")), "unknown_choice")
    needed = None if do == "balance" else ABSENT
    said = {
        "community": asked.value("community", said_in(60), "text_unreadable", needed),
        "count": asked.value("count", within(1, 200, whole=True), "not_number", ABSENT),
        "effort_hours": asked.value("effort_hours", within(0.05, 100), "not_number", ABSENT),
        "hours_per_day": asked.value("hours_per_day", within(1, 24), "not_number", ABSENT),
        "officers": asked.value("officers", within(1, 50, whole=True), "not_number", ABSENT),
    }
    asked.done()
    with acting.writing() as connection:
        given = {name: value for name, value in said.items() if value not in (None, ABSENT)}
        drafting.ask(connection, proposal_id, known, Doing(do), given, by=hand())
    return told(proposal_id, 202)

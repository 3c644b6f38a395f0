"""`/api/v1/cases`: reports, moves, many at once, and what one may do now."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.exc import DBAPIError

from app.accounts.rules import Permission
from app.cases.api import shapes
from app.cases.api.blueprint import blueprint
from app.cases.rules.fields import FIELDS, FieldProblem, client_id, refuse
from app.cases.rules.moves import Edge
from app.cases.service import moving, reporting
from app.cases.service.moving import Request
from app.cases.service.situation import situation
from app.errors import AppError, ConflictError, InvalidError, NotFoundError
from app.grid.api import here
from app.seals import service as seals
from app.web import acting, answers
from app.web.body import json_object
from app.web.doors import needs
from app.web.errors import code_of, title_of
from app.web.stating import states

MOST_AT_ONCE = 100
"""Moves in one batch."""

DEADLOCKS = {"40P01", "40001"}


@blueprint.post("/cases")
@needs(Permission.REPORT_CASES)
@states(
    shapes.TOLD,
    status=201,
    body=shapes.REPORT,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["client_id_used"],
        **seals.FAILS,
    },
)
def report() -> Response:
    """Report a problem: it becomes a case, once, however often it is sent."""
    raw = json_object()
    client = client_id(raw.get("client_id"))
    district_id = here().district_id
    with acting.writing() as connection:
        told = reporting.report(connection, district_id, acting.actor(), raw, client)
    return answers.private(told, 201)


@blueprint.post("/cases/<int:case_id>/moves")
@needs(Permission.MOVE_CASES)
@states(
    shapes.TOLD,
    body=shapes.MOVE_ASKED,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["case_missing"],
        ConflictError: ["case_changed", "client_id_used", *shapes.MOVE_REFUSED],
    },
)
def move(case_id: int) -> Response:
    """Make a move: `move`, `version` as it was seen, `client_id`, and under `given` what the move needs."""
    request = _request(case_id, json_object())
    with acting.writing() as connection:
        told = moving.make(connection, acting.actor(), request)
    return answers.private(told)


@blueprint.post("/cases/moves")
@needs(Permission.MOVE_CASES)
@states(shapes.TOLD_EACH, body=shapes.MOVES_ASKED, fails={InvalidError: ["fields_invalid"]})
def moves() -> Response:
    """Make many moves, each by itself: what one of them comes to says nothing about the others."""
    raw = json_object().get("moves")
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_AT_ONCE:
        refuse([FieldProblem("moves", "not_1_to_100")])
    assert isinstance(raw, list)
    return answers.private({"results": [_one(item) for item in raw]})


def _one(raw: Any) -> dict[str, Any]:
    case_id = raw.get("case_id") if isinstance(raw, dict) else None
    try:
        if not isinstance(raw, dict) or isinstance(case_id, bool) or not isinstance(case_id, int):
            refuse([FieldProblem("case_id", "missing")])
        request = _request(case_id, raw)
        with acting.writing() as connection:
            return {
                "case_id": case_id,
                "status": 200,
                "answer": moving.make(connection, acting.actor(), request),
            }
    except AppError as error:
        title = title_of(error.code, error.facts)
        return {
            "case_id": case_id,
            "status": code_of(error),
            "code": error.code,
            "title": title,
            **error.facts,
        }
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in DEADLOCKS:
            raise
        return {"case_id": case_id, "status": 409, "code": "case_busy", "title": title_of("case_busy", {})}


def _request(case_id: int, raw: dict[str, Any]) -> Request:
    faults = []
    version, name, given = raw.get("version"), raw.get("move"), raw.get("given")
    if isinstance(version, bool) or not isinstance(version, int) or not 0 <= version < 2**31:
        faults.append(FieldProblem("version", "missing"))
    if not isinstance(name, str) or not name:
        faults.append(FieldProblem("move", "missing"))
    given = {} if given is None else given
    if not isinstance(given, dict):
        faults.append(FieldProblem("given", "not_object"))
    if not 0 < case_id < 2**63:
        raise NotFoundError("case_missing", id=case_id)
    client = None
    try:
        client = client_id(raw.get("client_id"))
    except AppError as error:
        faults += [FieldProblem(**fault) for fault in error.facts["faults"]]
    refuse(faults)
    return Request(case_id, str(name), given, int(version), client)  # type: ignore[arg-type]


@blueprint.get("/cases/<int:case_id>/moves")
@needs(Permission.MOVE_CASES)
@states(shapes.OFFERED, kept=False, fails={NotFoundError: ["case_missing"]})
def available(case_id: int) -> Response:
    """The moves that the one who asks could make now, with the fields of each."""
    with acting.writing() as connection:
        found = situation(connection, case_id, acting.actor())
        edges = moving.moves_for(connection, found)
    items = [_offered(edge) for edge in edges]
    return answers.private({"case_id": case_id, "version": found.case.version, "items": items})


def _offered(edge: Edge) -> dict[str, Any]:
    def fields(names: frozenset[str]) -> list[dict[str, str]]:
        return [{"name": name, "kind": FIELDS[name].value} for name in sorted(names)]

    return {
        "move": edge.move.value,
        "target": None if edge.target is None else edge.target.value,
        "needs": fields(edge.needs),
        "may": fields(edge.may),
    }

"""What the form of a move was filled in with, as the service takes it. What is wrong with it, the service says."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import Connection

from app.cases.rules.fields import FIELDS, FieldProblem, Kind, client_id, refuse
from app.cases.service.moving import Request
from app.cases.service.offering import fields_of
from app.cases.store import choices
from app.files import service as files
from app.files.rules import CHUNK_BYTES, MOST_BYTES
from app.files.service import Cleaned
from app.web import acting

MOST_AT_ONCE = 9
"""Files of one field."""

MOST_BODY = max(MOST_BYTES.values()) + CHUNK_BYTES
"""The largest file, and the form around it."""

Uploads = dict[str, list[Cleaned]]


def written(name: str) -> str:
    """A text as it was typed, its lines ended alike; where nothing was, the phrase that was chosen."""
    typed = request.form.get(name, "").replace("\r\n", "\n").strip()
    return typed or request.form.get(f"{name}_phrase", "").strip()


def kept() -> dict[str, Any]:
    """All that was filled in, to be shown again: lists where there can be several."""
    several = {name for name, kind in FIELDS.items() if kind in {Kind.FILES, Kind.UNITS}} | {"files"}
    return {
        name: request.form.getlist(name) if name in several else request.form.get(name, "")
        for name in request.form
        if name != "csrf_token"
    }


def uploads(names: frozenset[str], zone: str) -> Uploads:
    """Files that came with the form itself, made safe: those of a browser that runs no script.

    Raises
    ------
    InvalidError
        As `app.files.service.clean`; `fields_invalid`: too many.
    """
    found: Uploads = {}
    for name in names:
        sent = [part for part in request.files.getlist(f"{name}_upload") if part.filename]
        if len(sent) > MOST_AT_ONCE:
            refuse([FieldProblem(name, "too_many", str(len(sent)))])
        if sent:
            found[name] = [files.clean(part.stream, zone=ZoneInfo(zone)) for part in sent]
    return found


def file_ids(connection: Connection, name: str, cleaned: Uploads) -> list[str]:
    """Ids of a field's files: those taken in before, and those that came with the form, which are kept now."""
    account_id = acting.actor().account_id or 0
    taken = [str(files.keep(connection, one, account_id=account_id).file_id) for one in cleaned.get(name, [])]
    return list(dict.fromkeys([one for one in request.form.getlist(name) if one] + taken))


def of_move(move: str) -> frozenset[str]:
    """The fields of a move that hold files."""
    needs, may = fields_of(move)
    return frozenset(name for name in needs | may if FIELDS[name] is Kind.FILES)


def asked(connection: Connection, case_id: int, district_id: int, zone: str, cleaned: Uploads) -> Request:
    """The move that the form asks for.

    Raises
    ------
    InvalidError
        `fields_invalid`: version or id of the request are none.
    """
    move, version = request.form.get("move", "")[:40], request.form.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        refuse([FieldProblem("version", "missing")])
    client: UUID = client_id(request.form.get("client_id"))
    needs, may = fields_of(move)
    given = {name: _raw(connection, name, district_id, zone, cleaned) for name in needs | may}
    return Request(case_id, move, {k: v for k, v in given.items() if v not in ("", [])}, int(version), client)


def _raw(connection: Connection, name: str, district_id: int, zone: str, cleaned: Uploads) -> Any:
    kind, value = FIELDS[name], request.form.get(name, "").strip()
    if kind is Kind.FILES:
        return file_ids(connection, name, cleaned)
    if kind is Kind.UNITS:
        return [one for one in request.form.getlist(name) if one]
    if kind is Kind.TEXT:
        return written(name)
    if kind is Kind.PLACE:
        return [part.strip() for part in value.replace("，", ",").split(",")] if value else ""
    if kind is Kind.INSTANT:
        return _with_zone(value, zone)
    if kind is Kind.CASE and value and not value.isdecimal():
        return choices.case_by_number(connection, district_id, value) or value
    return value


def _with_zone(value: str, zone: str) -> str:
    """A local time as a time field writes it, with the district's zone."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).isoformat()

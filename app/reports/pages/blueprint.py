"""The report pages' one blueprint, what their forms have in common, and the doors that other pages have to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, request

from app.accounts.guard import visitor
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError
from app.reports.service.offering import doors

blueprint = Blueprint("reports", __name__)


def report_doors(looked_at: str) -> list[str]:
    """Codes of the reports that whoever looks at something may ask for from there; what templates ask."""
    found = visitor()
    if found is None or Permission.MAKE_REPORTS not in found.permissions:
        return []
    return doors(looked_at)


def one_more() -> str:
    """The id of a form that is sent once, however often its button is pressed; what templates ask."""
    return str(uuid.uuid4())


def given(*names: str, longest: int = 2000) -> dict[str, str]:
    """Fields of a form as they were filled in, cut where nobody could mean it."""
    return {name: request.form.get(name, "").strip()[:longest] for name in names}


def client_id(raw: str) -> uuid.UUID:
    """The id under which a form was sent.

    Raises
    ------
    InvalidError
        `fields_invalid`.
    """
    try:
        return uuid.UUID(raw)
    except ValueError:
        fault = {"field": "client_id", "reason": "not_uuid", "value": raw[:60]}
        raise InvalidError("fields_invalid", faults=[fault], fields="client_id", count=1) from None


def faults_of(problem: AppError | None) -> Mapping[str, Any]:
    """What is wrong with each field of a form."""
    if problem is None:
        return {}
    return {fault["field"]: fault for fault in problem.facts.get("faults") or []}


def chosen(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """What was ticked of a list, in its order; what is not on it is told, too."""
    sent = request.form.getlist(name)[:60]
    order = list(known)
    return tuple(sorted(sent, key=lambda one: order.index(one) if one in order else len(order)))

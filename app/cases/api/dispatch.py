"""`/api/v1/cases/…/suggestions`: whom a case should go to, why, and whom else it could."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.rules import Permission
from app.cases.api.blueprint import blueprint
from app.cases.rules.grounds import UnitNow
from app.cases.service.routing import Suggestion, suggest_for_case, told
from app.cases.service.wording import said
from app.errors import NotFoundError
from app.web import acting, answers
from app.web.doors import needs
from app.web.pages import page_locale


@blueprint.get("/cases/<int:case_id>/suggestions")
@needs(Permission.MOVE_CASES)
def suggestions(case_id: int) -> Response:
    """The unit that a case should go to as it is, the reasons line by line, other units that something speaks for."""
    with acting.reading() as connection:
        found = suggest_for_case(connection, case_id) if 0 < case_id < 2**63 else None
    if found is None:
        raise NotFoundError("case_missing", id=case_id)
    keeper = found.decision.keeper
    return answers.private(
        {
            "case_id": case_id,
            "unit": _unit(found.unit),
            "by": None if found.decision.ground is None else found.decision.ground.value,
            "ref": found.decision.ref,
            "keeper": None if found.unit is not None or keeper is None else _unit(found.units[keeper]),
            "reasons": _lines(found, found.decision.lines),
            "others": _lines(found, found.decision.others),
        }
    )


def _unit(unit: UnitNow | None) -> dict[str, Any] | None:
    return (
        None
        if unit is None
        else {"id": unit.id, "code": unit.code, "name": unit.name, "name_en": unit.name_en}
    )


def _lines(found: Suggestion, lines: Any) -> list[dict[str, Any]]:
    return [{**told(line, found), "text": said(page_locale(), line, found)} for line in lines]

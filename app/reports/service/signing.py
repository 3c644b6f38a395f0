"""送签, 会签, 签发: a report is circulated, signed by those who answer for its area, and issued by one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.cases.rules.fields import FieldProblem, refuse
from app.errors import ConflictError
from app.reports.rules.acts import Act
from app.reports.rules.states import LONGEST_REMARK
from app.reports.service import noting
from app.reports.service.acting import free
from app.reports.store import runs, signing
from app.web.params import printable

Record = dict[str, Any]


def circulate(connection: Connection, run_id: int, edition: int, by: Hand, name: str) -> None:
    """Let all who answer for the area see a report, and tell those who can issue it.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ForbiddenError
        `report_not_own`.
    ConflictError
        `report_circulated`, `report_nobody_else`, and what `app.reports.rules.acts.refusal` says.
    """
    free(connection, run_id, Act.CIRCULATE, edition=edition)
    runs.change(connection, run_id, **_circulated(by, name))
    signing.tell(connection, run_id, "report_circulated", issuers=True, by=by.account_id)
    noting.log(connection, "circulate", run_id, by, edition=edition)


def _circulated(by: Hand, name: str) -> Record:
    return {"circulated_by": by.account_id, "circulated_name": name, "circulated_at": datetime.now(UTC)}


def sign(
    connection: Connection,
    run_id: int,
    edition: int,
    by: Hand,
    name: str,
    *,
    agreed: bool,
    remark: str | None,
) -> None:
    """Agree with an edition, or object to it; once.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ForbiddenError
        `report_own`: nobody countersigns what they have drawn up.
    InvalidError
        `fields_invalid`: an objection gives no reason, or the remark cannot be read.
    ConflictError
        `report_signed`, `report_not_circulated`, `report_edited_since`, and what `refusal` says.
    """
    said = _remark("remark", remark, needed=not agreed)
    free(connection, run_id, Act.SIGN, edition=edition)
    values = {"account": by.account_id, "name": name, "agreed": agreed, "remark": said}
    if not signing.sign(connection, run_id, edition, **values):
        raise ConflictError("report_signed")
    kind = "report_signed" if agreed else "report_objected"
    signing.tell(connection, run_id, kind, issuers=False, by=by.account_id)
    noting.log(connection, "sign", run_id, by, edition=edition, agreed=agreed)


def issue(
    connection: Connection,
    run_id: int,
    edition: int,
    by: Hand,
    name: str,
    *,
    may_issue: bool,
    reason: str | None,
) -> None:
    """Issue an edition: it stays as it is from now on.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ForbiddenError
        `report_issue_not_permitted`.
    InvalidError
        `fields_invalid`: the reason cannot be read.
    ConflictError
        `report_objected`: somebody objects, and no reason is given; `report_edited_since`, and what `refusal` says.

    Notes
    -----
    Where those who countersign do not agree, whoever issues decides, and says why: that is how offices do it (党政机关
    公文处理工作条例, article 17: what cannot be agreed on is put before the superior with everybody's reasons). So an
    objection does not stop a report for good, but nobody passes over it in silence: the reason is kept and shown.
    """
    said = _remark("reason", reason, needed=False)
    run = free(connection, run_id, Act.ISSUE, edition=edition, may_issue=may_issue)
    objecting = [
        one["name"]
        for one in signing.signatures(connection, run_id)
        if one["edition"] == edition and not one["agreed"]
    ]
    if objecting and said is None:
        raise ConflictError("report_objected", names=", ".join(objecting[:10]), count=len(objecting))
    issued = {
        "issued_by": by.account_id,
        "issued_name": name,
        "issued_at": datetime.now(UTC),
        "issue_remark": said,
    }
    seen = {} if run["circulated_at"] is not None else _circulated(by, name)
    runs.change(connection, run_id, **issued, **seen)
    signing.tell(connection, run_id, "report_issued", issuers=False, by=by.account_id)
    noting.log(connection, "issue", run_id, by, edition=edition, over_objections=len(objecting))


def _remark(field: str, raw: str | None, *, needed: bool) -> str | None:
    said = (raw or "").strip()
    wrong = "text_too_long" if len(said) > LONGEST_REMARK else "missing" if needed and not said else None
    try:
        printable(said)
    except ValueError:
        wrong = "text_controls"
    refuse([FieldProblem(field, wrong)] if wrong else [])
    return said or None

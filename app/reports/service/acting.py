"""Whether something can be done with a run by the one who acts, as it stands now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.reports.rules.acts import NOT_THEIRS, Act, Standing, refusal
from app.reports.rules.states import State
from app.reports.store import runs, signing

Record = dict[str, Any]


def standing(run: Record, signatures: list[Record], *, may_issue: bool) -> Standing:
    """How a run stands, for the one who acts."""
    return Standing(
        state=State(run["state"]),
        own=run["own"],
        circulated=run["circulated_at"] is not None,
        issued=run["issued_at"] is not None,
        rewording=is_rewording(run),
        signed=any(one["own"] and one["edition"] == run["edition"] for one in signatures),
        shared=run["area_no"] is not None or run["unit_id"] is not None,
        may_issue=may_issue,
    )


def is_rewording(run: Record) -> bool:
    """Whether its next edition is being written."""
    return run["rewording"] is not None and "problem" not in run["rewording"]


def free(
    connection: Connection, run_id: int, act: Act, *, may_issue: bool = False, edition: int | None = None
) -> Record:
    """A run with which something is done now; nobody else does anything with it until the transaction ends.

    Parameters
    ----------
    edition
        The one that the one who acts has read; None where that does not matter.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ForbiddenError
        `report_not_own`, `report_own`, `report_issue_not_permitted`.
    ConflictError
        `report_edited_since`: there is a newer edition; and what speaks against it as the run stands.
    """
    signing.alone(connection, run_id)
    run = runs.one(connection, run_id)
    if run is None:
        raise NotFoundError("report_missing")
    signatures = signing.signatures(connection, run_id)
    code = refusal(act, standing(run, signatures, may_issue=may_issue))
    if code is not None:
        raise (ForbiddenError if code in NOT_THEIRS else ConflictError)(code)
    if edition is not None and edition != run["edition"]:
        raise ConflictError("report_edited_since", edition=run["edition"])
    return run

"""Approved proposals take effect at the beginning of their day: whole, in one transaction, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import shapely
from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import DBAPIError

from app.accounts.service.managing import Hand
from app.errors import AppError, ConflictError, UnavailableError
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop.service.pieces import Piece, Pieces
from app.interop.service.redrawing import Change, RedrawReport, redraw_cells
from app.jobs.working import AWAY
from app.proposals import store
from app.proposals.rules import OPEN, State
from app.proposals.service import news, planning
from app.proposals.service.editing import held
from app.proposals.service.noting import log
from app.proposals.service.working import problem_of
from app.proposals.store import drawing, inputs
from spatial.errors import SpatialError
from spatial.tessellate import common_ground

logger = logging.getLogger(__name__)

APPLY = "apply_proposals"
PLATFORM = Hand("platform")
Record = dict[str, Any]


def apply_due(connection: Connection) -> None:
    """Let those take effect whose day has come; after a night without a server, too, once."""
    for proposal_id in store.due(connection):
        try_one(connection, proposal_id, by=PLATFORM)


def try_one(connection: Connection, proposal_id: int, *, by: Hand) -> RedrawReport | None:
    """Let a proposal take effect today; where that is impossible it stays approved, says why, and people are told.

    Others that write at the same time are waited for a minute; then it is tried again the next minute.
    """
    try:
        with connection.begin_nested():
            return put_in_force(connection, proposal_id, by=by)
    except AWAY as error:
        if isinstance(error, UnavailableError) and error.code == "grid_busy":
            logger.info("proposal %s waits: others write", proposal_id)
            return None
        raise
    except (AppError, SpatialError) as error:
        problem = problem_of(error)
    except DBAPIError as error:
        # What the database found wrong with the edition: a gap, an overlap, a person in two cells.
        reason = getattr(getattr(error.orig, "diag", None), "message_primary", None) or type(error).__name__
        problem = {"code": "proposal_refused", "facts": {"reason": reason[:200]}, "spatial": False}
    logger.warning("proposal %s cannot take effect: %s", proposal_id, problem["code"])
    proposal = held(connection, proposal_id)
    store.change(
        connection, proposal_id, problem=problem, tried_on=proposal["today"], version=proposal["version"] + 1
    )
    log(connection, "impossible", proposal_id, by, code=problem["code"])
    news.tell(connection, proposal_id, "impossible", by.account_id)
    return None


def put_in_force(connection: Connection, proposal_id: int, *, by: Hand, early: bool = False) -> RedrawReport:
    """Draw the cells of a proposal, effective today, with everything that hangs on them.

    Parameters
    ----------
    early
        Whether its day may be still to come, and nobody may have approved it yet: to see what would become of it.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ConflictError
        `proposal_state`, `proposal_touched`, `proposal_unchanged`, `proposal_early`; and what drawing cells raises.
    """
    district = the_district(connection)
    proposal = held(connection, proposal_id)
    if proposal["state"] != State.APPROVED and not (early and proposal["state"] in OPEN):
        raise ConflictError("proposal_state", state=proposal["state"])
    if proposal["effective_on"] > proposal["today"] and not early:
        raise ConflictError("proposal_early", day=str(proposal["effective_on"]))
    if proposal["touched"]:
        raise ConflictError("proposal_touched", codes=", ".join(proposal["touched"])[:200])
    changes = changes_of(connection, district, proposal)
    if not changes:
        raise ConflictError("proposal_unchanged")
    report = redraw_cells(connection, changes, by=by, source=f"proposal {proposal_id}")
    if early:
        return report
    now = connection.execute(select(func.now())).scalar_one()
    store.change(
        connection, proposal_id, state=State.IN_FORCE.value, edition_id=report.edition_id, ended_at=now, problem=None,
        doing=None, queued=False, version=proposal["version"] + 1,
    )  # fmt: skip
    log(connection, "in_force", proposal_id, by, edition=report.edition)
    news.tell(connection, proposal_id, "in_force", by.account_id)
    return report


def changes_of(connection: Connection, district: Row[Any], proposal: Record) -> list[Change]:
    """What a proposal changes, in groups that have no ground in common: cells that go, and the pieces that come."""
    now = inputs.areas(connection, district.id, proposal["area_no"], Level.CELL)
    drawn = drawing.cells(connection, proposal["id"])
    kept = {cell["key"] for cell in drawn if cell["same"]}
    found: list[Change] = []
    for parent in sorted({cell["community"] for cell in drawn if not cell["same"]}):
        old = [at for at, row in enumerate(now.rows) if row.parent == parent and row.code not in kept]
        new = [cell for cell in drawn if cell["community"] == parent and not cell["same"]]
        shapes = [now.shapes[at] for at in old]
        for some, others in _groups(shapes, [cell["shape"] for cell in new]):
            pieces = [
                Piece(planning.single(new[at]["shape"]), new[at]["name"], new[at]["code"]) for at in others
            ]
            found.append(Change([now.rows[old[at]].code for at in some], Pieces(pieces)))
    return found


def _groups(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[list[int], list[int]]]:
    """Rows of areas before and after that hang together by ground that they have in common."""
    if not old or not new:
        return [(list(range(len(old))), list(range(len(new))))] if old or new else []
    both = common_ground(old, new)
    wide = 2 * shapely.area(both) > planning.ROUNDING_DEG * shapely.length(both)
    left, groups = set(range(len(old))), []
    while left:
        some, others = {min(left)}, set[int]()
        while True:
            more = {j for i in some for j in range(len(new)) if wide[i, j]}
            back = {i for j in more for i in range(len(old)) if wide[i, j]}
            if more == others and back <= some:
                break
            others, some = more, some | back
        left -= some
        groups.append((sorted(some), sorted(others)))
    return groups

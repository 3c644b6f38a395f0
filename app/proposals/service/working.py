"""What takes longer than an answer may: the worker cuts blocks, balances, compares, and says how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from app.db import transaction
from app.errors import AppError
from app.grid.service import the_district
from app.jobs import queue
from app.jobs.queue import Job
from app.jobs.working import AWAY
from app.proposals import store
from app.proposals.rules import Doing
from app.proposals.service.balancing import balance
from app.proposals.service.comparing import compare
from app.proposals.service.preparing import Advance, prepare, rebase
from spatial.errors import LayerError, SpatialError

logger = logging.getLogger(__name__)

RUN = "work_on_proposal"

Record = dict[str, Any]
Works = Callable[[Connection, Row[Any], Record, Advance], Record]

WORKS: Mapping[Doing, Works] = {
    Doing.PREPARE: prepare,
    Doing.REBASE: rebase,
    Doing.BALANCE: balance,
    Doing.COMPARE: compare,
}
"""What does it; each returns what of the proposal changes."""

DONE = {"doing": None, "queued": False, "part": 0.0, "asked": {}}


def follow(connection: Connection) -> bool:
    """Put into the queue what somebody has asked for since; nobody else may."""
    queue.put(
        connection,
        [
            Job(RUN, f"{RUN}:{proposal_id}", {"proposal_id": proposal_id})
            for proposal_id in store.asked(connection)
        ],
    )
    return False


def run(connection: Connection, proposal_id: int) -> None:
    """Do what is to be done with a proposal, if it still is; what went wrong is told in it."""
    proposal = store.one(connection, proposal_id)
    if proposal is None or proposal["doing"] is None:
        return
    url = connection.engine.url.render_as_string(hide_password=False)
    try:
        with connection.begin_nested():
            do(connection, proposal, partial(_advance, url, proposal_id))
    except AWAY:
        raise
    except (AppError, SpatialError) as error:
        store.change(connection, proposal_id, **DONE, problem=problem_of(error))
    except Exception:
        # Nobody has foreseen it: it is told, and nobody waits for what never comes.
        with transaction(url) as own:
            store.change(own, proposal_id, **DONE, problem={"code": "proposal_failed", "facts": {}})
        raise


def do(connection: Connection, proposal: Record, advance: Advance = lambda part: None) -> None:
    """Do what is to be done with a proposal; nothing, where somebody has withdrawn it meanwhile.

    Raises
    ------
    AppError, SpatialError
        It cannot be done.
    """
    changes = WORKS[Doing(proposal["doing"])](connection, the_district(connection), proposal, advance)
    now = store.one(connection, proposal["id"], hold=True)
    if now is not None and now["doing"] == proposal["doing"]:
        store.change(connection, proposal["id"], **{**DONE, "problem": None, **changes})


def problem_of(error: AppError | SpatialError) -> Record:
    """What went wrong, as it is kept: its code and facts, and each fault of a layer."""
    found: Record = {"code": error.code, "facts": error.facts, "spatial": isinstance(error, SpatialError)}
    if isinstance(error, LayerError):
        found["faults"] = [
            {"code": fault.code, "row": fault.row, "value": fault.value, "facts": dict(fault.facts)}
            for fault in error.faults[:50]
        ]
    return found


def _advance(url: str, proposal_id: int, part: float) -> None:
    with transaction(url) as own:
        store.change(own, proposal_id, part=min(1.0, max(0.0, part)))

"""A proposal is begun, changed, proposed, approved by somebody else, sent back, withdrawn; each step is logged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.rules import Permission
from app.accounts.service.managing import Hand
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.grid import store as grid
from app.proposals import store
from app.proposals.rules import EDGES, HOUSEHOLDS, Act, Doing, State, day_fault
from app.proposals.service import findings, news
from app.proposals.service.editing import held
from app.proposals.service.noting import log
from spatial.errors import LayerError

Record = dict[str, Any]


def begin(
    connection: Connection,
    district: Row[Any],
    *,
    client_id: UUID,
    name: str,
    area: str,
    effective_on: date,
    note: str | None,
    bounds: tuple[int, int] = HOUSEHOLDS,
    by: Hand,
) -> int:
    """Begin a proposal for an area; its id. Sent twice, it is one.

    Raises
    ------
    InvalidError
        `fields_invalid`: the area is not in one's territory, the day is over or too far, the bounds are none.
    ConflictError
        `client_id_used`: somebody else has sent something under that id.
    """
    if (known := store.under(connection, client_id)) is not None:
        return known
    faults = _faults(effective_on, grid.today(connection, district.id), bounds)
    found = next((one for one in store.areas(connection, district.id) if one["code"] == area), None)
    if found is None:
        faults.append({"field": "area", "reason": "unknown", "value": area[:60]})
    refuse(faults)
    assert found is not None
    values = {
        "district_id": district.id, "client_id": client_id, "name": name, "note": note, "area_no": found["no"],
        "base_edition_id": store.edition_now(connection, district.id), "effective_on": effective_on,
        "least_households": bounds[0], "most_households": bounds[1], "drawn_by": by.account_id,
        "doing": Doing.PREPARE.value,
    }  # fmt: skip
    try:
        with connection.begin_nested():
            made = store.add(connection, values)
    except IntegrityError as error:
        raise ConflictError("client_id_used") from error
    log(connection, "begin", made, by, area=area)
    return made


def change(
    connection: Connection,
    proposal_id: int,
    version: int,
    *,
    name: str,
    effective_on: date,
    note: str | None,
    bounds: tuple[int, int],
    by: Hand,
) -> None:
    """Say anew what a draft is called, from when it is to hold, and between which bounds.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ConflictError
        `proposal_changed`, `proposal_not_draft`.
    InvalidError
        `fields_invalid`.
    """
    proposal = held(connection, proposal_id, version)
    if proposal["state"] != State.DRAFT:
        raise ConflictError("proposal_not_draft", state=proposal["state"])
    refuse(_faults(effective_on, proposal["today"], bounds))
    store.change(
        connection, proposal_id, name=name, effective_on=effective_on, note=note, least_households=bounds[0],
        most_households=bounds[1], version=version + 1,
    )  # fmt: skip
    log(connection, "change", proposal_id, by)


def act(
    connection: Connection,
    district: Row[Any],
    proposal_id: int,
    version: int,
    what: Act,
    *,
    may: Collection[Permission],
    by: Hand,
    reason: str | None = None,
) -> None:
    """Take a proposal a step further, or back.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ForbiddenError
        `not_permitted`, `proposal_own`: whoever has proposed it cannot approve it.
    ConflictError
        `proposal_changed`, `proposal_state`, `proposal_busy`, `proposal_touched`: cells were drawn anew meanwhile;
        `proposal_unchanged`: it draws nothing anew.
    InvalidError
        `proposal_day`, `fields_invalid`: no reason is given.
    LayerError
        What keeps it from taking effect, all of it.
    """
    proposal = held(connection, proposal_id, version)
    edge = EDGES[what]
    if edge.needs not in may:
        raise ForbiddenError("not_permitted")
    if State(proposal["state"]) not in edge.sources:
        raise ConflictError("proposal_state", state=proposal["state"])
    if edge.other and by.account_id == proposal["proposed_by"]:
        raise ForbiddenError("proposal_own")
    if what in {Act.PROPOSE, Act.APPROVE}:
        _check_ready(connection, district, proposal)
    if what is Act.SEND_BACK and not reason:
        raise InvalidError(
            "fields_invalid",
            faults=[{"field": "reason", "reason": "missing", "value": ""}],
            fields="reason",
            count=1,
        )
    now = connection.execute(select(func.now())).scalar_one()
    store.change(
        connection, proposal_id, state=edge.target.value, version=version + 1, problem=None,
        **_signed(what, by, now, reason),
    )  # fmt: skip
    log(connection, what.value, proposal_id, by, **({"reason": reason} if reason else {}))
    news.tell(connection, proposal_id, what.value, by.account_id)


def _signed(what: Act, by: Hand, now: Any, reason: str | None) -> Record:
    none = {
        "proposed_by": None,
        "proposed_at": None,
        "approved_by": None,
        "approved_at": None,
        "tried_on": None,
    }
    match what:
        case Act.PROPOSE:
            return {"proposed_by": by.account_id, "proposed_at": now, "reason": None}
        case Act.APPROVE:
            return {"approved_by": by.account_id, "approved_at": now, "reason": None}
        case Act.SEND_BACK:
            return {**none, "reason": reason}
        case Act.WITHDRAW:
            return {
                "ended_by": by.account_id,
                "ended_at": now,
                "reason": reason,
                "doing": None,
                "queued": False,
            }
        case Act.REBASE:
            return {**none, "doing": Doing.REBASE.value, "queued": False}
        case _:
            raise ValueError(what)


def ask(
    connection: Connection, proposal_id: int, version: int, doing: Doing, asked: Record, *, by: Hand
) -> None:
    """Let a worker balance a community, or compare; asked again while it is at it, it goes on.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ConflictError
        `proposal_changed`, `proposal_busy`.
    """
    proposal = held(connection, proposal_id, version)
    if proposal["step"] is None or proposal["doing"] is not None:
        raise ConflictError("proposal_busy")
    store.change(
        connection, proposal_id, doing=doing.value, asked=asked, queued=False, part=0.0, problem=None
    )
    log(connection, doing.value, proposal_id, by)


def _check_ready(connection: Connection, district: Row[Any], proposal: Record) -> None:
    if proposal["step"] is None or proposal["doing"] is not None:
        raise ConflictError("proposal_busy")
    if proposal["touched"]:
        raise ConflictError("proposal_touched", codes=", ".join(proposal["touched"])[:200])
    if day_fault(proposal["effective_on"], proposal["today"]) is not None:
        raise InvalidError("proposal_day", day=str(proposal["effective_on"]))
    if not findings.changed(connection, proposal):
        raise ConflictError("proposal_unchanged")
    faults = findings.found(connection, district, proposal).faults
    if faults:
        raise LayerError(faults)


def _faults(day: date, today: date, bounds: tuple[int, int]) -> list[dict[str, str]]:
    found = []
    if (why := day_fault(day, today)) is not None:
        found.append({"field": "effective_on", "reason": why, "value": str(day)})
    if not 0 <= bounds[0] < bounds[1]:
        found.append({"field": "most_households", "reason": "bounds_crossed", "value": str(bounds[1])})
    return found


def refuse(faults: list[dict[str, str]]) -> None:
    """Raise what is wrong with fields, if anything is.

    Raises
    ------
    InvalidError
        `fields_invalid`, with every fault.
    """
    if faults:
        fields = ", ".join(sorted({fault["field"] for fault in faults}))
        raise InvalidError("fields_invalid", faults=faults, fields=fields, count=len(faults))

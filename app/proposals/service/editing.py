"""A proposal is drawn: blocks are given, cells split, merged and named, steps undone; each step is stored at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely
from sqlalchemy import Connection, Row

from app.accounts.service.managing import Hand
from app.errors import ConflictError, InvalidError, NotFoundError
from app.proposals import store
from app.proposals.rules import LEAST_WEIGHT, MOST_STEPS, State, kept_keys
from app.proposals.service import planning
from app.proposals.service.noting import log
from app.proposals.store import drawing
from app.proposals.store.drawing import Step
from spatial.redrawing import Plan, merge, move_border, split

Record = dict[str, Any]
Names = dict[str, dict[str, str]]
Drawn = tuple[Sequence[str], Names]


def held(connection: Connection, proposal_id: int, version: int | None = None) -> Record:
    """A proposal that is to be changed, held until the transaction ends.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ConflictError
        `proposal_changed`: somebody has changed it since the version that one knows.
    """
    found = store.one(connection, proposal_id, hold=True) if 0 < proposal_id < 2**31 else None
    if found is None:
        raise NotFoundError("proposal_missing", id=proposal_id)
    if version is not None and found["version"] != version:
        raise ConflictError("proposal_changed", version=found["version"])
    return found


def edit(
    connection: Connection,
    district: Row[Any],
    proposal_id: int,
    version: int,
    do: str,
    said: Mapping[str, Any],
    *,
    by: Hand,
) -> None:
    """Take a step of drawing.

    Parameters
    ----------
    do
        One of `EDITS`, or `undo`, `redo`.
    said
        What the step needs, read already.

    Raises
    ------
    NotFoundError
        `proposal_missing`.
    ConflictError
        `proposal_changed`, `proposal_not_draft`, `proposal_busy`, `proposal_no_step`.
    InvalidError
        `proposal_no_suggestion`.
    spatial.errors.DataError
        `unknown_cells`, `unknown_blocks`, `nothing_given`, `other_community`, `not_beside`, `would_fall_apart`,
        `would_be_empty`, `split_nothing`, `merge_needs_two_cells`.
    """
    proposal = held(connection, proposal_id, version)
    check_drawable(proposal)
    blocks = drawing.blocks(connection, proposal_id)
    if do in {"undo", "redo"}:
        step = _beside(connection, proposal, -1 if do == "undo" else 1)
        plan = planning.plan_of(district, proposal, blocks, step)
    else:
        now = drawing.step(connection, proposal_id, proposal["step"])
        plan = planning.plan_of(district, proposal, blocks, now)
        cells, names = EDITS[do](district, proposal, plan, now.names, said)
        weights = [block["households"] + LEAST_WEIGHT for block in blocks]
        keys = kept_keys(now.cells, cells, [block["community"] for block in blocks], weights)
        there = set(keys)
        step = Step(now.no + 1, do, keys, {key: name for key, name in names.items() if key in there})
        drawing.put_step(connection, proposal_id, step, MOST_STEPS)
        plan = planning.keyed(plan.blocks, keys, plan.bounds)
    planning.put(connection, district, proposal, plan, step.names)
    store.change(connection, proposal_id, step=step.no, version=version + 1, comparison=None)
    log(connection, "edit", proposal_id, by, do=do, step=step.no)


def check_drawable(proposal: Record) -> None:
    """See that a proposal can be drawn now.

    Raises
    ------
    ConflictError
        `proposal_not_draft`, `proposal_busy`: a worker is at it, or has not begun yet.
    """
    if proposal["state"] != State.DRAFT:
        raise ConflictError("proposal_not_draft", state=proposal["state"])
    if proposal["step"] is None or proposal["doing"] is not None:
        raise ConflictError("proposal_busy")


def _beside(connection: Connection, proposal: Record, by: int) -> Step:
    before, after = drawing.steps_beside(connection, proposal["id"], proposal["step"])
    if not (before if by < 0 else after):
        raise ConflictError("proposal_no_step")
    return drawing.step(connection, proposal["id"], proposal["step"] + by)


def _give(district: Row[Any], proposal: Record, plan: Plan, names: Names, said: Mapping[str, Any]) -> Drawn:
    return move_border(plan, _ground(district, said) or said["blocks"], to=said["to"]).cell_of, names


def _ground(district: Row[Any], said: Mapping[str, Any]) -> Any:
    """The ring that somebody has drawn around what they give."""
    ring = said.get("ring")
    return None if not ring else planning.metric(district, shapely.Polygon(ring))


def _split(district: Row[Any], proposal: Record, plan: Plan, names: Names, said: Mapping[str, Any]) -> Drawn:
    if said.get("line"):
        line = planning.metric(district, shapely.LineString(said["line"]))
        return split(plan, said["cell"], line=line).cell_of, names
    return split(plan, said["cell"], parts=said.get("parts") or 2).cell_of, names


def _merge(district: Row[Any], proposal: Record, plan: Plan, names: Names, said: Mapping[str, Any]) -> Drawn:
    return merge(plan, said["cells"]).cell_of, names


def _name(district: Row[Any], proposal: Record, plan: Plan, names: Names, said: Mapping[str, Any]) -> Drawn:
    if said["cell"] not in plan.cell_of:
        raise NotFoundError("proposal_cell_missing", code=said["cell"])
    given = {field: said[field] for field in ("name", "code") if said.get(field)}
    return plan.cell_of, {**names, said["cell"]: given}


def _take(district: Row[Any], proposal: Record, plan: Plan, names: Names, said: Mapping[str, Any]) -> Drawn:
    suggestion = proposal["suggestion"]
    if suggestion is None:
        raise InvalidError("proposal_no_suggestion")
    cells = list(plan.cell_of)
    for no, name in suggestion["cells"].items():
        cells[int(no)] = f"suggested {name}"
    return cells, names


Edit = Callable[[Row[Any], Record, Plan, Names, Mapping[str, Any]], Drawn]
EDITS: Mapping[str, Edit] = {
    "give": _give, "split": _split, "merge": _merge, "name": _name, "take": _take,
}  # fmt: skip
"""What can be drawn: give blocks to a cell, split and merge cells, name them, take what was suggested."""

"""网格调整方案: which steps a proposal can take, who takes them, and what is wrong with what is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.accounts.rules import Permission

LONGEST_NAME, LONGEST_NOTE = 120, 2000
MOST_DAYS = 366
"""How far ahead the day may be on which one takes effect."""

HOUSEHOLDS = (300, 500)
"""Households of a cell, least and most, where a proposal says nothing else."""

MOST_HOUSEHOLDS = 100_000
MOST_STEPS = 200
"""How many steps can be undone."""

MOST_BLOCKS = 20_000
LEAST_WEIGHT = 0.001
"""What a block counts in which nobody lives, where the parts of a cell are weighed."""

CASE_DAYS = 365
"""Cases of so many days are counted and replayed."""


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


class Doing(StrEnum):
    """What a worker does for a proposal."""

    PREPARE = "prepare"
    BALANCE = "balance"
    COMPARE = "compare"
    REBASE = "rebase"


class Act(StrEnum):
    """What somebody does with a proposal."""

    DRAW = "draw"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    REBASE = "rebase"


@dataclass(frozen=True, slots=True)
class Edge:
    """From which states an act leads where, and what it needs.

    Parameters
    ----------
    other
        Whether only somebody else than the one who proposed may do it.
    """

    sources: frozenset[State]
    target: State
    needs: Permission
    other: bool = False


OPEN = frozenset({State.DRAFT, State.PROPOSED, State.APPROVED})
EDGES = {
    Act.DRAW: Edge(frozenset({State.DRAFT}), State.DRAFT, Permission.DRAW_GRID),
    Act.PROPOSE: Edge(frozenset({State.DRAFT}), State.PROPOSED, Permission.DRAW_GRID),
    Act.SEND_BACK: Edge(frozenset({State.PROPOSED, State.APPROVED}), State.DRAFT, Permission.APPROVE_GRID),
    Act.APPROVE: Edge(frozenset({State.PROPOSED}), State.APPROVED, Permission.APPROVE_GRID, other=True),
    Act.WITHDRAW: Edge(OPEN, State.WITHDRAWN, Permission.DRAW_GRID),
    Act.REBASE: Edge(OPEN, State.DRAFT, Permission.DRAW_GRID),
}


def available(
    state: State,
    may: Collection[Permission],
    *,
    account: int | None,
    proposed_by: int | None,
    outdated: bool,
    touched: bool,
) -> tuple[Act, ...]:
    """What the one who asks can do with a proposal.

    Parameters
    ----------
    outdated
        Whether there is a newer edition than the one from which it was drawn.
    touched
        Whether that one has drawn cells anew where it draws some: then it cannot be proposed or approved as it is.
    """
    found = []
    for act, edge in EDGES.items():
        if state not in edge.sources or edge.needs not in may:
            continue
        if edge.other and account is not None and account == proposed_by:
            continue
        if (touched and act in {Act.PROPOSE, Act.APPROVE}) or (act is Act.REBASE and not outdated):
            continue
        found.append(act)
    return tuple(found)


def day_fault(day: date, today: date) -> str | None:
    """Why a proposal cannot take effect on a day; None where it can. A day that has begun is over for that."""
    if day <= today:
        return "day_over"
    return "day_too_far" if day > today + timedelta(days=MOST_DAYS) else None


def kept_keys(
    before: Sequence[str], after: Sequence[str], communities: Sequence[str], weights: Sequence[float]
) -> list[str]:
    """Keys of cells after a step, so that a cell which was changed is still the same one to whoever draws.

    Each cell keeps the key of the one from which it has the most, the greatest part first; what is left gets a key that
    no cell had: the code of its community, "+" and a number.

    Parameters
    ----------
    before, after
        The cell of each block, by its key and by any name.
    weights
        What each block counts, above 0.
    """
    shared = Counter[tuple[str, str]]()
    for old, new, weight in zip(before, after, weights, strict=True):
        shared[new, old] += weight  # type: ignore[assignment]
    key_of: dict[str, str] = {}
    for (new, old), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if new not in key_of and old not in key_of.values():
            key_of[new] = old
    taken = {*before}
    for new, community in zip(after, communities, strict=True):
        if new not in key_of:
            key_of[new] = next(
                key for n in range(1, len(after) + 2) if (key := f"{community}+{n}") not in taken
            )
            taken.add(key_of[new])
    return [key_of[new] for new in after]

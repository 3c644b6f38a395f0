"""轮到谁: for which cases it is somebody's turn, by the seats that their roles take in each loop."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.store.queue import Turn
from app.db import Actor


def turn_of(connection: Connection, actor: Actor) -> Turn:
    """What waits for the one who acts."""
    held = frozenset(actor.roles)
    posts = connection.execute(text("SELECT role, unit_id FROM acting_posts() LIMIT 200")).all()
    serving = frozenset().union(*(roles_of(Seat.UNIT, loop) for loop in Loop)) & held
    accepting, dispatching = _loops(held, Seat.ACCEPTOR), _loops(held, Seat.DISPATCHER)
    return Turn(
        me=actor.account_id or 0,
        units=tuple(sorted({post.unit_id for post in posts} | set(actor.units))),
        serving=tuple(sorted({post.unit_id for post in posts if post.role in serving})),
        waiting=(
            *(f"reported/{loop}" for loop in accepting),
            *(f"registered/{loop}" for loop in dispatching),
        ),
        closing=accepting,
        checking=_loops(held, Seat.CHECKER),
        dispatching=dispatching,
        heading=_loops(held, Seat.HEAD),
    )


def _loops(held: Iterable[str], seat: Seat) -> tuple[str, ...]:
    return tuple(loop.value for loop in Loop if roles_of(seat, loop) & frozenset(held))

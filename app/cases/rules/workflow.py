"""The table of moves as a document: `docs/workflow.md` is made from it, so that it cannot be outdated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.moves import EDGES, Edge
from app.cases.rules.states import STEPS, CaseState

HEAD = """# Workflow

Made by `./panlong docs` from the one table of moves, `app/cases/rules/moves.py`; a test holds them to each other. A
move that is not here does not exist. Seats are taken by the roles of the case's loop (below), units' seats only by
those who hold a post in the unit that the case was given to.
"""


def document() -> str:
    """The whole document: the diagram, the moves, the seats."""
    parts = [HEAD, "## States\n", _diagram(), "\n## Moves\n", _moves(), "\n## Seats\n", _seats()]
    return "\n".join(parts) + "\n"


def _diagram() -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for edge in EDGES:
        for source in sorted(edge.sources):
            if edge.target is not None and edge.target != source:
                arrows.setdefault((source.value, edge.target.value), []).append(edge.move.value)
    lines = [f"    {a} --> {b}: {', '.join(moves)}" for (a, b), moves in sorted(arrows.items())]
    steps = [
        f"    {state.value}: {state.value} ({step})" for state, step in STEPS.items() if step is not None
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> reported: report", *steps, *lines, "```"])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _moves() -> str:
    head = ("move", "from", "to", "seats", "needs", "may have", "guards", "asks or answers")
    return _table(head, (_row(edge) for edge in EDGES))


def _row(edge: Edge) -> tuple[str, ...]:
    order = list(CaseState)
    question = (
        f"asks {edge.asks.value}" if edge.asks else f"answers {edge.answers.value}" if edge.answers else ""
    )
    return (
        f"`{edge.move.value}`",
        ", ".join(state.value for state in sorted(edge.sources, key=order.index)),
        "stays" if edge.target is None else edge.target.value,
        ", ".join(sorted(seat.value for seat in edge.seats)),
        ", ".join(sorted(edge.needs)),
        ", ".join(sorted(edge.may)),
        ", ".join(guard.value for guard in edge.guards),
        question,
    )


def _seats() -> str:
    rows = [
        [seat.value, *(", ".join(sorted(roles_of(seat, loop))) or "the platform's own jobs" for loop in Loop)]
        for seat in Seat
    ]
    return _table(("seat", *(loop.value for loop in Loop)), rows)

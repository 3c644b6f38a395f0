"""What every reader of elements and relations is given and gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from app.accounts.rules import Permission
from app.console.network.rules.elements import Edge, Kind, Node, Prefix

MOST_READ = 2000
"""Relations that one question reads; how many more there are is counted."""


@dataclass(frozen=True, slots=True)
class Asking:
    """In what a network is looked for: a district on a day, as the one who asks may see it."""

    connection: Connection
    district_id: int
    today: date

    def rows(self, statement: str, ids: Iterable[Any], **more: Any) -> list[Row[Any]]:
        """Rows of a statement about some ids; it may also name `:district`, `:day` and `:most`."""
        values = {
            "district": self.district_id,
            "day": self.today,
            "most": MOST_READ,
            "ids": list(ids),
            **more,
        }
        return list(self.connection.execute(text(statement), values))


@dataclass(slots=True)
class Found:
    """Relations that were found.

    Parameters
    ----------
    nodes
        Elements that are only known from here: a post that nobody holds, somebody who works from farther away.
    beyond
        How many more elements of a kind there are than were read.
    """

    edges: list[Edge] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    beyond: dict[Kind, int] = field(default_factory=dict)

    def cut(self, kind: Kind, rows: Sequence[Row[Any]]) -> None:
        """Count what a statement with `count(*) OVER () AS of_all` did not bring."""
        more = rows[0].of_all - len(rows) if rows else 0
        if more:
            self.beyond[kind] = self.beyond.get(kind, 0) + more


@dataclass(frozen=True, slots=True)
class Elements:
    """How elements with a prefix are described: those in sight alone, whatever is asked for.

    Parameters
    ----------
    needs
        What the one who asks has to be permitted beside reading cases.
    """

    prefix: Prefix
    describe: Callable[[Asking, Sequence[str]], list[Node]]
    needs: Permission | None = None


@dataclass(frozen=True, slots=True)
class Relations:
    """How relations of elements are found, from those that have been reached: their ids by prefix.

    Parameters
    ----------
    needs
        As with elements.
    near
        Whether they are followed from the middle alone: what goes through half a district would bring all of it.
    """

    of: frozenset[Prefix]
    find: Callable[[Asking, Mapping[Prefix, Sequence[str]]], Found]
    needs: Permission | None = None
    near: bool = False


def numbers(ids: Iterable[str]) -> list[int]:
    """Ids that are numbers."""
    return [int(own) for own in ids]

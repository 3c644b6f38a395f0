"""What an answer that the server may give again depends on: a view says it, the front of the server keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

KEEP = "panlong.keep"
"""In the environment of a request: who wants to know; nobody where no front keeps anything."""


@dataclass(frozen=True, slots=True)
class Note:
    """About an answer.

    Parameters
    ----------
    kind
        Answers of a kind grow old together.
    stamp
        The state of the data that it was made from.
    at
        When that was still the state, by the monotonic clock.
    token, view
        Who was let in by what, and all that decides what they see.
    permission
        What they have to hold.
    """

    kind: str
    stamp: Any
    at: float
    token: str
    view: Any
    permission: str


def tell(note: Note) -> None:
    """Say what the answer to this request depends on."""
    take = request.environ.get(KEEP)
    if take is not None:
        take(note)

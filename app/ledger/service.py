"""拨打 is watched: how many telephone numbers one account is shown in an hour, of whomever."""

from __future__ import annotations

from sqlalchemy import Connection

from app.errors import TooManyError
from app.ledger import store

MOST_AN_HOUR = 40
"""Numbers that one account is shown in an hour: more than anybody can call."""

HOUR_S = 3600

CALLED = {"field": "contact"}
"""What an entry `personal.read` says of a number that was shown to be called; by this it is counted."""


def watch_calls(connection: Connection) -> None:
    """Let the one who acts be shown another number, unless they were shown too many.

    Raises
    ------
    TooManyError
        `calls_too_many`.
    """
    if store.calls_of_mine(connection, HOUR_S) >= MOST_AN_HOUR:
        raise TooManyError("calls_too_many", most=MOST_AN_HOUR, retry_after=HOUR_S // 4)

"""The one way to a receipt: functions of the database, which compare the digits themselves and show nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text


def open_receipt(connection: Connection, number: str, tail: bytes, address: str, token: bytes) -> str:
    """Try to open the receipt of a number: `open`, `refused`, or `locked` after too many tries, all of them counted.

    Parameters
    ----------
    tail
        The index of the last digits of a telephone, as `seals.service.Sealer.tail` makes it.
    """
    return str(
        connection.execute(
            text("SELECT open_receipt(:number, :tail, CAST(:address AS inet), :token)"),
            {"number": number, "tail": tail, "address": address, "token": token},
        ).scalar_one()
    )


def read_receipt(connection: Connection, token: bytes, known: list[str]) -> dict[str, Any] | None:
    """What a visit may read; None when it is over.

    Parameters
    ----------
    known
        Reasons that may be shown, beside those that the district has worded.
    """
    found = connection.execute(
        text("SELECT read_receipt(:token, CAST(:known AS text[]))"), {"token": token, "known": known}
    ).scalar()
    if found is None:
        return None
    receipt: dict[str, Any] = dict(found)
    for part in (receipt, *receipt["steps"], *receipt["splits"]):
        for name in ("reported_at", "due_at", "closed_at", "rate_until", "at"):
            if part.get(name):
                part[name] = datetime.fromisoformat(part[name])
    return receipt


def rate(
    connection: Connection, token: bytes, *, solved: bool, satisfied: int, remark: str | None
) -> Row[Any]:
    """Rate the end of a visit's case: `came` is `rated`, `gone`, `not_closed` or `too_late`; and what was rated."""
    return connection.execute(
        text("SELECT came, closed_case, closing_row FROM rate_receipt(:token, :solved, :satisfied, :remark)"),
        {"token": token, "solved": solved, "satisfied": satisfied, "remark": remark},
    ).one()

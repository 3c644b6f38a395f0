"""抽查: which cases somebody looks at today, drawn by chance and yet so that anybody can draw them again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date


def drawn(ids: Iterable[int], day: date, account_id: int, most: int) -> list[int]:
    """So many of some cases, in an order that the day and the account decide, and nobody else.

    Notes
    -----
    Each case is ranked by the SHA-256 of day, account and its number. One that has been looked at leaves the list, and
    the next one in the same order takes its place; nobody can pass over a case by loading the page again.
    """
    return sorted(ids, key=lambda case: _rank(day, account_id, case))[:most]


def _rank(day: date, account_id: int, case: int) -> bytes:
    return hashlib.sha256(f"spot-check:{day.isoformat()}:{account_id}:{case}".encode()).digest()

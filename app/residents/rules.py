"""回执: what somebody types to look their report up, and how far along it is, in five words."""

from __future__ import annotations

import re
import unicodedata

from app.cases.rules.states import CaseState as S

NUMBER = re.compile(r"\S{1,4}-[A-Z0-9]{1,6}-[0-9]{8}-[0-9]{4,9}")
DIGITS = re.compile(r"[0-9]{4}")
LONGEST_REMARK = 500

STAGES = ("received", "registered", "handling", "checking", "closed")
"""How far along, as whoever reported sees it."""

REACHED = {
    S.REPORTED: 0,
    S.CONFIRMING: 0,
    S.REGISTERED: 1,
    S.DISPATCHED: 2,
    S.HANDLING: 2,
    S.SUSPENDED: 2,
    S.HANDLED: 3,
    S.CLOSED: 4,
    S.ARCHIVED: 4,
}
"""Of each state on the way the stage that it is in; the ends apart from it have none."""


def number(raw: str) -> str:
    """A number as it is stored, however it was typed: full-width letters, small ones, blanks, other dashes."""
    plain = unicodedata.normalize("NFKC", raw)
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s", "", plain)).upper()[:40]


def digits(raw: str) -> str:
    """Digits as they are stored: full-width ones become plain, blanks go."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", raw))[:20]


def reached(state: str) -> int | None:
    """Index of the stage that a state is in; None for an end apart from the way."""
    return REACHED.get(S(state))

"""考核周期: from open to published 公示 to frozen, when each step may be taken, and the form that is hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.errors import ConflictError

SETTLED = timedelta(minutes=1)
"""A row of the log carries the instant at which it was written, and is seen when its transaction ends, within this."""

LEAST_OPEN, MOST_OPEN = 1, 60
"""For how many days objections may be filed."""


class Phase(StrEnum):
    """Where a period is."""

    OPEN = "open"
    PUBLISHED = "published"
    FROZEN = "frozen"


def phase(published_at: datetime | None, frozen_at: datetime | None) -> Phase:
    """Where a period is, by when it was published and frozen."""
    if frozen_at is not None:
        return Phase.FROZEN
    return Phase.PUBLISHED if published_at is not None else Phase.OPEN


def may_publish(found: Phase, until: datetime, now: datetime) -> None:
    """Whether it may be published, or published anew before it is frozen.

    Raises
    ------
    ConflictError
        `period_frozen`, `period_not_over`.
    """
    if found is Phase.FROZEN:
        raise ConflictError("period_frozen")
    if until > now - SETTLED:
        raise ConflictError("period_not_over", until=until.isoformat())


def may_object(found: Phase, object_until: date | None, today: date) -> None:
    """Whether an objection may be filed.

    Raises
    ------
    ConflictError
        `period_not_published`, `period_frozen`, `objection_late`.
    """
    if found is Phase.OPEN or object_until is None:
        raise ConflictError("period_not_published")
    if found is Phase.FROZEN:
        raise ConflictError("period_frozen")
    if today > object_until:
        raise ConflictError("objection_late", until=object_until.isoformat())


def may_freeze(found: Phase, object_until: date | None, today: date, unanswered: int) -> None:
    """Whether it may be frozen.

    Raises
    ------
    ConflictError
        `period_not_published`, `period_frozen`, `objections_run`, `objections_unanswered`.
    """
    if found is Phase.OPEN or object_until is None:
        raise ConflictError("period_not_published")
    if found is Phase.FROZEN:
        raise ConflictError("period_frozen")
    if today <= object_until:
        raise ConflictError("objections_run", until=object_until.isoformat())
    if unanswered:
        raise ConflictError("objections_unanswered", count=unanswered)


def canonical(edition: Mapping[str, Any]) -> bytes:
    """The one way in which an edition is written: JSON with its keys in order, no blanks, UTF-8."""
    return json.dumps(
        edition, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    ).encode()


def seal(edition: Mapping[str, Any]) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(edition)).digest()

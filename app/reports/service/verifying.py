"""核验: whether a file is what the platform made, to the byte, and of which run."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.grid.service import the_district
from app.reports.store import runs
from app.web.pages import instant

HASH = re.compile(r"[0-9a-f]{64}")


def digest_of(raw: str) -> bytes:
    """Reads the hash of a file, as hexadecimal.

    Raises
    ------
    ValueError
        It is none.
    """
    if not HASH.fullmatch(raw.lower()):
        raise ValueError(raw)
    return bytes.fromhex(raw)


def verify(connection: Connection, sha256: bytes) -> list[dict[str, Any]]:
    """The runs in sight that made a file of this hash, and whether that edition still holds; none: it is not ours.

    Parameters
    ----------
    sha256
        Of the whole file, 32 bytes.
    """
    zone = the_district(connection).timezone
    found = runs.made(connection, sha256)
    return [
        {
            **{
                name: one[name]
                for name in ("id", "title", "kind", "scope_name", "since_on", "until_on", "name", "format")
            },
            "definition": one["definition"],
            "version": one["version"],
            "edition": one["edition"],
            "stands": one["edition"] == one["stands"],
            "issued": one["issued_at"] is not None,
            "known_at": instant(one["known_at"].astimezone(ZoneInfo(zone)), zone),
            "digest": bytes(one["digest"]).hex(),
            "counts": one["counts"],
        }
        for one in found
    ]

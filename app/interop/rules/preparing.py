"""An import that somebody prepares: how far it is, what may be done with it, and what is told of its file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.interop.rules.relations import RELATION
from app.registry.rules.kinds import ElementKind

KINDS = (*(kind.value for kind in ElementKind), RELATION)
"""What files are of."""

MOST_BYTES = 16 << 20
"""The largest file that a page takes; larger ones come in on the command line."""

MOST_WAITING = 20
"""Imports of one account that are not written yet; their files are kept for so long."""

KEPT_DAYS = 7
"""Days after which a file that nobody went on with is deleted, and the workbook of what was wrong with it."""


class State(StrEnum):
    """How far an import is: its file is here, it was tried, it is written."""

    SENT = "sent"
    CHECKED = "checked"
    DONE = "done"


class Doing(StrEnum):
    """What a worker is at: to try all of it and write nothing, or to write it."""

    CHECK = "check"
    WRITE = "write"


class Decision(StrEnum):
    """What somebody says of a row that may be known, where they do not name what it is."""

    NEW = "new"
    SKIP = "skip"


_BORN = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PERSONAL = re.compile(
    rf"(?<!\d)(?:\d{{6}}(?:19|20){_BORN}\d{{3}}[\dXx]|\d{{6}}{_BORN}\d{{3}}|(?:\+?86)?1[3-9]\d{{9}})(?!\d)"
)
_LONG = re.compile(r"\d{9,}[Xx]?")
_PARTED = re.compile(r"(?<=\d)[ \-](?=\d)")


def hidden(kind: str, said: str | None) -> str | None:
    """A text of a file as it may be told and kept: numbers of people are stars, whatever column they stand in.

    Of a file of people every long number is one; of others what looks like an identity number or a mobile phone.

    >>> hidden("place", "电话 138-0013-8000"), hidden("person", "530103199"), hidden("person", "1990-13-45")
    ('电话 ***********', '*********', '1990-13-45')
    """
    if said is None:
        return None
    plain = unicodedata.normalize("NFKC", said)
    joined = _PARTED.sub("", plain)
    pattern = _LONG if kind == ElementKind.PERSON else _PERSONAL
    found = pattern.sub(lambda match: "*" * len(match[0]), joined)
    return said if found == joined else found


def hidden_facts(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a message, told the same way."""
    return {name: hidden(kind, one) if isinstance(one, str) else one for name, one in facts.items()}

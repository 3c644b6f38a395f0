"""A map feature while it is built, in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Thing:
    """As `Feature`, with a shape in metres."""

    kind: str
    klass: str
    rank: int
    name: str | None
    name_en: str | None
    shape: Any

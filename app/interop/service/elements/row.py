"""A row of a user's file on its way into the registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.interop.service.elements.lines import Line
from app.registry.service.entries import Wrong


@dataclass(slots=True)
class Row:
    """A row that was read: its values, what is wrong with it, and the ids of what it names."""

    line: Line
    values: dict[str, Any]
    wrongs: list[Wrong]
    site_id: int = 0
    area_no: int = 0
    unit_id: int = 0
    known_id: int = 0
    waits: bool = False
    sealed: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

"""All elements and relations that a network can have.

A feature that has more to show brings a module that describes its elements and finds their relations, gives them a
prefix in `rules/elements.py`, and is named in the two lists here; walking, gathering, interface and page need to know
nothing of it. What its statements find has to be what the one who asks may see: they run under row security.
"""

from __future__ import annotations

from app.console.network.store import areas, cases, places, registry, staff, units
from app.console.network.store.reading import Elements, Relations

ELEMENTS: tuple[Elements, ...] = (
    *areas.ELEMENTS,
    *cases.ELEMENTS,
    *units.ELEMENTS,
    *staff.ELEMENTS,
    *places.ELEMENTS,
    *registry.ELEMENTS,
)
RELATIONS: tuple[Relations, ...] = (
    *areas.RELATIONS,
    *staff.RELATIONS,
    *cases.RELATIONS,
    *units.RELATIONS,
    *places.RELATIONS,
    *registry.RELATIONS,
)

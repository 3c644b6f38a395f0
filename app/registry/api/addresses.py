"""`/api/v1/addresses`: what an address may mean, however it is written."""

from __future__ import annotations

from dataclasses import asdict, fields

from flask import Response

from app.accounts.rules import Permission
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.blueprint import blueprint
from app.registry.rules.addresses import Address, plain
from app.registry.service import addressing, looking
from app.registry.service.addressing import Confidence
from app.registry.store import addresses as gazetteer
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, written
from app.web.shapes import NUMBER, TEXT, about, items, record, words
from app.web.stating import Asked, states

SAID = Asked("q", written(200, 1), None, "An address: 联盟街道江东花园十二幢3单元502.")
LIMIT = Asked("limit", number(1, 50), 20, "How many at most.")
PARTS = record(**{one.name: TEXT for one in fields(Address)})
FOUND = record(
    confidence=about(words(Confidence), "Called just so, found by its parts, or only called alike."),
    likeness=about(NUMBER, "0 to 1."),
    left=about(TEXT, "What of the address was not found in it."),
    element=shapes.LISTED,
)


@blueprint.get("/addresses")
@needs(Permission.READ_REGISTRY)
@states(record(plain=TEXT, parts=PARTS, items=items(FOUND)), query=(SAID, LIMIT), kept=False)
def find_addresses() -> Response:
    """Places in sight that an address may mean, the surest first, with its parts as they were read."""
    place, said, limit = here(), SAID.read(), LIMIT.read()
    if said is None:
        return answers.private({"plain": "", "parts": asdict(Address()), "items": []})
    with acting.reading() as connection:
        areas = gazetteer.area_names(connection, place.district_id)
        parts, found = addressing.resolve(connection, place.district_id, said, areas, limit=limit)
        told = {row["id"]: row for row in looking.told(connection, [one.id for one in found])}
    rows = [
        {
            "confidence": one.confidence,
            "likeness": round(one.likeness, 3),
            "left": one.left,
            "element": told[one.id],
        }
        for one in found
        if one.id in told
    ]
    return answers.private({"plain": plain(said), "parts": asdict(parts), "items": rows})

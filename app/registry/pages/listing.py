"""人地事物组织: elements in sight, by kind, type, area and words."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid.api import here
from app.registry.pages.blueprint import ROWS, blueprint
from app.registry.rules.kinds import ElementKind
from app.registry.service import looking
from app.registry.store import reading, types, writing
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import parameter


def _after(raw: str) -> tuple[int, int]:
    rank, _, last = raw.partition("-")
    if rank not in {"0", "1", "2"} or not (last.isascii() and last.isdecimal() and len(last) <= 18):
        raise ValueError(raw)
    return int(rank), int(last)


@blueprint.get("/registry")
@needs(Permission.READ_REGISTRY)
def elements() -> Response:
    """A page of the elements that are looked for, and how many there are of each kind."""
    place = here()
    words, area = parameter("q", str, "").strip()[:60], parameter("area", str, "").strip().upper()[:40]
    kind, wanted = parameter("kind", ElementKind, None), parameter("type", str, "")[:40]
    after = parameter("after", _after, None)
    with acting.reading() as connection:
        area_no = writing.area_no_of(connection, place.district_id, area) if area else None
        if area and area_no is None:
            raise NotFoundError("area_missing", id=area)
        known = types.types(connection)
        found = reading.found(
            connection, place.district_id, words=words or None, kinds=[kind] if kind else None,
            types=[wanted] if wanted else None, area_no=area_no, box=None, after=after, limit=ROWS + 1,
        )  # fmt: skip
        rows = looking.told(connection, [one for one, _ in found[:ROWS]])
        counts = reading.counted(connection, place.district_id, area_no)
    following = f"{found[ROWS - 1][1]}-{found[ROWS - 1][0]}" if len(found) > ROWS else None
    asked = {"q": words, "area": area, "kind": kind.value if kind else "", "type": wanted}
    return page(
        "elements.html", me=me(), rows=rows, counts=counts, kinds=list(ElementKind), types=known, asked=asked,
        following=following,
    )  # fmt: skip

"""`/api/v1/layers`: what analysts may take, and each layer as an Arrow stream or as GeoParquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import ForbiddenError, InvalidError, NotFoundError
from app.grid.api import here
from app.grid.rules import Level
from app.grid.store import today
from app.layers import service, store
from app.layers.rules import MEDIA, NEEDS, Form, split
from app.layers.store import Narrowing
from app.web import acting, answers
from app.web.doors import needs
from app.web.i18n import negotiate, translate
from app.web.params import day, day_begin, day_end, instant, one_of, parameter, written
from app.web.shapes import COUNT, TEXT, YES, items, maybe, record, words
from app.web.stating import Asked, states
from spatial.crs import STORAGE
from spatial.layers import LAYERS, VERSION, Kind, Layer

blueprint = Blueprint("layers_api", __name__, url_prefix="/api/v1")

LONGEST_S = 300.0
"""A layer that takes longer is given up."""

PIECE = 1 << 18

LEVEL = Asked("level", one_of(list(Level)), None, "Only areas of a level.")
AREA = Asked("area", written(40), "", "Code of an area: only what lies in it.")
ON = Asked("on", day, None, "As it was on a day, of the district; areas by default as they are today.")
SINCE = Asked("from", day_begin("UTC"), None, "Reported, or moved, on this day or later.")
UNTIL = Asked("to", day_end("UTC"), None, "Reported, or moved, on this day or before.")
AS_OF = Asked("as_of", instant, None, "The log as it had been recorded at an instant.")
NARROWING = (LEVEL, AREA, ON, SINCE, UNTIL, AS_OF)
CALLED = {"from": "since", "to": "until"}

COLUMN = record(name=TEXT, kind=words(Kind), needed=YES, about=TEXT)
LISTED = record(
    version=COUNT,
    items=items(
        record(
            name=TEXT,
            about=TEXT,
            shape=maybe(TEXT),
            crs=maybe(TEXT),
            key=items(TEXT),
            narrowed=items(TEXT),
            needs=words(set(NEEDS.values())),
            permitted=YES,
            media=items(words(MEDIA.values())),
            columns=items(COLUMN),
        )
    ),
)


@blueprint.get("/layers")
@needs(Permission.VIEW_MAP)
@states(LISTED)
def layers() -> Response:
    """The layers: what their columns hold, by what they can be narrowed, and which of them the asker may take."""
    locale = negotiate([tag for tag, _ in request.accept_languages])
    held = me().permissions
    return answers.document(
        {"version": VERSION, "items": [_told(one, locale, held) for one in LAYERS.values()]}
    )


def _told(layer: Layer, locale: str, held: frozenset[Permission]) -> dict[str, Any]:
    asked = [next((name for name, own in CALLED.items() if own == one), one) for one in layer.narrowed]
    return {
        "name": layer.name,
        "about": translate(locale, f"layer.{layer.name}"),
        "shape": layer.shape,
        "crs": None if layer.shape is None else f"EPSG:{STORAGE}",
        "key": layer.key,
        "narrowed": asked,
        "needs": NEEDS[layer.name],
        "permitted": NEEDS[layer.name] in held,
        "media": list(MEDIA.values()),
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "needed": column.needed,
                "about": translate(locale, f"layer.{layer.name}.{column.name}"),
            }
            for column in layer.columns
        ],
    }


@blueprint.get("/layers/<string:layer>")
@needs(Permission.VIEW_MAP)
@states(
    {"type": "string", "format": "binary"},
    media=MEDIA.values(),
    query=NARROWING,
    fails={
        NotFoundError: ["district_missing", "layer_missing", "area_missing_coded"],
        InvalidError: ["layer_not_narrowed"],
        ForbiddenError: ["not_permitted"],
    },
)
def layer(layer: str) -> Response:
    """A layer as the asker may see it, without personal data: by its ending, or else by `Accept`, Arrow or GeoParquet.

    The schema says the instant of which it tells. A stream ends with a batch without rows that has their number in its
    metadata (`panlong.rows`), which is also in the header `Panlong-Rows`.
    """
    name, form = split(layer)
    if name not in LAYERS:
        raise NotFoundError("layer_missing", name=name[:40], known=", ".join(LAYERS))
    if NEEDS[name] not in me().permissions:
        raise ForbiddenError("not_permitted")
    found, place, form = LAYERS[name], here(), form or _form()
    wanted = _narrowing(found, place.timezone)
    with acting.reading(LONGEST_S) as connection:
        if name == "areas" and wanted.on is None:
            wanted = replace(wanted, on=today(connection, place.district_id))
        if code := AREA.read():
            interval = store.interval(connection, place.district_id, code)
            if interval is None:
                raise NotFoundError("area_missing_coded", code=code)
            wanted = replace(wanted, area=interval)
        made = service.write(connection, place.record, found, wanted, form)
    return _sent(made, f"{name}.{form}", MEDIA[form])


def _narrowing(layer: Layer, zone: str) -> Narrowing:
    for asked in NARROWING:
        if request.args.get(asked.name) and CALLED.get(asked.name, asked.name) not in layer.narrowed:
            known = ", ".join(layer.narrowed)
            raise InvalidError("layer_not_narrowed", name=layer.name, field=asked.name, known=known)
    return Narrowing(
        level=LEVEL.read(),
        on=ON.read(),
        since=parameter("from", day_begin(zone), None),
        until=parameter("to", day_end(zone), None),
        as_of=AS_OF.read(),
    )


def _form() -> Form:
    best = request.accept_mimetypes.best_match(list(MEDIA.values()), MEDIA[Form.ARROW])
    return next(form for form, media in MEDIA.items() if media == best)


def _sent(made: service.Written, name: str, media: str) -> Response:
    def pieces() -> Iterator[bytes]:
        while piece := made.file.read(PIECE):
            yield piece

    response = Response(pieces(), mimetype=media)
    response.call_on_close(made.file.close)
    response.content_length = made.size
    response.headers["Panlong-Rows"] = str(made.rows)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(f"{made.digest}-{name.rpartition('.')[2]}", weak=True)
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.vary.update(["Accept", "Authorization", "Cookie"])
    return response.make_conditional(request)

"""How an answer leaves: JSON or a tile, with a tag by which a browser asks whether it is still so."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import date
from typing import Any

import orjson
from flask import Response, request

TEXTS = {"application/json", "image/svg+xml"}
LONG_ENOUGH = 1400
"""Bytes from which compressing pays: below it an answer fits one packet."""


def _tagged(response: Response, *parts: Any) -> Response:
    tag = hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    response.set_etag(tag, weak=True)
    response.cache_control.no_cache = True  # kept by the browser, but asked about each time
    response.vary.update(["Accept-Encoding", "Accept-Language"])
    return response.make_conditional(request)


def _json(content: Any) -> bytes:
    try:
        return orjson.dumps(content, default=str, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:
        # A number of more than 64 bits, or half a letter: somebody sent it, and is told of it.
        said = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)
        return said.encode("utf-8", "replace")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def tile(body: bytes, *parts: Any) -> Response:
    """A gzipped vector tile; `parts` are what it depends on."""
    response = Response(body, mimetype="application/vnd.mapbox-vector-tile")
    if "gzip" in request.accept_encodings:
        response.content_encoding = "gzip"
    else:
        response.set_data(gzip.decompress(body))
    return _tagged(response, *parts)


def picture(body: bytes, media: str) -> Response:
    """A picture, by its content."""
    return _tagged(_packed(body, media), body)


def private(content: Any, status: int = 200) -> Response:
    """A JSON answer about the one who asks, which nothing on the way may keep."""
    response = Response(_json(content), status, mimetype="application/json")
    response.cache_control.no_store = True
    return response


def document(content: Any, *parts: Any) -> Response:
    """A JSON answer; `parts` are what it depends on, the content itself where none are named."""
    body = _json(content)
    return _tagged(_packed(body, "application/json"), *(parts or (body,)))


def _packed(body: bytes, media: str) -> Response:
    """An answer that is text goes gzipped where that pays and the reader can undo it."""
    response = Response(body, mimetype=media)
    if media in TEXTS and len(body) >= LONG_ENOUGH and "gzip" in request.accept_encodings:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.content_encoding = "gzip"
    return response

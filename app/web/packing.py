"""Scripts, styles and pictures made of text leave compressed: as they were packed at set-up, or on the fly, once.

`python -m app.web.packing FOLDER` packs what lies there; `./panlong` does it with the libraries of the browser.
"""

from __future__ import annotations

import gzip
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
from flask import Flask, Response, request
from werkzeug.security import safe_join

from app.web.answers import LONG_ENOUGH

PACKED = frozenset({".js", ".mjs", ".css", ".svg", ".json", ".webmanifest"})
AT_LEISURE, AT_ONCE = 11, 9
"""How hard brotli tries: the first takes seconds for a large library, and saves a tenth more."""

WINDOW_BITS = 22
KEPT_FILES = 512


def pack(folder: Path) -> None:
    """Lay a packed file beside each that is worth it."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in PACKED and path.stat().st_size >= LONG_ENOUGH:
            packed = brotli.compress(path.read_bytes(), quality=AT_LEISURE, lgwin=WINDOW_BITS)
            _beside(path).write_bytes(packed)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.br")


@lru_cache(maxsize=KEPT_FILES)
def _packed(path: Path, stamp: int, way: str) -> bytes:
    """A file as it was at an instant, the way a browser takes it."""
    if way == "gzip":
        return gzip.compress(path.read_bytes(), 9, mtime=0)
    beside = _beside(path)
    if beside.exists() and beside.stat().st_mtime_ns >= stamp:
        return beside.read_bytes()
    return brotli.compress(path.read_bytes(), quality=AT_ONCE, lgwin=WINDOW_BITS)


def register(app: Flask) -> None:
    """Let the static files of an application leave packed, where the browser takes that."""
    plain: Any = app.view_functions["static"]

    def static(filename: str) -> Response:
        response: Response = plain(filename=filename)
        path = Path(safe_join(app.static_folder or "", filename) or "")
        if path.suffix not in PACKED or response.status_code not in {200, 304}:
            return response
        response.vary.add("Accept-Encoding")
        tag, _ = response.get_etag()
        response.set_etag(tag or "", weak=True)  # one tag for every way to send the same content
        way = request.accept_encodings.best_match(("br", "gzip"))
        if response.status_code == 304 or way is None or path.stat().st_size < LONG_ENOUGH:
            return response
        response.direct_passthrough = False
        response.close()
        response.set_data(b"" if request.method == "HEAD" else _packed(path, path.stat().st_mtime_ns, way))
        response.content_encoding = way
        response.headers.pop("Accept-Ranges", None)
        return response

    app.view_functions["static"] = static


if __name__ == "__main__":
    pack(Path(sys.argv[1]))

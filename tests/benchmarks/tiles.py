"""P1 to P3: tiles of a million cases: not made before, counted under a filter, and made before.

P1: a trace of z9 to z16 through the program's own server, beside tipg over the same table and the SQL alone. P2: the
tiles of z9 to z11, inside the process, beside the SQL that sends every point. P3: the trace once more, beside a bare
handler of the same front. Answers are checked before anything is timed; everything that is compared is measured in
turn. tipg is installed for the run into an environment of its own, from `requirements-bench.lock`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from tests.benchmarks import Line, report
from tests.benchmarks.tiling import cached, counting, serving, uncached
from tests.benchmarks.tiling.filling import filled
from tests.benchmarks.tiling.trace import Tile, place
from tests.benchmarks.tiling.vector import summed
from tests.people import employ, sign_in

WORKSPACE = "bench_tiles"
DISTRICT = "530103"
BUSIEST = (
    "SELECT a.code, ST_X(p) AS lon, ST_Y(p) AS lat FROM areas a, LATERAL (SELECT geom AS p FROM cases c WHERE c.area_no"
    " BETWEEN a.no AND a.last_no AND c.cell_id IS NOT NULL LIMIT 1) one WHERE level = 'subdistrict' ORDER BY"
    " (SELECT count(*) FROM cases c WHERE c.area_no BETWEEN a.no AND a.last_no) DESC LIMIT 1"
)
PARTS = ("uncached", "counting", "cached")
CACHED = 300
"""Tiles of the trace that is asked for again and again."""


def main(argv: list[str]) -> int:
    """Fill a workspace, compare, and drop it."""
    parser = argparse.ArgumentParser(prog="bench tiles", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=1920)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", choices=PARTS, help="only this part")
    given = parser.parse_args(argv)
    parts = [given.only] if given.only else PARTS
    lines: list[Line] = []
    with filled(WORKSPACE, given.rows) as url, tempfile.TemporaryDirectory(prefix="panlong-bench-") as folder:
        app = create_app(url)
        headers = _headers(sign_in(app, employ(url, Role.DUTY_OFFICER, DISTRICT)))
        tiles = uncached.trace(url, given.requests)
        with serving.ours(url) as port:
            _warm(port, headers, given.rows)
            if "uncached" in parts:
                with serving.tipg(url, Path(folder)) as peer:
                    lines += uncached.compare(url, port, peer, headers, tiles)
            if "counting" in parts:
                lines += counting.compare(url, _wide(port, headers, tiles), given.repeat)
            if "cached" in parts:
                _check(url, app, port, headers)
                with serving.bare(url) as peer:
                    lines += cached.compare(
                        port, peer, headers, list(dict.fromkeys(tiles))[:CACHED], given.repeat
                    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return report(f"tiles of {given.rows:,} cases", lines)


def _headers(client: FlaskClient) -> dict[str, str]:
    """What a browser sends that is signed in."""
    cookie = client.get_cookie("__Host-panlong")
    assert cookie is not None
    return {"Cookie": f"__Host-panlong={cookie.value}", "Accept-Encoding": "gzip"}


def _warm(port: int, headers: dict[str, str], rows: int) -> None:
    """The first tile waits until all cases are read; a tile of the whole world has all that have a place."""
    found = summed(uncached.body(port, uncached.ours_of((0, 0, 0)), headers), "count")
    assert 0.95 * rows < found <= rows, found


def _wide(port: int, headers: dict[str, str], tiles: list[Tile]) -> list[Tile]:
    """Of each of the first zooms the tile with the most cases."""

    def cases(tile: Tile) -> int:
        return summed(uncached.body(port, uncached.ours_of(tile), headers), "count")

    return [max({tile for tile in tiles if tile[0] == zoom}, key=cases) for zoom in counting.ZOOMS]


def _check(url: str, app: Flask, port: int, headers: dict[str, str]) -> None:
    with transaction(url, read_only=True) as connection:
        street = connection.execute(text(BUSIEST)).one()
        category = connection.execute(
            text("SELECT code FROM case_categories ORDER BY code LIMIT 1")
        ).scalar_one()
    client: Any = sign_in(app, employ(url, Role.SUPERVISOR, street.code))
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    x, y = place(street.lon, street.lat)

    def told() -> None:
        content = {
            "client_id": str(uuid.uuid4()), "category": category, "description": "垃圾成堆",
            "position": {"lon": street.lon, "lat": street.lat},
        }  # fmt: skip
        answer = client.post("/api/v1/cases", json=content, headers={"X-CSRFToken": token})
        assert answer.status_code == 201, answer.text

    cached.check(port, headers, _headers(client), (9, int(x * 512), int(y * 512)), told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

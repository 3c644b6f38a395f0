"""P3: a trace of tiles that were made before, beside a bare handler; who is shown what, and how soon after a change."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Sequence

from tests.benchmarks import Line
from tests.benchmarks.tiling.serving import load
from tests.benchmarks.tiling.trace import Tile
from tests.benchmarks.tiling.uncached import body, ours_of
from tests.benchmarks.tiling.vector import summed

CLIENTS = 32
BAR = 0.5
FRESH_S = 1.0
KINDS = {"areas and ground": ("areas", "ground"), "cases": ("cases",)}


def compare(port: int, peer: int, headers: dict[str, str], tiles: Sequence[Tile], repeat: int) -> list[Line]:
    """The lines of P3: time a request of a trace that both servers have been asked for before."""
    lines = []
    for kind, names in KINDS.items():
        paths = ["/tiles/{}/{}/{}/{}.mvt?state=all".format(name, *tile) for tile in tiles for name in names]
        for one in (port, peer):
            load(one, paths, CLIENTS, headers)
        assert all(body(port, path, headers) == body(peer, path, headers) for path in paths[::97])
        spent = {port: 0.0, peer: 0.0}
        cpu = 0.0
        for _ in range(repeat):
            for one in (port, peer):
                found = load(one, paths, CLIENTS, headers)
                assert set(found.statuses) == {"200"}, found.statuses
                spent[one] += found.seconds
                cpu = max(cpu, found.cpu)
        each = {one: 1000 * spent[one] / repeat / len(paths) for one in spent}
        print(f"{kind}: ours {1000 / each[port]:.0f} req/s, bare {1000 / each[peer]:.0f};"
              f" the clients' own CPU {cpu:.2f} cores")  # fmt: skip
        lines.append(Line(f"P3 cached {kind}, 32 clients; bare", each[port], each[peer], "ms", BAR))
    return lines


def check(
    port: int, headers: dict[str, str], other: dict[str, str], tile: Tile, told: Callable[[], None]
) -> None:
    """A 304 has no body; nobody gets what is not theirs; what changes is seen within a second.

    Parameters
    ----------
    other
        Of somebody with a smaller territory.
    told
        Reports a case in the tile.
    """
    path = ours_of(tile)
    for one in (path, "/tiles/areas/{}/{}/{}.mvt".format(*tile)):
        status, tag, _ = _asked(port, one, headers)
        assert status == 200, status
        status, _, content = _asked(port, one, {**headers, "If-None-Match": tag})
        assert status == 304, status
        assert content == b"", "a 304 has a body"
        assert _asked(port, one, {})[0] == 401, "a tile without signing in"
        assert _asked(port, one, {**other, "If-None-Match": tag})[0] == 200, "another's tag is good for a 304"
    mine, theirs = (summed(body(port, path, one), "count") for one in (headers, other))
    assert theirs < mine, (theirs, mine)
    told()
    begun = time.monotonic()
    while summed(body(port, path, headers), "count") <= mine:
        assert time.monotonic() - begun <= FRESH_S, "a tile is stale"
    print(f"tile {tile}: {mine} cases for the district, {theirs} for a subdistrict; a report is in it"
          f" {time.monotonic() - begun:.2f} s after it was taken (bar: {FRESH_S:g} s)")  # fmt: skip


def _asked(port: int, path: str, headers: dict[str, str]) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("ETag", ""), answer.read()
    finally:
        connection.close()

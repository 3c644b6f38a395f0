"""Where things stand on a drawing of the map, how wide its lines are, and which names find room on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

EQUATOR_M = 40_075_016.685578488
"""Once around the world in EPSG:3857."""

TILE_PX = 512
"""What a tile of the map measures at its own zoom, as browsers draw vector tiles."""

MOST_LAT = 85.051128


@dataclass(frozen=True, slots=True)
class Frame:
    """What a drawing shows.

    Parameters
    ----------
    zoom
        As on the one map: at 0 the world is one tile wide.
    lon, lat
        Of its middle, degrees (EPSG:4490, which EPSG:4326 equals on a map).
    width, height
        Pixels.
    """

    zoom: float
    lon: float
    lat: float
    width: int
    height: int

    @property
    def metres(self) -> float:
        """What a pixel spans in EPSG:3857."""
        return EQUATOR_M / TILE_PX / math.pow(2, self.zoom)

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle in EPSG:3857."""
        lat = math.radians(max(-MOST_LAT, min(MOST_LAT, self.lat)))
        return self.lon / 360 * EQUATOR_M, math.asinh(math.tan(lat)) / math.tau * EQUATOR_M

    @property
    def corner(self) -> tuple[float, float]:
        """Its north-western corner in EPSG:3857."""
        x, y = self.middle
        return x - self.width / 2 * self.metres, y + self.height / 2 * self.metres

    @property
    def level(self) -> int:
        """The zoom of the tiles that this much is drawn of."""
        return max(0, math.floor(self.zoom))

    def tiles(self) -> Iterable[tuple[int, int]]:
        """Column and row of the tiles of its level that it shows a part of."""
        last = (1 << self.level) - 1
        side = EQUATOR_M / (1 << self.level)
        west, north = self.corner
        east, south = west + self.width * self.metres, north - self.height * self.metres
        columns = (
            max(0, math.floor((west + EQUATOR_M / 2) / side)),
            min(last, math.floor((east + EQUATOR_M / 2) / side)),
        )
        rows = (
            max(0, math.floor((EQUATOR_M / 2 - north) / side)),
            min(last, math.floor((EQUATOR_M / 2 - south) / side)),
        )
        return ((x, y) for x in range(columns[0], columns[1] + 1) for y in range(rows[0], rows[1] + 1))

    def place(self, x: int, y: int, across: float, down: float) -> tuple[float, float]:
        """Pixels of a place that is told by its tile and the part of the tile's sides that it lies at."""
        side = EQUATOR_M / (1 << self.level)
        west, north = self.corner
        return (
            ((x + across) * side - EQUATOR_M / 2 - west) / self.metres,
            (north - (EQUATOR_M / 2 - (y + down) * side)) / self.metres,
        )


def between(zoom: float, *stops: tuple[float, float]) -> float:
    """What a measure is at a zoom: even between its stops, each a zoom and a measure, and the same beyond them."""
    first, last = stops[0], stops[-1]
    if zoom <= first[0]:
        return first[1]
    for (from_zoom, least), (to_zoom, most) in pairwise(stops):
        if zoom <= to_zoom:
            return least + (most - least) * (zoom - from_zoom) / (to_zoom - from_zoom)
    return last[1]


STREET = {
    "arterial": ((10.0, 0.9), (14.0, 4.0), (17.0, 18.0)),
    "secondary": ((10.0, 0.3), (14.0, 2.2), (17.0, 11.0)),
}
LANE = ((10.0, 0.3), (14.0, 1.0), (17.0, 6.0))
RIVER = {"main": ((9.0, 1.6), (13.0, 4.5), (17.0, 22.0))}
BROOK = ((9.0, 0.5), (13.0, 1.6), (17.0, 8.0))


def line_width(kind: str, class_: str | None, zoom: float) -> float:
    """Pixels of a street or a river."""
    widths, other = (RIVER, BROOK) if kind == "river" else (STREET, LANE)
    return round(between(zoom, *widths.get(class_ or "", other)), 1)


NAMED = {"subdistrict": (8.0, 12.9), "community": (12.2, 16.5), "cell": (14.3, 25.0)}
"""From which zoom on, and to which, the areas of a level are named."""

SIZES = {
    "subdistrict": ((8.0, 11.0), (12.0, 15.0)),
    "community": ((12.0, 11.0), (15.0, 14.0)),
}
PLAIN_PX = 11.0

GROUND_NAMED = {
    "landmark": 11.0, "reservoir": 10.0, "hill": 10.0, "park": 12.0, "river": 11.2, "street": 13.2, "compound": 15.2,
}  # fmt: skip
"""From which zoom on things on the ground are named."""


def name_size(kind: str, zoom: float) -> float:
    """Pixels of a name's letters."""
    return round(between(zoom, *SIZES[kind]), 1) if kind in SIZES else PLAIN_PX


def name_width(name: str, size: float) -> float:
    """Pixels that a name spans, near enough to keep two apart: a Chinese character is as wide as it is high."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in name) * size


Box = tuple[float, float, float, float]
GAP_PX = 4.0


@dataclass(slots=True)
class Room:
    """The room for names on a drawing: who comes first has it."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def take(self, x: float, y: float, radius: float) -> None:
        """Keep a mark's place free of names."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def claim(self, x: float, y: float, width: float, height: float) -> tuple[float, float] | None:
        """The middle that a name has: at its place, or as near as there is room; None where there is none."""
        for across, down in (
            (0.0, 0.0),
            (0.0, 1.7),
            (0.0, -1.7),
            (0.0, 2.4),
            (0.0, -2.4),
            (0.62, 0.0),
            (-0.62, 0.0),
        ):
            place = x + across * (width + 28), y + down * height
            box = (place[0] - width / 2, place[1] - height / 2, place[0] + width / 2, place[1] + height / 2)
            if self._free(box):
                self.taken.append(box)
                return place
        return None

    def _free(self, box: Box) -> bool:
        west, north, east, south = box
        if west < 0 or north < 0 or east > self.width or south > self.height:
            return False
        return not any(
            west < other[2] + GAP_PX
            and east > other[0] - GAP_PX
            and north < other[3] + GAP_PX
            and south > other[1] - GAP_PX
            for other in self.taken
        )


SINGLE_PX, LATE_PX = 9.0, 14.0
"""How far the mark of one case reaches, and that of several that are late."""

Place = tuple[float, float]


def beside(place: Place, discs: Iterable[tuple[Place, float]]) -> Place:
    """Where a triangle stands that would lie on a disc: on its rim, to the upper right; else where it is."""
    for (x, y), radius in discs:
        if math.hypot(place[0] - x, place[1] - y) < radius + LATE_PX / 2:
            side = (radius + LATE_PX / 2) * math.sqrt(0.5)
            return x + side, y - side
    return place


CLUSTER = ((6, 13.0), (15, 16.0), (40, 19.5), (1_000, 23.0))


def cluster_radius(count: int) -> float:
    """Pixels of the disc that stands for several cases."""
    return next((radius for below, radius in CLUSTER if count < below), 28.0)


def written(count: int) -> str:
    """A number as it stands in a disc."""
    return f"{count:,}" if count < 10_000 else f"{round(count / 1000)}k"

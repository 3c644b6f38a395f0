"""Where things stand on a drawing of the map, and which names find room."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyproj import Transformer

from app.tiles.picture import rules
from app.tiles.picture.rules import Frame, Room

METRES = Transformer.from_crs(4326, 3857, always_xy=True)

frames = some.builds(
    Frame,
    zoom=some.floats(8, 19),
    lon=some.floats(97, 106),
    lat=some.floats(21, 29),
    width=some.integers(200, 4096),
    height=some.integers(200, 2400),
)


@given(frames)
def test_the_middle_is_where_the_projection_has_it(frame: Frame) -> None:
    assert frame.middle == pytest.approx(METRES.transform(frame.lon, frame.lat), abs=1e-3)
    west, north = frame.corner
    assert (frame.middle[0] - west) / frame.metres == pytest.approx(frame.width / 2)
    assert (north - frame.middle[1]) / frame.metres == pytest.approx(frame.height / 2)


@given(frames)
def test_the_tiles_cover_the_drawing_once(frame: Frame) -> None:
    tiles = list(frame.tiles())
    assert len(set(tiles)) == len(tiles) <= 99
    corners = [frame.place(x, y, across, across) for x, y in tiles for across in (0.0, 1.0)]
    assert min(x for x, _ in corners) <= 0.01
    assert max(x for x, _ in corners) >= frame.width - 0.01
    assert min(y for _, y in corners) <= 0.01
    assert max(y for _, y in corners) >= frame.height - 0.01


def test_a_measure_is_even_between_its_stops() -> None:
    stops = ((10.0, 1.0), (14.0, 5.0), (16.0, 15.0))
    assert [rules.between(zoom, *stops) for zoom in (9, 10, 12, 14, 15, 20)] == [1, 1, 3, 5, 10, 15]


names = some.lists(
    some.tuples(some.floats(0, 800), some.floats(0, 600), some.floats(20, 160), some.floats(10, 30)),
    max_size=60,
)


@given(names)
def test_no_name_lies_over_another_or_beyond_the_edge(
    wanted: list[tuple[float, float, float, float]],
) -> None:
    room = Room(800, 600)
    room.take(400, 300, 20)
    for x, y, width, height in wanted:
        room.claim(x, y, width, height)
    for box in room.taken[1:]:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= 800
        assert box[3] <= 600
    for one, other in combinations(room.taken, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_name_goes_to_the_side_of_a_mark() -> None:
    room = Room(800, 600)
    assert room.claim(400, 300, 60, 12) == (400, 300)
    aside = room.claim(400, 300, 60, 12)
    assert aside is not None
    assert aside != (400, 300)


def test_a_triangle_leaves_a_disc_readable() -> None:
    discs = [((100.0, 100.0), 20.0)]
    x, y = rules.beside((104.0, 98.0), discs)
    assert x > 104
    assert y < 98
    assert rules.beside((200.0, 100.0), discs) == (200.0, 100.0)

"""A map drawn as SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import shapely

from spatial.cartography import (
    Drawing,
    Label,
    Pen,
    Window,
    draw_graticule,
    draw_north,
    draw_scale_bar,
    place_labels,
    window_for,
)
from spatial.errors import DataError

SVG = "{http://www.w3.org/2000/svg}"
LEFT, RIGHT = shapely.box(0, 0, 460, 920), shapely.box(460, 0, 920, 920)


@pytest.fixture
def drawing() -> Drawing:
    """1 : 10,000, 100 × 100 mm, 4 mm of margin."""
    return Drawing(window_for((0, 0, 920, 920), 100, 100), font="Noto Sans")


def read(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.svg())


def paths(drawing: Drawing) -> list[str]:
    return [one.attrib["d"] for one in read(drawing).iter(f"{SVG}path")][1:]  # the first is the window


def test_an_area_lies_where_its_ground_lies(drawing: Drawing) -> None:
    drawing.areas([LEFT, None, shapely.Polygon()], Pen("#fff"))
    (path,) = paths(drawing)
    corners = {tuple(map(float, one.split())) for one in re.findall(r"[ML]([\d.]+ [\d.]+)", path)}
    assert corners == {(4, 4), (50, 4), (50, 96), (4, 96)} and path.endswith("Z")
    assert (read(drawing).attrib["width"], read(drawing).attrib["viewBox"]) == ("100mm", "0 0 100 100")


def test_holes_are_holes(drawing: Drawing) -> None:
    drawing.areas([shapely.Polygon(LEFT.exterior, [shapely.box(100, 100, 200, 200).exterior])], Pen("#fff"))
    assert paths(drawing)[0].count("M") == 2 and 'fill-rule="evenodd"' in drawing.svg()


def test_those_of_one_pen_are_one_path(drawing: Drawing) -> None:
    drawing.areas([LEFT, RIGHT, LEFT], [Pen("#111111"), Pen("#222222"), Pen("#111111")])
    assert [path.count("M") for path in paths(drawing)] == [2, 1]
    with pytest.raises(DataError, match="other_count"):
        drawing.areas([LEFT, RIGHT], [Pen("#111111")])


def test_a_border_of_two_is_drawn_once(drawing: Drawing) -> None:
    """Two rings of 92 + 2 x 46 + 92 mm share 92: seven sides instead of eight."""
    drawing.borders([LEFT, RIGHT], Pen(line="#000"))
    length = 0.0
    for way in re.findall(r"M[^M]*", paths(drawing)[0]):
        line = [tuple(map(float, one.split())) for one in re.findall(r"[\d.]+ [\d.]+", way)]
        length += shapely.LineString(line).length
    assert length == pytest.approx(4 * 46 + 3 * 92)


def test_a_coverage_made_coarser_stays_one() -> None:
    """A border with 400 small corners, half a metre high, is seen as a straight line in 1 : 20,000 by both sides."""
    wave = [(460 + (at % 2) * 0.5, at * 2.3) for at in range(401)]
    left = shapely.Polygon([(0, 0), *wave, (0, 920)])
    right = shapely.Polygon([(920, 0), *wave, (920, 920)])
    drawing = Drawing(window_for((0, 0, 920, 920), 100, 100, scale=20_000), font="Noto Sans")
    drawing.areas([left, right], [Pen("#111111"), Pen("#222222")], coverage=True)
    rings = [{*re.findall(r"[ML]([\d.]+ [\d.]+)", path)} for path in paths(drawing)]
    assert all(len(ring) < 20 for ring in rings) and len(rings[0] & rings[1]) >= 2
    whole = Drawing(drawing.window, font="Noto Sans")
    whole.areas([left, right], Pen("#111111"))
    assert len(whole.svg()) > 5 * len(drawing.svg())


def test_what_overlaps_is_drawn_as_it_is(drawing: Drawing) -> None:
    drawing.areas([LEFT, shapely.box(400, 0, 920, 920)], Pen("#fff"), coverage=True)
    assert paths(drawing)[0].count("M") == 2


def test_marks_and_what_they_take(drawing: Drawing) -> None:
    taken = drawing.marks([[460, 460], [9_000, 0]], Pen("#000"), sign="triangle", size_mm=4)
    assert [box.bounds for box in taken] == [(48, 48, 52, 52)]
    assert drawing.svg().count("translate(50 50) scale(4)") == 1
    for sign, size, code in (("star", 1.0, "not_one_of"), ("circle", 0.0, "not_positive")):
        with pytest.raises(DataError, match=code):
            drawing.marks([[0, 0]], Pen(), sign=sign, size_mm=size)


def test_points_are_no_areas_and_no_lines(drawing: Drawing) -> None:
    with pytest.raises(DataError, match="not_areas"):
        drawing.areas([LEFT, shapely.Point(1, 1)], Pen())
    with pytest.raises(DataError, match="not_lines"):
        drawing.lines([shapely.Point(1, 1)], Pen(line="#000"))


def test_words_are_text_and_nothing_else(drawing: Drawing) -> None:
    labels = [Label('<b>&"盘龙', 50, 50, 3)]
    placed, _ = place_labels(labels, 100, 100)
    drawing.words(labels, placed, "#000", halo="#fff")
    (text,) = read(drawing).iter(f"{SVG}text")
    assert text.text == labels[0].text and text.attrib["paint-order"] == "stroke"


def around(scale: float) -> Window:
    return window_for((399_000, 2_773_000, 401_000, 2_775_000), 100, 100, scale=scale)


def test_what_belongs_around_a_map() -> None:
    drawing = Drawing(around(25_000), font="Noto Sans")
    draw_graticule(drawing, 4543, ink="#345")
    width = draw_scale_bar(drawing, 5, 95, ink="#000", paper="#fff")
    draw_north(drawing, 94, 8, 4543, ink="#000", paper="#fff")
    said = [text.text or "" for text in read(drawing).iter(f"{SVG}text")]
    assert {"0", "1 km", "N"} <= set(said) and any(one.endswith("E") for one in said)
    assert any(one.endswith("N") and "°" in one for one in said) and 40 <= width < 45


def test_the_same_calls_give_the_same_bytes() -> None:
    def made() -> str:
        drawing = Drawing(around(20_000), font="Noto Sans")
        draw_graticule(drawing, 4543, ink="#345")
        drawing.areas([shapely.Point(400_000, 2_774_000).buffer(500)], Pen("#abc"))
        return drawing.svg()

    assert made() == made()

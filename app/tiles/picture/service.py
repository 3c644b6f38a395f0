"""Draws the map as SVG: ground, areas, names, marks. What is of which colour the page says, whose tokens know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree as Xml

from app.cube.rules import Mark
from app.cube.service import Answer
from app.cube.service.binning import EXTENT
from app.tiles.picture import rules
from app.tiles.picture.rules import Frame, Room
from app.tiles.service import marks

Record = Mapping[str, Any]

SVG = "http://www.w3.org/2000/svg"
BELOW = ("park", "reservoir", "river", "compound", "building", "street")
"""Kinds of ground, the lowest first; what is a point has its name alone."""

POINTED = {"landmark", "hill"}
SHAPES = {
    "overdue": [("path", {"d": "M0-9 9.5 7.5h-19Z"}), ("text", {"y": "5.5"})],
    "near": [("path", {"d": "M0-8.5 8.5 0 0 8.5-8.5 0Z"})],
    "paused": [("rect", {"x": "-7", "y": "-7", "width": "14", "height": "14", "rx": "2.5"})],
    "normal": [("circle", {"r": "5.6"})],
    "closed": [("circle", {"r": "5.6"})],
}
"""The marks of time: by shape and not by colour alone."""

TRIANGLE = "M0-12.5 14 11.5h-28Z"
AREA_WORD = re.compile(r"(社区| Community)$")
CELL_CODE = 15
"""A cell's whole code; its last three digits are what it is called within its community."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark and where it stands, in pixels; `one` is what is known of a case that stands alone."""

    late: bool
    count: int
    near: int
    closed: int
    one: Record | None
    place: tuple[float, float]

    @property
    def radius(self) -> float:
        """How far it reaches."""
        return (
            rules.SINGLE_PX if self.one else rules.LATE_PX if self.late else rules.cluster_radius(self.count)
        )


def draw(
    frame: Frame,
    areas: Iterable[Record],
    ground: Iterable[Record],
    answer: Answer | None,
    *,
    english: bool,
) -> bytes:
    """The map as an SVG document.

    Parameters
    ----------
    areas, ground
        As the store reads them.
    answer
        Whose cases are marked; None for none.
    """
    areas, ground = list(areas), list(ground)
    root = Xml.Element(
        "svg", xmlns=SVG, viewBox=f"0 0 {frame.width} {frame.height}", width=str(frame.width), height=str(frame.height)
    )  # fmt: skip
    land = _group(root, "d-land")
    for area in areas:
        if area["level"] == "district":
            _path(land, "d-district", area["path"])
    fills = _group(root, "d-cells")
    for area in areas:
        if area["level"] == "cell":
            _area(fills, area)
    _draw_ground(root, frame, ground)
    borders = _group(root, "d-borders")
    for area in reversed(areas):
        if area["level"] != "cell":
            _area(borders, area)
    standing = [] if answer is None else _marks(frame, answer)
    room = Room(frame.width, frame.height)
    for mark in standing:
        room.take(*mark.place, mark.radius)
    names = _group(root, "d-names")
    for kind, name, x, y in _names(frame, areas, ground, english=english):
        size = rules.name_size(kind, frame.zoom)
        place = room.claim(x, y, rules.name_width(name, size), size * 1.2)
        if place is not None:
            _write(names, f"d-name d-name-{kind}", name, place[0], place[1] + size * 0.36, size)
    _draw_marks(_group(root, "d-marks"), standing)
    return Xml.tostring(root, encoding="utf-8")


def _group(parent: Xml.Element, look: str) -> Xml.Element:
    return Xml.SubElement(parent, "g", {"class": look})


def _path(parent: Xml.Element, look: str, path: str, **more: str) -> None:
    Xml.SubElement(parent, "path", {"class": look, "d": path, **more})


def _write(parent: Xml.Element, look: str, words: str, x: float, y: float, size: float) -> None:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": str(size)}
    Xml.SubElement(parent, "text", {"class": look, **place}).text = words


def _area(parent: Xml.Element, area: Record) -> None:
    level = area["level"]
    told = {
        "data-area": str(area["id"]),
        "data-level": level,
        "data-code": area["code"],
        "data-name": area["name"],
    }
    if area["name_en"]:
        told["data-name-en"] = area["name_en"]
    _path(parent, f"d-{level}", area["path"], **told)


def _draw_ground(root: Xml.Element, frame: Frame, ground: list[Record]) -> None:
    for kind in BELOW:
        found = [one for one in ground if one["kind"] == kind and one["path"]]
        if not found:
            continue
        group = _group(root, f"d-{kind}s")
        for dimension, look in ((2, f"d-{kind} is-area"), (1, f"d-{kind}-casing"), (1, f"d-{kind}")):
            for one in found:
                if one["dimension"] != dimension or (look.endswith("casing") and kind != "street"):
                    continue
                width = rules.line_width(kind, one["class"], frame.zoom) if dimension == 1 else 0.0
                wider = 1.6 if look.endswith("casing") else 0.0
                more = {"stroke-width": f"{width + wider:.1f}"} if width else {}
                _path(group, look, one["path"], **more)


def _names(
    frame: Frame, areas: list[Record], ground: list[Record], *, english: bool
) -> Iterator[tuple[str, str, float, float]]:
    """Kind, name and middle of what could be named here, what matters most first."""
    for level in rules.NAMED:
        first, last = rules.NAMED[level]
        if first <= frame.zoom < last and level != "cell":
            yield from (
                (level, _called(area, english=english), area["x"], area["y"])
                for area in areas
                if area["level"] == level and area["x"] is not None
            )
    for kind, first in rules.GROUND_NAMED.items():
        if frame.zoom < first:
            continue
        seen: set[str] = set()
        for one in ground:
            if one["kind"] == kind and one["name"] and one["name"] not in seen and one["x"] is not None:
                seen.add(one["name"])
                yield kind, (english and one["name_en"]) or one["name"], one["x"], one["y"]
    first, last = rules.NAMED["cell"]
    if first <= frame.zoom < last:
        for area in areas:
            if area["level"] == "cell" and area["x"] is not None:
                yield "cell", _called(area, english=english), area["x"], area["y"]


def _called(area: Record, *, english: bool) -> str:
    """What an area is called on the map, where the word for its kind stands behind every one."""
    name = str((english and area["name_en"]) or area["name"])
    if area["level"] == "cell" and len(area["code"]) == CELL_CODE:
        return str(area["code"][-3:])
    return AREA_WORD.sub("", name) if area["level"] == "community" else name


def _marks(frame: Frame, answer: Answer) -> list[Standing]:
    """What stands for cases, what is drawn last at the end: the overdue, and of each kind the many."""
    bins = marks.bins_at(frame.level)
    found = []
    for x, y in frame.tiles():
        some = answer.tile(frame.level, x, y, bins)
        columns = (some.late, some.count, some.near, some.closed, some.x, some.y, some.position)
        for late, count, near, closed, across, down, position in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            place = frame.place(x, y, across / EXTENT, down / EXTENT)
            one = answer.at_position(position) if position >= 0 else None
            found.append(Standing(bool(late), count, near, closed, one, place))
    found.sort(key=lambda mark: (mark.late, mark.count))
    discs = [mark for mark in found if not mark.late]
    apart = [
        replace(mark, place=rules.beside(mark.place, ((disc.place, disc.radius) for disc in discs)))
        if mark.late
        else mark
        for mark in found
    ]
    return [
        mark
        for mark in apart
        if -mark.radius <= mark.place[0] <= frame.width + mark.radius
        and -mark.radius <= mark.place[1] <= frame.height + mark.radius
    ]


def _draw_marks(group: Xml.Element, standing: Iterable[Standing]) -> None:
    for mark in standing:
        told = {"data-count": str(mark.count)}
        if mark.one is not None:
            told |= {"data-case": str(mark.one["id"])}
        look = Mark(mark.one["mark"]).name.lower() if mark.one else "late" if mark.late else "several"
        place = f"translate({mark.place[0]:.1f} {mark.place[1]:.1f})"
        node = Xml.SubElement(group, "g", {"class": f"d-mark is-{look}", "transform": place, **told})
        if mark.one is not None:
            for tag, shape in SHAPES[look]:
                Xml.SubElement(node, tag, shape).text = "!" if tag == "text" else None
        elif mark.late:
            _path(node, "", TRIANGLE)
            _write(node, "", rules.written(mark.count), 0, 8.5, 9 if mark.count > 99 else 11.5)
        else:
            _disc(node, mark.count, mark.near, mark.closed)


def _disc(mark: Xml.Element, count: int, near: int, closed: int) -> None:
    """Several cases: the rim tells how many of them are nearly due, and have ended."""
    radius = rules.cluster_radius(count)
    Xml.SubElement(mark, "circle", {"r": f"{radius + 1.5}"})
    begin = 0.0
    for look, part in (("near", near), ("open", count - near - closed), ("closed", closed)):
        if part > 0:
            share = 100 * part / count
            ring = {"r": f"{radius - 1.5}", "pathLength": "100", "transform": "rotate(-90)"}
            dash = {"stroke-dasharray": f"{share:.2f} 100", "stroke-dashoffset": f"{-begin:.2f}"}
            Xml.SubElement(mark, "circle", {"class": f"d-rim is-{look}", **ring, **dash})
            begin += share
    _write(mark, "", rules.written(count), 0, 4.5, 12 if count < 6 else 13 if count < 40 else 14)

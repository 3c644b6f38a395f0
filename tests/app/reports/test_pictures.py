"""Maps and trends of reports."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from app.reports.rules.blocks import Series
from app.reports.rules.maps import Fill
from app.reports.rules.values import Kind, Value
from app.reports.service.charting import axis, chart
from app.reports.service.mapping import classes_of, draw, legend_words
from app.reports.service.palette import RAMP, colours, ramp
from tests.app.reports.sample import CELLS, CODES, MAP, NAMES, TREND

ZONE = "Asia/Shanghai"


def fill(*values: Value, kind: Kind = Kind.COUNT, **other: object) -> Fill:
    return Fill("x", kind, CODES, NAMES, values, CELLS, **other)  # type: ignore[arg-type]


def test_a_map_has_what_a_map_has() -> None:
    picture = draw(MAP, 170, 120, "Noto Sans", ZONE)
    said = [
        text.text for text in ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert {"东社区", "西社区", "N", "0"} <= set(said) and any(text and text.endswith(" m") for text in said)
    assert [(key.title, [sign.shown for sign in key.signs]) for key in picture.legend] == [
        ("在办案件", ["1", "> 1 – 5", "> 5 – 9", "无数据"]),
        ("", ["超期"]),
        ("", ["社区"]),
    ]
    assert picture.legend[0].note == "分位数分级 · 图上数字为编码末 4 位"
    assert picture.scale in {20_000, 25_000} and picture == draw(MAP, 170, 120, "Noto Sans", ZONE)


def test_a_cell_without_a_number_looks_like_none() -> None:
    """Hatched on grey, and in no class: not the lightest of the ramp, which means few."""
    svg = draw(MAP, 170, 120, "Noto Sans", ZONE).svg
    assert svg.count(f'fill="{colours()["map-out"]}"') == 1
    empty = replace(MAP, layers=(fill(None, None, None, None),))
    (key,) = draw(empty, 170, 120, "Noto Sans", ZONE, "en").legend
    assert [sign.shown for sign in key.signs] == ["No data"]


def test_the_legend_says_the_ends_of_its_classes() -> None:
    shares = fill(Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1), kind=Kind.SHARE, classes=2)
    classes = classes_of(shares)
    assert classes is not None
    assert legend_words(classes, Kind.SHARE, ZONE) == [
        "25.00\u2009% – 50.00\u2009%",
        "> 50.00\u2009% – 100.00\u2009%",
    ]


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("count", range(1, len(RAMP) + 1))
def test_the_ramp_is_read_in_grey(count: int) -> None:
    greys = [lightness(colour) for colour in ramp(count)]
    assert all(later < earlier - 0.05 for earlier, later in pairwise(greys))
    assert len(greys) == count


def test_a_gap_is_no_line() -> None:
    """Of three months the middle one is missing: two runs of one point, and one of three."""
    svg = chart(TREND, 170, 55, "Noto Sans", ZONE)
    lines = re.findall(r'<path d="(M[^"]*)" fill="none"', svg)
    assert [line.count("L") for line in lines] == [0, 0, 0, 2, 0]  # the last of each series is its key


@pytest.mark.parametrize(
    ("values", "kind", "step", "top"),
    [
        ((3, 7), Kind.COUNT, 2, 8),
        ((1,), Kind.COUNT, 1, 1),
        ((0, None), Kind.COUNT, 1, 4),
        ((), Kind.COUNT, 1, 4),
        ((1_234,), Kind.COUNT, 500, 1_500),
        ((Fraction(9, 10), Fraction(1, 50)), Kind.SHARE, Fraction(1, 4), 1),
        ((Fraction(7, 10),), Kind.HOURS, Fraction(1, 5), Fraction(4, 5)),
    ],
)
def test_an_axis_is_round_and_begins_at_nought(
    values: tuple[Value, ...], kind: Kind, step: Fraction, top: Fraction
) -> None:
    assert axis(values, kind) == (step, top)


def test_every_label_that_there_is_room_for() -> None:
    many = replace(
        TREND, labels=tuple(f"{at}月" for at in range(24)), series=(Series("a", "上报", tuple(range(24))),)
    )
    said = re.findall(r">(\d+月)<", chart(many, 170, 55, "Noto Sans", ZONE))
    assert said == [f"{at}月" for at in range(0, 24, 3)]

"""What maps of many things need: larger windows, merged marks, long names."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely

from app.reports.rules.maps import Borders, Fill, Map, Marks
from app.reports.rules.values import Kind
from app.reports.service.formats.captions import credit
from app.reports.service.insets import CORNERS, with_inset
from app.reports.service.mapping import Picture, draw, height_for
from spatial.cartography import window_for
from tests.app.reports.sample import CELLS, MAP, report

SVG = "{http://www.w3.org/2000/svg}"
SOUTH = (102.700, 25.000, 102.704, 25.004)


def drawn(one: Map) -> Picture:
    return draw(one, 174, 172, "Noto Sans", "Asia/Shanghai")


def words(picture: Picture) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]


def marks(count: int, late: bool = True) -> Marks:
    at = np.random.default_rng(5).uniform((102.7, 25.0), (102.72, 25.02), (count, 2))
    return Marks("超期", tuple(map(tuple, at.tolist())), tuple(map(str, range(count))), "triangle", late)


def test_a_part_is_drawn_again_larger_and_the_scales_are_said() -> None:
    picture = drawn(replace(MAP, inset=SOUTH))
    assert picture.inset_scale is not None and picture.inset_scale < picture.scale
    assert "局部放大" in words(picture)
    said = credit(MAP, report(), picture)
    assert f"1 : {picture.scale:,.0f}（放大部分 1 : {picture.inset_scale:,.0f}）" in said
    assert "EPSG:4543" in said and "中央经线 102°" in said and "截至 2026-10-01 00:00" in said
    assert picture.svg.count('clipPath id="window-1"') == 1


def test_a_part_that_would_hardly_be_larger_is_not_drawn_again() -> None:
    assert drawn(replace(MAP, inset=MAP.shown)).inset_scale is None


@pytest.mark.parametrize("ground", [(0, 0, 10_000, 30_000), (0, 0, 30_000, 10_000), (0, 0, 20_000, 20_000)])
@pytest.mark.parametrize("at", [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)])
def test_a_larger_window_never_hides_what_it_enlarges(
    ground: tuple[int, int, int, int], at: tuple[float, float]
) -> None:
    _, _, east, north = ground
    west, south = at[0] * (east - 2_000), at[1] * (north - 2_000)
    part = (west, south, west + 2_000, south + 2_000)
    window = window_for(ground, 174, 172)
    moved, inset = with_inset(window, ground, part, np.array([shapely.box(*ground)]))
    assert inset is not None and inset.corner in CORNERS and moved.scale == window.scale
    left, bottom = moved.on_paper([part[:2]])[0]
    right, top = moved.on_paper([part[2:]])[0]
    assert not shapely.box(left, top, right, bottom).intersects(inset.box)
    assert shapely.box(0, 0, 174, 172).contains(inset.box.buffer(-2.01))
    shown = shapely.box(*moved.bounds)
    assert shown.contains(shapely.box(*ground)) and shapely.box(*inset.window.bounds).contains(
        shapely.box(*part)
    )


def test_few_marks_are_signs_and_many_are_circles_that_add_up() -> None:
    few, many = replace(MAP, layers=(marks(40),)), replace(MAP, layers=(marks(20_000),))
    assert drawn(few).svg.count("scale(2.6)") == 40 and "<circle" not in drawn(few).svg
    picture = drawn(many)
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', picture.svg)
    assert "scale(2.6)" not in picture.svg and 300 < len(circles) < 700
    at = np.array(circles, dtype=float)
    most = max(int(one) for one in words(picture) if one.isdigit())
    assert (most * (at[:, 2] / at[:, 2].max()) ** 2).sum() == pytest.approx(20_000, rel=0.01)
    assert all(
        np.hypot(*(one - other)[:2]) >= one[2] + other[2] - 0.05 for one, other in combinations(at[:200], 2)
    )


def test_circles_of_what_is_enlarged_are_drawn_in_the_larger_window_only() -> None:
    picture = drawn(replace(MAP, layers=(marks(20_000),), inset=SOUTH))
    said = picture.legend[0].note
    assert "共 20,000 处" in said and "方框内的只画在放大图中" in said
    assert [int(sign.shown.replace(",", "")) for sign in picture.legend[0].signs] == sorted(
        int(sign.shown.replace(",", "")) for sign in picture.legend[0].signs
    )


def test_long_names_are_broken_and_cut_and_those_without_room_are_counted() -> None:
    name = "特别长的社区居民委员会名字" * 5
    picture = drawn(replace(MAP, layers=(Borders("社区", "community", (name,), (CELLS[0],)),)))
    found = [one for one in words(picture) if (one and one in name) or one.endswith("…")]
    assert len(found) == 2 and all(len(one) <= 9 for one in found) and found[1].endswith("…")
    crowd = tuple(shapely.box(102.7 + at * 1e-4, 25.0, 102.7001 + at * 1e-4, 25.0001) for at in range(60))
    layer = Borders("庭院", "courtyard", tuple(f"庭院{at}" for at in range(60)), crowd)
    assert 0 < drawn(replace(MAP, layers=(layer,))).unnamed < 60


def test_codes_are_written_where_there_are_few_areas_and_no_names_of_them() -> None:
    codes = tuple(f"53010300100100{at}" for at in range(4))
    few = Fill("x", Kind.COUNT, codes, codes, (1, 2, 3, 4), CELLS)
    assert set(words(drawn(replace(MAP, layers=(few,))))) >= {code[-3:] for code in codes}
    named = Borders("网格", "cell", codes, CELLS)
    assert codes[0][-3:] not in words(drawn(replace(MAP, layers=(few, named))))


def test_a_map_is_as_high_as_its_ground_wants() -> None:
    flat = replace(MAP, shown=(102.70, 25.00, 102.80, 25.02))
    assert height_for(flat, 174, 172) == 86 and height_for(replace(flat, inset=SOUTH), 174, 172) == 172
    assert height_for(replace(MAP, shown=(102.70, 25.00, 102.71, 25.2)), 174, 172) == 172

"""Reports as a page of their own."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import re
from dataclasses import replace
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.reports.rules.blocks import Photo, Photos, Words
from app.reports.rules.document import Section, Style
from app.reports.rules.formats import Format
from app.reports.rules.maps import Fill, Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.formats import writer
from app.reports.service.formats.page import page
from app.reports.service.formats.page_tables import exact
from app.reports.service.keeping import digest
from app.reports.service.mapping import classes_of, legend_words
from app.reports.service.palette import steps
from spatial.errors import SourceError
from tests.app.reports.parsed import columns_of_page, numbers_of_page, totals_of_page
from tests.app.reports.sample import (
    CELLS,
    CODE,
    CODES,
    FACTS,
    FIGURES,
    MAP,
    NAMES,
    PHOTOS,
    PIXEL,
    SIGNATURES,
    TABLE,
    TREND,
    report,
)

EVERY = (FIGURES, Words("w", "一段。"), MAP, TREND, TABLE, FACTS, CODE, PHOTOS, SIGNATURES)


@pytest.fixture(scope="module")
def whole() -> str:
    return page(report(*EVERY, *report().sections[0].blocks[-1:]))


def body(html: str) -> str:
    """Its elements, without its styles and scripts."""
    return re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)


def text(html: str) -> str:
    """What is read on it."""
    return unescape(re.sub(r"<[^>]+>", "", body(html))).replace("\u2009", " ")


def test_everything_that_is_said_is_read_in_order(whole: str) -> None:
    said = [
        "模拟数据", "东街道 2026 年第 3 季度网格治理报告", "报区指挥中心", "2026-07-01", "1,102 / 1,203", "一段。",
        "> 1 – 5", "超期", "EPSG:4543", "7 月", "66.67 %", "合计", "91.60 %", "井盖破损。", "扫码报事", "处置后",
        "批准人", "热点没有做成", "超期未办计入分母。", digest(report(*EVERY, *report().sections[0].blocks[-1:])),
    ]  # fmt: skip
    seen, at = text(whole), 0
    for one in said:
        at = seen.index(one, at)


def test_numbers_are_read_back_to_the_last_digit(whole: str) -> None:
    assert numbers_of_page(whole) == {
        "on_time": [
            ["东一网格", 3, 2, Fraction(2, 3), Fraction(10, 3)],
            ["东二网格", 0, 0, None, None],
            ["西一网格", 1_200, 1_100, Fraction(11, 12), Fraction(1)],
        ]
    }
    assert totals_of_page(whole) == {
        "on_time": ["合计", 1_203, 1_102, Fraction(1_102, 1_203), Fraction(4_356_000, 1_203 * 3_600)]
    }
    assert columns_of_page(whole)["on_time"] == ["name", "due", "in_time", "rate", "hours"]
    assert 'data-figure="rate" data-kind="share" data-value="1102/1203"' in whole
    assert exact(None) == "" and exact("x") is None


def test_late_is_said_without_colour(whole: str) -> None:
    assert '▲ </span>66.67\u2009%<span class="heard"> （超期或不达标）' in whole
    assert len(re.findall(r"▲ </span>", whole)) == 3  # a cell, a figure and a fact


def test_the_same_report_is_the_same_bytes_and_another_is_not() -> None:
    assert page(report(*EVERY)) == page(report(*EVERY))
    assert page(report(TABLE)) != page(report(*EVERY))


def test_nothing_in_it_is_asked_for(whole: str) -> None:
    """No address to load from; a policy that would forbid it, with the digest of each style and script."""
    assert not re.findall(r"""<(?:script|img|iframe|source)[^>]+src=(?!"data:)""", whole)
    assert re.findall(r'<link[^>]+href="([^"]*)"', whole) == ["data:,"]
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', whole)[1])  # type: ignore[index]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    inside = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", whole, re.DOTALL)
    assert len(inside) == 7
    for one in inside:
        assert base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() in policy
    assert not re.search(r'\sstyle="|\son\w+="', body(whole))


def test_words_are_never_markup() -> None:
    bad = "</script><img src=x onerror=alert(1)>\"'&"
    marks = Marks(bad, ((102.705, 25.005),), (bad,))
    fill = Fill(bad, Kind.COUNT, CODES, (bad, *NAMES[1:]), (1, 2, 3, 4), CELLS)
    found = page(
        report(
            Words("w", bad, title=bad),
            replace(MAP, title=bad, layers=(fill, marks)),
            replace(TABLE, title=bad),
        )
    )
    assert "<img" not in found
    assert text(found).count(bad) >= 5
    assert len(re.findall(r"<script>", found)) == len(re.findall(r"</script>", found)) == 6


def test_classes_and_their_words_are_those_on_paper(whole: str) -> None:
    fill = MAP.layers[0]
    assert isinstance(fill, Fill)
    classes = classes_of(fill)
    assert classes is not None
    words = legend_words(classes, fill.kind, "Asia/Shanghai")
    rows = re.findall(r'<i class="swatch fill-([\w-]+)"></i>([^<]+)</li>', whole)
    assert [(kind, unescape(said)) for kind, said in rows] == [
        *zip(steps(len(words)), words, strict=True),
        ("none", "没有数据（1）"),
    ]
    assert '"kinds":["fill-ramp-1","fill-ramp-3","fill-none","fill-ramp-5"],"kind":[0,1,2,3]' in whole
    assert "在办案件 分位数分级" in text(whole)
    shares = replace(fill, kind=Kind.SHARE, values=tuple(Fraction(at, 4) for at in range(4)))
    assert "单位：% · 分位数分级" in text(page(report(replace(MAP, layers=(shares,)))))


def test_a_map_can_be_read_where_it_is_not_seen(whole: str) -> None:
    table = re.search(r'<table data-map="open-0">.*?</table>', whole, re.DOTALL)
    assert table is not None
    assert re.findall(r'data-value="(\d*)"', table[0]) == ["1", "5", "", "9"]
    assert all(name in table[0] for name in (*NAMES, *CODES))


def test_what_is_late_is_no_circle() -> None:
    late = Marks("超期", ((102.705, 25.005),), ("PL-1",), late=True)
    found = page(report(replace(MAP, layers=(late,))))
    assert '"kind":"late triangle"' in found and 'class="mark late triangle"' in found


def test_several_maps_share_scripts_and_shapes() -> None:
    one, three = (page(report(*(replace(MAP, code=f"m{no}") for no in range(count)))) for count in (1, 3))
    assert one.count("Vladimir Agafonkin") == three.count("Vladimir Agafonkin") == 1
    assert len(three) - len(one) < 2 * 9_000
    assert [f'id="map_{no}"' in three for no in (1, 2, 3, 4)] == [True, True, True, False]


def test_a_page_without_maps_has_no_scripts_of_maps() -> None:
    assert "leaflet" not in page(report(TABLE)) and len(page(report(TABLE))) < 40_000


def test_of_many_rows_so_many_are_written_and_the_rest_is_told() -> None:
    long = replace(TABLE, rows=tuple(("长" * 60, at, at, None, 0, None) for at in range(10_000)), printed=300)
    found = page(report(long))
    assert [row[1] for row in numbers_of_page(found)["on_time"]] == list(range(300))
    assert "共 10,000 行" in found and "另有 9,700 行，见同一报告的工作簿（XLSX）。" in found
    assert totals_of_page(found)["on_time"][1] == sum(range(10_000))


def test_a_row_is_called_by_its_name_and_not_by_its_rank() -> None:
    ranked = Table(
        "r", "", (Column("rank", "名次", Kind.COUNT), Column("name", "区域")), ((1, "东"), (2, "西"))
    )
    found = page(report(ranked))
    assert numbers_of_page(found) == {"r": [[1, "东"], [2, "西"]]}
    assert re.findall(r'<th scope="row">(.)</th>', found) == ["东", "西"]


def test_a_cell_without_cases_and_a_map_without_numbers() -> None:
    empty = Fill("在办", Kind.COUNT, CODES, NAMES, (None,) * 4, CELLS)
    found = page(report(replace(TABLE, rows=()), replace(MAP, layers=(empty, Marks("x", (), ())))))
    assert numbers_of_page(found) == {"on_time": []} and "没有数据（4）" in found


def test_tables_of_one_code_are_told_apart_by_their_section() -> None:
    other = replace(TABLE, rows=TABLE.rows[:1])
    found = page(report(sections=(Section("a", "甲", (TABLE,)), Section("b", "乙", (other,)))))
    assert (
        len(numbers_of_page(found, "a")["on_time"]) == 3 and len(numbers_of_page(found, "b")["on_time"]) == 1
    )
    with pytest.raises(AssertionError, match="on_time stands twice"):
        numbers_of_page(found)
    ids = re.findall(r'\sid="([^"]+)"', found)
    assert len(ids) == len(set(ids))


def test_it_can_be_heard_and_walked_through(whole: str) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", whole)]
    assert levels[0] == 1 and levels.count(1) == 1 and max(levels) == 3
    assert '<html lang="zh-CN">' in whole and '<a class="skip" href="#content">' in whole
    for table in re.findall(r"<table.*?</table>", whole, re.DOTALL):
        assert "<caption" in table and 'scope="col"' in table and 'scope="row"' in table
    ids, seen = set(re.findall(r'\sid="([^"]+)"', whole)), body(whole)
    assert set(re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', seen)) <= ids


def test_english_has_no_chinese_of_ours() -> None:
    found = page(report(TABLE, locale="en"))
    assert '<html lang="en">' in found
    assert all(word in found for word in ("Contents", "3 rows", "Total", "Skip to the report"))


def test_pictures_are_inside_and_one_that_is_none_is_told() -> None:
    jpeg = io.BytesIO()
    Image.new("RGB", (2, 2)).save(jpeg, "jpeg")
    pictures = (Photo(PIXEL, "甲"), Photo(jpeg.getvalue(), "乙"), Photo(PIXEL[:50], "丙"))
    found = page(report(Photos("p", pictures)))
    kinds = re.findall(r'<img src="data:image/(\w+);base64,([^"]+)" alt="(.)"', found)
    assert [(kind, base64.b64decode(data), alt) for kind, data, alt in kinds] == [
        ("png", PIXEL, "甲"),
        ("jpeg", jpeg.getvalue(), "乙"),
    ]
    assert "丙 （照片无法读取）" in text(found)


def test_it_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert writer(Format.HTML)(report(TABLE), tmp_path, "r") == (tmp_path / "r.html",)
    before = (tmp_path / "r.html").read_bytes()
    assert before.decode() == page(report(TABLE))

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SourceError, match="write_failed"):
        writer(Format.HTML)(report(*EVERY), tmp_path, "r")
    assert [one.name for one in tmp_path.iterdir()] == ["r.html"]
    assert (tmp_path / "r.html").read_bytes() == before


def test_map_without_layers_stands() -> None:
    assert 'id="map_1"' in page(report(Map("m", "", MAP.shown, 4543, ())))


def test_a_form_of_one_page_has_no_table_of_contents() -> None:
    assert "<nav" in page(report(FACTS)) and "<nav" not in page(report(FACTS, style=Style.FORM))

"""A report about a town of four cells, with one block of each kind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import shapely

from app.reports.rules.blocks import (
    Block,
    Code,
    Fact,
    Facts,
    Failed,
    Figure,
    Figures,
    Photo,
    Photos,
    Series,
    Signatures,
    Trend,
    Words,
)
from app.reports.rules.document import Provenance, Report, Section
from app.reports.rules.maps import Borders, Fill, Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind

CELLS = tuple(
    shapely.box(102.70 + x * 0.01, 25.00 + y * 0.01, 102.71 + x * 0.01, 25.01 + y * 0.01)
    for x in (0, 1)
    for y in (0, 1)
)
NAMES = ("东一网格", "东二网格", "西一网格", "西二网格")
CODES = ("530103001001001", "530103001001002", "530103001002001", "530103001002002")

COLUMNS = (
    Column("name", "网格"),
    Column("due", "应处置", Kind.COUNT, total=True),
    Column("in_time", "按期处置", Kind.COUNT, total=True),
    Column("rate", "按期处置率", Kind.SHARE, of=("in_time", "due")),
    Column("seconds", "用时（秒）", Kind.COUNT, total=True, hidden=True),
    Column("hours", "平均用时（时）", Kind.HOURS, of=("seconds", "due"), per=3_600),
)


def row(name: str, due: int, in_time: int, seconds: int) -> tuple[Any, ...]:
    return (
        name,
        due,
        in_time,
        Fraction(in_time, due) if due else None,
        seconds,
        Fraction(seconds, due * 3_600) if due else None,
    )


TABLE = Table(
    "on_time",
    "按期处置",
    COLUMNS,
    (row("东一网格", 3, 2, 36_000), row("东二网格", 0, 0, 0), row("西一网格", 1_200, 1_100, 4_320_000)),
    note="按期处置率 = 按期处置 ÷ 应处置。",
    late=frozenset({(0, "rate")}),
)
MAP = Map(
    "open",
    "在办案件",
    (102.70, 25.00, 102.72, 25.02),
    4543,
    (
        Fill("在办案件", Kind.COUNT, CODES, NAMES, (1, 5, None, 9), CELLS, classes=3),
        Marks("超期", ((102.705, 25.005), (102.712, 25.013)), ("PL-1", "PL-2"), "triangle", late=True),
        Borders("社区", "community", ("东社区", "西社区"), (CELLS[0] | CELLS[1], CELLS[2] | CELLS[3])),
    ),
)
TREND = Trend(
    "months",
    "按月",
    Kind.COUNT,
    ("7 月", "8 月", "9 月"),
    (Series("reported", "上报", (120, None, 90)), Series("closed", "结案", (100, 110, 95))),
)
FIGURES = Figures(
    "first",
    (
        Figure("reported", "上报", 1_234, beside="比上季 +5.1 %"),
        Figure("rate", "按期处置率", Fraction(1_102, 1_203), Kind.SHARE, "1,102 / 1,203"),
        Figure("late", "超期未办", 31, late=True),
        Figure("satisfied", "满意率", None, Kind.SHARE),
    ),
)

FACTS = Facts(
    "case",
    (
        Fact("number", "案件编号", "PL-1", Kind.CODE),
        Fact("due", "处置期限", datetime(2026, 9, 30, 9, tzinfo=UTC), Kind.INSTANT, late=True),
        Fact("text", "问题描述", "井盖破损。", wide=True),
    ),
)
SIGNATURES = Signatures("signed", ("承办单位（盖章）", "批准人"))
CODE = Code("report", "https://panlong.example/r/530103001001001", "扫码报事")
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDAT"
    b"x\x9ccH\xfa\xc3\x0f\x00\x031\x01n\x02h\x0e\xec\x00\x00\x00\x00IEND\xaeB`\x82"
)
PHOTOS = Photos("photos", (Photo(PIXEL, "处置前"), Photo(PIXEL, "处置后")))


def report(*blocks: Block, **other: Any) -> Report:
    """A report with these blocks, by default one of each kind."""
    said = blocks or (
        FIGURES,
        Words("summary", "本季度上报 1,234 件。#let x = 1 *不是* $标记$ 。"),
        MAP,
        TREND,
        TABLE,
        Failed("hot", "热点没有做成：网格不足 30 个。", title="热点"),
    )
    given: dict[str, Any] = {
        "kind": "quarterly",
        "title": "东街道 2026 年第 3 季度网格治理报告",
        "subtitle": "报区指挥中心",
        "issuer": "盘龙一张图",
        "scope": "530103001",
        "since_on": date(2026, 7, 1),
        "until_on": date(2026, 9, 30),
        "locale": "zh_CN",
        "sections": (Section("all", "一、总体情况", said),),
        "provenance": Provenance(
            datetime(2026, 9, 30, 16, tzinfo=UTC),
            "Asia/Shanghai",
            "季报",
            3,
            {"cases": 1_234, "moves": 9_876},
            ("超期未办计入分母。",),
            True,
        ),
    }
    return Report(**{**given, **other})

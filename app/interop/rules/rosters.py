"""How people write a roster down: names of columns, days, times of day, duties, numbers; and what overlaps."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from typing import Generic, TypeVar

from app.staffing.rules import Duty
from app.writing import plain

Names = Mapping[str, tuple[str, ...]]

STAFF_FIELDS: Names = {
    "code": ("code", "工号", "人员编号", "人员编码", "staff_code"),
    "name": ("name", "姓名"),
    "phone": ("phone", "电话", "联系电话", "手机", "手机号", "手机号码", "mobile", "tel"),
    "cell": ("cell", "网格编码", "网格编号", "单元网格编码", "单元网格", "网格", "cell_code"),
    "duty": ("duty", "职责", "人员类别", "身份"),
    "place": ("place", "楼栋或庭院", "楼栋", "庭院", "楼栋/庭院", "building_or_courtyard"),
    "from": ("from", "起", "起始日期", "开始日期", "自", "from_on"),
    "until": ("until", "至", "止", "截止日期", "结束日期", "last_day"),
}
STAFF_REQUIRED = ("code", "name", "cell", "duty")

SHIFT_FIELDS: Names = {
    "unit": ("unit", "单位", "值班单位", "单位编码", "单位名称"),
    "code": ("code", "工号", "人员编号", "人员编码", "staff_code"),
    "date": ("date", "日期", "值班日期"),
    "start": ("start", "起", "开始时间", "上班时间"),
    "end": ("end", "止", "至", "结束时间", "下班时间"),
    "leads": ("leads", "带班", "是否带班"),
    "end_date": ("end_date", "止日期", "结束日期"),
}
SHIFT_REQUIRED = ("unit", "code", "date", "start", "end")

DUTY_WORDS: Mapping[Duty, tuple[str, ...]] = {
    Duty.GRID_OFFICER: ("网格员", "专职网格员"),
    Duty.SUPERVISOR: ("监督员",),
    Duty.INSPECTOR: ("巡查员",),
    Duty.LAW_ENFORCEMENT: ("执法", "执法人员", "执法队员"),
    Duty.DEPARTMENT: ("部门", "部门人员"),
    Duty.VOLUNTEER: ("志愿者",),
    Duty.COURTYARD_HEAD: ("庭院长",),
    Duty.BUILDING_HEAD: ("楼栋长(户长)", "楼栋长", "户长"),
    Duty.SECURITY_TEAM: ("群防队员", "群防队"),
}
"""What people write for each duty, the word that we show first."""

_DUTIES = {word: duty for duty, words in DUTY_WORDS.items() for word in (*words, duty.value)}

_CELL = re.compile(r"\d{15}", re.ASCII)


def read_duty(raw: str) -> Duty:
    """A duty by one of its Chinese words or by its code.

    Raises
    ------
    ValueError
        There is none of that name.
    """
    found = _DUTIES.get(plain(raw).casefold())
    if found is None:
        raise ValueError(raw)
    return found


def read_cell(raw: str) -> str:
    """The 15 digits of a cell's code.

    Raises
    ------
    ValueError
        It is no such code; often a workbook has made a number such as 5.3E+14 of it.
    """
    code = plain(raw)
    if _CELL.fullmatch(code) is None:
        raise ValueError(raw)
    return code


T = TypeVar("T")


class Calendar(Generic[T]):
    """Spans of days or of instants, no two of which overlap, each with what it belongs to. Ends are exclusive.

    Notes
    -----
    Spans that do not overlap end in the order in which they begin, so the last that begins before another one's end is
    the only one that has to be looked at: O(log n) a question.
    """

    def __init__(self) -> None:
        self._begins: list[date] = []
        self._spans: list[tuple[date, T]] = []

    def meets(self, begin: date, end: date) -> T | None:
        """What a span would overlap; None where it is free."""
        at = bisect_left(self._begins, end)
        if at and self._spans[at - 1][0] > begin:
            return self._spans[at - 1][1]
        return None

    def add(self, begin: date, end: date, what: T) -> None:
        """Take a span, unless it is taken."""
        if self.meets(begin, end) is None:
            at = bisect_left(self._begins, begin)
            self._begins.insert(at, begin)
            self._spans.insert(at, (end, what))

"""What the columns of ownership and routing rules are called, and what their words mean in a district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row

from app.cases.rules.grounds import Scope
from app.cases.rules.routing import LADDERS
from app.cases.rules.validity import Held
from app.cases.service import reference
from app.cases.store import routing_data
from app.interop.rules import Names
from app.interop.service.staff.rows import Reading
from app.writing import plain, read_day

DAY = timedelta(days=1)
DAYS: Names = {
    "from": ("from", "valid_from_on", "起", "起始日期", "开始日期", "自"),
    "until": ("until", "至", "止", "截止日期", "结束日期", "last_day"),
    "to": ("valid_to_on", "to"),
}
ROUTE_FIELDS: Names = {
    "kind": ("kind", "种类", "类别", "小类", "category"),
    "area": ("area", "区域", "区域编码", "网格编码", "社区编码", "街道编码", "area_code"),
    "unit": ("unit", "单位", "派往单位", "责任单位", "unit_code"),
    "note": ("note", "备注", "说明"),
    **DAYS,
}
ROUTE_REQUIRED = ("kind", "area", "unit")
OWNERSHIP_FIELDS: Names = {
    "code": ("code", "编号", "编码", "区段编号", "id"),
    "name": ("name", "名称", "区段名称", "路段"),
    "kind": ("kind", "种类", "类别", "设施种类", "category"),
    "unit": ("unit", "单位", "管养单位", "权属单位", "责任单位", "unit_code"),
    "tolerance": ("tolerance_m", "tolerance", "容差", "容差米", "范围米"),
    "wkt": ("wkt", "geometry", "geom", "几何"),
    **DAYS,
}
OWNERSHIP_REQUIRED = ("code", "name", "unit")
LONGEST_CODE, LONGEST_NAME, LONGEST_NOTE = 60, 120, 200


@dataclass(frozen=True, slots=True)
class Kind:
    """For which cases something holds, by the columns of the store; none of them: for whatever is there."""

    category_id: int | None = None
    major: str | None = None
    line: str | None = None

    @property
    def scope(self) -> Scope:
        """How specific it is."""
        found = ((self.category_id, Scope.CATEGORY), (self.major, Scope.MAJOR), (self.line, Scope.LINE))
        return next((scope for value, scope in found if value is not None), Scope.ANYTHING)


@dataclass(frozen=True, slots=True)
class Span:
    """From which day until which, the first on which it holds no more; without a first day: from today."""

    since: date | None
    until: date | None


T = TypeVar("T")


class Named(Generic[T]):
    """Values by the words that stand for them, whatever their case and width; a word may stand for several."""

    def __init__(self, rows: Iterable[tuple[T, Iterable[str | None]]]) -> None:
        self._found: dict[str, list[T]] = defaultdict(list)
        for value, words in rows:
            for word in {plain(word).casefold() for word in words if word}:
                self._found[word].append(value)

    def find(self, line: Reading, name: str, unknown: str, several: str) -> T | None:
        """What a line's word stands for; None, and a fault, where that is nothing or more than one thing."""
        raw = line.text(name, LONGEST_NAME, needed=True)
        if raw is None:
            return None
        found = self._found.get(plain(raw).casefold(), [])
        if len(found) != 1:
            line.wrong(several if found else unknown, name)
            return None
        return found[0]


class Words:
    """What codes and names mean in a district: kinds of things, areas, units."""

    def __init__(self, connection: Connection, district: Row[Any]) -> None:
        self.kinds: dict[str, Kind] = {}
        for line in routing_data.lines(connection, district.id):
            self._kind(Kind(line=line.code), line.name, line.code)
        for major in routing_data.majors(connection, district.id):
            self._kind(Kind(major=major.code), major.name, major.code)
        for found in routing_data.categories(connection, district.id):
            self._kind(Kind(category_id=found.id), found.name, found.code)
        areas = routing_data.areas(connection, district.id)
        self.areas = Named((area.no, (area.code, area.name)) for area in areas)
        units = routing_data.units(connection, district.id)
        self.unit_ids: Mapping[str, int] = {unit.code: unit.id for unit in units}
        names = [(u.code, (u.code, u.name, u.full_name, u.name_en)) for u in units]
        for_each = [row for row in reference("units") if row["code"] in LADDERS]
        self.units = Named([*names, *((row["code"], (row["code"], row["name"])) for row in for_each)])

    def _kind(self, kind: Kind, *words: str) -> None:
        for word in words:
            self.kinds[plain(word).casefold()] = kind

    def unit(self, line: Reading) -> str | None:
        """Code of the unit that a line names, or the name that each area has its own unit for."""
        return self.units.find(line, "unit", "routing_unit_unknown", "routing_unit_ambiguous")

    def kind(self, line: Reading, *, needed: bool) -> Kind:
        """The kind of things of a line; where it says none, or a wrong one, whatever is there."""
        raw = line.text("kind", LONGEST_NAME, needed=needed)
        if raw is None:
            return Kind()
        found = self.kinds.get(plain(raw).casefold())
        if found is None:
            line.wrong("kind_unknown", "kind")
        return found or Kind()


def read_span(line: Reading) -> Span:
    """When a line holds: `until` is its last day, as people write it, `valid_to_on` the day after."""
    since = line.value("from", read_day, "day_invalid")
    last = line.value("until", read_day, "day_invalid")
    until = last + DAY if last is not None else line.value("to", read_day, "day_invalid")
    if since is not None and until is not None and until <= since:
        line.wrong("until_before_from", "until" if last is not None else "to", begin=since)
    return Span(since, until)


def met(spans: Iterable[tuple[int, Span]], span: Span, today: date) -> int | None:
    """The row of the first of some spans with which another has a day in common."""
    for row, other in spans:
        begin = max(one.since or today for one in (span, other))
        end = min(one.until or date.max for one in (span, other))
        if begin < end:
            return row
    return None


def from_today(line: Reading, span: Span, held: Iterable[Held], today: date) -> Span:
    """When a line holds that leaves the past as it was: what has held for long is followed from today."""
    end = "until" if line.values.get("until") else "to"
    if span.until is not None and span.until <= today:
        line.wrong("reference_in_the_past", end)
    if span.since is None or span.since >= today:
        return span
    same = next((row for row in held if row.since == span.since), None)
    if same is None:
        line.wrong("reference_in_the_past", "from")
    elif same.until is not None and same.until <= today:
        line.wrong("reference_is_over", "from")
    return Span(None, span.until)

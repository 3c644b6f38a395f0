"""What is published of a period: counts of every object, scores, places, and what has come to light of earlier ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.evaluation import store
from app.evaluation.rules import Of
from app.evaluation.rules.scoring import Scheme, places, score
from app.evaluation.store import Counted, Question, periods
from app.evaluation.store.period import Row, changed

PUBLISHED = (Of.DISTRICT, Of.AREA, Of.UNIT)
"""Whose figures a period holds: the district, its subdistricts 街道分中心, its units 部门. Never people."""

MOST_KEYS = 2_000
MOST_EARLIER = 12
"""So many frozen periods before it are looked through for what has changed."""

Record = dict[str, Any]


def question(
    district_id: int, of: Of, period: Mapping[str, Any], known_at: datetime | None = None
) -> Question:
    """What a published period asks of the log."""
    return Question(district_id, of, period["since_at"], period["until_at"], known_at or period["known_at"])


def figures(
    connection: Connection, district_id: int, period: Mapping[str, Any], schemes: Sequence[Scheme]
) -> list[Record]:
    """The figures of a period, worked out from the log as it was known."""
    areas, units = periods.whose(connection, district_id)
    found: list[Record] = []
    for of in PUBLISHED:
        counted = store.counted(connection, question(district_id, of, period), limit=MOST_KEYS)
        scheme = next((one for one in schemes if one.of is of), None)
        found += _scored(
            of, counted, scheme, {code: no for no, _, code in areas}, {c: i for i, c in units.items()}
        )
    return found


def _scored(
    of: Of,
    counted: Sequence[Counted],
    scheme: Scheme | None,
    areas: Mapping[str, int],
    units: Mapping[str, int],
) -> list[Record]:
    scores = {} if scheme is None else {one.key: score(scheme, one.counts) for one in counted}
    ranked = places(scores)
    return [
        {
            "of": of.value,
            "key": one.key,
            "area_no": areas.get(one.key) if of is Of.AREA else None,
            "unit_id": units.get(one.key) if of is Of.UNIT else None,
            "counts": dict(one.counts),
            "score": scores[one.key].value if one.key in scores else None,
            "place": ranked.get(one.key),
        }
        for one in counted
    ]


def corrections(connection: Connection, district_id: int, period: Mapping[str, Any]) -> list[Record]:
    """更正: what the log has come to say of earlier frozen periods since the last one of them was published."""
    since = periods.neighbours(connection, district_id, period["first_on"])["known_at"]
    if since is None:
        return []
    found: list[Record] = []
    areas, units = periods.whose(connection, district_id)
    earlier = periods.frozen_before(connection, district_id, period["first_on"], limit=MOST_EARLIER)
    for one in earlier:
        before, after = (
            changed(connection, question(district_id, Of.DISTRICT, one, at), since, period["known_at"])
            for at in (since, period["known_at"])
        )
        if before != after:
            stood = periods.stood(connection, one["id"])
            found += _told(one["id"], stood, before - after, after - before, areas, units)
    return found


Objects = Iterable[tuple[str, str, int | None, int | None]]


def _told(
    period_id: int,
    stood: Mapping[tuple[str, str, str], int],
    removed: set[Row],
    added: set[Row],
    areas: Sequence[tuple[int, int, str]],
    units: Mapping[int, str],
) -> list[Record]:
    """A line for each count of each object that is another one now."""
    cases: dict[tuple[str, str, str], tuple[list[int], list[int]]] = {}
    owners: dict[tuple[str, str, str], tuple[int | None, int | None]] = {}
    for side, rows in enumerate((added, removed)):
        for row in rows:
            for of, key, area_no, unit_id in _objects(row, areas, units):
                place = (of, key, row.name)
                cases.setdefault(place, ([], []))[side].append(row.case_id)
                owners[place] = (area_no, unit_id)
    lines = []
    for place, (more, less) in sorted(cases.items()):
        of, key, name = place
        was = stood.get(place, 0)
        lines.append(
            {
                "of_period_id": period_id, "of": of, "key": key, "name": name, "area_no": owners[place][0],
                "unit_id": owners[place][1], "was": was, "now_is": was + len(more) - len(less),
                "added": sorted(more), "removed": sorted(less),
            }
        )  # fmt: skip
    return lines


def _objects(row: Row, areas: Sequence[tuple[int, int, str]], units: Mapping[int, str]) -> Objects:
    """The objects among whose counts a row is: of, key, number of the area, id of the unit."""
    yield Of.DISTRICT.value, Of.DISTRICT.value, None, None
    at = bisect_right(areas, row.area_no, key=lambda area: area[0]) - 1
    if at >= 0 and row.area_no <= areas[at][1]:
        yield Of.AREA.value, areas[at][2], areas[at][0], None
    if row.unit_id is not None and row.unit_id in units:
        yield Of.UNIT.value, units[row.unit_id], None, row.unit_id

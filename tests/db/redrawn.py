"""A town that is drawn anew: everything that hangs on its cells, and pictures of it that must not change."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from app.cube.rules import Wanted
from app.cube.service import Cube, Question, ask
from app.db import Actor, transaction
from app.evaluation import store as evaluation
from app.evaluation.rules import Of
from app.factory import create_app
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Origin
from app.staffing import store as staffing
from app.staffing.rules import KIND_OF, Duty
from app.staffing.store import cells, leave
from spatial.locate import Locator
from tests import casework, registered, staffed, town
from tests.cluster import clone

EVERYBODY = Actor(None, (), "{[1,9223372036854775807)}")
START = date(2026, 1, 1)
SIDE = 4 * town.STEP
KINDS = ("person", "place", "object", "organisation")


@contextmanager
def peopled(cluster: Cluster) -> Iterator[str]:
    """A town with a registry, people at work and cases with logs, in a database of its own."""
    with clone(cluster, "template_redrawn", _fill) as url:
        yield url


def _fill(url: str) -> None:
    made = casework.build(url, create_app(url))
    registered.register(url)
    staffed.staff(url)
    luck = random.Random(7)
    for n in range(12):
        lon, lat = _somewhere(luck)
        case = made.report("supervisor", position={"lon": (lon + town.WEST) / 2, "lat": lat})["case_id"]
        if n % 3 == 0:
            made.move("operator", case, "decline", reason="未达立案条件")
    with transaction(url) as connection:
        desk = (
            "UPDATE cases SET area_id = (SELECT id FROM areas WHERE code = :cell)"
            " WHERE external_ref = 'ref-unlocated'"
        )
        connection.execute(text(desk), {"cell": town.cell(1, 1)})
        connection.execute(text(FIRST_ROWS))


FIRST_ROWS = """
INSERT INTO case_transitions (case_id, version, move, target, loop, unit_id, area_no, facts, at)
SELECT id, 1, 'report', state, loop, unit_id, area_no, jsonb_build_object('due_at', due_at), reported_at FROM cases c
WHERE NOT EXISTS (SELECT FROM case_transitions t WHERE t.case_id = c.id)
"""


def _somewhere(luck: random.Random) -> tuple[float, float]:
    """A place in the town, every fourth one on a border or a corner of cells."""
    lon, lat = luck.uniform(0, SIDE), luck.uniform(0, SIDE)
    if luck.random() < 0.25:
        lon = round(lon / town.STEP) * town.STEP
    return town.WEST + lon, town.SOUTH + lat


def scatter(connection: Connection, luck: random.Random) -> None:
    """Put buildings with flats and people, objects, and somebody of whom only the cell is known, anywhere."""
    district = connection.execute(text("SELECT id FROM districts")).scalar_one()
    origin = Origin(district, "test", date(2021, 5, 1))
    many = luck.randrange(5, 40)
    where = np.array([_somewhere(luck) for _ in range(many)])
    ids = bulk.reserve(connection, "elements", 4 * many)
    buildings, flats, people, objects = ids.reshape(4, many)

    def texts(value: str, count: int = many) -> Any:
        return np.full(count, value, dtype=object)

    def names(form: str) -> Any:
        return np.array([form.format(n) for n in range(many)], dtype=object)

    points = {"lon": where[:, 0], "lat": where[:, 1]}
    bulk.add_elements(
        connection, origin,
        ElementRows(ElementKind.PLACE, texts("building"), names=names("楼{}"), **points), buildings,
    )  # fmt: skip
    homes = np.array([luck.choice(buildings) for _ in range(many)], dtype=np.int64)
    bulk.add_elements(
        connection, origin,
        ElementRows(ElementKind.PLACE, texts("dwelling"), names=names("室{}"), site_ids=homes), flats,
    )  # fmt: skip
    sites = np.array([luck.choice([0, int(flat)]) for flat in flats], dtype=np.int64)
    numbers = (
        connection.execute(text("SELECT no FROM areas WHERE level = 'cell' ORDER BY no")).scalars().all()
    )
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.PERSON, texts("resident"), site_ids=sites,
            area_nos=np.array([luck.choice(numbers) for _ in range(many)], dtype=np.int64),
            details={
                "name": names("人{}"), "legal_basis": texts("test"),
                "retain_until_on": np.full(many, registered.KEEP_UNTIL, dtype=object),
            },
        ),
        people,
    )  # fmt: skip
    bulk.add_elements(
        connection, origin,
        ElementRows(ElementKind.OBJECT, texts("0305"), names=names("灯{}"), **points), objects,
    )  # fmt: skip


def employ(connection: Connection, luck: random.Random) -> None:
    """Give cells people of every duty beside their officers, since and until any day, and officers a stand-in."""
    today = staffing.today(connection)
    numbers = (
        connection.execute(text("SELECT no FROM areas WHERE level = 'cell' ORDER BY no")).scalars().all()
    )
    duties = [duty for duty in Duty if duty is not Duty.GRID_OFFICER]
    for n in range(luck.randrange(4, 16)):
        who = staffing.add_staff(connection, district_id=1, code=f"s{n}", name=f"某{n}")
        duty = duties[n % len(duties)]
        until = luck.choice([None, today + timedelta(days=luck.randrange(1, 90))])
        begun = luck.choice([START, today, today + timedelta(days=1), today - timedelta(days=1)])
        if until is not None and until <= begun:
            until = None
        for no in luck.sample(numbers, luck.randrange(1, 5)):
            cells.assign(connection, [(who, no, duty)], begun, until)
            if KIND_OF[duty].value == "part_time":
                cells.place_of(connection, who, no, duty, f"楼{luck.randrange(6)}")
    away = connection.execute(
        text(
            "SELECT l.id, x.cell_no FROM leaves l JOIN assignments x ON x.staff_id = l.staff_id ORDER BY l.id"
        )
    ).all()
    for n, row in enumerate(luck.sample(away, 4)):
        who = staffing.add_staff(connection, district_id=1, code=f"d{n}", name=f"代{n}")
        leave.stand_in_cell(connection, row.id, who, row.cell_no, today, today + timedelta(days=3))


def line_across(path: Path, shape: Any, luck: random.Random) -> Path:
    """A file with a line that crosses a shape somewhere."""
    west, south, east, north = shapely.bounds(shape)
    x, y = west + luck.uniform(0.2, 0.8) * (east - west), south + luck.uniform(0.2, 0.8) * (north - south)
    turn = luck.choice([0, math.pi / 2, luck.uniform(0, math.pi)])
    dx, dy = 0.2 * math.cos(turn), 0.2 * math.sin(turn)
    return write_line(path, [(x - dx, y - dy), (x, y), (x + dx, y + dy)])


def write_line(path: Path, corners: Sequence[tuple[float, float]]) -> Path:
    """A layer of one line."""
    line = {"type": "LineString", "coordinates": [list(corner) for corner in corners]}
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": line}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


PAST_DAY = {
    "elements": "SELECT id, kind, area_no FROM elements_on(1, :day) ORDER BY id",
    "assignments": "SELECT staff_id, cell_no, duty, kind, place FROM assignments"
    " WHERE daterange(from_on, until_on) @> CAST(:day AS date) ORDER BY 1, 2, 3",
    "staffing": "SELECT cell_no, inspectors, supervisors, officers, part_time, away, missing FROM staffing_on(1, :day)"
    " ORDER BY 1",
    "areas": "SELECT no, code, households, md5(ST_AsBinary(geom)) FROM areas_on(1, :day) ORDER BY no",
}
LOG = "SELECT md5(string_agg(t::text, '' ORDER BY case_id, version)), count(*) FROM case_transitions t"


def past_days(url: str) -> dict[str, Any]:
    """What held on days that are over, and the log of cases."""
    with transaction(url, read_only=True) as connection:
        today = staffing.today(connection)
        found: dict[str, Any] = {"log": connection.execute(text(LOG)).one()}
        for back in (1, 2, 30, 300):
            for name, statement in PAST_DAY.items():
                rows = connection.execute(text(statement), {"day": today - timedelta(days=back)})
                found[f"{name} {back}"] = rows.all()
        return found


def at_instant(url: str, at: datetime) -> dict[str, Any]:
    """Cases as they stood at an instant, by the cube and by the evaluation."""
    cube = Cube(url, 1, "Asia/Shanghai")
    with ask(cube, Question(EVERYBODY, Wanted(at, "all"), past=at), (1, 1)) as answer:
        areas = Counter(answer.values["area"][answer.chosen.at].tolist())
        figures = {"figures": answer.figures(), "areas": areas, "codes": answer.by("code")}
    with transaction(url, actor=EVERYBODY, read_only=True) as connection:
        asked = evaluation.Question(1, Of.AREA, at - timedelta(days=20), at, datetime.now(UTC), "cell")
        rows = evaluation.counted(connection, asked, limit=500)
    return {**figures, "period": rows}


@dataclass(frozen=True, slots=True)
class Sums:
    """What there is above the cells, today."""

    elements: Counter[tuple[str, str]]
    cases: Counter[tuple[str, bool]]
    households: Counter[str]


def sums(url: str) -> Sums:
    """Elements, cases and households of every community, subdistrict and of the district."""
    above = (
        " JOIN area_numbers n ON n.level IN ('community', 'subdistrict', 'district')"
        " AND x.area_no BETWEEN n.no AND n.last_no"
    )
    with transaction(url, read_only=True) as connection:

        def counted(statement: str) -> Counter[Any]:
            return Counter(
                {tuple(row[:-1]): int(row[-1] or 0) for row in connection.execute(text(statement))}
            )

        return Sums(
            counted(f"SELECT n.code, x.kind, count(*) FROM elements x {above} GROUP BY 1, 2"),
            counted(f"SELECT n.code, open_state(x.state), count(*) FROM cases x {above} GROUP BY 1, 2"),
            counted(
                "SELECT n.code, sum(x.households) FROM (SELECT no AS area_no, households FROM"
                f" areas_on(1, district_today(1)) WHERE level = 'cell') x {above} GROUP BY 1"
            ),
        )


def check_places(url: str) -> None:
    """Hold the cell of every element and every case against `spatial.locate`."""
    with transaction(url, read_only=True) as connection:
        drawn = connection.execute(
            text(
                "SELECT no, code, ST_AsBinary(geom) AS shape FROM areas_on(1, district_today(1)) WHERE level = 'cell'"
                ' ORDER BY code COLLATE "C"'
            )
        ).all()
        root = connection.execute(text("SELECT no FROM area_numbers WHERE parent_no IS NULL")).scalar_one()
        shapes = shapely.from_wkb([bytes(row.shape) for row in drawn])
        find = Locator(shapes, [row.code for row in drawn])
        for table in ("elements", "cases"):
            rows = connection.execute(
                text(
                    f"SELECT id, area_no, ST_X(geom) AS x, ST_Y(geom) AS y FROM {table} WHERE geom IS NOT NULL"
                )
            ).all()
            at = find(np.array([row.x for row in rows]), np.array([row.y for row in rows]))
            assert [row.area_no for row in rows] == [root if n < 0 else drawn[n].no for n in at.tolist()]
        apart = (
            "SELECT count(*) FROM elements e JOIN elements s ON s.id = e.site_id WHERE e.area_no <> s.area_no"
        )
        assert connection.execute(text(apart)).scalar_one() == 0
        # Nothing hangs on a cell that is gone, and cases point to drawings in force.
        live = [row.no for row in drawn]
        for statement in (
            "SELECT DISTINCT e.area_no FROM elements e JOIN area_numbers n ON n.no = e.area_no AND n.level = 'cell'",
            "SELECT DISTINCT c.area_no FROM cases c JOIN area_numbers n ON n.no = c.area_no AND n.level = 'cell'",
            "SELECT DISTINCT cell_no FROM assignments WHERE until_on IS NULL OR until_on > district_today(1)",
            "SELECT DISTINCT a.no FROM cases c JOIN areas a ON a.id = c.cell_id"
            " JOIN grid_editions e ON e.id = a.edition_id AND e.state = 'in_force'",
        ):
            assert set(connection.execute(text(statement)).scalars()) <= set(live), statement

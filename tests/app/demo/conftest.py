"""A small town, two years of its reports, and people who deal with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from app.cases.rules.conditions import Condition, Risk, Verification
from app.cases.rules.deciding import Asker
from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop
from app.cases.rules.opening import Season
from app.cases.service import categories, reference
from app.cases.service.timetable import timetable
from app.cases.store.bulk import CaseRows
from app.demo.service.cases import simulate_cases
from app.demo.service.cast import COMMUNITY, DISTRICT, SUBDISTRICT, UNIT
from app.demo.service.playing import Block
from app.demo.service.world import Cast, People, Person, Place, Terms, World
from spatial.readers import CaseBatch

WORDS = ["external_ref", "category", "state", "source", "address", "description"]
COLUMNS = ["row", *WORDS, "reported_at", "due_at", "closed_at", "lon", "lat"]
COUNT = 60_000
UNTIL = date(2026, 6, 30)


def frame(batches: list[CaseBatch]) -> pd.DataFrame:
    """Batches as one table, with the local time of reporting (no zone here changes its clocks)."""
    table = pd.DataFrame({name: np.concatenate([getattr(b, name) for b in batches]) for name in COLUMNS})
    table["local"] = table["reported_at"] + pd.Timedelta(hours=8)
    return table


@pytest.fixture(scope="session")
def cells() -> gpd.GeoDataFrame:
    """Eight by six cells, dense in the south, one with a notch; 102.70–102.78° E, 25.03–25.12° N."""
    rng = np.random.default_rng(7)
    boxes = [
        shapely.box(102.70 + 0.01 * i, 25.03 + 0.015 * j, 102.71 + 0.01 * i, 25.045 + 0.015 * j)
        for j in range(6)
        for i in range(8)
    ]
    boxes[20] = boxes[20].difference(shapely.box(102.742, 25.063, 102.748, 25.072))
    households = [int(rng.integers(300, 800)) // (1 + j) for j in range(6) for _ in range(8)]
    return gpd.GeoDataFrame(
        {"id": range(48), "code": [f"530103001001{i:03}" for i in range(48)], "households": households},
        geometry=boxes,
        crs=4490,
    )


@pytest.fixture(scope="session")
def ground() -> gpd.GeoDataFrame:
    """Two streets, a river, a compound."""
    return gpd.GeoDataFrame(
        {
            "kind": ["street", "street", "river", "compound"],
            "name": ["白云路", "北京路", "盘龙江", "席子营小区"],
        },
        geometry=[
            shapely.LineString([(102.70, 25.045), (102.78, 25.045)]),
            shapely.LineString([(102.74, 25.03), (102.74, 25.12)]),
            shapely.LineString([(102.7205, 25.03), (102.7205, 25.12)]),
            shapely.Point(102.755, 25.06),
        ],
        crs=4490,
    )


@pytest.fixture(scope="session")
def cases(cells: gpd.GeoDataFrame, ground: gpd.GeoDataFrame) -> pd.DataFrame:
    """`COUNT` cases until the last moment of `UNTIL`."""
    return frame(
        list(
            simulate_cases(
                cells,
                categories(),
                count=COUNT,
                until=UNTIL,
                timezone="Asia/Shanghai",
                seed=20,
                ground=ground,
            )
        )
    )


NOW = datetime(2026, 6, 30, 16, tzinfo=UTC)
COMMAND, CENTRE, FIRST_UNIT = 1, 2, 10
"""Ids of units: the command centre, the sub-centre, the first of the departments."""


def _people(roles: dict[str, int], unit: int, numbers: count[int], *, within: bool = True) -> People:
    def person(role: str) -> Person:
        number = next(numbers)
        return Person(
            number, number + 1000, Asker(number, frozenset({role}), frozenset({unit}), within=within)
        )

    return {str(role): [person(str(role)) for _ in range(many)] for role, many in roles.items()}


def _condition(row: dict[str, str], number: int, which: str) -> Condition:
    control = row["control_limit"] or None
    unit = row["season_unit" if which == "season_limit" else "limit_unit"]
    return Condition(
        number, row["number"], number, Limit.parse(row[which], unit),
        None if control is None else Limit.parse(control, row["control_unit"]),
        row["unit"], Loop(row["lowest_loop"]), Risk(row["risk"]), Verification(row["verification"]),
        row["self_handle"] == "yes",
    )  # fmt: skip


@pytest.fixture(scope="session")
def world() -> World:
    """One community in one subdistrict, and every unit of the reference data."""
    numbers = count(1)
    seasons = {row["code"]: Season.parse(row["begin"], row["end"]) for row in reference("seasons")}
    terms: dict[str, Terms] = {}
    for number, row in enumerate(reference("filing_conditions"), start=1):
        usual = _condition(dict(row), number, "limit")
        season = _condition(dict(row), number, "season_limit") if row["season"] else None
        terms.setdefault(row["category"], Terms(usual, seasons.get(row["season"]), season))
    units = {
        row["code"]: FIRST_UNIT + i for i, row in enumerate(reference("units")) if row["kind"] != "territory"
    }
    cast = Cast(
        district=_people(DISTRICT, COMMAND, numbers),
        subdistricts=[Place(100, 199, _people(SUBDISTRICT, CENTRE, numbers), CENTRE)],
        communities=[Place(110, 119, _people(COMMUNITY, CENTRE, numbers), CENTRE)],
        units={
            unit: _people(UNIT, unit, numbers, within=False) for unit in (COMMAND, CENTRE, *units.values())
        },
        command=COMMAND,
    )
    return World(
        terms=terms,
        units={code: units.get(found.usual.default_unit) for code, found in terms.items()},
        owners=[units[code] for code in ("drainage", "gas", "power")],
        cast=cast,
        table=timetable(),
        before=[1, 2],
        after=[3, 4],
        timezone="Asia/Shanghai",
        since=date(2024, 6, 20),
        now=NOW,
        remembered_from=NOW - timedelta(days=30),
        seed=20,
    )


def block(batch: CaseBatch) -> Block:
    """Reports of a batch, with ids from 1000 on; every tenth lies in no community."""
    rows = batch.row
    nowhere = np.zeros(len(rows), dtype=np.int32)
    cases = CaseRows(
        rows=rows, refs=batch.external_ref, category_ids=nowhere + 7, states=batch.state,
        reported_at=batch.reported_at, due_at=batch.due_at, closed_at=batch.closed_at, sources=batch.source,
        addresses=batch.address, descriptions=batch.description, lon=batch.lon, lat=batch.lat, cell_ids=nowhere,
        area_nos=np.where(rows % 10, 110, 1),
    )  # fmt: skip
    return Block(cases, rows + 1000, batch.category)

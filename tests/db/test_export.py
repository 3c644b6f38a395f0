"""What is written comes back the same: importing an export changes nothing, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import transaction
from tests.cli import Command
from tests.db.town import HEADER, cells, table, write

pytestmark = pytest.mark.db

KINDS = ("csv", "xlsx", "gpkg", "geojson", "parquet", "shp", "zip")
ROWS = [
    "1,道路破损,2026-03-10 09:20:31.123456,处置中,102.70512345678901,25.005",
    '"=2+3",暴露垃圾,2026-03-11 10:00,已结案,102.715,25.015',
    '3,"引""号，逗,号",2026-03-12 11:30,,,',
    ",无编号,2026-03-13 08:00,,102.9,25.2",
]


@pytest.fixture
def town(panlong: Command, tmp_path: Path) -> Command:
    panlong(
        "district",
        "create",
        "--code",
        "t",
        "--name",
        "镇",
        "--timezone",
        "Asia/Shanghai",
        "--levels",
        "district,cell",
    )
    features = cells()
    for number, feature in enumerate(features):
        feature["properties"] |= {
            "households": 300 + number if number else None,
            "kind": "城区" if number else None,
        }
    done = panlong("import", "areas", write(tmp_path / "t.geojson", features), "--level", "cell")
    assert done.status == 0, done.text
    done = panlong("import", "cases", table(tmp_path / "t.csv", ROWS))
    assert done.status == 0, done.text
    return panlong


@pytest.mark.parametrize("kind", KINDS)
def test_areas_come_back(town: Command, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    assert town("export", "areas", path).status == 0
    said = town("import", "areas", path, "--level", "cell")
    assert said.status == 0, said.text
    assert "新增 0，更改 0，不变 4" in said.text


@pytest.mark.parametrize("kind", KINDS)
def test_cases_come_back(town: Command, database: str, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    assert town("export", "cases", path).status == 0
    before = everything(database)
    said = town("import", "cases", path)
    assert said.status == 0, said.text
    assert "新增 0，更改 0，不变 4" in said.text
    assert everything(database) == before


def everything(url: str) -> list[tuple[object, ...]]:
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT id, external_ref, state, reported_at, closed_at, address, geom, cell_id FROM cases ORDER BY id"
            )
        )
        return [tuple(row) for row in rows]


def test_a_failed_export_leaves_the_old_file(town: Command, tmp_path: Path) -> None:
    path = tmp_path / "out.shp"
    path.write_text("old")
    long = ["9," + "长" * 100 + ",2026-03-10 09:20,,102.705,25.005"]
    assert town("import", "cases", table(tmp_path / "l.csv", long, HEADER)).status == 0
    said = town("export", "cases", path)
    assert said.status == 2
    assert "254" in said.text
    assert path.read_text() == "old"
    assert not list(tmp_path.glob(".panlong-*"))

"""One rule for a point's cell: the library and the database give the same answer on edges, corners and everywhere."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from sqlalchemy import text

from app.db import transaction
from app.demo.service import loading
from app.grid import store
from app.grid.service import the_district
from spatial.locate import Locator
from tests.cli import Command
from tests.db.town import cells, write
from tests.spatial.coverages import edge_and_corner_points

pytestmark = pytest.mark.db


def trying(shapes: np.ndarray, seed: int = 1) -> np.ndarray:
    """Points on edges and corners, a hair beside them, inside and outside; shape (n, 2)."""
    rng = np.random.default_rng(seed)
    edges = np.asarray(edge_and_corner_points(shapes))
    if len(edges) > 6000:
        edges = edges[rng.choice(len(edges), 6000, replace=False)]
    west, south, east, north = gpd.GeoSeries(shapes).total_bounds
    wide = rng.uniform((west - 0.01, south - 0.01), (east + 0.01, north + 0.01), (3000, 2))
    hair = edges[:3000] + rng.choice([-1e-12, 1e-12, 1e-9, -1e-9], (min(3000, len(edges)), 2))
    return np.concatenate([edges, hair, wide])


def agree(url: str) -> None:
    with transaction(url, read_only=True) as connection:
        district = the_district(connection)
        areas = store.current_areas(connection, district.id, "cell")
        points = trying(areas.shapes)
        asked = text(
            "SELECT cell_at(:district, ST_SetSRID(ST_MakePoint(x, y), 4490)) FROM"
            " unnest(CAST(:xs AS float8[]), CAST(:ys AS float8[])) WITH ORDINALITY p(x, y, n) ORDER BY n"
        )
        values = {"district": district.id, "xs": points[:, 0].tolist(), "ys": points[:, 1].tolist()}
        database = [row[0] for row in connection.execute(asked, values)]
    library = Locator(areas.shapes, areas.codes)(points[:, 0], points[:, 1])
    ours = [int(areas.ids[i]) if i >= 0 else None for i in library]
    differ = [i for i, (a, b) in enumerate(zip(ours, database, strict=True)) if a != b]
    assert not differ, [(points[i].tolist(), ours[i], database[i]) for i in differ[:5]]
    assert sum(found is not None for found in database) > len(points) / 5


def test_in_the_toy_town(panlong: Command, database: str, tmp_path: Path) -> None:
    panlong(
        "district",
        "create",
        "--code",
        "t",
        "--name",
        "t",
        "--timezone",
        "Asia/Shanghai",
        "--levels",
        "district,cell",
    )
    assert panlong("import", "areas", write(tmp_path / "t.geojson", cells()), "--level", "cell").status == 0
    agree(database)


def test_in_the_simulated_district(database: str) -> None:
    with transaction(database) as connection:
        loading.load_territory(connection)
    agree(database)


def test_in_boston(panlong: Command, database: str, real_data: Path) -> None:
    panlong(
        "district",
        "create",
        "--code",
        "b",
        "--name",
        "b",
        "--timezone",
        "America/New_York",
        "--levels",
        "district,cell",
    )
    path = real_data / "Boston_Neighborhoods.geojson"
    done = panlong(
        "import", "areas", path, "--level", "cell", "--code", "Neighborhood_ID", "--repair", "--allow-gaps"
    )
    assert done.status == 0, done.text
    agree(database)


def test_a_written_point_gets_the_same_cell(panlong: Command, database: str, tmp_path: Path) -> None:
    """The trigger's answer for single rows is that of a bulk load."""
    panlong(
        "district",
        "create",
        "--code",
        "t",
        "--name",
        "t",
        "--timezone",
        "Asia/Shanghai",
        "--levels",
        "district,cell",
    )
    panlong("import", "areas", write(tmp_path / "t.geojson", cells()), "--level", "cell")
    with transaction(database) as connection:
        connection.execute(text("INSERT INTO case_categories (district_id, code, name) VALUES (1, 'x', 'x')"))
        row = connection.execute(
            text(
                "INSERT INTO cases (district_id, category_id, state, reported_at, geom) VALUES (1,"
                " (SELECT id FROM case_categories), 'reported', now(), ST_SetSRID(ST_MakePoint(102.71, 25.01), 4490))"
                " RETURNING (SELECT code FROM areas WHERE id = cell_id) AS code"
            )
        ).scalar_one()
    assert row == "530103001001001", "of four cells at a corner the one with the smallest code"

"""Files of an invented registry go in by the importers, and what is then registered is what the demo registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli.registry import registry
from app.db import transaction
from app.demo.service import SIZES, loading, write_files
from app.demo.service.registry import Size
from app.demo.service.sheets import FIELDS, KINDS, Sheets
from app.errors import ConflictError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop.rules.relations import RELATION
from app.interop.service.elements import ElementImport, import_elements
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from app.staffing.service import add_reference_units
from spatial.locate import Locator
from tests import town
from tests.cluster import clone

pytestmark = pytest.mark.db

SIZE = Size(200, 400, 900, 120, 500)
COUNTED = "SELECT CASE kind WHEN 'place' THEN type ELSE kind END, count(*) FROM elements GROUP BY 1"
TIES = "SELECT kind, count(*) FROM relations GROUP BY 1"


@pytest.fixture(scope="module")
def district(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        with transaction(url) as connection:
            loading.load_territory(connection)
            add_reference_units(connection, the_district(connection).id, simulated=True)
        yield url


@pytest.fixture(scope="module")
def imported(district: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], str]:
    folder = tmp_path_factory.mktemp("invented")
    rows = write_files(district, folder, SIZE)
    for name in FIELDS:
        kind = RELATION if name == "relations" else KINDS.get(name, ElementKind.PLACE)
        told = import_elements(district, Sheets.path(folder, name), ElementImport(kind, simulated=True))
        assert (told.added, told.fault_count) == (rows[name], 0), (name, told)
    return rows, district


def query(url: str, statement: str) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement)))


def test_there_is_what_the_files_say(imported: tuple[dict[str, int], str]) -> None:
    rows, url = imported
    counted: dict[str, int] = dict(query(url, COUNTED))
    grounds = counted.pop("compound", 0) + counted.pop("courtyard", 0)
    assert grounds == rows["grounds"]
    assert counted == {
        "building": SIZE.buildings, "dwelling": SIZE.dwellings, "person": SIZE.persons,
        "organisation": SIZE.organisations, "object": SIZE.objects,
    }  # fmt: skip
    ties: dict[str, int] = dict(query(url, TIES))
    assert ties.pop("lives_in") == SIZE.persons
    assert ties.pop("located_in") == SIZE.buildings + SIZE.dwellings + SIZE.organisations
    assert sum(ties.values()) == rows["relations"]
    assert {"owns", "rents", "works_at", "manages"} <= ties.keys()
    assert query(url, "SELECT count(*) FROM elements WHERE NOT simulated")[0][0] == 0


def test_each_is_in_the_cell_that_the_library_finds(imported: tuple[dict[str, int], str]) -> None:
    _, url = imported
    with transaction(url, read_only=True) as connection:
        cells = grid.current_areas(connection, the_district(connection).id, Level.CELL)
    rows = query(url, "SELECT ST_X(geom), ST_Y(geom), area_no FROM elements WHERE geom IS NOT NULL")
    at = Locator(cells.shapes, cells.codes)(*np.array([row[:2] for row in rows], dtype=np.float64).T)
    inside = at >= 0
    assert inside.mean() > 0.9
    numbers = np.array([row[2] for row in rows], dtype=np.int64)
    assert (numbers[inside] == np.asarray(cells.nos)[at[inside]]).all()
    strays = "SELECT count(*) FROM elements e JOIN elements s ON s.id = e.site_id"
    assert query(url, f"{strays} WHERE e.geom IS NULL AND e.area_no <> s.area_no")[0][0] == 0


def test_a_real_district_is_not_invented_for(cluster: Cluster, tmp_path: Path) -> None:
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            connection.execute(text("UPDATE districts SET simulated = false"))
        with pytest.raises(ConflictError, match="demo_not_here"):
            write_files(url, tmp_path / "files", SIZE)
        assert not (tmp_path / "files").exists()


def test_the_command_tells_the_files_in_their_order(
    district: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.registry.workspace_url", lambda: district)
    monkeypatch.setitem(SIZES, "small", SIZE)
    done = CliRunner().invoke(registry, ["invent", str(tmp_path / "files")])
    assert done.exit_code == 0, done.output
    told = [done.output.index(Sheets.path(tmp_path / "files", name).name) for name in FIELDS]
    assert told == sorted(told)

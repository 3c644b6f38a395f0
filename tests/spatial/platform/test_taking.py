"""Snapshots: whole or not there, and never another's; what was written is told from what was changed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import spatial as sp
from spatial.errors import LayerError, PlatformError
from spatial.layers import Layer
from spatial.platform import District, Platform


class Town(Platform):
    """Two cases in one cell, and units that cannot be had once somebody says so."""

    def __init__(self) -> None:
        self.district = District("1", "镇", "Asia/Shanghai", 4543, True)
        self.broken = False
        self.cases_there = 2

    def layers(self) -> pd.DataFrame:
        return pd.DataFrame({"name": ["areas", "cases", "units"], "permitted": [True, True, True]})

    def indicators(self, of: str = "district", **_: Any) -> pd.DataFrame:
        raise PlatformError("server_only")

    def _rows(self, layer: Layer, narrowed: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
        if layer.name == "units" and self.broken:
            raise PlatformError("server_failed")
        return {"areas": areas, "cases": self._cases, "units": units}[
            layer.name
        ](), "2026-11-23T00:00:00+00:00"

    def _cases(self) -> pd.DataFrame:
        at = pd.to_datetime(["2026-11-22T15:59:59.999999Z", "2026-11-22T16:00:00.000000Z"])[
            : self.cases_there
        ]
        return pd.DataFrame({
            "id": range(1, len(at) + 1), "category": "c", "category_name": "类", "line": None, "major": None,
            "state": "reported", "source": None, "loop": "community", "unit": None, "area": "11", "cell": "11",
            "community": None, "subdistrict": None, "reported_at": at, "due_at": pd.NaT, "near_at": pd.NaT,
            "closed_at": pd.NaT, "version": 1, "simulated": True, "geometry": [shapely.Point(102.7, 25)] * len(at),
        })  # fmt: skip


def areas() -> pd.DataFrame:
    square = shapely.MultiPolygon([shapely.box(102, 24, 103, 26)])
    return pd.DataFrame({
        "level": ["district", "cell"], "code": ["1", "11"], "name": ["镇", "格"], "name_en": None, "kind": None,
        "parent_code": [None, "1"], "community": None, "subdistrict": None, "edition": None,
        "households": [None, 500.0], "area_m2": 1.0, "valid_from_on": [None, date(2026, 1, 1)],
        "valid_to_on": None, "simulated": True, "geometry": [square, square],
    })  # fmt: skip


def units() -> pd.DataFrame:
    return pd.DataFrame({
        "code": ["a"], "name": ["甲"], "kind": ["crew"], "parent": [None], "area": [None], "valid_from_on": [None],
        "valid_to_on": [None], "simulated": [True],
    })  # fmt: skip


@pytest.fixture
def town() -> Town:
    return Town()


def test_what_is_read_is_what_was_written(town: Town, tmp_path: Path) -> None:
    folder = sp.snapshot(town, tmp_path / "one")
    again = sp.connect(tmp_path / "one")
    for name in ("areas", "cases", "units"):
        pd.testing.assert_frame_equal(pd.DataFrame(town.read(name)), pd.DataFrame(again.read(name)))
    assert again.cases().attrs == town.cases().attrs
    assert again.district == town.district
    assert (
        gpd.read_parquet(tmp_path / "one/cases.parquet").crs.to_epsg(),
        folder.manifest["layers"]["cases"]["rows"],
    ) == (4490, 2)
    assert folder.layers()["rows"].dropna().sum() == 5


def test_days_are_the_districts(town: Town, tmp_path: Path) -> None:
    folder = sp.snapshot(town, tmp_path / "one")
    assert folder.cases(since="2026-11-23")["id"].tolist() == [2]
    assert folder.cases(until=date(2026, 11, 22))["id"].tolist() == [1]
    with pytest.raises(PlatformError, match="question_refused"):
        folder.cases(since="23.11.2026")


def test_one_that_fails_leaves_the_other(town: Town, tmp_path: Path) -> None:
    sp.snapshot(town, tmp_path / "one")
    town.cases_there, town.broken = 1, True
    with pytest.raises(PlatformError, match="server_failed"):
        sp.snapshot(town, tmp_path / "one")
    assert len(sp.connect(tmp_path / "one").cases()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["one"], "nothing is left lying about"
    town.broken = False
    sp.snapshot(town, tmp_path / "one")
    assert len(sp.connect(tmp_path / "one").cases()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_folder_of_something_else_is_left_alone(town: Town, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/thesis.txt").write_text("years")
    with pytest.raises(PlatformError, match="folder_taken"):
        sp.snapshot(town, tmp_path / "work")
    assert (tmp_path / "work/thesis.txt").read_text() == "years"


def test_what_somebody_changed_is_told(town: Town, tmp_path: Path) -> None:
    folder = sp.snapshot(town, tmp_path / "one")
    file = tmp_path / "one/units.parquet"
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(PlatformError, match="snapshot_changed"):
        folder.units()
    file.unlink()
    with pytest.raises(PlatformError, match="snapshot_missing"):
        folder.units()


def test_what_a_folder_cannot_say(town: Town, tmp_path: Path) -> None:
    folder = sp.snapshot(town, tmp_path / "one", layers=["areas", "cases"])
    for code, ask in (
        ("snapshot_lacks", folder.units),
        ("snapshot_lacks", folder.indicators),
        ("snapshot_lacks", lambda: folder.areas(on="2020-01-01")),
        ("area_unknown", lambda: folder.cases(area="12")),
        ("layer_unknown", lambda: folder.read("persons")),
        ("filter_unknown", lambda: folder.read("cases", state="open")),
        ("snapshot_missing", lambda: sp.connect(tmp_path)),
        ("not_a_source", lambda: sp.connect(7)),
    ):
        with pytest.raises(PlatformError, match=code):
            ask()
    manifest = tmp_path / "one/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 0}))
    with pytest.raises(PlatformError, match="version_differs"):
        sp.connect(tmp_path / "one")


def test_what_is_no_such_layer_is_refused(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    good = town._cases()
    wrong = {
        "layer_column_missing": good.drop(columns="state"),
        "layer_value_missing": good.assign(state=None),
        "layer_key_twice": good.assign(id=1),
        "layer_shape_other": good.assign(geometry=[shapely.box(1, 1, 2, 2)] * 2),
        "layer_shape_outside": good.assign(geometry=[shapely.Point(25, 102.7)] * 2),
        "layer_type_wrong": good.assign(version=["one", "two"]),
    }
    for code, frame in wrong.items():
        monkeypatch.setattr(town, "_cases", lambda frame=frame: frame)
        with pytest.raises(LayerError) as caught:
            town.cases()
        assert {fault.code for fault in caught.value.faults} == {code}


def test_the_library_comes_without_its_modules() -> None:
    told = "import spatial as s, sys; print('geopandas' in sys.modules, 'connect' in dir(s), s.connect.__module__)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "spatial.platform.connecting"]

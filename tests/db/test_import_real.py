"""Other people's files: Boston's neighbourhoods and incidents, Chongqing's districts."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from sqlalchemy import text

from app.db import transaction
from spatial.readers import SourceOptions, read_areas, read_cases
from tests.cli import Command

pytestmark = pytest.mark.db

NAMES = """
万州区 涪陵区 渝中区 大渡口区 江北区 沙坪坝区 九龙坡区 南岸区 北碚区 渝北区 巴南区 黔江区 长寿区 江津区 合川区
永川区 南川区 綦江区 大足区 璧山县 铜梁县 潼南县 荣昌县 梁平县 城口县 丰都县 垫江县 武隆县 忠县 开县
云阳县 奉节县 巫山县 巫溪县
石柱土家族自治县 秀山土家族苗族自治县 酉阳土家族苗族自治县 彭水苗族土家族自治县
"""
CHONGQING = set(NAMES.split())


@pytest.fixture
def boston(panlong: Command, real_data: Path) -> Command:
    made = panlong("district", "create", "--code", "boston", "--name", "Boston", "--timezone", "America/New_York",
                   "--levels", "district,cell")  # fmt: skip
    assert made.status == 0, made.text
    return panlong


def neighbourhoods(boston: Command, real_data: Path, *options: str) -> tuple[int, str]:
    path = real_data / "Boston_Neighborhoods.geojson"
    said = boston("import", "areas", path, "--level", "cell", "--code", "Neighborhood_ID", *options)
    return said.status, said.text


def test_neighbourhoods_are_refused_with_rows_and_reasons(
    boston: Command, real_data: Path, database: str
) -> None:
    status, said = neighbourhoods(boston, real_data)
    assert status == 2
    assert "第 20 行" in said
    assert "Self-intersection" in said
    assert "重叠 30.8" in said or "重叠 31" in said or "重叠 30.7" in said
    status, said = neighbourhoods(boston, real_data, "--repair")
    assert status == 2, "the water that is left out is a gap"
    with transaction(database) as connection:
        assert connection.execute(text("SELECT count(*) FROM areas")).scalar_one() == 0


def test_boston_in_full(boston: Command, real_data: Path, database: str) -> None:
    status, said = neighbourhoods(boston, real_data, "--repair", "--allow-gaps")
    assert status == 0, said
    assert said.count("  ~ ") == 3, "each repair is described"
    said = boston("import", "cases", real_data / "boston311_2011.zip").text
    assert "58251" in said
    assert "open_dt: 3" in said
    assert "4775" in said
    with transaction(database, read_only=True) as connection:
        cells = gpd.read_postgis(
            "SELECT a.code, a.geom FROM areas a WHERE level = 'cell'", connection, geom_col="geom"
        )
        stored = pd.read_sql(
            text(
                "SELECT c.import_row, a.code, c.reported_at, k.name AS category, c.state FROM cases c"
                " JOIN case_categories k ON k.id = c.category_id LEFT JOIN areas a ON a.id = c.cell_id ORDER BY 1"
            ),
            connection,
        )
    table = pd.read_csv(real_data / "boston311_2011.zip", dtype=str)
    points = gpd.GeoDataFrame(
        {"row": range(1, len(table) + 1)},
        geometry=gpd.points_from_xy(table["longitude"].astype(float), table["latitude"].astype(float)),
        crs=cells.crs,
    )
    joined = gpd.sjoin(points, cells, predicate="intersects", how="left").sort_values(["row", "code"])
    expected = joined.drop_duplicates("row")["code"].fillna("outside")
    assert stored["code"].fillna("outside").tolist() == expected.tolist()
    assert stored["code"].value_counts().sum() == 58_251 - 15
    assert stored["category"].tolist() == table["type"].tolist()
    assert (stored["state"] == "closed").tolist() == (table["case_status"] == "Closed").tolist()
    local = stored["reported_at"].dt.tz_convert("America/New_York").dt.tz_localize(None)
    assert (local == pd.to_datetime(table["open_dt"])).all()
    again = boston("import", "cases", real_data / "boston311_2011.zip").text
    assert "新增 0，更改 0，不变 58251" in again


def test_chongqing_needs_no_option(real_data: Path) -> None:
    layer = read_areas(real_data / "chongqing_gbk" / "区县界_area.shp")
    assert len(layer.frame) == 38
    assert set(layer.frame["name"]) == CHONGQING
    assert not layer.faults


@pytest.fixture
def shapefile(tmp_path: Path) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": ["a", "b"], "name": ["盘龙江畔", "金殿社区"]},
        geometry=gpd.points_from_xy([102.70, 102.72], [25.0, 25.0]).buffer(0.005),
        crs=4326,
    )


@pytest.mark.parametrize("real", ["GBK", "UTF-8"])
@pytest.mark.parametrize("declared", [None, "GBK", "UTF-8"])
def test_table_that_declares_nothing_or_lies(
    shapefile: gpd.GeoDataFrame, tmp_path: Path, real: str, declared: str | None
) -> None:
    path = tmp_path / "s.shp"
    shapefile.to_file(path, encoding=real)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    raw[29] = 0
    dbf.write_bytes(raw)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if declared:
        path.with_suffix(".cpg").write_text(declared)
    layer = read_areas(path)
    assert layer.frame["name"].tolist() == ["盘龙江畔", "金殿社区"]
    lies = declared is not None and declared != real
    assert lies == any(note.code == "cpg_lies" for note in layer.facts.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_table_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        "类别,上报时间,经度,纬度\n道路破损㙍,2026年3月10日 09时20分,102.7,25.0\n".encode(encoding)
    )
    (batch,) = read_cases(path, SourceOptions(), timezone="Asia/Shanghai")
    assert batch.category.tolist() == ["道路破损㙍"]
    assert str(batch.reported_at[0]) == "2026-03-10T01:20:00.000000"

"""Every bad input: a clear sentence in both languages, exit status 2, all faults at once, and nothing written."""

from __future__ import annotations

import csv
import struct
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.cases.store.bulk import BULK_ROWS, Bytes, CaseLoader
from app.db import transaction
from tests.cli import Command, Said
from tests.db.town import CODES, GOOD, HEADER, STEP, WEST, cells, feature, square, table, write

pytestmark = pytest.mark.db


@pytest.fixture
def town(panlong: Command, tmp_path: Path) -> Command:
    """A district of two levels with its four cells."""
    made = panlong("district", "create", "--code", "town", "--name", "玩具城", "--timezone", "Asia/Shanghai",
                   "--metric-crs", "EPSG:4543", "--levels", "district,cell")  # fmt: skip
    assert made.status == 0, made.text
    done = panlong("import", "areas", write(tmp_path / "town.geojson", cells()), "--level", "cell")
    assert done.status == 0, done.text
    return panlong


def counts(url: str) -> tuple[int, ...]:
    with transaction(url, read_only=True) as connection:
        tables = ("areas", "grid_editions", "cases", "case_categories", "imports")
        return tuple(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables)


def refused(town: Command, url: str, *arguments: str | Path) -> Said:
    """What was said; in both languages the same refusal, with nothing written."""
    before = counts(url)
    for lang in ("zh", "en"):
        said = town(*arguments, lang=lang)
        assert said.status == 2, said.text
        assert "Traceback" not in said.text
        assert not any(f"{domain}." in said.text for domain in ("fault", "source", "error")), said.text
    assert counts(url) == before
    return town(*arguments)


def areas(town: Command, url: str, path: Path, *options: str) -> Said:
    return refused(town, url, "import", "areas", path, "--level", "cell", *options)


def cases(town: Command, url: str, path: Path, *options: str) -> Said:
    return refused(town, url, "import", "cases", path, *options)


KINDS = ("geojson", "gpkg", "shp", "parquet", "xlsx", "zip", "csv")


@pytest.mark.parametrize("kind", KINDS)
def test_empty_file(town: Command, database: str, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"leer.{kind}"
    path.touch()
    assert "空" in cases(town, database, path).text


@pytest.mark.parametrize("kind", KINDS)
def test_not_a_file_of_that_kind(town: Command, database: str, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"noise.{kind}"
    path.write_bytes(b"\x00\x01<html>not this</html>" * 50)
    assert kind in cases(town, database, path).text


def test_unknown_kind_and_missing_file(town: Command, database: str, tmp_path: Path) -> None:
    (tmp_path / "a.dwg").write_text("AC1027")
    assert ".gpkg" in cases(town, database, tmp_path / "a.dwg").text
    assert "没有文件" in cases(town, database, tmp_path / "nowhere.csv").text


def test_wrong_encoding(town: Command, database: str, tmp_path: Path) -> None:
    path = table(tmp_path / "gbk.csv", GOOD, encoding="gb18030")
    assert "utf-8" in cases(town, database, path, "--encoding", "utf-8").text
    mixed = tmp_path / "mixed.csv"
    mixed.write_bytes((HEADER + GOOD[0] + "\n").encode() + GOOD[1].encode("gb18030") + b"\n\xff\xff\xfe\n")
    said = cases(town, database, mixed)
    assert "编码" in said.text


def test_missing_column(town: Command, database: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["1,2026-03-10"], header="编号,日子\n")
    said = cases(town, database, path).text
    assert all(word in said for word in ("category", "reported_at", "lon", "lat", "编号", "日子"))
    assert "colour" in cases(town, database, path, "--map", "colour=编号").text


def test_no_crs_and_unknown_crs(town: Command, database: str, tmp_path: Path) -> None:
    frame = gpd.read_file(write(tmp_path / "c.geojson", cells())).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        frame.to_file(tmp_path / "bare.shp")
    assert "--crs" in areas(town, database, tmp_path / "bare.shp").text
    assert "EPSG:99999" in areas(town, database, tmp_path / "bare.shp", "--crs", "EPSG:99999").text
    assert town("import", "areas", tmp_path / "bare.shp", "--level", "cell", "--crs", "EPSG:4490").status == 0


def test_swapped_and_metres(town: Command, database: str, tmp_path: Path) -> None:
    swapped = table(tmp_path / "s.csv", ["1,x,2026-03-10,,25.005,102.705", "2,x,2026-03-10,,25.006,102.706"])
    assert "颠倒" in cases(town, database, swapped).text
    metres = table(tmp_path / "m.csv", ["1,x,2026-03-10,,571000,2766000"])
    assert "--crs" in cases(town, database, metres).text
    shapes = [
        feature(code, [[[y, x] for x, y in ring] for ring in f["geometry"]["coordinates"]])
        for code, f in zip(CODES, cells(), strict=True)
    ]
    assert "颠倒" in areas(town, database, write(tmp_path / "s.geojson", shapes)).text
    frame = (
        gpd.read_file(write(tmp_path / "d.geojson", cells())).to_crs(4543).set_crs(4326, allow_override=True)
    )
    frame.to_file(tmp_path / "m.gpkg")
    assert "4326" in areas(town, database, tmp_path / "m.gpkg").text
    degrees = gpd.read_file(tmp_path / "d.geojson").set_crs(4543, allow_override=True)
    degrees.to_file(tmp_path / "e.gpkg")
    assert "4543" in areas(town, database, tmp_path / "e.gpkg").text


def test_coordinates_that_are_none(town: Command, database: str, tmp_path: Path) -> None:
    bad = ["1,x,2026-03-10,,NaN,25.005", "2,x,2026-03-10,,inf,25.0", "3,x,2026-03-10,,abc,25", "4,x,2026-03-10,,102.7,",
           "5,x,2026-03-10,,202.7,25", "6,x,2026-03-10,,102.705,25.005"]  # fmt: skip
    said = cases(town, database, table(tmp_path / "n.csv", bad)).text
    assert all(f"第 {row} 行" in said for row in (1, 2, 3, 4, 5))
    assert "第 6 行" not in said
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(102.7, 25), (float("nan"), 25), (102.71, 25.01)])
        whole = shapely.box(102.7, 25, 102.71, 25.01)
        odd = gpd.GeoDataFrame({"code": ["a", "b"], "name": ["a", "b"]}, geometry=[broken, whole], crs=4490)
        odd.to_parquet(tmp_path / "n.parquet")
    assert "第 1 行" in areas(town, database, tmp_path / "n.parquet").text


def test_shapes_that_are_no_areas(town: Command, database: str, tmp_path: Path) -> None:
    bow = [[[WEST, 25.0], [WEST + STEP, 25.01], [WEST + STEP, 25.0], [WEST, 25.01], [WEST, 25.0]]]
    shapes = [
        feature("n", None),
        feature("p", {"type": "Point", "coordinates": [WEST, 25.0]}),
        feature("ok", square(1, 1)),
    ]
    said = areas(town, database, write(tmp_path / "a.geojson", shapes)).text
    assert "第 1 行没有图形" in said
    assert "Point" in said
    said = areas(
        town, database, write(tmp_path / "b.geojson", [feature("bow", bow), feature("ok", square(1, 1))])
    ).text
    assert "第 1 行" in said
    assert "Self-intersection" in said


def test_overlap_and_gap(town: Command, database: str, tmp_path: Path) -> None:
    wide = [*cells()[:3], feature(CODES[3], square(0.9, 0, 1.1, 1))]
    assert "重叠" in areas(town, database, write(tmp_path / "o.geojson", wide)).text
    assert (
        "重叠" in areas(town, database, write(tmp_path / "o.geojson", wide), "--repair", "--allow-gaps").text
    )
    narrow = [*cells()[:3], feature(CODES[3], square(1, 0, 0.5, 1))]
    assert "没有任何区域覆盖" in areas(town, database, write(tmp_path / "g.geojson", narrow)).text


def test_codes(panlong: Command, database: str, tmp_path: Path) -> None:
    panlong("district", "create", "--code", "530103", "--name", "甲区", "--timezone", "Asia/Shanghai")
    whole = square(0, 0, 2, 2)
    for level, code in (("district", "530103"), ("subdistrict", "530103001"), ("community", "530103001001")):
        done = panlong(
            "import", "areas", write(tmp_path / "l.geojson", [feature(code, whole)]), "--level", level
        )
        assert done.status == 0, done.text
    twice = [*cells()[:3], feature(CODES[0], square(1, 0))]
    said = areas(panlong, database, write(tmp_path / "t.geojson", twice)).text
    assert "第 4 行" in said
    assert "第 1 行重复" in said
    foreign = [*cells()[:3], feature("530102001001004", square(1, 0))]
    said = areas(panlong, database, write(tmp_path / "f.geojson", foreign)).text
    assert "530102001001004" in said
    assert panlong("import", "areas", write(tmp_path / "ok.geojson", cells()), "--level", "cell").status == 0


def test_times(town: Command, database: str, tmp_path: Path) -> None:
    bad = ["1,x,昨天,,102.705,25.005", "2,x,2026-02-30,,102.705,25.005", "3,x,,,102.705,25.005"]
    said = cases(town, database, table(tmp_path / "t.csv", bad)).text
    assert all(word in said for word in ("昨天", "2026-02-30", "第 3 行缺少"))
    path = table(tmp_path / "g.csv", GOOD)
    assert "Mars/Base" in cases(town, database, path, "--timezone", "Mars/Base").text


def test_states_and_references(town: Command, database: str, tmp_path: Path) -> None:
    bad = [
        "7,x,2026-03-10,不知道,102.705,25.005",
        "8,x,2026-03-10,,102.705,25.005",
        "8,x,2026-03-10,,102.705,25.005",
    ]
    assert "不知道" in cases(town, database, table(tmp_path / "s.csv", bad)).text
    assert "“8”" in cases(town, database, table(tmp_path / "r.csv", bad[1:])).text


def test_fault_in_the_last_of_a_million_rows(town: Command, database: str, tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    block = "".join(f"x,2026-03-{1 + i % 28:02d} 10:00,102.7{i % 10},25.005\n" for i in range(1000))
    with path.open("w", encoding="utf-8") as file:
        file.write("category,reported_at,lon,lat\n")
        for _ in range(1000):
            file.write(block)
        file.write("x,no time,102.7,25.0\n")
    before = counts(database)
    said = town("import", "cases", path)
    assert said.status == 2
    assert "第 1000001 行" in said.text
    assert counts(database) == before


def test_what_is_on_its_way_is_not_left_to_the_next(
    town: Command, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(loader: CaseLoader, parts: Sequence[tuple[str, Bytes]]) -> None:
        under_way.append(loader)
        time.sleep(1)
        store(loader, parts)
        under_way.remove(loader)

    store = CaseLoader._store
    under_way: list[CaseLoader] = []
    monkeypatch.setattr(CaseLoader, "_store", late)
    path = tmp_path / "many.csv"
    rows = "".join(f"x,2026-03-{1 + i % 28:02d} 10:00,102.7{i % 10},25.005\n" for i in range(4 * BULK_ROWS))
    path.write_text(f"category,reported_at,lon,lat\n{rows}x,no time,102.7,25.0\n", "utf-8")
    before = counts(database)
    assert town("import", "cases", path).status == 2
    assert not under_way
    assert counts(database) == before


def test_zip_bomb_and_escape(town: Command, database: str, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 300_000_000)
    assert "300000000" in cases(town, database, bomb).text
    lying = tmp_path / "lying.zip"
    raw = bytearray(bomb.read_bytes())
    at = raw.rfind(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, 10)
    lying.write_bytes(raw)
    assert cases(town, database, lying).status == 2
    for name in ("../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "a\\..\\..\\evil.csv"):
        path = tmp_path / "escape.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, HEADER + GOOD[0])
        assert "指向包外" in cases(town, database, path).text
    assert not list(tmp_path.parent.rglob("evil.csv"))


def test_errors_file_lists_every_fault(town: Command, database: str, tmp_path: Path) -> None:
    rows = [f"{i},x,never,,102.705,25.005" for i in range(1, 61)]
    path = table(tmp_path / "many.csv", [*rows, "61,x,2026-03-10,,102.705,25.005"])
    said = cases(town, database, path, "--errors", str(tmp_path / "errors.csv"))
    assert "60" in said.text
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [int(line["row"]) for line in listed] == list(range(1, 61))
    assert all(line["value"] == "never" and line["message"] for line in listed)


def test_skip_bad_and_dry_run(town: Command, database: str, tmp_path: Path) -> None:
    path = table(tmp_path / "some.csv", [*GOOD, "4,x,never,,102.7,25.0"])
    before = counts(database)
    assert town("import", "cases", path, "--skip-bad", "--dry-run").status == 0
    assert counts(database) == before
    said = town("import", "cases", path, "--skip-bad")
    assert said.status == 0
    assert "第 4 行" in said.text
    assert counts(database)[2] == before[2] + 3

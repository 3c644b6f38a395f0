"""A mapping is said once for a header; the next file with it is read the same way, and the report says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.report import ImportReport
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from spatial.errors import LayerError, SourceError
from spatial.readers import SourceOptions
from tests import registered, town
from tests.cluster import clone
from tests.db.test_import_elements import ask, counts, csv
from tests.registered import CELLS

pytestmark = pytest.mark.db

HEADER = "甲列,乙列,丙列,网格编码"
MAPPING = {"type": "甲列", "code": "乙列", "name": "丙列"}


@pytest.fixture
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        yield url


def take(url: str, path: Path, **fields: str) -> ImportReport:
    options = ElementImport(ElementKind.PLACE, SourceOptions(fields=fields))
    return import_elements(url, path, options)


def told(report: ImportReport) -> list[str]:
    return [facts["mapping"] for code, facts in report.notes if code == "mapping_remembered"]


def test_a_mapping_is_remembered_by_its_header(built: str, tmp_path: Path) -> None:
    first = csv(tmp_path / "a.csv", HEADER, f"楼栋,NEW-1,一号楼,{CELLS[0]}")
    with pytest.raises(SourceError):
        take(built, first)
    assert told(take(built, first, **MAPPING)) == []
    # The same columns in another order, written with a wide letter, are the same header.
    second = csv(tmp_path / "b.csv", "丙列,甲列,网格编码 ,乙列", f"二号楼,楼栋,{CELLS[0]},NEW-2")
    report = take(built, second)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert told(report) == ["code=乙列、name=丙列、type=甲列"]
    assert ask(built, "SELECT name FROM elements WHERE code = 'NEW-2'") == [("二号楼",)]
    with pytest.raises(SourceError):
        take(built, csv(tmp_path / "c.csv", HEADER + ",丁列", f"楼栋,NEW-3,三号楼,{CELLS[0]},x"))


def test_what_is_said_now_goes_before_what_was(built: str, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", HEADER + ",丁列", f"楼栋,NEW-1,旧名,{CELLS[0]},新名")
    take(built, path, **MAPPING)
    report = take(built, path, name="丁列")
    assert told(report) == ["code=乙列、type=甲列"]
    assert ask(built, "SELECT name FROM elements WHERE code = 'NEW-1'") == [("新名",)]
    assert "name=丁列" in told(take(built, path))[0]


def test_what_failed_is_not_remembered(built: str, tmp_path: Path) -> None:
    with pytest.raises(LayerError):
        take(built, csv(tmp_path / "a.csv", HEADER, f"城堡,NEW-1,一号楼,{CELLS[0]}"), **MAPPING)
    assert ask(built, "SELECT * FROM import_mappings") == []

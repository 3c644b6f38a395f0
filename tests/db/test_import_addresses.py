"""Texts that are no code become places by the gazetteer; what is open is listed and what is only alike is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from spatial.errors import LayerError
from tests import registered, town
from tests.cluster import clone
from tests.db.test_import_elements import ask, counts, csv, take
from tests.registered import CELLS, credit

pytestmark = pytest.mark.db

GIVEN = {"legal_basis": "模拟依据", "retain_until_on": "2099-01-01"}
SITES = "SELECT e.name, s.name, n.code FROM elements e LEFT JOIN elements s ON s.id = e.site_id" \
    " JOIN area_numbers n ON n.no = e.area_no WHERE e.kind = 'organisation' AND e.name LIKE '模拟%'" \
    " ORDER BY e.name"  # fmt: skip


@pytest.fixture
def built(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        lon, lat = town.centre(CELLS[3])
        places = csv(
            tmp_path / "places.csv", "类型,标识码,名称,地址,经度,纬度,所在,单元,室号",
            f"小区,P-1,江东花园,文艺路12号,{lon},{lat},,,", f"楼栋,P-2,12栋,,{lon},{lat},P-1,,",
            "户室,P-3,3单元502,,,,P-2,3,502", f"小区,P-4,双名苑,,{lon},{lat},,,", f"小区,P-5,双名苑,,{lon},{lat},,,",
        )  # fmt: skip
        take(url, places, ElementKind.PLACE)
        yield url


def test_people_live_where_their_address_says(built: str, tmp_path: Path) -> None:
    header = "姓名,出生日期,现住地址"
    path = csv(
        tmp_path / "p.csv",
        header,
        "模拟甲,1950-01-01,江东花园十二幢 三单元502室",
        "模拟乙,1950-01-01,江东花园",
    )
    report = take(built, path, ElementKind.PERSON, given=GIVEN)
    assert counts(report) == (2, 2, 0, 0, 0)
    assert ("addresses_resolved", {"exact": 0, "parts": 1}) in report.notes
    lives = "SELECT p.name, s.code FROM persons p JOIN elements e USING (id) JOIN elements s ON s.id = e.site_id" \
        " WHERE p.name LIKE '模拟%'"  # fmt: skip
    assert dict(ask(built, lives)) == {"模拟甲": "P-3", "模拟乙": "P-1"}
    assert counts(take(built, path, ElementKind.PERSON, given=GIVEN)) == (2, 0, 0, 2, 0)


def test_what_is_unknown_ambiguous_or_only_alike_is_a_fault(built: str, tmp_path: Path) -> None:
    said = ("江东花圆12栋", "江东花园12栋9单元909", "双 名苑", "无此地方")
    path = csv(tmp_path / "p.csv", "姓名,现住地址", *[f"模拟{n},{one}" for n, one in enumerate(said)])
    with pytest.raises(LayerError) as refused:
        take(built, path, ElementKind.PERSON, given=GIVEN)
    codes = [(fault.row, fault.code) for fault in refused.value.faults]
    unknown, ambiguous = "entry.site_unknown", "entry.site_ambiguous"
    assert codes == [(1, unknown), (2, unknown), (3, ambiguous), (4, unknown)]


def test_an_address_alone_says_where_an_organisation_is(built: str, tmp_path: Path) -> None:
    path = csv(
        tmp_path / "o.csv", "类型,统一社会信用代码,单位名称,地址", f"property_company,{credit(70)},模拟甲,文艺路十二号",
        f"property_company,{credit(71)},模拟乙,双名苑", f"property_company,{credit(72)},模拟丙,江东花园 12幢",
    )  # fmt: skip
    report = take(built, path, ElementKind.ORGANISATION)
    assert ("addresses_resolved", {"exact": 1, "parts": 1}) in report.notes
    assert ("addresses_open", {"count": 1, "rows": "2"}) in report.notes
    assert ("elements_nowhere", {"count": 1}) in report.notes
    assert ask(built, SITES) == [
        ("模拟丙", "12栋", CELLS[3]), ("模拟乙", None, town.DISTRICT), ("模拟甲", "江东花园", CELLS[3])
    ]  # fmt: skip
    again = take(built, path, ElementKind.ORGANISATION)
    assert counts(again) == (3, 0, 0, 3, 0)

"""The map that the server draws: the same cases and areas as its tiles, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as Xml

import pytest

from app.postgres import Cluster
from tests import town
from tests.casework import Casework, cloned

pytestmark = pytest.mark.db

PLACE = f"at=13/{town.SOUTH + 2 * town.STEP}/{town.WEST + 2 * town.STEP}&size=1200x900"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        for column, row in ((0, 0), (0, 0), (1, 0), (3, 3)):
            lon, lat = town.WEST + (column + 0.5) * town.STEP, town.SOUTH + (row + 0.5) * town.STEP
            made.report("supervisor", position={"lon": lon, "lat": lat})
        yield made


def drawn(work: Casework, who: str, query: str = PLACE, status: int = 200) -> Xml.Element:
    answer = work.client(who).get(f"/tiles/picture.svg?{query}")
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "image/svg+xml"
    return Xml.fromstring(answer.data)


def looks(picture: Xml.Element, name: str) -> list[Xml.Element]:
    return [node for node in picture.iter() if name in node.get("class", "").split()]


def counted(picture: Xml.Element) -> int:
    return sum(int(mark.get("data-count", "0")) for mark in looks(picture, "d-mark"))


@pytest.mark.parametrize("who", ["duty", "operator", "neighbour", "officer"])
@pytest.mark.parametrize("more", ["", "&state=overdue", "&category=1", "&tab=todo"])
def test_it_marks_what_the_list_counts(work: Casework, who: str, more: str) -> None:
    view = work.client(who).get(f"/api/v1/view?state=open{more}").get_json()
    lost = work.client(who).get(f"/api/v1/view?state=open{more}&where=unlocated").get_json()["queue"]["total"]
    assert counted(drawn(work, who, f"{PLACE}&state=open{more}")) == view["queue"]["total"] - lost


@pytest.mark.parametrize("who", ["duty", "neighbour"])
def test_it_draws_the_areas_that_one_sees(work: Casework, who: str) -> None:
    cells = {cell.get("data-area") for cell in looks(drawn(work, who), "d-cell")}
    everything = {cell.get("data-area") for cell in looks(drawn(work, "duty"), "d-cell")}
    assert cells
    assert cells <= everything
    assert (cells == everything) == (who == "duty")


def test_a_place_without_a_district_is_empty(work: Casework) -> None:
    picture = drawn(work, "duty", "at=15/-33.9/151.2&size=300x200")
    assert picture.get("viewBox") == "0 0 300 200"
    assert not looks(picture, "d-cell")
    assert counted(picture) == 0


@pytest.mark.parametrize(
    "query",
    ["at=20/25/102&size=300x200", "at=9/91/102&size=300x200", "at=9/25/181&size=300x200",
     "at=9/25/102&size=4097x200", "at=9/25/102&size=300x2401", "at=9/25&size=300x200", "at=9/25/102&size=1"],
)  # fmt: skip
def test_what_cannot_be_drawn_is_named(work: Casework, query: str) -> None:
    answer = work.client("duty").get(f"/tiles/picture.svg?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.get_json()["code"] == "parameter_invalid"


def test_it_is_not_sent_again_while_nothing_has_changed(work: Casework) -> None:
    client, address = work.client("duty"), f"/tiles/picture.svg?{PLACE}"
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    work.report("supervisor")
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200

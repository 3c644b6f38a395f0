"""The card of an area: all its cases month by month, who looks after it, and what is not kept is no zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.people import employ

pytestmark = pytest.mark.db

PHONE = "13812345678"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    """The town at work; the first cell has an officer, a street and a stretch."""
    with casework.cloned(cluster) as made:
        made.people["analyst"] = employ(made.url, Role.ANALYST, town.DISTRICT, username="analyst")
        lon, lat = town.centre(casework.AREA)
        line = "ST_SetSRID(ST_MakeLine(ST_MakePoint(:lon, :lat), ST_MakePoint(:lon + 0.001, :lat)), 4490)"
        with transaction(made.url) as connection:
            connection.execute(text("UPDATE staff_members SET phone = :phone"), {"phone": PHONE})
            connection.execute(
                text("INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
                     " SELECT s.id, n.no, 'full_time', 'grid_officer', district_today(1) - 9 FROM staff_members s"
                     " JOIN area_numbers n ON n.code = :cell WHERE s.name = 'officer'"),
                {"cell": casework.AREA},
            )  # fmt: skip
            connection.execute(
                text("INSERT INTO ground_features (district_id, kind, name, geom)"
                     f" SELECT 1, kind, kind, {line} FROM unnest(ARRAY['street', 'street', 'river']) kind"),
                {"lon": lon, "lat": lat},
            )  # fmt: skip
            connection.execute(
                text("INSERT INTO maintenance_areas (district_id, code, name, unit_id, source, geom)"
                     f" SELECT 1, 'R-1', '一环路北段', id, 'entered', {line} FROM units WHERE code = 'sanitation'"),
                {"lon": lon, "lat": lat},
            )  # fmt: skip
        yield made


def area(work: Casework, code: str) -> int:
    return int(work.scalar("SELECT id FROM areas WHERE code = :code", code=code))


def card(work: Casework, who: str, code: str, status: int = 200, **asked: Any) -> dict[str, Any]:
    answer = work.client(who).get(f"/api/v1/areas/{area(work, code)}/card", query_string=asked)
    assert answer.status_code == status, answer.text
    assert PHONE not in answer.text
    return dict(answer.get_json())


def elements(found: dict[str, Any]) -> dict[str, Any]:
    return {one["element"]: one["count"] for one in found["elements"]}


def test_cases_are_counted_whatever_a_screen_is_filtered_by(work: Casework) -> None:
    before = card(work, "duty", casework.AREA)
    work.report()
    found = card(work, "duty", casework.AREA)
    assert (found["open"], found["months"][-1]["reported"]) == (
        before["open"] + 1,
        before["months"][-1]["reported"] + 1,
    )
    assert len(found["months"]) == 12
    whole = work.scalar(
        "SELECT count(*) FROM cases c JOIN areas a ON a.code = :code AND c.area_no BETWEEN a.no AND a.last_no"
        " WHERE c.reported_at >= date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'"
        " - interval '11 months'",
        code=casework.SUBDISTRICT,
    )
    assert sum(month["reported"] for month in card(work, "duty", casework.SUBDISTRICT)["months"]) == whole


def test_what_is_not_kept_is_no_zero(work: Casework) -> None:
    found = card(work, "duty", casework.AREA)
    counted = elements(found)
    assert (counted["person"], counted["object"], found["residents"]) == (None, None, None)
    assert (counted["place"], counted["organisation"]) == (3, 1)
    (places,) = [one["of"] for one in found["elements"] if one["element"] == "place"]
    assert places == {"street": 2, "stretch": 1}
    far = elements(card(work, "duty", town.cell(0, 0)))
    assert (far["place"], far["organisation"], far["person"]) == (0, 0, None)


def test_the_roster_marks_what_is_vacant(work: Casework) -> None:
    parts = {one["part"]: one for one in card(work, "duty", casework.AREA)["roster"]["parts"]}
    assert [one["name"] for one in parts["officer"]["people"]] == ["officer"]
    assert not parts["officer"]["missing"] and parts["part_time"]["missing"]
    bare = {one["part"]: one for one in card(work, "duty", town.cell(0, 0))["roster"]["parts"]}
    assert bare["officer"]["missing"] and bare["officer"]["people"] == []


def test_a_wider_area_says_how_many_cells_are_complete(work: Casework) -> None:
    roster = card(work, "duty", casework.COMMUNITY)["roster"]
    assert roster["parts"] is None
    assert (roster["sums"]["cells"], roster["sums"]["complete"]) == (4, 0)
    assert roster["sums"]["officer"] == 3


def test_to_each_their_own(work: Casework) -> None:
    assert card(work, "analyst", casework.AREA)["roster"] is None
    assert card(work, "neighbour", casework.AREA, 404)["code"] == "area_missing"
    # Of the district above them, whoever answers for one subdistrict is told their own cases, and no sums of it.
    mine, whole = card(work, "neighbour", town.DISTRICT), card(work, "duty", town.DISTRICT)
    assert mine["open"] < whole["open"]
    assert mine["roster"]["sums"] is None
    assert work.client("resident").get(f"/api/v1/areas/{area(work, casework.AREA)}/card").status_code == 403


def test_as_of_an_instant(work: Casework) -> None:
    then = datetime.now(UTC) - timedelta(days=30)
    found = card(work, "duty", casework.AREA, as_of=then.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert found["roster"]["on"] < str(work.scalar("SELECT district_today(1)"))
    assert all(one["people"] == [] for one in found["roster"]["parts"] if one["part"] == "officer")
    assert sum(month["reported"] for month in found["months"]) <= sum(
        month["reported"] for month in card(work, "duty", casework.AREA)["months"]
    )

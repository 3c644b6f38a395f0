"""网格调整方案: drawn by one, approved by another, in force on its day with everything carried over, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.service.managing import CONSOLE
from app.db import Actor, transaction
from app.interop.service.redrawing import merge_cells
from app.postgres import Cluster
from app.proposals.service import applying
from tests import proposed, town
from tests.db import redrawn
from tests.proposed import Office

pytestmark = pytest.mark.db

FIRST, SECOND = town.cell(0, 1), town.cell(1, 1)
"""Two neighbours of the community in the south-west."""


@pytest.fixture(scope="module")
def office(cluster: Cluster) -> Iterator[Office]:
    with proposed.office(cluster) as made:
        yield made


@pytest.fixture
def fresh(cluster: Cluster) -> Iterator[Office]:
    """A town of its own, whose grid is drawn anew."""
    with proposed.office(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def one(office: Office) -> dict[str, Any]:
    """A draft that several tests draw; each reads it as it is then."""
    return office.begin()


def now(office: Office, one: dict[str, Any]) -> dict[str, Any]:
    return office.get(f"/{one['id']}")


def across(one: dict[str, Any], key: str) -> list[list[float]]:
    """A line from south to north beside the middle of a cell."""
    cell = next(cell for cell in one["cells"] if cell["key"] == key)
    lon = cell["lon"] + 0.0013
    return [[lon, cell["lat"] - 0.02], [lon, cell["lat"] + 0.02]]


def cell(one: dict[str, Any], key: str) -> dict[str, Any]:
    return next(cell for cell in one["cells"] if cell["key"] == key)


def apply_due(office: Office) -> None:
    with transaction(office.url) as connection:
        applying.apply_due(connection)


def test_it_begins_as_the_cells_of_today(office: Office, one: dict[str, Any]) -> None:
    assert one["ready"]
    assert one["problem"] is None
    assert all(cell["same"] and cell["key"] == cell["was"] for cell in one["cells"])
    households = office.rows("SELECT sum(households) FROM areas_on(1, district_today(1)) WHERE level = 'cell'"
                             " AND code LIKE :area", area=f"{proposed.AREA}%")  # fmt: skip
    assert sum(cell["households"] for cell in one["cells"]) == households[0][0]
    blocks = office.get(f"/{one['id']}/blocks")["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in blocks]
    assert len(one["of_block"]) == len(blocks)
    present = office.get(f"/{one['id']}/present")["features"]
    whole = shapely.union_all([shapely.geometry.shape(feature["geometry"]) for feature in present])
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-6)


def test_steps_are_kept_and_undone(office: Office, one: dict[str, Any]) -> None:
    one = now(office, one)
    split = office.edit(one, "split", cell=FIRST, line=across(one, FIRST))
    made = sorted(cell["key"] for cell in split["cells"] if not cell["same"])
    assert made == [f"{FIRST[:12]}+1", FIRST]
    assert sum(cell(split, key)["households"] for key in made) == 500
    back = office.edit(split, "undo")
    assert all(cell["same"] for cell in back["cells"])
    assert back["redo"]
    again = office.edit(back, "redo")
    assert again["of_block"] == split["of_block"]
    merged = office.edit(again, "merge", cells=made)
    assert cell(merged, FIRST)["households"] == 500
    named = office.edit(merged, "name", cell=SECOND, name="新格", code=f"{SECOND[:12]}777")
    assert (cell(named, SECOND)["name"], cell(named, SECOND)["code"]) == ("新格", f"{SECOND[:12]}777")
    assert office.edit(named, "undo")["undo"]


def test_blocks_go_to_a_neighbour_and_nowhere_else(office: Office, one: dict[str, Any]) -> None:
    one = now(office, one)
    blocks = office.get(f"/{one['id']}/blocks")["features"]
    of = {f["properties"]["name"]: shapely.geometry.shape(f["geometry"]) for f in blocks}
    mine = [f["properties"]["name"] for f in blocks if one["of_block"][f["properties"]["no"]] == FIRST]
    beside = shapely.union_all([of[f["properties"]["name"]] for f in blocks
                                if one["of_block"][f["properties"]["no"]] == SECOND])  # fmt: skip
    near = next(name for name in mine if shapely.intersection(of[name], beside).length > 1e-5)
    given = office.edit(one, "give", blocks=[near], to=SECOND)
    assert given["of_block"].count(SECOND) == one["of_block"].count(SECOND) + 1
    far = next(cell["key"] for cell in one["cells"] if cell["community"] != FIRST[:12])
    told = office.post(f"/{one['id']}/edits", version=given["version"], do="give", blocks=mine[:1], to=far)
    assert told["code"] == "draw_other_community"
    told = office.post(f"/{one['id']}/edits", version=given["version"], do="give", blocks=mine, to=SECOND)
    assert told["code"] == "draw_would_be_empty"
    told = office.post(f"/{one['id']}/edits", version=given["version"], do="merge", cells=[FIRST, "x"])
    assert told["code"] == "draw_unknown_cells"
    assert now(office, one)["version"] == given["version"]


def test_all_that_is_wrong_with_a_request_is_told_at_once(office: Office, one: dict[str, Any]) -> None:
    told = office.post(
        "", status=400, client_id="x", name="", area="530199", effective_on=str(office.today), extra=1
    )
    assert {fault["field"] for fault in told["faults"]} >= {"client_id", "name", "extra"}
    body = {
        "client_id": str(uuid.uuid4()),
        "name": "x",
        "area": town.subdistrict("b"),
        "effective_on": str(office.today),
    }
    told = office.post("", status=400, **body, least_households=9, most_households=9)
    assert {(f["field"], f["reason"]) for f in told["faults"]} == {
        ("area", "unknown"), ("effective_on", "day_over"), ("most_households", "bounds_crossed"),
    }  # fmt: skip
    told = office.post(f"/{one['id']}/edits", status=400, version=1, do="give", to=FIRST)
    assert told["faults"][0]["field"] == "blocks"


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(
    office: Office, one: dict[str, Any]
) -> None:
    was = now(office, one)
    office.edit(was, "name", cell=FIRST, name="甲")
    told = office.edit(was, "name", status=409, cell=FIRST, name="乙")
    assert told["code"] == "proposal_changed"
    assert cell(now(office, one), FIRST)["name"] == "甲"


def test_a_community_is_balanced_as_a_suggestion_and_compared(office: Office) -> None:
    one = office.begin(least_households=300, most_households=600)
    office.post(
        f"/{one['id']}/work", status=202, version=one["version"], do="balance", community=FIRST[:12], count=3
    )
    assert now(office, one)["doing"] == "balance"
    office.work(one["id"])
    found = now(office, one)
    assert found["doing"] is None
    assert len(found["suggestion"]["figures"]) == 3
    taken = office.edit(found, "take")
    assert len([cell for cell in taken["cells"] if cell["community"] == FIRST[:12]]) == 3
    assert sum(cell["households"] for cell in taken["cells"]) == sum(
        cell["households"] for cell in one["cells"]
    )
    office.post(f"/{one['id']}/work", status=202, version=taken["version"], do="compare", effort_hours=2)
    office.work(one["id"])
    compared = now(office, one)["comparison"]
    assert (compared["before"]["cells"], compared["after"]["cells"]) == (8, 7)
    assert compared["before"]["households"] == compared["after"]["households"] == 4000
    assert compared["moved_households"] > 0
    assert compared["replay"]["assumed"] == {"effort_hours": 2, "hours_per_day": 8, "officers": 1}
    assert compared["replay"]["before"]["late"] >= 0
    # What is drawn afterwards is another proposal.
    assert office.edit(now(office, one), "undo")["comparison"] is None


def test_one_proposes_and_another_approves(office: Office) -> None:
    one = office.begin("duty")
    assert office.act(one, "propose", "duty", 409)["code"] == "proposal_unchanged"
    one = office.edit(one, "merge", "duty", cells=[FIRST, SECOND])
    one = office.act(one, "propose", "duty")
    assert one["own"]
    assert "approve" not in one["acts"]
    assert office.act(one, "approve", "duty", 403)["code"] == "proposal_own"
    assert office.act(one, "approve", "head", 403)["code"] == "not_permitted"
    assert office.edit(one, "undo", "duty", 409)["code"] == "proposal_not_draft"
    assert office.act(one, "send_back", "duty", 400)["faults"][0]["field"] == "reason"
    one = office.act(one, "send_back", "duty", reason="再看看")
    assert (one["state"], one["reason"]) == ("draft", "再看看")
    one = office.act(office.act(one, "propose", "head"), "approve", "duty")
    assert one["state"] == "approved"
    told = office.client("head").get("/api/v1/inbox").get_json()["items"]
    assert (told[0]["kind"], told[0]["proposal_id"]) == ("grid_approve", one["id"])
    logged = office.rows("SELECT action FROM access_log WHERE subject_kind = 'grid_proposal' AND subject_id = :id"
                         " ORDER BY no", id=str(one["id"]))  # fmt: skip
    assert [row.action.removeprefix("grid_proposal.") for row in logged] == [
        "begin", "edit", "propose", "send_back", "propose", "approve",
    ]  # fmt: skip
    assert office.act(one, "withdraw", "head")["state"] == "withdrawn"


def test_nobody_sees_or_draws_beyond_their_territory(office: Office, one: dict[str, Any]) -> None:
    far = office.begin("duty", area=town.subdistrict("b"))
    for path in ("", "/blocks", "/cells", "/present", "/findings"):
        assert office.client("head").get(f"/api/v1/grid/proposals/{far['id']}{path}").status_code == 404
    assert office.edit(far, "undo", "head", 404)["code"] == "proposal_missing"
    assert far["id"] not in [item["id"] for item in office.get("")["items"]]
    account = office.rows("SELECT id FROM accounts WHERE username = 'head'")[0].id
    with transaction(office.url, read_only=True) as connection:
        view = connection.execute(
            text("SELECT roles, territory::text FROM account_view(:id)"), {"id": account}
        ).one()
    with transaction(office.url, actor=Actor(account, tuple(view.roles), view.territory)) as connection:
        for table in ("grid_proposals", "grid_proposal_blocks", "grid_proposal_steps", "grid_proposal_cells"):
            column = "id" if table == "grid_proposals" else "proposal_id"
            rows = connection.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars()
            assert far["id"] not in set(rows)
        # Nobody signs for somebody else, nor puts in force by hand.
        with pytest.raises(DBAPIError, match="signed by who acts"), connection.begin_nested():
            connection.execute(
                text("UPDATE grid_proposals SET approved_by = :who WHERE id = :id"),
                {"who": account, "id": one["id"]},
            )


def approved(office: Office, do: str = "split") -> dict[str, Any]:
    """An approved proposal that splits a cell and merges two others, in two communities."""
    one = office.begin()
    one = office.edit(one, "split", cell=FIRST, line=across(one, FIRST))
    others = sorted(c["key"] for c in one["cells"] if c["community"] != FIRST[:12])[:2]
    one = office.edit(one, "merge", cells=others)
    return office.act(office.act(one, "propose"), "approve", "duty")


def test_it_takes_effect_on_its_day_with_everything_carried_over(fresh: Office) -> None:
    one = approved(fresh)
    sums, days = redrawn.sums(fresh.url), redrawn.past_days(fresh.url)
    apply_due(fresh)
    assert now(fresh, one)["state"] == "approved", "its day has not come"
    fresh.come(one["id"])
    apply_due(fresh)
    found = now(fresh, one)
    assert (found["state"], found["problem"]) == ("in_force", None)
    assert redrawn.sums(fresh.url) == sums
    assert redrawn.past_days(fresh.url) == days
    redrawn.check_places(fresh.url)
    rows = fresh.rows(
        "SELECT f.code AS old, count(*) AS news, sum(l.area_share) AS share, sum(l.households) AS households"
        " FROM cell_lineage l JOIN area_numbers f ON f.no = l.from_no GROUP BY f.code ORDER BY 1"
    )
    assert [(row.news, round(row.share, 9), row.households) for row in rows] == [
        (1, 1, 500),
        (1, 1, 500),
        (2, 1, 500),
    ]
    # What the page said each cell would have is what it has.
    said = sorted(c["households"] for c in one["cells"] if not c["same"])
    has = fresh.rows(
        "SELECT households FROM areas a WHERE a.no IN (SELECT to_no FROM cell_lineage) ORDER BY 1"
    )
    assert said == [row.households for row in has]
    editions = fresh.rows("SELECT count(*) FROM grid_editions")
    apply_due(fresh)
    assert fresh.rows("SELECT count(*) FROM grid_editions") == editions, "once"


def test_what_cannot_take_effect_says_why_and_waits_and_nothing_is_lost(fresh: Office) -> None:
    one = approved(fresh)
    with transaction(fresh.url) as connection:
        merge_cells(connection, [FIRST, SECOND], by=CONSOLE)
    fresh.come(one["id"])
    editions = fresh.rows("SELECT id, state FROM grid_editions ORDER BY id")
    apply_due(fresh)
    found = now(fresh, one)
    assert (found["state"], found["problem"]["code"]) == ("approved", "proposal_touched")
    assert set(found["touched"]) >= {FIRST, SECOND}
    assert fresh.rows("SELECT id, state FROM grid_editions ORDER BY id") == editions
    told = fresh.client("head").get("/api/v1/inbox").get_json()["items"]
    assert told[0]["kind"] == "grid_impossible"
    rebased = fresh.act(found, "rebase")
    assert rebased["state"] == "draft"
    fresh.work(one["id"])
    rebased = now(fresh, one)
    assert (rebased["touched"], rebased["outdated"]) == ([], False)
    # What nobody else has drawn is as it was drawn; what it split is drawn on the merged cell.
    changed = {c["key"]: c["households"] for c in rebased["cells"] if not c["same"]}
    assert {
        c["key"]: c["households"] for c in one["cells"] if not c["same"] and c["community"] != FIRST[:12]
    }.items() <= (changed.items())
    assert f"{FIRST[:12]}+1" in changed
    assert sum(c["households"] for c in rebased["cells"]) == sum(c["households"] for c in one["cells"])


def test_a_redrawing_that_the_database_refuses_leaves_nothing_behind(
    fresh: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = approved(fresh)
    with transaction(fresh.url) as connection:
        shrink = (
            "UPDATE grid_proposal_cells SET geom = ST_Multi(ST_Buffer(geom, -0.0005)) WHERE proposal_id = :id"
        )
        connection.execute(text(f"{shrink} AND key = :key"), {"id": one["id"], "key": FIRST})
    fresh.come(one["id"])
    before = fresh.rows("SELECT id, state FROM grid_editions ORDER BY id"), redrawn.sums(fresh.url)
    apply_due(fresh)
    found = now(fresh, one)
    assert (found["state"], found["problem"]["code"]) == ("approved", "proposal_refused")
    assert (fresh.rows("SELECT id, state FROM grid_editions ORDER BY id"), redrawn.sums(fresh.url)) == before
    apply_due(fresh)
    notices = fresh.rows("SELECT count(*) FROM notices WHERE kind = 'grid_impossible'")
    assert notices[0][0] == 2, "whoever drew and whoever approved are told once a day"

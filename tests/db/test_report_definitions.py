"""Definitions of reports and schedules through the interface."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.postgres import Cluster
from tests import casework
from tests.casework import SUBDISTRICT, Casework
from tests.reporting import API, Desk, written_plainly

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def town_at_work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


def draft(**said: Any) -> dict[str, Any]:
    usual = {
        "code": "street_weekly", "version": 0, "kind": "weekly", "title": "街道周报",
        "sections": ["overdue", "summary"], "formats": ["pdf"],
    }  # fmt: skip
    return {**usual, **said}


def test_it_is_composed_by_versions_and_retired(
    town_at_work: Casework, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written_plainly(monkeypatch, tmp_path)
    duty, operator = Desk(town_at_work, "duty"), Desk(town_at_work, "operator")
    made = duty.post("/definitions", 201, **draft())
    assert (made["version"], made["sections"], made["made"]) == (1, ["overdue", "summary"], True)
    one = operator.made(definition="street_weekly", scope=SUBDISTRICT)
    assert one["title"].endswith("街道周报") and one["version"] == 1
    assert duty.post("/definitions", 409, **draft())["code"] == "report_definition_changed"
    assert duty.post("/definitions", 201, **draft(version=1, sections=["summary"]))["version"] == 2
    assert operator.get(f"/{one['id']}")["version"] == 1, "what was made by an older one stays"
    assert operator.client.post(f"{API}/definitions", json=draft()).status_code == 403
    # What comes with the platform is composed anew as a later version.
    assert (
        duty.post("/definitions", 201, **draft(code="weekly", version=1, title=""))["title"] == "网格治理周报"
    )
    assert duty.client.delete(f"{API}/definitions/street_weekly").status_code == 204
    assert "street_weekly" not in {each["code"] for each in duty.get("/definitions")["items"]}
    assert operator.ask(404, definition="street_weekly")["code"] == "report_definition_missing"
    assert duty.post("/definitions", 201, **draft(version=3))["version"] == 4


def test_what_is_wrong_with_a_definition(town_at_work: Casework) -> None:
    duty = Desk(town_at_work, "duty")
    told = duty.post("/definitions", 400, **draft(code="Bad Code", title="", sections=["ranking", "ranking"]))
    assert {fault["field"]: fault["reason"] for fault in told["faults"]} == {
        "code": "not_definition_code", "title": "missing", "sections": "report_section_twice",
    }  # fmt: skip
    told = duty.post("/definitions", 400, **draft(code="quarterly", version=1))
    assert [fault["reason"] for fault in told["faults"]] == ["definition_kind_fixed"]


def test_schedules_are_ones_own(town_at_work: Casework) -> None:
    operator, head, client = Desk(town_at_work, "operator"), Desk(town_at_work, "head"), str(uuid.uuid4())
    asked = {
        "client_id": client,
        "definition": "monthly",
        "scope": SUBDISTRICT,
        "formats": ["pdf"],
        "at": "06:30",
    }
    made = operator.post("/schedules", 201, **asked)["id"]
    assert operator.post("/schedules", 201, **asked)["id"] == made
    (one,) = operator.get("/schedules")["items"]
    assert (one["definition"], one["at"], one["next_on"][-2:]) == ("monthly", "06:30", "01")
    assert head.get("/schedules")["items"] == []
    assert head.client.delete(f"{API}/schedules/{made}").status_code == 404
    told = operator.post("/schedules", 400, **{**asked, "client_id": str(uuid.uuid4()), "at": "25:00"})
    assert [fault["reason"] for fault in told["faults"]] == ["not_clock"]
    told = operator.post("/schedules", 404, **{**asked, "client_id": str(uuid.uuid4()), "scope": "x"})
    assert told["code"] == "report_scope_missing"
    assert operator.client.delete(f"{API}/schedules/{made}").status_code == 204
    assert operator.get("/schedules")["items"] == []

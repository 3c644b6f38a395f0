"""What a screen asks for: one answer of one state of the data, with as much of each case as a list shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.postgres import Cluster
from tests.casework import Casework, cloned

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        yield made


def ask(work: Casework, who: str, path: str = "", status: int = 200) -> dict[str, Any]:
    answer = work.client(who).get(f"/api/v1/view{path}")
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def test_a_view_is_one_set(work: Casework) -> None:
    before = ask(work, "operator")
    cases = {work.report("supervisor", description=f"第 {number} 处")["case_id"] for number in range(3)}
    view = ask(work, "operator")
    total = before["queue"]["total"] + 3
    assert view["figures"]["open"] == view["tabs"]["all"] == view["queue"]["total"] == total
    assert sum(view["steps"]) == sum(view["cells"].values()) == sum(view["categories"].values()) == total
    assert view["figures"]["today"] == before["figures"]["today"] + 3
    assert ask(work, "operator", "?state=all")["days"]["reported"][-1] == view["figures"]["today"]
    assert view["tabs"]["todo"] == before["tabs"]["todo"] + 3
    rows = {item["id"]: item for item in view["queue"]["items"]}
    assert len(rows) == total
    assert cases <= set(rows)
    assert {"state": "reported", "urgency": None, "loop": "subdistrict"}.items() <= rows[min(cases)].items()


def test_a_move_is_in_the_next_view(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    before = ask(work, "operator")
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C01")
    after = ask(work, "operator")
    assert after["steps"][1] == before["steps"][1] + 1
    assert after["figures"]["registered_today"] == before["figures"]["registered_today"] + 1
    row = next(item for item in after["queue"]["items"] if item["id"] == case)
    assert (row["state"], row["version"], bool(row["condition"])) == ("registered", 3, True)
    assert ask(work, "operator", "?step=2")["queue"]["total"] == after["steps"][1]


def test_pages_follow_each_other(work: Casework) -> None:
    for _ in range(5):
        work.report("supervisor")
    total = ask(work, "operator")["queue"]["total"]
    found: list[int] = []
    page = ask(work, "operator", "/queue?limit=2")
    while True:
        found += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        page = ask(work, "operator", f"/queue?limit=2&after={page['next']}")
    assert len(found) == len(set(found)) == total


def test_the_past_is_as_it_was(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    work.move("operator", case, "accept")
    then = work.scalar(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    )
    now = ask(work, "operator")
    work.move("operator", case, "register", condition="C01")
    later = work.report("supervisor")["case_id"]
    past = ask(work, "operator", f"?as_of={then}&limit=200")
    assert past["past"]
    assert past["steps"] == now["steps"]
    assert past["figures"]["open"] == now["figures"]["open"]
    rows = {item["id"]: item for item in past["queue"]["items"]}
    assert rows[case]["state"] == "reported"
    assert later not in rows
    assert ask(work, "operator", "?as_of=2020-01-01T00:00:00Z")["queue"]["total"] == 0


def test_words_and_crowded_cells_narrow_it(work: Casework) -> None:
    work.report("supervisor", description="独一无二的坑")
    view = ask(work, "operator", "?q=独一无二")
    assert view["queue"]["total"] == view["figures"]["open"] == 1
    whole = ask(work, "operator")
    crowded = max(whole["cells"].values())
    assert ask(work, "operator", f"?per_cell={crowded}-")["queue"]["total"] == crowded
    assert ask(work, "operator", f"?per_cell={crowded}-")["cells"] == whole["cells"]
    assert ask(work, "operator", f"?per_cell={crowded + 1}-")["queue"]["total"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "tab=mine",
        "step=7",
        "per_cell=0-2",
        "per_cell=3-2",
        "as_of=2026-01-01",
        "as_of=2026-13-01T00:00:00Z",
        "ring=1,2;3,4",
        "ring=1,2;3,4;200,5",
        "ring=1,2;3,4;a,5",
    ],
)
def test_what_cannot_be_read_is_refused(work: Casework, query: str) -> None:
    assert ask(work, "operator", f"?{query}", 400)["code"] == "parameter_invalid"


def test_nobody_learns_of_other_territories(work: Casework) -> None:
    before = {name: ask(work, name) for name in ("neighbour", "sanitation", "duty")}
    work.report("supervisor")
    after = {name: ask(work, name) for name in before}
    for name in ("neighbour", "sanitation"):
        assert {**after[name], "at": None} == {**before[name], "at": None}
    assert after["duty"]["queue"]["total"] == before["duty"]["queue"]["total"] + 1
    assert not set(after["neighbour"]["cells"]) & set(ask(work, "operator")["cells"])

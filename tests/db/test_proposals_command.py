"""`panlong grid propose`, `proposals`, `compare`, `apply`: a proposal without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.db import transaction
from app.postgres import Cluster
from tests import casework, proposed, town
from tests.cli import Command, Said, caller
from tests.proposed import Office

pytestmark = pytest.mark.db


@pytest.fixture
def office(cluster: Cluster) -> Iterator[Office]:
    with proposed.office(cluster) as made:
        yield made


@pytest.fixture
def grid(office: Office, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    call = caller(office.url, monkeypatch, capfd)
    return lambda *arguments, **options: call("grid", *arguments, **options)


def test_a_proposal_is_drawn_up_tried_and_applied(office: Office, grid: Command) -> None:
    community, tomorrow = town.community("c"), str(office.today + timedelta(days=1))
    drawn = grid("propose", community, "--name", "均衡", "--on", tomorrow, "--balance", community,
                 "--households", "600", "1100", lang="en")  # fmt: skip
    assert (drawn.status, "cells change" in drawn.text) == (0, True), drawn.text
    assert "均衡" in grid("proposals", "--state", "draft").text
    (proposal,) = office.get("")["items"]
    editions = office.rows("SELECT count(*) FROM grid_editions")
    would = grid("apply", str(proposal["id"]), "--dry-run", lang="en")
    assert (would.status, "Dry run" in would.text) == (0, True), would.text
    assert "ref-" in would.text, "whose assignment goes where"
    assert office.rows("SELECT count(*) FROM grid_editions") == editions
    assert grid("apply", str(proposal["id"])).status == 2, "nobody has approved it"
    one = office.act(office.act(office.get(f"/{proposal['id']}"), "propose"), "approve", "duty")
    assert grid("apply", str(one["id"])).status == 2, "its day has not come"
    office.come(one["id"])
    done = grid("apply", str(one["id"]), lang="en")
    assert done.text.splitlines()[1:] == would.text.splitlines()[1:]
    assert office.get(f"/{one['id']}")["state"] == "in_force"


def row(said: Said, word: str) -> list[str]:
    """What stands behind a word in a table."""
    (line,) = [line for line in said.text.splitlines() if line.strip().startswith(f"{word}  ")]
    return line.strip().removeprefix(word).split()


def test_all_communities_are_balanced_and_held_beside_today(office: Office, grid: Command) -> None:
    tomorrow = str(office.today + timedelta(days=1))
    drawn = grid("propose", casework.SUBDISTRICT, "--name", "均衡", "--on", tomorrow, "--balance", "all",
                 "--households", "300", "420")  # fmt: skip
    assert drawn.status == 0, drawn.text
    (proposal,) = office.get("")["items"]
    cells = office.get(f"/{proposal['id']}")["cells"]
    changed = {cell["community"] for cell in cells if not cell["same"]}
    assert changed == {cell["community"] for cell in cells}
    said = grid("compare", str(proposal["id"]), lang="en")
    assert said.status == 0, said.text
    found = office.get(f"/{proposal['id']}")["comparison"]
    assert (
        row(said, "Cells")
        == ["8", str(len(cells))]
        == [str(found[side]["cells"]) for side in ("before", "after")]
    )
    assert row(said, "Households") == ["4,000", "4,000"]
    assert row(said, "Cells within bounds") == ["0.0%", f"{found['after']['within_bounds']:.1%}", "better"]
    assert row(said, "Cases, most to mean")[1] == f"{found['after']['cases_spread']['most_to_mean']:.3f}"
    assert (
        row(said, "Every cell in one piece")
        == row(said, "Communities covered once, without gaps")
        == ["yes", "yes"]
    )
    assert f"{found['moved_households']:,} households" in said.text
    assert "the same in all" in said.text
    # Of a plan with a hole it is said that it does not cover, and that somebody is missing.
    with transaction(office.url) as connection:
        hole = {"id": proposal["id"], "key": next(cell["key"] for cell in cells if cell["households"])}
        connection.execute(
            text("DELETE FROM grid_proposal_cells WHERE proposal_id = :id AND key = :key"), hole
        )
    holed = grid("compare", str(proposal["id"]), lang="en")
    assert row(holed, "Communities covered once, without gaps") == ["yes", "no", "worse"]
    assert "differ in all" in holed.text


def test_what_is_not_there_is_said(grid: Command) -> None:
    assert grid("apply", "99").status == 2
    assert grid("compare", "99").status == 2
    assert grid("propose", "nowhere", "--name", "x", "--on", "2020-01-01").status == 2

"""`panlong grid propose`, `proposals`, `apply`: a proposal without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.postgres import Cluster
from tests import proposed, town
from tests.cli import Command, caller
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


def test_what_is_not_there_is_said(grid: Command) -> None:
    assert grid("apply", "99").status == 2
    assert grid("propose", "nowhere", "--name", "x", "--on", "2020-01-01").status == 2

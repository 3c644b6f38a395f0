"""Cells are drawn anew while others draw them too, or move cases: everybody sees all of it, before or after."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.accounts.service.managing import CONSOLE
from app.db import transaction
from app.errors import NotFoundError
from app.interop.service.redrawing import merge_cells
from app.postgres import Cluster
from tests import casework, town
from tests.db import redrawn

pytestmark = pytest.mark.db

WHOLE, EAST = town.cell(0, 0), town.cell(1, 0)


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    with redrawn.peopled(cluster) as found:
        yield found


def test_of_two_who_draw_at_once_the_second_sees_what_the_first_has_made(url: str) -> None:
    said: list[str] = []

    def second() -> None:
        try:
            with transaction(url) as connection:
                merge_cells(connection, [EAST, town.cell(1, 1)], by=CONSOLE)
            said.append("done")
        except NotFoundError as error:
            said.append(str(error.facts["codes"]))

    with transaction(url) as connection:
        merge_cells(connection, [WHOLE, EAST], by=CONSOLE)
        other = threading.Thread(target=second)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    assert said == [EAST]


def test_a_case_that_is_moved_at_once_is_in_its_new_cell_afterwards(cluster: Cluster) -> None:
    with casework.cloned(cluster) as work:
        case = int(work.report("supervisor")["case_id"])
        told: list[int] = []

        def move() -> None:
            told.append(work.move("operator", case, "decline", reason="未达立案条件")["version"])
            told.append(int(work.report("supervisor", client_id=str(uuid.uuid4()))["case_id"]))

        work.client("operator"), work.client("supervisor")
        with transaction(work.url) as connection:
            merge_cells(connection, [casework.AREA, town.cell(1, 3)], by=CONSOLE)
            mover = threading.Thread(target=move)
            mover.start()
            mover.join(0.5)
            assert mover.is_alive()
        mover.join(20)
        assert len(told) == 2
        redrawn.check_places(work.url)


def test_a_case_that_is_being_moved_is_waited_for(url: str) -> None:
    """Whoever has locked a case goes on first: nobody waits in a circle."""
    done: list[str] = []

    def draw() -> None:
        with transaction(url) as connection:
            merge_cells(connection, [WHOLE, EAST], by=CONSOLE)
        done.append("drawn")

    with transaction(url) as connection:
        connection.execute(
            text("SELECT FROM cases WHERE external_ref = :ref FOR UPDATE"), {"ref": f"ref-{WHOLE}"}
        )
        drawer = threading.Thread(target=draw)
        drawer.start()
        drawer.join(0.5)
        assert not done
        connection.execute(
            text("UPDATE cases SET address = 'x' WHERE external_ref = :r"), {"r": f"ref-{WHOLE}"}
        )
    drawer.join(20)
    assert done == ["drawn"]
    redrawn.check_places(url)

"""A transaction begins as somebody, or not at all: also when the server has gone meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text

from app import db
from app.db import Actor, transaction
from app.errors import UnavailableError
from app.postgres import Cluster
from tests.cluster import clone

pytestmark = pytest.mark.db

SOMEBODY = Actor(7, ("analyst",), "{[1,5)}")
WHO = text("SELECT current_user, current_setting('panlong.account', true)")


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as made:
        yield made


def test_every_connection_was_cut_and_the_next_transaction_is_still_somebodys(url: str) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(transaction(url)) for _ in range(db.POOLED)]
        others = [one.scalar(text("SELECT pg_backend_pid()")) for one in opened]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as killer:
        for pid in others:
            killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
    with ExitStack() as stack:
        for _ in range(db.POOLED):
            connection = stack.enter_context(transaction(url, actor=SOMEBODY))
            assert tuple(connection.execute(WHO).one()) == ("panlong_app", "7")


def test_one_that_never_begins_is_not_given(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"
    monkeypatch.setattr(db, "_opening", lambda *_: cut)
    with pytest.raises(UnavailableError, match="database_unreachable"), transaction(url, actor=SOMEBODY):
        pytest.fail("nobody's transaction was given")

"""The log of moves is read while many write: late commits, rollbacks, long pages, a restored database."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Connection, text

from app.db import engine, transaction
from app.notify.store import Cursor, LogRow, begin, read
from app.postgres import Cluster
from tests.cluster import clone

pytestmark = pytest.mark.db

ADD = text(
    "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, at)"
    " VALUES (:case, :version, 'comment', 'reported', 'subdistrict', 1, now())"
)


@pytest.fixture
def log(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        yield url


def add(connection: Connection, case: int, version: int = 1) -> None:
    connection.execute(ADD, {"case": case, "version": version})


def names(rows: tuple[LogRow, ...]) -> list[tuple[int, int]]:
    return [(row.case_id, row.version) for row in rows]


def take(url: str, cursor: Cursor, limit: int = 1000) -> tuple[list[tuple[int, int]], Cursor]:
    """All that there is to read, page by page, each in a transaction of its own."""
    found: list[tuple[int, int]] = []
    while True:
        with transaction(url, read_only=True) as connection:
            page = read(connection, cursor, limit)
        assert len(page.rows) <= limit
        found += names(page.rows)
        kept = Cursor.of(page.cursor.text)
        assert kept == page.cursor
        cursor = kept
        if not page.more:
            return found, cursor


def start(url: str) -> Cursor:
    with transaction(url, read_only=True) as connection:
        return begin(connection)


def test_what_was_committed_is_read_once(log: str) -> None:
    cursor = start(log)
    with transaction(log) as connection:
        add(connection, 7)
        add(connection, 7, 2)
    assert take(log, cursor)[0] == [(7, 1), (7, 2)]
    cursor = take(log, cursor)[1]
    assert take(log, cursor)[0] == []


def test_a_late_commit_is_neither_missed_nor_waited_for(log: str) -> None:
    cursor = start(log)
    with engine(log).connect() as slow:
        outer = slow.begin()
        add(slow, 1)
        with transaction(log) as connection:
            add(connection, 2)
        first, cursor = take(log, cursor)
        assert first == [(2, 1)]
        with transaction(log) as connection:
            add(connection, 3)
        second, cursor = take(log, cursor)
        assert second == [(3, 1)]
        outer.commit()
    with transaction(log) as connection:
        add(connection, 4)
    assert take(log, cursor)[0] == [(1, 1), (4, 1)]


def test_what_was_rolled_back_was_never_there(log: str) -> None:
    cursor = start(log)
    with engine(log).connect() as connection:
        add(connection, 1)
        connection.rollback()
        with connection.begin():
            add(connection, 2)
            inner = connection.begin_nested()
            add(connection, 3)
            inner.rollback()
            with connection.begin_nested():
                add(connection, 4)
    assert take(log, cursor)[0] == [(2, 1), (4, 1)]


def test_a_long_page_is_read_in_parts_while_others_commit(log: str) -> None:
    cursor = start(log)
    with transaction(log) as connection:
        for case in range(1, 26):
            add(connection, case * 10)
    with transaction(log, read_only=True) as connection:
        page = read(connection, cursor, 10)
    assert page.more
    with transaction(log) as connection:
        add(connection, 5)
        add(connection, 10, 2)
    rest, cursor = take(log, page.cursor, 10)
    assert names(page.rows) + rest == [(case * 10, 1) for case in range(1, 26)] + [(5, 1), (10, 2)]
    assert take(log, cursor)[0] == []


@pytest.mark.parametrize("limit", [3, 1000])
def test_twelve_writers_one_of_them_slow(log: str, limit: int) -> None:
    cursor, ended = start(log), threading.Event()
    kept: list[int] = []

    def write(number: int) -> None:
        chance = random.Random(number)
        with engine(log).connect() as connection:
            for turn in range(60):
                case = number * 1000 + turn
                outer = connection.begin()
                add(connection, case)
                add(connection, case, 2)
                time.sleep(2.5 if number == 0 and turn == 5 else chance.choice((0, 0.002, 0.02)))
                if chance.random() < 0.1:
                    outer.rollback()
                else:
                    outer.commit()
                    kept.append(case)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    found: list[tuple[int, int]] = []
    for thread in writers:
        thread.start()
    waiter = threading.Thread(target=lambda: ([thread.join() for thread in writers], ended.set()))
    waiter.start()
    while not ended.is_set():
        rows, cursor = take(log, cursor, limit)
        found += rows
        time.sleep(0.01)
    found += take(log, cursor, limit)[0]
    assert Counter(found) == Counter((case, version) for case in kept for version in (1, 2))
    order: dict[int, list[int]] = {}
    for case, version in found:
        order.setdefault(case, []).append(version)
    assert all(versions == [1, 2] for versions in order.values())


def test_a_case_is_told_in_its_order_whoever_got_a_number_first(log: str) -> None:
    """The later version carries the lower transaction id."""
    cursor = start(log)
    with ExitStack() as stack:
        early = stack.enter_context(engine(log).connect())
        early.execute(text("SELECT pg_current_xact_id()"))
        with transaction(log) as connection:
            add(connection, 9, 1)
        early.execute(ADD, {"case": 9, "version": 2})
        early.commit()
    assert take(log, cursor, 1)[0] == [(9, 1), (9, 2)]


@pytest.mark.parametrize("ahead", [0, 1_000_000, 2**31 - 5000])
def test_rows_from_another_clusters_future_are_never_taken_for_news(log: str, ahead: int) -> None:
    cursor = start(log)
    with transaction(log) as connection:
        connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, at, xid)"
                " SELECT n, 1, 'comment', 'reported', 'subdistrict', 1, now(),"
                " (pg_current_xact_id()::text::bigint + :ahead + n)::text::xid8 FROM generate_series(1, 50) n"
            ),
            {"ahead": ahead},
        )
    assert take(log, cursor)[0] == []
    for case in range(100, 200):  # this cluster comes to those numbers, and past them
        with transaction(log) as connection:
            add(connection, case)
    assert take(log, cursor)[0] == [(case, 1) for case in range(100, 200)]


def test_a_place_in_another_history_is_told_apart(log: str, cluster: Cluster) -> None:
    with clone(cluster) as other:
        cursor = start(other)
    with transaction(log) as connection:
        add(connection, 1)
    with transaction(log, read_only=True) as connection:
        page = read(connection, cursor, 10)
    assert page.anew and not page.rows
    with transaction(log) as connection:
        add(connection, 2)
    assert take(log, page.cursor)[0] == [(2, 1)]


@pytest.mark.parametrize(
    "kept",
    [
        "", "7", "0123456789ab", "0123456789ab~", "0123456789ab~1:2", "0123456789ab~1:2:x", "x~1:2:",
        "0123456789ab~2:1:", "0123456789ab~0:1:", "0123456789ab~3:9:2", "0123456789ab~3:9:9", "0123456789ab~3:9:5,4",
        "0123456789ab~3:9:5,5", "0123456789ab~1:2:~1:2:", "0123456789ab~1:2:~1:2:~-1~0", "0123456789ab~1:2:~~1~1",
        "0123456789ab~1:2:~1:2:~1~99999999999999999999", "0123456789ab~１:2:", "~" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_place_is_none(kept: str) -> None:
    assert Cursor.of(kept) is None


@pytest.mark.parametrize("done", ["3:9:3,5", "1:1:", "999999999999999999:999999999999999999:"])
def test_what_is_a_place_the_database_can_read(log: str, done: str) -> None:
    epoch = start(log).epoch
    for cursor in (Cursor(epoch, done), Cursor(epoch, done, done, (7, 2))):
        assert Cursor.of(cursor.text) == cursor
        with transaction(log, read_only=True) as connection:
            assert read(connection, cursor, 10).rows == ()


READ_ROWS = text(
    "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables"
    " WHERE relname LIKE 'case_transitions%'"
)


def fetched(url: str, cursor: Cursor, limit: int) -> tuple[list[tuple[int, int]], int]:
    """What a read finds, and how many rows of the log it had to look at for that."""
    with transaction(url, read_only=True) as connection:
        before = connection.execute(READ_ROWS).scalar_one()
        page = read(connection, cursor, limit)
        return names(page.rows), int(connection.execute(READ_ROWS).scalar_one() - before)


@pytest.mark.parametrize("running", [0, 2])
@pytest.mark.parametrize("new", [0, 3])
def test_a_look_costs_what_is_new(log: str, new: int, running: int) -> None:
    """However long the log is, and whoever else writes: a server looks several times a second."""
    with transaction(log) as connection:
        connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, at)"
                " SELECT n, 1, 'comment', 'reported', 'subdistrict', 1, now() FROM generate_series(1, 20000) n"
            )
        )
    with engine(log).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE case_transitions"))
    with ExitStack() as others:
        for _ in range(running):
            others.enter_context(transaction(log)).execute(text("SELECT pg_current_xact_id()"))
        with transaction(log) as later:  # those that run are named in a snapshot when a later one has ended
            later.execute(text("SELECT pg_current_xact_id()"))
        cursor = start(log)
        with transaction(log) as connection:
            for case in range(1, 1 + new):
                add(connection, case, 2)
        found, looked_at = fetched(log, cursor, 10)
    assert found == [(case, 2) for case in range(1, 1 + new)]
    assert looked_at <= 10 * new


def test_a_backlog_is_read_once_through(log: str) -> None:
    """A reader that was away: its pages together cost about one pass, not one pass each."""
    cursor = start(log)
    with transaction(log) as connection:
        connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, at)"
                " SELECT n, 1, 'comment', 'reported', 'subdistrict', 1, now() FROM generate_series(1, 5000) n"
            )
        )
    with engine(log).connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE case_transitions"))
    pages, seen, looked_at, more = 0, list[tuple[int, int]](), 0, True
    while more:
        with transaction(log, read_only=True) as connection:
            before = connection.execute(READ_ROWS).scalar_one()
            page = read(connection, cursor, 50)
            looked_at += connection.execute(READ_ROWS).scalar_one() - before
        seen += names(page.rows)
        cursor, more, pages = page.cursor, page.more, pages + 1
    assert seen == [(case, 1) for case in range(1, 5001)]
    assert pages >= 100
    assert looked_at < 100 * 5000 / 4

"""The access log: written once, chained, and every tampering found by the number of its row."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.db import transaction
from app.ledger import store
from app.ledger.rules import ChainFault, ChainFaultKind
from app.ledger.store import Entry
from tests.cli import Command

pytestmark = pytest.mark.db

COUNT = 9


@pytest.fixture
def log(connection: Connection) -> Connection:
    """A log of nine rows, on which whoever owns the database has laid hands."""
    for n in range(1, COUNT + 1):
        store.add(
            connection,
            Entry(f"test.{n}", facts={"n": n, "字": "盘龙"}, address="192.0.2.7", account_name="x"),
        )
    connection.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
    return connection


def found(connection: Connection) -> list[ChainFault]:
    count, faults = store.verify(connection)
    assert count > 0
    return faults


def test_whole(log: Connection) -> None:
    assert store.verify(log) == (COUNT, [])
    log.execute(text("SET LOCAL timezone = 'Asia/Shanghai'"))
    assert found(log) == [], "whatever the reader's settings"


@pytest.mark.parametrize("no", [1, 5, COUNT])
@pytest.mark.parametrize(
    "change",
    ["outcome = 'refused'", "facts = '{}'", "at = at + interval '1 microsecond'", "account_name = NULL"],
)
def test_a_changed_row(log: Connection, no: int, change: str) -> None:
    log.execute(text(f"UPDATE access_log SET {change} WHERE no = {no}"))
    assert found(log) == [ChainFault(ChainFaultKind.CHANGED, no)]


@pytest.mark.parametrize("no", [1, 5, COUNT])
def test_a_row_changed_and_hashed_anew(log: Connection, no: int) -> None:
    log.execute(text(f"UPDATE access_log SET outcome = 'refused' WHERE no = {no}"))
    log.execute(text(f"UPDATE access_log l SET hash = access_log_hash(l) WHERE no = {no}"))
    assert found(log) == [ChainFault(ChainFaultKind.CHANGED, no)]


@pytest.mark.parametrize("no", [1, 5])
def test_a_deleted_row(log: Connection, no: int) -> None:
    log.execute(text(f"DELETE FROM access_log WHERE no = {no}"))
    assert found(log) == [ChainFault(ChainFaultKind.DELETED, no)]


def test_the_end_cut_off(log: Connection) -> None:
    log.execute(text(f"DELETE FROM access_log WHERE no >= {COUNT - 1}"))
    assert found(log) == [ChainFault(ChainFaultKind.CUT, COUNT - 1), ChainFault(ChainFaultKind.CUT, COUNT)]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (2, 7)])
def test_two_rows_in_each_others_place(log: Connection, one: int, other: int) -> None:
    for was, now in ((one, 1000), (other, one), (1000, other)):
        log.execute(text(f"UPDATE access_log SET no = {now} WHERE no = {was}"))
    assert found(log) == [
        ChainFault(ChainFaultKind.MOVED, one, other),
        ChainFault(ChainFaultKind.MOVED, other, one),
    ]


def test_a_deletion_hidden_by_new_numbers(log: Connection) -> None:
    log.execute(text("DELETE FROM access_log WHERE no = 4"))
    for no in range(5, COUNT + 1):
        log.execute(text(f"UPDATE access_log SET no = {no - 1} WHERE no = {no}"))
    faults = found(log)
    assert {fault.no for fault in faults} == {*range(4, COUNT), COUNT}
    assert faults[-1] == ChainFault(ChainFaultKind.CUT, COUNT)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_log SET outcome = 'refused'", "DELETE FROM access_log", "TRUNCATE access_log"],
)
def test_it_is_only_added_to(connection: Connection, statement: str) -> None:
    store.add(connection, Entry("test"))
    with pytest.raises(DBAPIError, match="only ever added to"):
        connection.execute(text(statement))


def test_on_the_command_line(panlong: Command, database: str) -> None:
    with transaction(database) as connection:
        for n in range(1, 6):
            store.add(connection, Entry(f"test.{n}"))
    whole = panlong("audit", "verify")
    assert (whole.status, "5" in whole.text) == (0, True)
    with transaction(database) as connection:
        connection.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM access_log WHERE no = 2"))
        connection.execute(text("UPDATE access_log SET action = 'other' WHERE no = 4"))
    broken = panlong("audit", "verify")
    assert broken.status == 1
    assert "第 2 行被删除" in broken.text
    assert "第 4 行被改动" in broken.text

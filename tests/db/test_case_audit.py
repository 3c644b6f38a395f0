"""The log of moves is tampered with by somebody who may do everything: `./panlong audit verify` names the row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.cases.service import proving, sealing
from app.cases.service.proving import Breach
from app.db import transaction
from app.postgres import Cluster
from app.settings import settings
from app.web.i18n import catalogue
from tests import casework
from tests.casework import Casework
from tests.cli import caller

pytestmark = pytest.mark.db

TRIGGERS = ("case_transitions", "case_seals", "cases")


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture
def case(work: Casework) -> int:
    """A case with a log of six rows, sealed after the fourth and at the end, among others."""
    made = [int(work.report("supervisor")["case_id"]) for _ in "123"]
    work.move("operator", made[1], "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    seal(work)
    work.move("sanitation", made[1], "acknowledge")
    work.move("operator", made[2], "accept")
    work.move("operator", made[1], "remind")
    seal(work)
    return made[1]


def seal(work: Casework) -> None:
    with transaction(work.url) as connection:
        sealing.seal(connection)


def found(work: Casework, *statements: str, **values: object) -> list[Breach]:
    """What the proof finds after statements of a superuser who has switched every trigger off; all is rolled back."""
    with transaction(work.url) as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        for table in TRIGGERS:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement), values if ":" in statement else {})
        faults = list(proving.prove(connection).faults)
        connection.rollback()
    return faults


ROW = "WHERE case_id = :case AND version = "
REWRITE = """
DO $$ DECLARE r case_transitions; before bytea; BEGIN
    FOR r IN SELECT * FROM case_transitions WHERE case_id = {case} ORDER BY version LOOP
        r.previous = coalesce(before, first_link({case})); r.hash = transition_hash(r); before = r.hash;
        UPDATE case_transitions SET previous = r.previous, hash = r.hash
            WHERE case_id = r.case_id AND version = r.version;
    END LOOP;
END $$
"""


def test_whole(work: Casework, case: int) -> None:
    assert found(work) == []
    with transaction(work.url) as connection:
        proof = proving.prove(connection)
    assert proof.seals >= 2 and proof.cases >= 3 and proof.rows >= 9 and len(str(proof.last_seal)) == 64


def test_what_was_given_is_changed(work: Casework, case: int) -> None:
    faults = found(
        work, f'UPDATE case_transitions SET given = given || \'{{"condition": "C02"}}\' {ROW} 3', case=case
    )
    assert faults == [Breach("changed", case, 3)]


def test_a_row_in_the_middle_is_deleted(work: Casework, case: int) -> None:
    assert found(work, f"DELETE FROM case_transitions {ROW} 3", case=case)[0] == Breach("deleted", case, 3)


def test_the_last_row_is_deleted(work: Casework, case: int) -> None:
    assert found(work, f"DELETE FROM case_transitions {ROW} 6", case=case) == [Breach("cut", case, 6)]


def test_the_last_row_is_deleted_and_the_case_set_back(work: Casework, case: int) -> None:
    """Only the seal knows."""
    back = "UPDATE cases SET version = 5 WHERE id = :case"
    faults = found(work, f"DELETE FROM case_transitions {ROW} 6", back, case=case)
    assert faults == [Breach("cut", case, 6)]


def test_two_rows_are_swapped(work: Casework, case: int) -> None:
    faults = found(
        work,
        f"UPDATE case_transitions SET version = 99 {ROW} 2",
        f"UPDATE case_transitions SET version = 2 {ROW} 4",
        f"UPDATE case_transitions SET version = 4 {ROW} 99",
        case=case,
    )
    assert faults == [Breach("moved", case, 2, 4), Breach("moved", case, 4, 2)]


def test_a_whole_log_is_written_anew(work: Casework, case: int) -> None:
    """Every hash is right again; only the seal knows."""
    earlier = f"UPDATE case_transitions SET at = at - interval '1 hour' {ROW} 4"
    assert found(work, earlier, REWRITE.format(case=case), case=case) == [Breach("rewritten", case, 4)]


def test_a_row_of_a_case_is_changed_past_its_log(work: Casework, case: int) -> None:
    assert found(work, "UPDATE cases SET state = 'closed' WHERE id = :case", case=case) == [
        Breach("unlike", case, 6)
    ]


def test_what_the_case_keeps_beside_its_columns_is_changed(work: Casework, case: int) -> None:
    stand = "UPDATE cases SET stand = stand || '{\"handled_by\": [1]}' WHERE id = :case"
    assert found(work, stand, case=case) == [Breach("unlike", case, 6)]


def test_a_case_is_deleted(work: Casework, case: int) -> None:
    assert found(work, "DELETE FROM cases WHERE id = :case", case=case) == [Breach("gone", case, 6)]


def test_a_case_is_deleted_with_its_log(work: Casework, case: int) -> None:
    gone = "DELETE FROM cases WHERE id = :case", "DELETE FROM case_transitions WHERE case_id = :case"
    assert found(work, *gone, case=case)[0] == Breach("cut", case, 1)


def test_a_seal_is_changed(work: Casework, case: int) -> None:
    last = work.scalar("SELECT max(no) FROM case_seals")
    changed = "UPDATE case_seals SET versions[1] = versions[1] - 1 WHERE no = :no"
    assert found(work, changed, no=last) == [Breach("seal_changed", None, last)]


def test_a_seal_is_deleted(work: Casework, case: int) -> None:
    last = work.scalar("SELECT max(no) FROM case_seals")
    assert found(work, "DELETE FROM case_seals WHERE no = :no", no=last - 1) == [
        Breach("seal_deleted", None, last - 1)
    ]


@pytest.mark.parametrize(
    "statement", ["UPDATE case_seals SET at = now()", "DELETE FROM case_seals", "TRUNCATE case_seals"]
)
def test_not_even_the_owner_changes_a_seal(work: Casework, case: int, statement: str) -> None:
    with pytest.raises(Exception, match="seals are only added"), transaction(work.url) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("kind", proving.KINDS)
def test_each_breach_has_its_words(kind: str) -> None:
    assert f"cli.case_{kind}" in catalogue("zh_CN")


def test_simulated_cases_are_not_sealed(work: Casework, case: int) -> None:
    made = int(work.report("supervisor")["case_id"])
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE cases SET simulated = true WHERE id = :case"), {"case": made})
    seal(work)
    assert not work.scalar("SELECT EXISTS (SELECT FROM case_seals WHERE :case = ANY (case_ids))", case=made)


def test_the_command_says_which_row(
    work: Casework, case: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    panlong = caller(work.url, monkeypatch, capfd)
    said = panlong("audit", "verify")
    assert said.status == 0 and "封存" in said.text
    assert panlong("audit", "verify", lang="en").text.count("whole") == 2
    with transaction(work.url) as connection:
        connection.execute(text("ALTER TABLE case_transitions DISABLE TRIGGER ALL"))
        connection.execute(text(f"UPDATE case_transitions SET loop = 'district' {ROW} 2"), {"case": case})
    try:
        said = panlong("audit", "verify")
        assert said.status == 1 and f"案件 {case} 的办理记录第 2 行被改动过" in said.text
    finally:
        settings.cache_clear()

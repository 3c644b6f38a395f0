"""Reports are made with the eyes of whoever asks, whole or not at all, the same bytes twice, and known again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts import store as accounts
from app.db import Actor, transaction
from app.errors import AppError, InvalidError, NotFoundError, UnavailableError
from app.files.store import FolderShelf
from app.grid.service import the_district
from app.postgres import Cluster
from app.reports.rules.blocks import Failed, Figures
from app.reports.rules.tabular import Table
from app.reports.service import running, scheduling, sections, shelving
from app.reports.service.asking import Wanted, plan
from app.reports.service.keeping import digest, read
from app.reports.service.running import OPERATOR, carry_out
from app.reports.service.verifying import verify
from app.reports.store import definitions, runs
from tests import casework, town
from tests.casework import ELSEWHERE, SUBDISTRICT, Casework

pytestmark = pytest.mark.db
Record = dict[str, Any]
NOW = Wanted("daily", SUBDISTRICT, f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d}", ("pdf",))
"""The day that goes on, in Kunming."""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        for _ in range(3):
            made.report("officer")
        yield made


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderShelf:
    made = FolderShelf(tmp_path / "shelf")
    monkeypatch.setattr(shelving, "the_shelf", lambda: made)
    return made


def actor(work: Casework, who: str | None) -> Actor:
    if who is None:
        return OPERATOR
    with transaction(work.url) as connection:
        return accounts.actor_of(connection, work.people[who].account_id)


def asked(work: Casework, wanted: Wanted = NOW, who: str | None = None, **other: Any) -> Record:
    """A run that is asked for and begun."""
    seen = actor(work, who)
    with transaction(work.url, actor=seen, read_only=True) as connection:
        planned = plan(connection, the_district(connection), wanted) | other
    with transaction(work.url) as connection:
        account_id = seen.account_id
        run_id = runs.add(connection, **planned, client_id=uuid.uuid4(), account_id=account_id, queued=True)
        assert runs.begin(connection, run_id)
        return of(connection, run_id)


def of(connection: Any, run_id: int) -> Record:
    found = runs.one(connection, run_id)
    assert found is not None
    return found


def after(work: Casework, record: Record) -> tuple[Record, list[Record]]:
    """A run as it stands, and its files."""
    with transaction(work.url) as connection:
        return of(connection, record["id"]), runs.files(connection, record["id"], 0)


def made(
    work: Casework, wanted: Wanted = NOW, who: str | None = None, **other: Any
) -> tuple[Record, list[Record]]:
    record = asked(work, wanted, who, **other)
    carry_out(work.url, record)
    return after(work, record)


def said(work: Casework, run_id: int) -> Any:
    with transaction(work.url) as connection:
        return read(next(iter(runs.documents(connection, run_id, 0))))


def test_it_says_what_the_interface_says(work: Casework) -> None:
    """A minute later the three reports are known; each number is that of the evaluation's interface."""
    later = datetime.now(UTC) + timedelta(minutes=1)
    record, _ = made(work, known_at=later)
    figures = next(one for _, one in said(work, record["id"]).blocks() if isinstance(one, Figures))
    day = NOW.period
    answer = work.client("head").get(f"/api/v1/evaluation/period?of=district&from={day}&to={day}").get_json()
    counts, shares = answer["items"][0]["counts"], answer["items"][0]["indicators"]
    assert counts["reported"] >= 3
    for one in figures.figures:
        expected = counts.get(one.code, shares.get(one.code))
        assert one.value == expected or float(one.value) == pytest.approx(expected, abs=1e-6), one.code


def test_the_same_again_is_the_same_bytes_and_one_other_byte_is_not_ours(
    work: Casework, shelf: FolderShelf
) -> None:
    known_at = datetime.now(UTC) - timedelta(minutes=2)
    first, second = (made(work, known_at=known_at) for _ in range(2))
    assert first[1] == second[1] and first[0]["state"] == "done"
    with shelf.open(shelving.name_of(first[1][0]["sha256"])) as kept:
        content = kept.read()
    with transaction(work.url) as connection:
        found = verify(connection, first[1][0]["sha256"])
        assert [one["id"] for one in found][-2:] == [first[0]["id"], second[0]["id"]]
        (edition,) = runs.editions(connection, first[0]["id"])
        assert digest(said(work, first[0]["id"])) == bytes(edition["digest"]).hex() == found[0]["digest"]
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        (Path(shelf.folder) / "x").write_bytes(changed)
        with (Path(shelf.folder) / "x").open("rb") as stream:
            assert verify(connection, shelving.hash_of(stream)) == []


def test_nobody_reports_on_what_they_do_not_answer_for(work: Casework) -> None:
    for who, scope in (
        ("neighbour", SUBDISTRICT),
        ("officer", SUBDISTRICT),
        ("head", ELSEWHERE),
        ("sanitation", ELSEWHERE),
    ):
        with pytest.raises(NotFoundError) as error:
            asked(work, Wanted("daily", scope, NOW.period), who)
        assert error.value.code == "report_scope_missing"
    assert asked(work, Wanted("daily", "", NOW.period), "sanitation")["scope"] == "sanitation"
    assert asked(work, Wanted("daily", "", NOW.period), "head")["scope"] == SUBDISTRICT


def test_what_was_taken_from_somebody_since_is_not_shown(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = asked(work, who="head")
    monkeypatch.setattr(running.accounts, "actor_of", lambda connection, account: Actor(account_id=account))
    carry_out(work.url, record)
    ended, files = after(work, record)
    assert (ended["state"], ended["problem"]["code"], files) == ("failed", "not_permitted", [])


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        (Wanted("daily", SUBDISTRICT, "2199-01-01", ("pdf", "exe")), {"period", "formats"}),
        (Wanted("quarterly", SUBDISTRICT, "2026-09"), {"period"}),
        (Wanted("daily", SUBDISTRICT, NOW.period, known_at=datetime(2199, 1, 1, tzinfo=UTC)), {"known_at"}),
    ],
)
def test_all_that_is_wrong_is_said_at_once(work: Casework, wanted: Wanted, fields: set[str]) -> None:
    with pytest.raises(InvalidError) as error:
        asked(work, wanted)
    assert {fault["field"] for fault in error.value.facts["faults"]} == fields


@pytest.mark.parametrize(
    "error", [InvalidError("period_unusable", since="a", until="b"), ZeroDivisionError("13800000000")]
)
def test_a_section_that_fails_says_so_and_the_others_stand(
    work: Casework, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(context: Any) -> Any:
        raise error

    monkeypatch.setitem(sections.SECTIONS, "today", fail)  # type: ignore[arg-type]
    record, files = made(work)
    report = said(work, record["id"])
    failed = [one for _, one in report.blocks() if isinstance(one, Failed)]
    assert (record["state"], record["failed"], len(failed), len(files)) == ("done", ["today"], 1, 1)
    assert "13800000000" not in failed[0].text
    assert [section.code for section in report.sections] == record["sections"]


class Full(FolderShelf):
    def put(self, name: str, content: bytes) -> None:
        raise UnavailableError("files_unwritable", path=name, reason="No space left on device")


def test_a_full_disk_leaves_nothing(work: Casework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = asked(work, who="head")
    monkeypatch.setattr(shelving, "the_shelf", lambda: Full(tmp_path / "full"))
    carry_out(work.url, record)
    ended, files = after(work, record)
    assert (ended["state"], ended["problem"]["code"], files) == ("failed", "files_unwritable", [])
    with transaction(work.url) as connection:
        assert runs.editions(connection, record["id"]) == []
        kinds = connection.execute(
            text("SELECT kind FROM notices WHERE report_run_id = :id"), {"id": record["id"]}
        )
        assert kinds.scalars().all() == ["report_failed"]


def test_a_full_disk_while_writing_leaves_nothing(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(report: Any, folder: Path, stem: str) -> tuple[Path, ...]:
        (folder / "half.pdf").write_bytes(b"%PDF-")
        folders.append(folder)
        raise OSError(28, "No space left on device", str(folder / "half.pdf"))

    folders: list[Path] = []
    monkeypatch.setattr(running, "writer", lambda form: write)
    record = asked(work)
    carry_out(work.url, record)
    ended, files = after(work, record)
    assert (ended["state"], ended["problem"]["code"], files) == ("failed", "files_unwritable", [])
    assert not folders[0].exists()


def test_cancelled_half_way_it_leaves_nothing(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TOLD_S", 0.0)
    record = asked(work)

    def told(part: float, doing: str) -> None:
        parts.append(part)
        if part >= 0.5:
            with transaction(work.url) as connection:
                runs.change(connection, record["id"], cancelling=True)

    parts: list[float] = []
    carry_out(work.url, record, told)
    ended, files = after(work, record)
    assert (ended["state"], files, parts) == ("cancelled", [], sorted(parts)) and parts[-1] < 1


def test_a_missing_font_is_an_error(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> Any:
        raise UnavailableError("font_missing", families="x")

    monkeypatch.setattr("app.reports.service.formats.paper.family", none)
    record, files = made(work)
    assert (record["state"], record["problem"]["code"], files) == ("failed", "font_missing", [])


def test_the_worker_makes_what_waits_and_tells_who_asked(work: Casework) -> None:
    seen = actor(work, "head")
    with transaction(work.url, actor=seen) as connection:
        planned = plan(connection, the_district(connection), NOW)
        client = uuid.uuid4()
        run_id, again = (
            runs.add(connection, **planned, client_id=client, account_id=seen.account_id) for _ in range(2)
        )
    assert run_id == again
    with transaction(work.url) as connection:
        running.follow(connection)
        assert run_id not in runs.asked(connection)
    with transaction(work.url) as connection:
        running.run(connection, run_id)
        running.run(connection, run_id)
    record, files = after(work, {"id": run_id})
    assert record["state"] == "done" and len(files) == 1
    with transaction(work.url, actor=seen, read_only=True) as connection:
        told = connection.execute(text("SELECT kind, facts ->> 'title' AS title FROM notices")).all()
        assert ("report_done", record["title"]) in [tuple(row) for row in told]
    with transaction(work.url, actor=actor(work, "duty"), read_only=True) as connection:
        assert runs.one(connection, run_id) is None and verify(connection, files[0]["sha256"]) == []


def test_a_schedule_asks_once_for_each_period(work: Casework) -> None:
    today = datetime.now(UTC) + timedelta(hours=8)
    with transaction(work.url) as connection:
        values = {
            "district_id": 1, "client_id": uuid.uuid4(), "account_id": work.people["head"].account_id,
            "definition": "daily", "scope": SUBDISTRICT, "formats": ["pdf"], "locale": "zh_CN", "at_minute": 0,
            "next_on": today.date(),
        }  # fmt: skip
        schedule_id = definitions.schedule(connection, **values)
        assert definitions.schedule(connection, **values) == schedule_id
    for _ in range(2):
        with transaction(work.url) as connection:
            scheduling.look(connection)
    with transaction(work.url) as connection:
        found = [one for one in runs.page(connection, 1, kind=None, before=None, limit=99)
                 if one["schedule_id"] == schedule_id]  # fmt: skip
        assert [(one["since_on"], one["state"]) for one in found] == [
            ((today - timedelta(days=1)).date(), "waiting")
        ]
        next_on = connection.execute(text("SELECT next_on FROM report_schedules")).scalar_one()
        assert next_on == (today + timedelta(days=1)).date()


def test_a_schedule_without_its_definition_holds_up_no_other(work: Casework) -> None:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    with transaction(work.url) as connection:
        common = {
            "district_id": 1, "account_id": work.people["head"].account_id, "scope": SUBDISTRICT, "formats": ["pdf"],
            "locale": "zh_CN", "at_minute": 0, "next_on": today,
        }  # fmt: skip
        ids = [
            definitions.schedule(connection, **common, client_id=uuid.uuid4(), definition=code)
            for code in ("retired_long_ago", "daily")
        ]
    with transaction(work.url) as connection:
        scheduling.look(connection)
    with transaction(work.url) as connection:
        found = runs.page(connection, 1, kind=None, before=None, limit=99)
        assert [one["schedule_id"] for one in found if one["schedule_id"] in ids] == [ids[1]]
        rows = connection.execute(text("SELECT id, next_on, problem FROM report_schedules")).all()
        gone, held = (next(row for row in rows if row.id == one) for one in ids)
        assert gone.problem["code"] == "report_definition_missing" and gone.next_on > today
        assert held.problem is None


def test_tables_of_areas_add_up_to_the_whole(work: Casework) -> None:
    record, _ = made(work, known_at=datetime.now(UTC) + timedelta(minutes=1))
    report = said(work, record["id"])
    figures = {
        one.code: one.value
        for _, block in report.blocks()
        if isinstance(block, Figures)
        for one in block.figures
    }
    tables = [
        one for _, one in report.blocks() if isinstance(one, Table) and one.code in {"areas", "categories"}
    ]
    totals = [
        one.totals[one.place("reported")]
        for one in tables
        if one.totals and "reported" in {c.code for c in one.columns}
    ]
    assert len(totals) == 2 and set(totals) == {figures["reported"]}


def test_an_unknown_definition_names_those_that_there_are(work: Casework) -> None:
    with pytest.raises(AppError) as error:
        asked(work, Wanted("nothing"))
    assert error.value.code == "report_definition_missing" and "quarterly" in error.value.facts["known"]
    assert asked(work, Wanted("quarterly"))["scope"] == town.DISTRICT

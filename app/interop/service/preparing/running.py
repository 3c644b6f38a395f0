"""The worker's part: a file is tried or written on behalf of whoever sent it, one at a time, all of it or nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.accounts import store as accounts
from app.accounts.rules import permissions_of
from app.accounts.service.managing import Hand
from app.db import Actor, transaction
from app.errors import AppError, ForbiddenError, InvalidError, UnavailableError
from app.interop.rules.preparing import KEPT_DAYS, Doing, State
from app.interop.service.elements import ElementImport, OnBehalf, take_in
from app.interop.service.elements.decisions import Decisions
from app.interop.service.preparing import files
from app.interop.service.preparing.headers import unreadable
from app.interop.service.preparing.reading import Reading
from app.interop.service.preparing.reports import asked_of, report_of
from app.interop.service.preparing.sending import kinds_for, note
from app.interop.service.report import ImportReport
from app.interop.store import choices
from app.interop.store import preparing as store
from app.jobs import queue
from app.jobs.queue import Job
from app.jobs.working import AWAY
from spatial.errors import LayerError, SpatialError
from spatial.readers import SourceOptions

logger = logging.getLogger(__name__)

RUN = "import_elements"
AGAIN_S = 2
TOLD_S = 0.3
"""How often it is written down how far the reading is."""

Record = dict[str, Any]


class StoppedError(Exception):
    """Whoever asked for it wants it no longer."""


class FailedError(Exception):
    """Something went wrong that nobody has foreseen; told without what was read."""


def follow(connection: Connection) -> bool:
    """Put into the queue what somebody has asked for since; nobody else may."""
    queue.put(connection, [_job(import_id) for import_id in store.asked(connection)])
    return False


def _job(import_id: int, at: datetime | None = None) -> Job:
    return Job(RUN, f"{RUN}:{import_id}", {"import_id": import_id}, at)


def run(connection: Connection, import_id: int) -> None:
    """Do what is to be done with an import, if it still is. Another one that is read just now is waited for."""
    if not store.held_alone(connection):
        queue.put(connection, [_job(import_id, datetime.now(UTC) + timedelta(seconds=AGAIN_S))])
        return
    url = connection.engine.url.render_as_string(hide_password=False)
    with transaction(url) as own:
        begun = store.begin(own, import_id)
        record = store.one(own, import_id)
    if not begun or record is None:
        return
    work = _Work(url, record)
    with _told(work):
        if record["cancelled"]:
            raise StoppedError
        work.do()


def sweep(connection: Connection) -> None:
    """Delete files that nobody went on with, and what processes left that were killed."""
    gone, books = store.forget(connection, KEPT_DAYS)
    files.sweep()
    if gone or books:
        logger.info("imports: %s that were not written and %s parts of workbooks deleted", gone, books)


@contextmanager
def _told(work: _Work) -> Iterator[None]:
    """Whatever goes wrong is told in a word and a place: an error of a file or the database carries what it read.

    Raises
    ------
    UnavailableError
        `database_unreachable`: it will be back, and the job is done again.
    FailedError
        Nobody has foreseen it; the import rests.
    """
    try:
        yield
    except StoppedError:
        work.end()
    except AWAY as error:
        if isinstance(error, UnavailableError) and error.code != "database_unreachable":
            work.end(problem={"code": error.code, "facts": error.facts})
            return
        raise UnavailableError("database_unreachable", reason=type(error).__name__) from None
    except AppError as error:
        work.end(problem={"code": error.code, "facts": error.facts})
    except SpatialError as error:
        facts = unreadable(error, work.record["kind"]).facts
        work.end(problem={"code": "import_unreadable", "facts": facts})
    except Exception as error:  # noqa: BLE001 - what it says may be a number of somebody, and would be logged
        work.end(problem={"code": "import_failed", "facts": {}})
        raise FailedError(f"import {work.import_id}: {type(error).__name__} at {_spot(error)}") from None


def _spot(error: BaseException) -> str:
    """Where it was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return "" if last is None else f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"


@dataclass(slots=True)
class _Work:
    """One file that is tried or written."""

    url: str
    record: Record
    told_at: float = field(default_factory=time.monotonic)

    @property
    def import_id(self) -> int:
        return int(self.record["id"])

    @property
    def by(self) -> Hand:
        said: Mapping[str, Any] = self.record["options"].get("by") or {}
        return Hand(str(said.get("name") or ""), self.record["account_id"], said.get("address"))

    def do(self) -> None:
        """Try it, or write it."""
        actor = self._actor()
        with transaction(self.url, actor=actor) as own:
            decided = Decisions(
                {
                    one["row"]: {"name": one["name"], "decision": one["decision"]}
                    for one in choices.decided(own, self.import_id)
                }
            )
            with files.laid_out(own, self.import_id, self.record["ending"]) as path:
                self._read(actor, path, decided)

    def _actor(self) -> Actor:
        """Who sent it, as they are today: what was taken from them since is not done.

        Raises
        ------
        ForbiddenError
            `not_permitted`.
        """
        with transaction(self.url, read_only=True) as own:
            actor = accounts.actor_of(own, self.record["account_id"])
        if self.record["kind"] not in kinds_for(permissions_of(actor.roles)):
            raise ForbiddenError("not_permitted")
        return actor

    def _read(self, actor: Actor, path: Path, decided: Decisions) -> None:
        check = self.record["doing"] == Doing.CHECK
        book, locale = path.with_name("faults.xlsx"), self.record["options"].get("locale", "zh_CN")
        try:
            report = take_in(
                self.url, path, self._options(path, check=check), decided,
                behalf=OnBehalf(actor, partial(self._written, book)), errors=book, locale=locale,
                progress=self._advance,
            )  # fmt: skip
        except LayerError as error:
            if error.faults and error.faults[0].code == "rows_none":
                raise
            # Between the try and the writing something has changed: it has to be looked at again.
            raise InvalidError("import_changed", count=error.count) from error
        if check:
            self._checked(actor, report, decided, book)

    def _options(self, path: Path, *, check: bool) -> ElementImport:
        said = Reading.of(self.record["options"])
        source = SourceOptions(layer=said.layer, crs=said.crs, fields=dict(said.fields), scratch=path.parent)
        skip_bad = check or bool(self.record["options"].get("skip_bad"))
        origin = said.source or self.record["file_name"]
        given = {name: text for name, text in said.given.items() if text}
        return ElementImport(self.record["kind"], source, origin, given, skip_bad, dry_run=check)

    def _advance(self, rows: int, position: int, whole: int) -> None:
        now = time.monotonic()
        if now - self.told_at < TOLD_S and position < whole:
            return
        self.told_at = now
        with transaction(self.url) as own:
            wanted = store.advance(own, self.import_id, rows, position / whole if whole else 0.0)
        if not wanted:
            raise StoppedError

    def _written(self, book: Path, connection: Connection, report: ImportReport) -> None:
        """In the transaction that writes the elements: the import is over, and the file that was sent is gone.

        The workbook of the rows that were left out stays, so that whoever sent them can mend them.
        """
        if report.dry_run:
            return
        told = report_of(self.record["kind"], report)
        store.change(
            connection, self.import_id, state=State.DONE.value, doing=None, done_at=datetime.now(UTC),
            rows_read=report.rows_read, part=1.0, report=told,
        )  # fmt: skip
        choices.forget(connection, self.import_id)
        store.remove_parts(connection, self.import_id, files.SENT)
        store.remove_parts(connection, self.import_id, files.FAULTS)
        if book.exists():
            self._seal(connection, book)
        facts = {"file": self.record["file_name"], "rows": report.rows_read}
        facts |= {"added": report.added, "changed": report.changed}
        note(connection, "registry.import", self.import_id, self.by, kind=self.record["kind"], **facts)

    def _checked(self, actor: Actor, report: ImportReport, decided: Decisions, book: Path) -> None:
        with transaction(self.url, actor=actor) as own:
            choices.replace(own, self.import_id, asked_of(self.record["kind"], decided))
            store.remove_parts(own, self.import_id, files.FAULTS)
            if book.exists():
                self._seal(own, book)
            told = report_of(self.record["kind"], report)
            store.change(own, self.import_id, state=State.CHECKED.value, doing=None, part=1.0, report=told)

    def _seal(self, connection: Connection, book: Path) -> None:
        with book.open("rb") as content:
            files.keep(connection, self.import_id, files.FAULTS, content)

    def end(self, problem: Record | None = None) -> None:
        """Nothing was written; the import rests as it was, with what went wrong."""
        with transaction(self.url) as own:
            store.change(own, self.import_id, doing=None, cancelled=False, part=0.0, problem=problem)

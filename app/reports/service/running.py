"""The worker's part: a run is made with the eyes of whoever asked for it, all of it or nothing."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection

from app.accounts import store as accounts
from app.accounts.rules import Permission, permissions_of
from app.db import Actor, transaction
from app.errors import AppError, ForbiddenError, UnavailableError
from app.grid.service import the_district
from app.jobs import queue
from app.jobs.queue import Job
from app.jobs.working import AWAY
from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.rules.kinds import ReportKind
from app.reports.service.formats import writer
from app.reports.service.keeping import written
from app.reports.service.making import context_of, make, sheets_of
from app.reports.service.sections.sign import FINGERPRINT
from app.reports.service.sheets import Sheets
from app.reports.service.shelving import shelve
from app.reports.store import runs as store
from spatial.errors import SpatialError

logger = logging.getLogger(__name__)

RUN = "make_report"
TOLD_S = 0.3
"""How often it is written down how far it is."""

MADE = 0.5
"""What of the whole is done when the report is made and nothing is written yet."""

SLOW_S = 120.0
OPERATOR = Actor(territory=f"{{[0,{2**63 - 1})}}")
"""Who asks on the command line of the server: nobody's account, and all of the district."""

Record = dict[str, Any]


class StoppedError(Exception):
    """Whoever asked for it wants it no longer."""


class Told(Protocol):
    """Hears how far a run is."""

    def __call__(self, part: float, doing: str) -> None: ...


def follow(connection: Connection) -> bool:
    """Put into the queue what somebody has asked for since; nobody else may."""
    queue.put(
        connection, [Job(RUN, f"{RUN}:{run_id}", {"run_id": run_id}) for run_id in store.asked(connection)]
    )
    return False


def run(connection: Connection, run_id: int) -> None:
    """Make a run, if it still is to be made; what went wrong is told in it."""
    url = connection.engine.url.render_as_string(hide_password=False)
    with transaction(url) as own:
        if not store.begin(own, run_id):
            return
        record = store.one(own, run_id)
    if record is not None:
        carry_out(url, record)


def carry_out(url: str, record: Record, told: Told | None = None) -> None:
    """Make a run that has begun, write its formats and keep them; or tell in it what went wrong.

    Raises
    ------
    UnavailableError
        `database_unreachable`: it will be back, and the job is done again.
    """
    work = _Work(url, record, told)
    try:
        work.do()
    except StoppedError:
        work.end("cancelled")
    except AWAY as error:
        if isinstance(error, UnavailableError) and error.code != "database_unreachable":
            work.end("failed", {"code": error.code, "facts": error.facts})
            return
        raise UnavailableError("database_unreachable", reason=type(error).__name__) from None
    except (AppError, SpatialError) as error:
        work.end(
            "failed", {"code": error.code, "facts": error.facts, "spatial": isinstance(error, SpatialError)}
        )
    except OSError as error:
        facts = {
            "path": str(error.filename or tempfile.gettempdir()),
            "reason": error.strerror or type(error).__name__,
        }
        work.end("failed", {"code": "files_unwritable", "facts": facts})
    except Exception:
        # Nobody has foreseen it: it is told, and nobody waits for what never comes.
        work.end("failed", {"code": "report_unforeseen", "facts": {}})
        raise


@dataclass(slots=True)
class _Work:
    url: str
    record: Record
    told: Told | None = None
    told_at: float = field(default_factory=time.monotonic)
    begun: float = MADE

    @property
    def run_id(self) -> int:
        return int(self.record["id"])

    def do(self) -> None:
        """Make the report and its files, then keep all of it in one transaction."""
        stem, formats = stem_of(self.record), self.record["formats"]
        with tempfile.TemporaryDirectory(prefix="panlong-report-") as folder:
            sheets = Sheets(Path(folder))
            with transaction(self.url, actor=self._actor(), read_only=True, timeout_s=SLOW_S) as connection:
                context = context_of(connection, the_district(connection), self.record)
                report, failed = make(context, self.record, self._making)
                if context.kind is ReportKind.ATLAS and Format.PDF in formats:
                    sheets.set(sheets_of(context, self.record), context, report.title, stem, self.advance)
                    self.begun = sheets.END
            files = [*files_of(report, formats, stem, self._writing), *sheets.files]
            with transaction(self.url) as own:
                if not store.tell(own, self.run_id, 1.0, ""):
                    raise StoppedError
                store.keep_edition(
                    own, self.run_id, 0, digest=sheets.digest_with(report), counts=dict(report.provenance.counts),
                    documents=chain([written(report)], sheets.documents()), files=files,
                )  # fmt: skip
                self._done(own, failed, context.made.get(FINGERPRINT))
        if self.told is not None:
            self.told(1.0, "")

    def _done(self, connection: Connection, failed: Sequence[str], fingerprint: str | None) -> None:
        ended = {"state": "done", "part": 1.0, "doing": None, "done_at": datetime.now(UTC)}
        store.change(connection, self.run_id, **ended, failed=list(failed), problem=None,
                     fingerprint=fingerprint)  # fmt: skip
        store.notify(connection, self.run_id, "report_done", {"title": self.record["title"]})

    def _actor(self) -> Actor:
        """Who asked, as they are today: what was taken from them since is not shown.

        Raises
        ------
        ForbiddenError
            `not_permitted`.
        """
        if self.record["account_id"] is None:
            return OPERATOR
        with transaction(self.url, read_only=True) as own:
            actor = accounts.actor_of(own, self.record["account_id"])
        if Permission.MAKE_REPORTS not in permissions_of(actor.roles):
            raise ForbiddenError("not_permitted")
        return actor

    def _making(self, part: float, doing: str) -> None:
        self.advance(part * MADE, doing)

    def _writing(self, place: int, form: Format) -> None:
        part = self.begun + (1 - self.begun) * place / len(self.record["formats"])
        self.advance(part, form.value.upper())

    def advance(self, part: float, doing: str) -> None:
        """Tell how far it is.

        Raises
        ------
        StoppedError
            It is wanted no longer.
        """
        if self.told is not None:
            self.told(part, doing)
        now = time.monotonic()
        if now - self.told_at < TOLD_S:
            return
        self.told_at = now
        with transaction(self.url) as own:
            wanted = store.tell(own, self.run_id, part, doing)
        if not wanted:
            raise StoppedError

    def end(self, state: str, problem: Record | None = None) -> None:
        """Nothing was kept; the run says why."""
        with transaction(self.url) as own:
            store.change(
                own, self.run_id, state=state, doing=None, problem=problem, done_at=datetime.now(UTC)
            )
            if problem is not None:
                store.notify(own, self.run_id, "report_failed", {"title": self.record["title"]})


class Writing(Protocol):
    """Hears which format is begun."""

    def __call__(self, place: int, form: Format) -> None: ...


def files_of(
    report: Report, names: Sequence[str], stem: str, writing: Writing = lambda place, form: None
) -> list[Record]:
    """The rows of the files of a report in some formats; they are on the shelf, and nowhere else.

    Raises
    ------
    UnavailableError
        `files_unwritable`, `letters_missing`, `font_missing`.
    """
    rows: list[Record] = []
    with tempfile.TemporaryDirectory(prefix="panlong-report-") as folder:
        for place, name in enumerate(names):
            form = Format(name)
            writing(place, form)
            rows += shelve(writer(form)(report, Path(folder), stem), form)
    return rows


def stem_of(record: Record) -> str:
    """What the files of a run are called: quarterly-530103004-2026Q3."""
    days = f"{record['since_on']:%Y%m%d}-{record['until_on']:%Y%m%d}"
    scope = "".join(letter if letter.isalnum() else "-" for letter in record["scope"])[:40]
    return f"{record['definition']}-{scope}-{days}"

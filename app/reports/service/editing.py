"""改稿: the paragraphs of a run are reworded; the worker writes its formats anew from the edited document.

What was made and each edition since are kept whole, with their files.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.cases.rules.fields import FieldProblem, refuse
from app.db import transaction
from app.errors import AppError, ConflictError, UnavailableError
from app.jobs import queue
from app.jobs.queue import Job
from app.jobs.working import AWAY
from app.reports.rules.acts import Act
from app.reports.rules.blocks import Words
from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.rules.states import LONGEST_PARAGRAPH
from app.reports.service import keeping, noting
from app.reports.service.acting import free, is_rewording
from app.reports.service.running import TOLD_S, files_of, stem_of
from app.reports.store import runs, signing
from app.web.params import printable
from spatial.errors import SpatialError

REWORD = "reword_report"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that can be reworded.

    Parameters
    ----------
    heading
        Of the section that it stands in.
    """

    section: str
    code: str
    heading: str
    text: str


def paragraphs(connection: Connection, run: Record) -> list[Paragraph]:
    """The paragraphs of the edition of a run that stands; none of an atlas, which is not one document."""
    report = _document(connection, run)
    if report is None:
        return []
    return [
        Paragraph(section.code, one.code, section.title, one.text)
        for section, one in report.blocks()
        if isinstance(one, Words)
    ]


def _document(connection: Connection, run: Record) -> Report | None:
    kept = list(runs.documents(connection, run["id"], run["edition"], limit=2))
    return keeping.read(kept[0]) if len(kept) == 1 else None


def reword(
    connection: Connection, run_id: int, edition: int, words: Sequence[tuple[str, str, str]], by: Hand
) -> None:
    """Ask for another edition with other words; those that are the same are left out.

    Parameters
    ----------
    edition
        The one that the editor has read.
    words
        Section, paragraph, text.

    Raises
    ------
    NotFoundError
        `report_missing`.
    ForbiddenError
        `report_not_own`.
    InvalidError
        `fields_invalid`: there is no such paragraph, or its text is too long or empty.
    ConflictError
        `report_not_done`, `report_issued`, `report_rewording`, `report_edited_since`; `report_words_same`.
    """
    run = free(connection, run_id, Act.EDIT, edition=edition)
    known = {(one.section, one.code): one.text for one in paragraphs(connection, run)}
    faults: list[FieldProblem] = []
    changed: dict[tuple[str, str], str] = {}
    for section, code, raw in words:
        text = raw.replace("\r\n", "\n").strip()
        wrong = _wrong(text) if (section, code) in known else "unknown_paragraph"
        if wrong:
            faults.append(FieldProblem(f"{section}/{code}"[:80], wrong))
        elif text != known[section, code]:
            changed[section, code] = text
    refuse(faults)
    if not changed:
        raise ConflictError("report_words_same")
    rewording = {"words": [[*place, text] for place, text in changed.items()], "by": by.account_id}
    runs.change(connection, run_id, rewording=rewording, rewording_queued=False)
    noting.log(connection, "edit", run_id, by, edition=run["edition"] + 1)


def _wrong(text: str) -> str | None:
    try:
        printable(text)
    except ValueError:
        return "text_controls"
    if not text:
        return "missing"
    return "text_too_long" if len(text) > LONGEST_PARAGRAPH else None


def follow(connection: Connection) -> bool:
    """Put into the queue what somebody has reworded since; nobody else may."""
    found = signing.reworded(connection)
    queue.put(connection, [Job(REWORD, f"{REWORD}:{run_id}", {"run_id": run_id}) for run_id in found])
    return False


def write(connection: Connection, run_id: int) -> None:
    """Write the next edition of a run, all of it or nothing; what speaks against it is told in the run.

    Raises
    ------
    UnavailableError
        `database_unreachable`: it will be back, and the job is done again.
    """
    url = connection.engine.url.render_as_string(hide_password=False)
    with transaction(url, read_only=True) as own:
        run = runs.one(own, run_id)
        report = None if run is None or not is_rewording(run) else _document(own, run)
    if run is None or report is None:
        return
    try:
        _write(url, run, report)
    except AWAY as error:
        if not isinstance(error, UnavailableError) or error.code == "database_unreachable":
            raise UnavailableError("database_unreachable", reason=type(error).__name__) from None
        _refused(url, run, error.code, error.facts)
    except (AppError, SpatialError) as error:
        _refused(url, run, error.code, error.facts, spatial=isinstance(error, SpatialError))
    except OSError as error:
        path, reason = str(error.filename or tempfile.gettempdir()), error.strerror or type(error).__name__
        _refused(url, run, "files_unwritable", {"path": path, "reason": reason})
    except Exception:
        _refused(url, run, "report_unforeseen", {})
        raise


def _write(url: str, run: Record, report: Report) -> None:
    said = run["rewording"]
    edited = report.reworded({(section, code): text for section, code, text in said["words"]})
    told_at = time.monotonic()

    def writing(place: int, form: Format) -> None:
        nonlocal told_at
        if place and time.monotonic() - told_at < TOLD_S:
            return
        told_at = time.monotonic()
        with transaction(url) as own:
            signing.tell_part(own, run["id"], place / len(run["formats"]), form.value.upper())

    files = files_of(edited, run["formats"], stem_of(run), writing)
    no = run["edition"] + 1
    with transaction(url) as own:
        runs.keep_edition(
            own, run["id"], no, digest=bytes.fromhex(keeping.digest(edited)),
            counts=dict(edited.provenance.counts), documents=[keeping.written(edited)], files=files,
            words=[{"section": section, "paragraph": code, "text": text} for section, code, text in said["words"]],
            made_by=said["by"],
        )  # fmt: skip
        signing.end_rewording(own, run["id"], None, no)
        if run["circulated_at"] is not None:
            # Who has signed what was said before has not signed this.
            signing.tell(own, run["id"], "report_circulated", issuers=True, by=said["by"])


def _refused(url: str, run: Record, code: str, facts: Record, *, spatial: bool = False) -> None:
    """Keep the words beside what speaks against them, so that they need not be written again."""
    problem = {"code": code, "facts": facts, "spatial": spatial}
    with transaction(url) as own:
        signing.end_rewording(own, run["id"], {**run["rewording"], "problem": problem}, run["edition"])

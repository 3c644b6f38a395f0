"""What is done with an import that was sent; the worker does what takes long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, InvalidError, NotFoundError
from app.interop.rules.preparing import Decision, Doing, State
from app.interop.service.elements.remembering import remember
from app.interop.service.preparing import files, headers
from app.interop.service.preparing.reading import Reading
from app.interop.service.preparing.sending import note
from app.interop.store import choices
from app.interop.store import preparing as store
from spatial.readers import SourceOptions

Record = dict[str, Any]


def held(connection: Connection, import_id: int, *, resting: bool = True) -> Record:
    """An import that is to be changed.

    Parameters
    ----------
    resting
        Whether nothing may be under way with it.

    Raises
    ------
    NotFoundError
        `import_missing`: there is none, or it is somebody else's.
    ConflictError
        `import_busy`, `import_over`.
    """
    found = store.one(connection, min(import_id, 2**63 - 1), hold=True)
    if found is None:
        raise NotFoundError("import_missing", id=import_id)
    if found["state"] == State.DONE:
        raise ConflictError("import_over")
    if resting and found["doing"] is not None:
        raise ConflictError("import_busy")
    return found


def choose_layer(connection: Connection, import_id: int, layer: str) -> None:
    """Read another layer or sheet of the file; what was found out so far is over.

    Raises
    ------
    NotFoundError, ConflictError
        As `held`.
    InvalidError
        `import_unreadable`.
    """
    found = held(connection, import_id)
    with files.laid_out(connection, import_id, found["ending"]) as path:
        header, fields = headers.look(
            connection,
            found["district_id"],
            found["kind"],
            path,
            SourceOptions(layer=layer, scratch=path.parent),
        )
    layers = found["header"].get("layers")
    header = {**header, **({"layers": layers} if layers else {})}
    choices.forget(connection, import_id)
    store.change(
        connection, import_id, header=header, options=Reading(fields=fields, layer=layer).kept,
        state=State.SENT.value, report=None, problem=None,
    )  # fmt: skip


def check(
    connection: Connection,
    import_id: int,
    said: Reading,
    by: Hand,
    also: Sequence[tuple[str, str]] = (),
) -> None:
    """Let a worker try the whole file, read as is said, and write nothing. It is asked once, however often it is said.

    Parameters
    ----------
    also
        What the door has found wrong with the columns: field and reason.

    Raises
    ------
    NotFoundError, ConflictError
        As `held`.
    InvalidError
        `import_columns`, with what is wrong with the columns.
    """
    found = held(connection, import_id, resting=False)
    if found["doing"] is not None:
        return
    said = said.of_layer(found["options"].get("layer"))
    said.judge(found["kind"], found["header"], also)
    if said.fields:
        remember(connection, found["district_id"], found["kind"], found["header"]["columns"], said.fields)
    # What was found when it was read otherwise is over, also where this try is stopped.
    store.change(connection, import_id, state=State.SENT.value, report=None)
    _ask(connection, import_id, Doing.CHECK, {**said.kept, "by": _hand(by)})


def take_over(connection: Connection, import_id: int, *, skip_bad: bool, by: Hand) -> None:
    """Let a worker write what was tried: all of it, or nothing. It is asked once, however often it is said.

    Parameters
    ----------
    skip_bad
        Whether rows with faults are left out; else there may be none.

    Raises
    ------
    NotFoundError
        As `held`.
    ConflictError
        `import_over`; `import_unchecked`: it was not tried, or cannot be read; `import_faulty`.
    """
    found = held(connection, import_id, resting=False)
    if found["doing"] == Doing.WRITE:
        return
    if found["doing"] is not None:
        raise ConflictError("import_busy")
    if found["state"] != State.CHECKED or found["report"] is None:
        raise ConflictError("import_unchecked")
    if found["report"]["fault_count"] and not skip_bad:
        raise ConflictError("import_faulty", count=found["report"]["fault_count"])
    _ask(
        connection,
        import_id,
        Doing.WRITE,
        {**found["options"], "skip_bad": skip_bad, "by": _hand(by)},
    )


def _hand(by: Hand) -> Mapping[str, Any]:
    return {"name": by.name, "address": by.address}


def _ask(connection: Connection, import_id: int, doing: Doing, options: Mapping[str, Any]) -> None:
    store.change(
        connection, import_id, doing=doing.value, queued=False, cancelled=False, begun_at=None, rows_read=0, part=0.0,
        options=dict(options), problem=None,
    )  # fmt: skip


def cancel(connection: Connection, import_id: int) -> None:
    """Stop what is under way; nothing of it stays. Where nothing is, nothing happens.

    Raises
    ------
    NotFoundError, ConflictError
        As `held`.
    """
    found = held(connection, import_id, resting=False)
    if found["doing"] is None:
        return
    if found["begun_at"] is None:
        store.change(connection, import_id, doing=None)
        return
    # Queued once more: where the worker that began it is gone, another one finds that it is wanted no longer.
    store.change(connection, import_id, cancelled=True, queued=False)


def discard(connection: Connection, import_id: int, by: Hand) -> None:
    """Delete an import that is not written, with its file.

    Raises
    ------
    NotFoundError, ConflictError
        As `held`.
    """
    held(connection, import_id)
    store.remove(connection, import_id)
    note(connection, "registry.import_discard", import_id, by)


def decide(connection: Connection, import_id: int, row: int, decision: str | None) -> None:
    """Say what a row is: one of those that it may be, by its id, `new`, `skip`, or None for what is open again.

    Raises
    ------
    NotFoundError
        As `held`; `choice_missing`: nothing is asked of that row.
    ConflictError
        As `held`.
    InvalidError
        `choice_unknown`: it is none of those that it may be.
    """
    held(connection, import_id)
    among = choices.candidates(connection, import_id, row)
    if among is None:
        raise NotFoundError("choice_missing", row=row)
    if decision is not None and decision not in {*Decision, *map(str, among)}:
        raise InvalidError("choice_unknown", row=row)
    choices.decide(connection, import_id, row, decision)


def faults_of(connection: Connection, import_id: int, by: Hand) -> tuple[Record, list[bytes]]:
    """The workbook of what is wrong, whole in memory; that it was fetched is logged.

    Raises
    ------
    NotFoundError
        `import_missing`; `import_without_faults`: there is none, or no longer.
    UnavailableError
        `seal_key_missing`, `seal_broken`.
    """
    found = store.one(connection, min(import_id, 2**63 - 1))
    if found is None:
        raise NotFoundError("import_missing", id=import_id)
    content = list(files.pieces(connection, import_id, files.FAULTS))
    if not content:
        raise NotFoundError("import_without_faults", id=import_id)
    note(connection, "registry.import_faults", import_id, by)
    return found, content

"""A file is sent: looked at, and kept until it is written."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.accounts.rules import Permission
from app.accounts.service.managing import Hand
from app.errors import ConflictError, ForbiddenError
from app.interop.rules.preparing import KINDS, MOST_WAITING, hidden
from app.interop.service.preparing import files, headers
from app.interop.service.preparing.reading import Reading
from app.interop.store import preparing as store
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.registry.rules.kinds import ElementKind
from spatial.readers import SourceOptions


def kinds_for(permissions: Collection[Permission]) -> list[str]:
    """What files somebody may send: those of people only who keeps their records."""
    if Permission.EDIT_REGISTRY not in permissions:
        return []
    keeps = Permission.KEEP_PERSONS in permissions
    return [kind for kind in KINDS if kind != ElementKind.PERSON or keeps]


def may_send(kind: str, permissions: Collection[Permission]) -> None:
    """Files of people are sent by those who keep their records.

    Raises
    ------
    ForbiddenError
        `not_permitted`.
    """
    if kind not in kinds_for(permissions):
        raise ForbiddenError("not_permitted")


def send(
    connection: Connection,
    district_id: int,
    client: UUID,
    kind: str,
    name: str,
    path: Path,
    by: Hand,
) -> int:
    """Look at a file that was sent and keep it, sealed; its id. What was sent before under that id is the answer again.

    Raises
    ------
    InvalidError
        `import_unreadable`.
    ConflictError
        `client_id_used`: it is being sent a second time just now; `imports_many`: too many wait to be written.
    """
    earlier = store.under(connection, client)
    if earlier is not None:
        return earlier
    if store.unwritten(connection) >= MOST_WAITING:
        raise ConflictError("imports_many", most=MOST_WAITING)
    header, fields = headers.look(connection, district_id, kind, path, SourceOptions(scratch=path.parent))
    values = {
        "client_id": client, "account_id": by.account_id, "district_id": district_id, "kind": kind,
        "file_name": (hidden(kind, name) or path.name)[:120], "ending": path.suffix, "size_bytes": path.stat().st_size,
        "header": header, "options": Reading(fields=fields, layer=header.get("layer")).kept,
    }  # fmt: skip
    try:
        with connection.begin_nested():
            made = store.add(connection, values)
    except IntegrityError:
        raise ConflictError("client_id_used") from None
    with path.open("rb") as content:
        files.keep(connection, made, files.SENT, content)
    note(connection, "registry.import_send", made, by, kind=kind, file=values["file_name"])
    return made


def note(connection: Connection, action: str, import_id: int, by: Hand, **facts: Any) -> None:
    """Write in the access log what was done with an import."""
    entry = Entry(action, "done", by.account_id, by.name, "import", str(import_id), by.address, facts)
    ledger.add(connection, entry)

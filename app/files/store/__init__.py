"""Rows of files, and the shelf on which their bytes lie."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, insert, select

from app.files.rules import Facts, Kind, Position
from app.files.store.folder import FolderShelf
from app.files.store.shelf import Shelf, the_shelf
from app.files.tables import File

__all__ = ["FolderShelf", "Shelf", "add", "find", "newest_own", "the_shelf"]


def add(
    connection: Connection,
    *,
    account_id: int,
    sha256: bytes,
    original_sha256: bytes,
    kind: Kind,
    size: int,
    width: int,
    height: int,
    duration_s: float | None,
    facts: Facts,
) -> int:
    """Write down what was taken in; its id."""
    place = facts.position or Position(0, 0)
    row = {
        "created_by": account_id,
        "sha256": sha256,
        "original_sha256": original_sha256,
        "kind": kind.value,
        "size_bytes": size,
        "width": width,
        "height": height,
        "duration_s": duration_s,
        "taken_at": facts.taken_at,
        "taken_at_assumed": facts.taken_at_assumed,
        "lon": place.lon if facts.position else None,
        "lat": place.lat if facts.position else None,
        "altitude_m": place.altitude_m,
        "dop": place.dop,
        "accuracy_m": place.accuracy_m,
    }
    return int(connection.execute(insert(File).values(row).returning(File.id)).scalar_one())


def newest_own(connection: Connection, account_id: int, sha256: bytes, original_sha256: bytes) -> int | None:
    """The row of the same original that the same account has taken in, if it sees one: a sending that was repeated."""
    found = select(File.id).where(
        File.created_by == account_id, File.sha256 == sha256, File.original_sha256 == original_sha256
    )
    return connection.execute(found.order_by(File.id.desc()).limit(1)).scalar()


def find(connection: Connection, file_id: int) -> tuple[bytes, Kind, int] | None:
    """Hash, kind and size in bytes of a file that the one who acts may see; None where there is none."""
    row = connection.execute(
        # An id that no row can have is one that no row has.
        select(File.sha256, File.kind, File.size_bytes).where(File.id == bindparam("id", file_id, BigInteger))
    ).one_or_none()
    return None if row is None else (bytes(row.sha256), Kind(row.kind), row.size_bytes)

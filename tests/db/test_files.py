"""Files in the database: the row, the wall around it, and the bytes on the shelf."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.db import ACT, Actor
from app.errors import InvalidError, NotFoundError, UnavailableError
from app.files.rules import PREVIEW, THUMBNAIL
from app.files.service import Taken, open_file, take_in, thumbnail
from app.files.store import FolderShelf
from tests.app.files import samples

pytestmark = pytest.mark.db

KUNMING = timezone(timedelta(hours=8))


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "files")


@pytest.fixture
def people(connection: Connection) -> Iterator[dict[str, int]]:
    """Two people with accounts."""
    insert = text("INSERT INTO accounts (username, name) VALUES (:name, :name) RETURNING id")
    yield {name: connection.execute(insert, {"name": name}).scalar_one() for name in ("anna", "bela")}


def act(connection: Connection, account_id: int | None) -> None:
    """From now on on behalf of somebody; of the platform itself for nobody."""
    if account_id is None:
        connection.execute(text("RESET ROLE"))
    else:
        connection.execute(ACT, Actor(account_id).settings)


def taken(connection: Connection, shelf: FolderShelf, data: bytes, account_id: int) -> Taken:
    return take_in(connection, BytesIO(data), account_id=account_id, zone=KUNMING, shelf=shelf)


def rows(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM files")).scalar_one())


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (samples.jpeg(), "image/jpeg"),
        (samples.written(samples.drawn(), "png", exif=samples.exif()), "image/png"),
        (samples.written(samples.drawn(), "webp", exif=samples.exif()), "image/webp"),
        (samples.HEIC, "image/jpeg"),
        (samples.film(), "video/mp4"),
    ],
    ids=["jpeg", "png", "webp", "heic", "mp4"],
)
def test_round_trip(
    connection: Connection, people: dict[str, int], shelf: FolderShelf, data: bytes, media_type: str
) -> None:
    act(connection, people["anna"])
    found = taken(connection, shelf, data, people["anna"])
    opened = open_file(connection, found.file_id, shelf=shelf)
    with opened.stream as stream:
        content = stream.read()
    assert (opened.media_type, opened.size, opened.tag) == (media_type, len(content), found.sha256)
    assert hashlib.sha256(content).hexdigest() == found.sha256
    with open_file(connection, found.file_id, start=100, shelf=shelf).stream as stream:
        assert stream.read() == content[100:]
    row = connection.execute(text("SELECT * FROM files")).one()
    assert (row.id, row.created_by, row.sha256.hex()) == (found.file_id, people["anna"], found.sha256)
    assert (round(row.lon, 4), round(row.lat, 4), row.altitude_m) == (*samples.PLACE, 1895.5)
    assert row.taken_at == found.facts.taken_at
    assert not row.taken_at_assumed
    assert row.original_sha256 == hashlib.sha256(data).digest()
    assert (row.duration_s is None) == (media_type != "video/mp4")


def test_without_a_place_and_a_zone(
    connection: Connection, people: dict[str, int], shelf: FolderShelf
) -> None:
    act(connection, people["anna"])
    data = samples.jpeg(exif=samples.exif(samples.gps(0, 0), offset=None))
    found = taken(connection, shelf, data, people["anna"])
    assert found.facts.notes == ("position_null_island",)
    row = connection.execute(text("SELECT * FROM files")).one()
    assert (row.lon, row.lat, row.altitude_m) == (None, None, None)
    assert (row.taken_at, row.taken_at_assumed) == (datetime(2026, 3, 3, 21, 6, 7, tzinfo=UTC), True)


def test_small_copies(connection: Connection, people: dict[str, int], shelf: FolderShelf) -> None:
    act(connection, people["anna"])
    found = taken(connection, shelf, samples.jpeg((2000, 1000)), people["anna"])
    for small in (THUMBNAIL, PREVIEW):
        opened = thumbnail(connection, found.file_id, small, shelf=shelf)
        with opened.stream as stream:
            first = stream.read()
        assert opened.media_type == "image/jpeg"
        (path,) = shelf.folder.rglob(f"*.{small.side_px}.jpg")
        path.unlink()
        with thumbnail(connection, found.file_id, small, shelf=shelf).stream as stream:
            assert len(stream.read()) > len(first) / 2, "made again when it was lost"
    film = taken(connection, shelf, samples.film(), people["anna"])
    with pytest.raises(NotFoundError, match="file_without_picture"):
        thumbnail(connection, film.file_id, shelf=shelf)


def test_the_same_again(connection: Connection, people: dict[str, int], shelf: FolderShelf) -> None:
    act(connection, people["anna"])
    first = taken(connection, shelf, samples.jpeg(), people["anna"])
    assert taken(connection, shelf, samples.jpeg(), people["anna"]) == first
    elsewhere = samples.jpeg(exif=samples.exif(samples.gps(102.5, 25.5)))
    other = taken(connection, shelf, elsewhere, people["anna"])
    assert other.file_id != first.file_id, "what another camera said is not what this one said"
    act(connection, people["bela"])
    theirs = taken(connection, shelf, samples.jpeg(), people["bela"])
    assert len({first.file_id, other.file_id, theirs.file_id}) == 3
    assert first.sha256 == other.sha256 == theirs.sha256
    assert len([path for path in shelf.folder.rglob("*") if path.is_file()]) == 3, (
        "one content and its small copies"
    )


def test_the_wall(connection: Connection, people: dict[str, int], shelf: FolderShelf) -> None:
    act(connection, people["anna"])
    found = taken(connection, shelf, samples.jpeg(), people["anna"])
    assert rows(connection) == 1
    act(connection, people["bela"])
    assert rows(connection) == 0
    for opening in (open_file, thumbnail):
        with pytest.raises(NotFoundError, match="file_unknown"):
            opening(connection, found.file_id, shelf=shelf)
    connection.execute(ACT, Actor().settings)
    assert rows(connection) == 0
    act(connection, None)
    connection.execute(text("UPDATE files SET created_at = now() - interval '25 hours'"))
    act(connection, people["anna"])
    assert rows(connection) == 0, "after a day it is seen through what it is attached to, or not at all"
    again = taken(connection, shelf, samples.jpeg(), people["anna"])
    assert again.file_id != found.file_id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET lon = 1, lat = 1",
        "DELETE FROM files",
        "INSERT INTO files (sha256, original_sha256, kind, size_bytes, width, height, created_by, created_at)"
        " SELECT sha256, original_sha256, kind, size_bytes, width, height, created_by, now() + interval '9 years'"
        " FROM files",
        "INSERT INTO files (sha256, original_sha256, kind, size_bytes, width, height, created_by)"
        " SELECT sha256, original_sha256, kind, size_bytes, width, height, created_by + 1 FROM files",
        "INSERT INTO files (sha256, original_sha256, kind, size_bytes, width, height)"
        " SELECT sha256, original_sha256, kind, size_bytes, width, height FROM files",
    ],
    ids=["change", "delete", "date", "for-another", "for-nobody"],
)
def test_what_is_not_allowed(
    connection: Connection, people: dict[str, int], shelf: FolderShelf, statement: str
) -> None:
    act(connection, people["anna"])
    taken(connection, shelf, samples.jpeg(), people["anna"])
    with pytest.raises(DBAPIError, match=r"permission denied|row-level security"):
        connection.execute(text(statement))


def test_nothing_is_kept_of_what_is_refused(
    connection: Connection, people: dict[str, int], shelf: FolderShelf
) -> None:
    with pytest.raises(InvalidError, match="file_hostile"):
        taken(connection, shelf, samples.jpeg() + b"<script>alert(1)</script>", people["anna"])
    assert not shelf.folder.exists()
    assert rows(connection) == 0


def test_no_row_without_its_bytes(connection: Connection, people: dict[str, int], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnavailableError, match="files_unwritable"):
        taken(connection, FolderShelf(tmp_path / "file"), samples.jpeg(), people["anna"])
    assert rows(connection) == 0


def test_bytes_that_are_gone(connection: Connection, people: dict[str, int], shelf: FolderShelf) -> None:
    found = taken(connection, shelf, samples.film(), people["anna"])
    shelf.remove(f"{found.sha256[:2]}/{found.sha256[2:4]}/{found.sha256}.mp4")
    with pytest.raises(UnavailableError, match="file_gone"):
        open_file(connection, found.file_id, shelf=shelf)

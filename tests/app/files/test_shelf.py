"""What was acknowledged is on the disk; nothing half written is ever seen."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from app import settings
from app.errors import UnavailableError
from app.files.store import FolderShelf
from app.files.store.shelf import Shelf, the_shelf

NAME = "ab/cd/abcd.jpg"
CHILD = """
import os, signal, sys
from pathlib import Path
from app.files.store import FolderShelf
os.fsync = {fsync}
Path.replace = {replace}
FolderShelf(Path(sys.argv[1])).put("{name}", b"x" * 100_000)
"""


def seen(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_put_and_open(tmp_path: Path) -> None:
    shelf: Shelf = FolderShelf(tmp_path / "files")
    assert not shelf.exists(NAME)
    shelf.put(NAME, b"content")
    first = (tmp_path / "files" / NAME).stat()
    shelf.put(NAME, b"content")
    assert (tmp_path / "files" / NAME).stat().st_ino == first.st_ino, "the same content is not written again"
    assert seen(tmp_path / "files") == [NAME]
    with shelf.open(NAME) as file:
        assert file.read() == b"content"
    with shelf.open(NAME, 3) as file:
        assert file.read() == b"tent"
    shelf.remove(NAME)
    shelf.remove(NAME)
    assert not shelf.exists(NAME)
    with pytest.raises(UnavailableError, match="file_gone"):
        shelf.open(NAME)


def test_a_half_file_of_others_is_mended(tmp_path: Path) -> None:
    (tmp_path / NAME).parent.mkdir(parents=True)
    (tmp_path / NAME).write_bytes(b"con")
    FolderShelf(tmp_path).put(NAME, b"content")
    assert (tmp_path / NAME).read_bytes() == b"content"


@pytest.mark.parametrize(
    ("fsync", "replace"),
    [
        ("lambda _: os.kill(os.getpid(), signal.SIGKILL)", "None"),
        ("lambda _: None", "lambda *_: os.kill(os.getpid(), signal.SIGKILL)"),
    ],
    ids=["written", "forced"],
)
def test_killed_before_the_name(tmp_path: Path, fsync: str, replace: str) -> None:
    code = CHILD.format(fsync=fsync, replace=replace, name=NAME)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=settings.ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    shelf = FolderShelf(tmp_path)
    assert not shelf.exists(NAME)
    left = list((tmp_path / ".parts").glob("*"))
    shelf.put(NAME, b"whole")
    assert shelf.exists(NAME)
    for part in left:
        os.utime(part, (time.time() - 90_000,) * 2)
    shelf.put("ab/cd/other.jpg", b"x")
    assert seen(tmp_path) == [NAME, "ab/cd/other.jpg"], "what the dead one left is thrown away after a day"


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    shelf = FolderShelf(tmp_path)
    shelf.put("ab/cd/first.jpg", b"x")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UnavailableError) as error:
        shelf.put(NAME, b"content")
    assert error.value.code == "files_unwritable"
    assert error.value.facts == {"path": str(tmp_path / NAME), "reason": os.strerror(errno.ENOSPC)}
    assert seen(tmp_path) == ["ab/cd/first.jpg"]


@contextmanager
def as_nobody() -> Iterator[None]:
    """As somebody whom permissions hold for."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_is_read_only() -> None:
    folder = Path(tempfile.mkdtemp(prefix="panlong-shelf-"))
    folder.chmod(0o555)
    try:
        with as_nobody(), pytest.raises(UnavailableError) as error:
            FolderShelf(folder).put(NAME, b"content")
        assert error.value.code == "files_unwritable"
        assert error.value.facts["reason"] == os.strerror(errno.EACCES)
        assert str(folder) in error.value.facts["path"]
        assert not seen(folder)
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnavailableError, match="files_unwritable"):
        FolderShelf(tmp_path / "file").put(NAME, b"content")
    with pytest.raises(UnavailableError, match="files_unreadable"):
        FolderShelf(tmp_path / "file").open(NAME)


def test_many_at_once(tmp_path: Path) -> None:
    shelf, content = FolderShelf(tmp_path), os.urandom(300_000)
    threads = [Thread(target=shelf.put, args=(NAME, content)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen(tmp_path) == [NAME]
    assert (tmp_path / NAME).read_bytes() == content


def test_the_folder_of_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PANLONG_FILES", "PANLONG_S3_BUCKET", "PANLONG_S3_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    given = settings.read({"PANLONG_VAR": str(tmp_path)})
    assert settings.files_settings(given).folder == tmp_path / "files"
    other = settings.read({"PANLONG_VAR": str(tmp_path), "PANLONG_WORKSPACE": "other"})
    assert settings.files_settings(other).folder == tmp_path / "files_other"
    assert settings.files_settings(other).prefix == "files_other"
    monkeypatch.setenv("PANLONG_FILES", str(tmp_path / "elsewhere"))
    shelf = the_shelf()
    assert isinstance(shelf, FolderShelf)
    assert shelf.folder == tmp_path / "elsewhere"
    assert settings.child_environment("postgresql:///x")["PANLONG_FILES"] == str(tmp_path / "elsewhere")

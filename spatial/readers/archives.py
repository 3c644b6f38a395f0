"""Zip archives, opened with suspicion: nothing leaves the folder, nothing swells beyond reason."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from spatial.errors import SourceError

MOST_MEMBERS = 2000
LARGEST_BYTES = 20_000_000_000
RATIO_FROM_BYTES = 64_000_000
LARGEST_RATIO = 250
"""A table of repetitive text shrinks some 40 times; what shrinks more than this was made to burst."""

BLOCK = 1 << 20


def extract(path: Path, folder: Path) -> list[Path]:
    """Unpack an archive into an empty folder; returns the files.

    Raises
    ------
    SourceError
        `not_of_kind`, `archive_bomb`, `archive_path_escapes`, `archive_nested`, `archive_encrypted`, `archive_broken`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            for member in members:
                _refuse(member)
            limit = _limit(members, path.stat().st_size)
            return _write_all(archive, members, folder, limit)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        if path.stat().st_size and not zipfile.is_zipfile(path):
            raise SourceError("not_of_kind", file=path.name, kind="zip") from error
        raise SourceError("archive_broken", file=path.name) from error
    except RuntimeError as error:
        raise SourceError("archive_encrypted", file=path.name) from error


def _refuse(member: zipfile.ZipInfo) -> None:
    name = member.filename
    windows = PureWindowsPath(name)
    outside = (
        PurePosixPath(name).is_absolute() or windows.is_absolute() or windows.drive or ".." in windows.parts
    )
    if outside or stat.S_ISLNK(member.external_attr >> 16) or "\0" in name:
        raise SourceError("archive_path_escapes", member=name[:120])
    if name.lower().endswith(".zip"):
        raise SourceError("archive_nested", member=name[:120])
    if member.flag_bits & 1:
        raise SourceError("archive_encrypted", file=name[:120])


def _limit(members: list[zipfile.ZipInfo], packed: int) -> int:
    """Bytes that the archive may unpack to, by what it says and by its own size."""
    if len(members) > MOST_MEMBERS:
        raise SourceError("archive_bomb", size=sum(m.file_size for m in members), packed=packed)
    limit = min(LARGEST_BYTES, max(RATIO_FROM_BYTES, packed * LARGEST_RATIO))
    said = sum(member.file_size for member in members)
    if said > limit:
        raise SourceError("archive_bomb", size=said, packed=packed)
    return limit


def _write_all(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, limit: int
) -> list[Path]:
    written, files = 0, []
    for member in members:
        # What lies in folders comes out side by side: the parts of a shapefile belong together by name alone.
        target = folder / PureWindowsPath(member.filename).name
        with archive.open(member) as source, target.open("wb") as file:
            while block := source.read(BLOCK):
                written += len(block)
                if written > limit:  # the sizes that an archive declares may lie
                    raise SourceError(
                        "archive_bomb", size=written, packed=sum(m.compress_size for m in members)
                    )
                file.write(block)
        files.append(target)
    return files


def check_sizes(path: Path) -> None:
    """Refuse an archive that some other library will unpack, if it would swell beyond reason.

    Raises
    ------
    SourceError
        `archive_bomb`.
    zipfile.BadZipFile
        It is no archive.
    """
    with zipfile.ZipFile(path) as archive:
        _limit(archive.infolist(), path.stat().st_size)

"""Looks for a PostgreSQL that has PostGIS. A PostgreSQL without it does not count as found."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

from app.errors import UnavailableError
from app.settings import plain_environment

OLDEST_MAJOR = 14

INSTALLED = (
    ("/usr/lib/postgresql", "*/bin"),
    ("/usr", "pgsql-*/bin"),
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
    ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A PostgreSQL with PostGIS: the folder of its programs, its versions, what its processes need to run."""

    folder: Path
    major: int
    version: str
    postgis: str
    environment: dict[str, str] = field(default_factory=dict)


def find_binaries(given: Path | None, unpacked: Path, major: int | None = None) -> Binaries:
    """The PostgreSQL to use: the given one, else an installed one, else the unpacked one.

    Parameters
    ----------
    given
        Folder that PANLONG_PG_BIN names; if it is set, nothing else will do.
    unpacked
        Folder of the private unpack.
    major
        Major version that a data folder needs.

    Raises
    ------
    UnavailableError
        `postgis_missing`; its `reasons` say what was looked at.
    """
    seen = []
    for folder, environment in _candidates(given, unpacked):
        found, why = _inspect(folder, environment, major)
        if found is not None:
            return found
        seen.append(f"{folder}: {why}")
    raise UnavailableError("postgis_missing", reasons=seen)


def reasons(given: Path | None, unpacked: Path) -> list[str]:
    """What was looked at and why it will not do, line by line; empty where one was found."""
    try:
        find_binaries(given, unpacked)
    except UnavailableError as error:
        return list(error.facts["reasons"])
    return []


def _candidates(given: Path | None, unpacked: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    if given is not None:
        yield given, {}
        return
    for parent, pattern in INSTALLED:
        yield from ((path, {}) for path in sorted(Path(parent).glob(pattern), key=_newest, reverse=True))
    program = which("postgres")
    if program:
        yield Path(program).resolve().parent, {}
    for path in sorted(unpacked.glob("usr/lib/postgresql/*/bin"), key=_newest, reverse=True):
        yield path, library_environment(unpacked)


def _newest(path: Path) -> tuple[int, str]:
    digits = re.search(r"(\d+)", path.parent.name)
    return (int(digits[1]) if digits else 0, str(path))


def library_environment(unpacked: Path) -> dict[str, str]:
    """What programs out of the private unpack need in order to find their libraries and tables."""
    folders = sorted({str(path.parent) for path in unpacked.glob("usr/lib/**/*.so.*")})
    share = unpacked / "usr/share"
    return {
        "LD_LIBRARY_PATH": ":".join(folders),
        "PROJ_DATA": str(share / "proj"),
        "GDAL_DATA": str(share / "gdal"),
    }


def _output(program: Path, option: str, environment: dict[str, str]) -> str:
    try:
        run = subprocess.run(
            [program, option],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env=plain_environment() | environment,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip()


def _inspect(folder: Path, environment: dict[str, str], major: int | None) -> tuple[Binaries | None, str]:
    if not (folder / "postgres").exists() or not (folder / "initdb").exists():
        return None, "no server programs"
    said = re.search(r"(\d+)(?:\.\d+)?", _output(folder / "postgres", "--version", environment))
    if said is None:
        return None, "does not run"
    number = int(said[1])
    if major is not None and number != major:
        return None, f"PostgreSQL {number}, but the data need {major}"
    if number < OLDEST_MAJOR:
        return None, f"PostgreSQL {number} is older than {OLDEST_MAJOR}"
    # /usr/bin/pg_config belongs to the client library and says nothing of a server: ask the one beside it.
    share = _output(folder / "pg_config", "--sharedir", environment)
    control = Path(share or folder.parent / "share") / "extension" / "postgis.control"
    if not control.exists():
        control = _unpacked_control(folder)
    if not control.exists():
        return None, f"PostgreSQL {said[0]} without PostGIS"
    postgis = re.search(r"default_version\s*=\s*'([^']+)'", control.read_text(encoding="utf-8"))
    return Binaries(folder, number, said[0], postgis[1] if postgis else "?", environment), ""


def _unpacked_control(folder: Path) -> Path:
    """Where the control file lies in a private unpack, whose `pg_config` still answers with the system's folders."""
    major = folder.parent.name
    return folder.parents[3] / "share" / "postgresql" / major / "extension" / "postgis.control"

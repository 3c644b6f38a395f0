"""A PostgreSQL cluster of the project's own: made once, started where it stands still, never seen half made."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from app.errors import UnavailableError
from app.postgres.find import Binaries, find_binaries
from app.postgres.place import Place, unreachable
from app.settings import DRIVER, plain_environment

OWNER = "panlong"
LONGEST_SOCKET_PATH = 103
"""Bytes; the shorter of Linux's and macOS's limits."""

SETTINGS = {
    "listen_addresses": "''",  # socket only: no port to clash, nobody from outside
    "unix_socket_permissions": "0700",
    "max_connections": "160",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_duration_statement": "'2s'",
    "dynamic_shared_memory_type": "mmap",  # a small /dev/shm breaks parallel joins
    "jit": "off",
}
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "shared_buffers": "128MB",
}


class Cluster:
    """A cluster in a folder.

    Parameters
    ----------
    place
        Folders and account.
    given
        Folder of PostgreSQL programs that must be used, or None.
    durable
        False gives up safety against power cuts for speed: for tests alone.
    """

    def __init__(self, place: Place, given: Path | None = None, *, durable: bool = True) -> None:
        self.place, self.given, self.durable = place, given, durable
        self.folder = place.cluster
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"
        self.password_file = self.folder / "password"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold everybody else back who would make, start or stop the cluster or make a database in it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / (self.folder.name + ".lock")).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @property
    def major(self) -> int | None:
        """The PostgreSQL that the data belong to; None before there are any."""
        with suppress(OSError, ValueError):
            return int((self.data / "PG_VERSION").read_text())
        return None

    @property
    def binaries(self) -> Binaries:
        """The programs that fit the data."""
        return find_binaries(self.given, self.place.programs, self.major)

    @property
    def sockets(self) -> Path:
        """Where the server listens: beside its data, or in /tmp where that path would be too long."""
        near = self.folder / "s"
        if len(os.fsencode(near)) + len("/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.blake2b(str(self.folder).encode(), digest_size=6).hexdigest()
        return Path("/tmp") / f"panlong-{self.place.uid}-{name}"

    def url(self, database: str = "postgres") -> str:
        """Address of a database in it, with the password: never to be printed."""
        password = quote(self.password_file.read_text().strip(), safe="")
        return f"{DRIVER}://{OWNER}:{password}@/{quote(database)}?host={quote(str(self.sockets))}"

    def pid(self) -> int | None:
        """The server's process; None where it does not run, whatever a stale file says."""
        try:
            number = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(number, 0)
        except PermissionError:
            pass
        except (OSError, ValueError, IndexError):
            return None
        # A number may be given to somebody else's process after a crash: ours has our data folder among its arguments.
        with suppress(OSError):
            arguments = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
            if os.fsencode(self.data) not in arguments:
                return None
        return number

    def start(self) -> bool:
        """Start the server if it stands still; the caller holds the lock. Returns whether it had to.

        Raises
        ------
        UnavailableError
            `postgis_missing`, `cluster_failed`, `folder_unreachable`, `folder_foreign`.
        """
        if self.pid() is not None:
            return False
        if not self.data.exists():
            self._make()
        self._reach()
        self._own(self.sockets)
        with suppress(FileNotFoundError):
            (self.data / "postmaster.pid").unlink()
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink()
        # Written at every start, since the folder may have been moved; on a command line a space would break it.
        sockets = str(self.sockets).replace('"', '""').replace("'", "''")
        self._write(self.data / "panlong.conf", f"unix_socket_directories = '\"{sockets}\"'\n")
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "90", "-s", "-l", str(self.log))
        return True

    def stop(self) -> bool:
        """Stop the server if it runs; the caller holds the lock. Returns whether it did."""
        if self.pid() is None:
            return False
        self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "90", "-s")
        return True

    def remove(self) -> None:
        """Delete everything that it holds; the caller holds the lock and has stopped it."""
        for folder in (self.sockets, self.folder):
            if folder.exists():
                shutil.rmtree(folder)

    def _make(self) -> None:
        self._own(self.folder)
        self._reach()
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        self._write(self.password_file, secrets.token_urlsafe(24))
        arguments = [f"--username={OWNER}", f"--pwfile={self.password_file}", "--auth=scram-sha-256"]
        # Under C, trigrams of Chinese text are empty, silently.
        arguments += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", "-D", str(part)]
        self._run("initdb", *arguments, *([] if self.durable else ["--no-sync"]))
        settings = SETTINGS if self.durable else SETTINGS | FOR_TESTS
        lines = [f"{name} = {value}" for name, value in settings.items()]
        with (part / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, "include_if_exists 'panlong.conf'", ""]))
        part.rename(self.data)

    def _run(self, program: str, *arguments: str) -> None:
        binaries = self.binaries
        account = self.place.account
        run = subprocess.run(
            [binaries.folder / program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=plain_environment() | binaries.environment,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
        )
        if run.returncode:
            raise UnavailableError(
                "cluster_failed", program=program, reason=self._why(run.stderr or run.stdout)
            )

    def _why(self, said: str) -> str:
        tail = ""
        with suppress(OSError):
            tail = self.log.read_text(errors="replace")[-800:]
        return f"{said.strip()[-500:]}\n{tail}".strip()

    def _write(self, path: Path, content: str) -> None:
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(content, encoding="utf-8")
        if self.place.account:
            os.chown(path, self.place.uid, self.place.gid)

    def _reach(self) -> None:
        """Raise where PostgreSQL's account could not come to its own folder."""
        account = self.place.account
        blocked = unreachable(self.folder, account) if account else None
        if account and blocked is not None:
            raise UnavailableError("folder_unreachable", path=str(blocked), account=account.pw_name)

    def _own(self, folder: Path) -> None:
        """Make a folder that belongs to PostgreSQL's account alone; never follow somebody else's link there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if stat.S_ISLNK(status.st_mode) or status.st_uid not in {self.place.uid, os.geteuid()}:
            raise UnavailableError("folder_foreign", path=str(folder), uid=status.st_uid)
        if status.st_uid != self.place.uid:
            os.chown(folder, self.place.uid, self.place.gid)
        folder.chmod(0o700)

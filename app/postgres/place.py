"""Where the private PostGIS and its data lie, and as whom PostgreSQL runs."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from app.errors import UnavailableError

ACCOUNTS = ("postgres", "nobody")
"""Whom PostgreSQL runs as when we are root, which it refuses to be."""


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of the unpacked programs and of the cluster; the account, None for our own."""

    programs: Path
    cluster: Path
    account: pwd.struct_passwd | None

    @property
    def uid(self) -> int:
        """Whom the cluster's files belong to."""
        return self.account.pw_uid if self.account else os.geteuid()

    @property
    def gid(self) -> int:
        """The group of the cluster's files."""
        return self.account.pw_gid if self.account else os.getegid()


def place_of(root: Path, var: Path) -> Place:
    """The place for a project's folder.

    Inside it, unless we are root and PostgreSQL's own account cannot enter it (a checkout under /root): then a folder
    of /var/tmp that is named after the project's, which survives a restart of the machine.

    Raises
    ------
    UnavailableError
        `account_missing`: we are root and there is no account to drop to.
    """
    if os.geteuid() != 0:
        return Place(root / ".pg", var / "pg", None)
    account = _account()
    var.mkdir(parents=True, exist_ok=True)
    if unreachable(var, account) is None:
        return Place(root / ".pg", var / "pg", account)
    name = hashlib.blake2b(str(root).encode(), digest_size=6).hexdigest()
    outside = Path("/var/tmp") / f"panlong-{name}"
    return Place(outside / "programs", outside / "pg", account)


def _account() -> pwd.struct_passwd:
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise UnavailableError("account_missing", names=", ".join(ACCOUNTS))


def unreachable(path: Path, account: pwd.struct_passwd) -> Path | None:
    """The first folder on the way to a path that an account cannot enter; None where it can."""
    for folder in (*reversed(path.parents), path):
        status = folder.stat()
        if status.st_uid == account.pw_uid:
            needed = stat.S_IXUSR
        elif status.st_gid == account.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return folder
    return None

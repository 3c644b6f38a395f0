"""One word for every way to the platform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spatial.errors import PlatformError
from spatial.platform.database import Database
from spatial.platform.folder import Folder
from spatial.platform.server import Server
from spatial.platform.source import Platform


def connect(source: Any, token: str | None = None, **options: Any) -> Platform:
    """The platform: at an address, in a folder that `snapshot` wrote, or behind a connection of SQLAlchemy.

    Parameters
    ----------
    source
        An address (`https://…`) with a token; a folder; or an engine or a connection of an analyst's own login.
    token
        API token, for an address.
    options
        Those of `Server`: `insecure`, `ca`, `timeout_s`.

    Raises
    ------
    PlatformError
        `token_missing`, `not_a_source`, and those of `Server`, `Folder` and `Database`.

    Examples
    --------
    >>> import spatial as sp
    >>> platform = sp.connect("https://grid.example.cn", token)  # doctest: +SKIP
    >>> cases = platform.cases(since="2026-09-01", until="2026-11-30")  # doctest: +SKIP
    """
    if isinstance(source, str) and "://" in source:
        if not token:
            raise PlatformError("token_missing")
        return Server(source, token, **options)
    if isinstance(source, str | Path):
        return Folder(Path(source))
    if hasattr(source, "connect") or hasattr(source, "cursor") or hasattr(source, "execute"):
        return Database(source)
    raise PlatformError("not_a_source", kind=type(source).__name__)

"""Office files are archives of XML: packed again without the hour of their making, so that bytes are the report's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

NEVER = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an archive can name."""

Change = Callable[[bytes], bytes]


def packed(archive: bytes, changes: Mapping[str, Change] | None = None) -> bytes:
    """An archive with its parts in their order, without times.

    Parameters
    ----------
    changes
        What becomes of a part, by its name.
    """
    changes = changes or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, NEVER)
            part.compress_type = zipfile.ZIP_DEFLATED
            content = given.read(name)
            made.writestr(part, changes[name](content) if name in changes else content)
    return out.getvalue()

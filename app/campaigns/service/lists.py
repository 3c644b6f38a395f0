"""A list of places that was sent as a file: its text, whatever encoding an office writes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO

from app.errors import InvalidError
from app.web.params import visible
from spatial.errors import SourceError
from spatial.readers import encodings

MOST_BYTES = 1 << 20
"""2,000 rows with the longest names, and as much again."""


def text_of(stream: IO[bytes], name: str) -> str:
    """The text of a file.

    Raises
    ------
    InvalidError
        `upload_empty`; `upload_kind`: it is no text, or longer than any list.
    """
    told = visible(name[-80:])
    held = stream.read(MOST_BYTES + 1)
    if not held.strip():
        raise InvalidError("upload_empty", file=told)
    if len(held) > MOST_BYTES or held.startswith((b"PK", b"%PDF")):
        raise InvalidError("upload_kind", file=told)
    with tempfile.TemporaryDirectory(prefix="panlong-list-") as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(held)
        try:
            text = path.read_text(encodings.of_file(path, None))
        except (SourceError, UnicodeError) as error:
            raise InvalidError("upload_kind", file=told) from error
    if "\0" in text:
        raise InvalidError("upload_kind", file=told)
    return text.removeprefix("\ufeff")

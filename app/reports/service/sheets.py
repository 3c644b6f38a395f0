"""The sheets of an atlas: made, set and kept one after the other, so that memory does not grow with their number."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.service.context import Context
from app.reports.service.formats.atlas import atlas
from app.reports.service.keeping import digest, written
from app.reports.service.sections import figures
from app.reports.service.shelving import shelve

Advance = Callable[[float, str], None]


class Sheets:
    """The sheets of one run; without any it is none.

    Parameters
    ----------
    folder
        For what they say and their file, until both are kept.
    """

    BEGIN, END = 0.5, 0.95
    """Which part of the whole they are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: list[str] = []
        self.files: list[dict[str, Any]] = []

    def set(
        self, sheets: Iterable[Report], context: Context, title: str, stem: str, advance: Advance
    ) -> None:
        """Set all of them on paper as one file, `<stem>-sheets.pdf`, a page each.

        Raises
        ------
        UnavailableError
            `font_missing`, `letters_missing`, `files_unwritable`.
        """
        count = len(figures.cells(context).rows)

        def told(done: int) -> None:
            part = self.BEGIN + (self.END - self.BEGIN) * done / max(1, count)
            advance(part, context.t("doing_sheets", done=done, count=count))

        paths = atlas(
            self._noted(sheets), self._folder, f"{stem}-sheets", title=title, count=count, advance=told
        )
        self.files = shelve(paths, Format.PDF)

    def _noted(self, sheets: Iterable[Report]) -> Iterator[Report]:
        """The same, each written down on the way."""
        for sheet in sheets:
            (self._folder / f"{len(self._digests)}.sheet").write_bytes(zlib.compress(written(sheet)))
            self._digests.append(digest(sheet))
            yield sheet

    def documents(self) -> Iterator[bytes]:
        """What each of them says, as it is kept."""
        for place in range(len(self._digests)):
            yield zlib.decompress((self._folder / f"{place}.sheet").read_bytes())

    def digest_with(self, report: Report) -> bytes:
        """The digest of a report that has them: its own where there are none, else that of all digests."""
        if not self._digests:
            return bytes.fromhex(digest(report))
        return hashlib.sha256("\n".join([digest(report), *self._digests]).encode()).digest()

"""Some sheets of an atlas, set into a file by a process of their own: it imports no more than that takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.reports.service.fonts import family
from app.reports.service.formats.setting import forget, typeset
from app.reports.service.formats.telling import told_sheets
from app.reports.service.keeping import read


def set_sheets(kept: Sequence[bytes], path: Path, first: int, count: int) -> None:
    """Set sheets, each on its page.

    Parameters
    ----------
    kept
        Reports as they are written down, at least one.
    path
        The PDF that is made.
    first, count
        Number of the first of their pages, and of all pages.

    Raises
    ------
    UnavailableError
        `font_missing`, `letters_missing`.
    """
    reports = [read(one) for one in kept]
    faces = family()
    told = told_sheets(reports, faces.name, first, count)
    # Tags would say which part of a page is a table; those of parts do not join into those of a whole.
    path.write_bytes(typeset(told, faces, reports[0].provenance.known_at, tagged=False)[0])
    forget()

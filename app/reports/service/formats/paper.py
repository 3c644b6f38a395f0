"""Reports on paper: PDF, and pictures of their pages, set by Typst. The same report gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from app.reports.rules.document import Report
from app.reports.service.fonts import Family, family
from app.reports.service.formats.setting import typeset
from app.reports.service.formats.telling import told
from spatial.writers.files import whole


def write(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write a report as `<stem>.pdf`, whole or not at all.

    Raises
    ------
    UnavailableError
        `font_missing`, `letters_missing`.
    SourceError
        `write_failed`: the folder is missing, full or not ours.
    """
    made = pdf(report, family())
    path = folder / f"{stem}.pdf"
    with whole(path) as part:
        part.write_bytes(made)
    return (path,)


def pdf(report: Report, faces: Family) -> bytes:
    """A report as PDF.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    return typeset(told(report, faces.name), faces, report.provenance.known_at)[0]


def pages(report: Report, faces: Family, *, per_inch: int = 110) -> list[bytes]:
    """Its pages as PNG.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    return typeset(told(report, faces.name), faces, report.provenance.known_at, form="png", per_inch=per_inch)

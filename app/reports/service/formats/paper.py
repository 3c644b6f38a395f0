"""Reports on paper: PDF, and pictures of their pages, set by Typst. The same report gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from app.reports.rules.document import Report
from app.reports.service.fonts import Family, family
from app.reports.service.formats.telling import told
from spatial.writers.files import whole

TEMPLATE = Path(__file__).with_name("report.typ")


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
    return _set(report, faces, "pdf")[0]


def pages(report: Report, faces: Family, *, per_inch: int = 110) -> list[bytes]:
    """Its pages as PNG.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    return _set(report, faces, "png", per_inch)


def _set(report: Report, faces: Family, form: str, per_inch: int = 144) -> list[bytes]:
    said = json.dumps(told(report, faces.name), ensure_ascii=False, sort_keys=True)
    faces.check(said)
    made = typst.compile(
        TEMPLATE,
        format=form,
        ppi=per_inch,
        font_paths=[str(folder) for folder in faces.folders],
        ignore_system_fonts=True,
        sys_inputs={"report": said},
        timestamp=int(report.provenance.known_at.timestamp()),
    )
    return made if isinstance(made, list) else [made]

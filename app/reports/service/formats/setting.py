"""Sets pages with Typst: from what the template is told to the bytes of a PDF or of pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from app.reports.service.fonts import Family

TEMPLATE = Path(__file__).with_name("report.typ")

KEPT_FOR = 10


def typeset(
    told: dict[str, Any],
    faces: Family,
    known_at: datetime,
    *,
    template: Path = TEMPLATE,
    form: str = "pdf",
    per_inch: int = 144,
    tagged: bool = True,
) -> list[bytes]:
    """Set what is told: a PDF, or a picture of each page.

    Parameters
    ----------
    known_at
        What the file says that it was made at, so that the same report is the same bytes.
    form
        `pdf`, `png` or `svg`.
    tagged
        Whether a PDF says what is a heading and what a table, to those who hear it.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    said = json.dumps(told, ensure_ascii=False, sort_keys=True)
    faces.check(said)
    made = typst.compile(
        template,
        format=form,
        ppi=per_inch,
        font_paths=[str(folder) for folder in faces.folders],
        ignore_system_fonts=True,
        sys_inputs={"told": said},
        timestamp=int(known_at.timestamp()),
        pdf_tags=tagged,
    )
    return made if isinstance(made, list) else [made]


def pictures(
    template: Path, told: Mapping[str, Any], faces: Family, form: str, known_at: datetime, per_inch: int = 300
) -> list[bytes]:
    """The pages that a template makes, as PNG or SVG.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    given = {**told, "font": faces.name}
    return typeset(given, faces, known_at, template=template, form=form, per_inch=per_inch)


def forget() -> None:
    """Let Typst forget what it keeps in mind of documents before: what the last ten had no use for."""
    for _ in range(KEPT_FOR + 1):
        typst.compile(b"-", ignore_system_fonts=True)

"""Pictures set by Typst: what they say comes as JSON, and the same is the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from app.reports.service.fonts import Family


def pictures(
    template: Path,
    told: Mapping[str, Any],
    family: Family,
    form: str,
    known_at: datetime,
    per_inch: int = 300,
) -> list[bytes]:
    """The pages that a template makes, as pictures.

    Parameters
    ----------
    told
        What the template reads; the name of the family goes with it.
    form
        "png" or "svg".

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    said = json.dumps({**told, "font": family.name}, ensure_ascii=False, sort_keys=True)
    family.check(said)
    made = typst.compile(
        template,
        format=form,
        ppi=per_inch,
        font_paths=[str(folder) for folder in family.folders],
        ignore_system_fonts=True,
        sys_inputs={"told": said},
        timestamp=int(known_at.timestamp()),
    )
    return made if isinstance(made, list) else [made]

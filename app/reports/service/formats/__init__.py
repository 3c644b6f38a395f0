"""Writes a report in every format: each room takes a report and nothing else, and gives the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from app.reports.rules.document import Report
from app.reports.rules.formats import Format

Write = Callable[[Report, Path, str], tuple[Path, ...]]

ROOMS = {
    Format.PDF: ("paper", "write"),
    Format.HTML: ("page", "write"),
    Format.XLSX: ("workbook", "write"),
    Format.DOCX: ("letter", "write"),
    Format.PNG: ("picture", "write_png"),
    Format.SVG: ("picture", "write_svg"),
    Format.GPKG: ("layers", "write_gpkg"),
    Format.GEOJSON: ("layers", "write_geojson"),
}


def writer(form: Format) -> Write:
    """What writes a format, loaded when it is needed: a report into a folder, under a stem; the files are returned."""
    room, name = ROOMS[form]
    found: Write = getattr(import_module(f"{__name__}.{room}"), name)
    return found

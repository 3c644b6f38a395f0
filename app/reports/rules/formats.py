"""The formats that a report is written in."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A format by the end of its files' names."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    DOCX = "docx"
    PNG = "png"
    SVG = "svg"
    GPKG = "gpkg"
    GEOJSON = "geojson"


MEDIA_TYPES: dict[Format, str] = {
    Format.PDF: "application/pdf",
    Format.HTML: "text/html; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PNG: "image/png",
    Format.SVG: "image/svg+xml",
    Format.GPKG: "application/geopackage+sqlite3",
    Format.GEOJSON: "application/geo+json",
}

"""Layers from outside come in, and go out again."""

from app.interop.service.areas import AreaImport, import_areas
from app.interop.service.cases import CaseImport, import_cases
from app.interop.service.exports import export_areas, export_cases
from app.interop.service.report import ImportReport, sentence

__all__ = [
    "AreaImport",
    "CaseImport",
    "ImportReport",
    "export_areas",
    "export_cases",
    "import_areas",
    "import_cases",
    "sentence",
]

"""Any user's file becomes a validated layer, or a list of faults with row numbers."""

from spatial.readers.areas import AreaLayer, read_areas
from spatial.readers.cases import CaseBatch, CaseStream, read_cases
from spatial.readers.lines import read_lines
from spatial.readers.source import Note, SourceFacts, SourceOptions

__all__ = [
    "AreaLayer",
    "CaseBatch",
    "CaseStream",
    "Note",
    "SourceFacts",
    "SourceOptions",
    "read_areas",
    "read_cases",
    "read_lines",
]

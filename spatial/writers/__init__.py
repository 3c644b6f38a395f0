"""Layers are written in every format that the readers read; reading what was written gives the same rows."""

from spatial.writers.areas import write_areas
from spatial.writers.cases import CaseWriter

__all__ = ["CaseWriter", "write_areas"]

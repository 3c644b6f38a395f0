"""What is done with cases: reference data, reports, moves."""

from app.cases.service.reference_data import StateWords, categories, reference, state_words
from app.cases.service.starting import add_reference_cases

__all__ = ["StateWords", "add_reference_cases", "categories", "reference", "state_words"]

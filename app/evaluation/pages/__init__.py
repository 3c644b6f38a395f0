"""`/evaluation`: figures, scores and places; the cases of a figure; schemes; periods from open to frozen."""

from app.evaluation.pages import cases, figures, periods, schemes  # noqa: F401  (the routes hang themselves in)
from app.evaluation.pages.blueprint import blueprint

__all__ = ["blueprint"]

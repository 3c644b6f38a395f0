"""The evaluation for programs: cases counted as they stand, a period with its arithmetic, the cases of each figure."""

from app.evaluation.api import now, period, periods  # noqa: F401  (the routes hang themselves in)
from app.evaluation.api.blueprint import blueprint

__all__ = ["blueprint"]

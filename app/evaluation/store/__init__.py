"""Counts of cases and of moves, and the lists that they open into."""

from app.evaluation.store.named import names, own_code
from app.evaluation.store.now import counts
from app.evaluation.store.period import Counted, Place, Question, counted, listed

__all__ = ["Counted", "Place", "Question", "counted", "counts", "listed", "names", "own_code"]

"""Rules of the evaluation 考核评价: what is counted, the shares that two counts make, scores and editions. Pure."""

from app.evaluation.rules.counting import COUNTED, SECONDS, By, Of
from app.evaluation.rules.indicators import INDICATORS, Indicator

__all__ = ["COUNTED", "INDICATORS", "SECONDS", "By", "Indicator", "Of"]

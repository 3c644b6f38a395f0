"""Classes of a map's numbers, and what they are called: the same in the legend of every format."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from app.reports.rules.maps import Fill
from app.reports.rules.values import Kind
from app.reports.service.wording import shown
from spatial.classes import Classes, classify


def classes_of(layer: Fill) -> Classes | None:
    """Into which classes the numbers of a layer are put; None where there are none."""
    values = numbers_of(layer)
    return None if np.isnan(values).all() else classify(values, layer.method, layer.classes)


def numbers_of(layer: Fill) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values of a layer as numbers; NaN where there is none."""
    return np.array([np.nan if value is None else float(value) for value in layer.values])  # type: ignore[arg-type]


def legend_words(classes: Classes, kind: Kind, zone: str) -> list[str]:
    """What each class holds, from and to; the numbers at its ends belong to it, the lower one only in the first."""
    exact = classes.breaks.tolist()
    ends = [round(end) if kind is Kind.COUNT else end for end in exact]
    said = [shown(end, kind, zone) for end in ends]  # type: ignore[arg-type]
    first = said[1] if said[0] == said[1] else f"{said[0]} – {said[1]}"
    return [first, *(f"> {low} – {high}" for low, high in pairwise(said[1:]))]

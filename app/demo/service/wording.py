"""The few words of a simulated case: built from its filing condition, of no person and no telephone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cases.service import reference
from app.demo.service.draws import Indices

VARIANTS = 12


def descriptions(categories: Sequence[str]) -> NDArray[Any]:
    """Texts of shape (categories, sources, `VARIANTS`)."""
    conditions = {row["category"]: row["condition"] for row in reference("filing_conditions")}
    sources = [row["code"] for row in reference("case_sources")]
    phrases = reference("phrases")
    endings = [row["text"] for row in phrases if row["kind"] == "description_ending"]
    openings = {
        source: [
            row["text"] for row in phrases if row["kind"] == "description_opening" and row["of"] == source
        ]
        for source in sources
    }
    texts = np.empty((len(categories), len(sources), VARIANTS), dtype=object)
    for c, code in enumerate(categories):
        pieces = _pieces(conditions[code])
        for s, source in enumerate(sources):
            for v in range(VARIANTS):
                opening = openings[source][v % len(openings[source])]
                piece, ending = pieces[v % len(pieces)], endings[v % len(endings)]
                texts[c, s, v] = f"{opening}：{piece}{ending}。"
    return texts


def _pieces(condition: str) -> list[str]:
    """The condition whole and its first clause, without the measure that makes it one."""
    first = re.split(r"[，；]", condition)[0]
    return list(dict.fromkeys((first, condition.replace("；", "，"))))


def references(years: Indices, numbers: Indices) -> NDArray[Any]:
    """`演-2025-0000123`: 演 for a rehearsal, the year, the number in the year."""
    made = [f"演-{year}-{number:07}" for year, number in zip(years.tolist(), numbers.tolist(), strict=True)]
    return np.array(made, dtype=object)

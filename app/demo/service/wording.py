"""The few words of a simulated case: built from its filing condition, of no person and no telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    lines = {row["letter"]: row["code"] for row in reference("business_lines")}
    endings = _grouped(phrases, "description_ending")
    openings = _grouped(phrases, "description_opening")
    texts = np.empty((len(categories), len(sources), VARIANTS), dtype=object)
    for c, code in enumerate(categories):
        pieces, ending = _pieces(conditions[code]), endings[lines[code[0]]]
        for s, source in enumerate(sources):
            for v in range(VARIANTS):
                opening = openings[source][v % len(openings[source])]
                texts[c, s, v] = f"{opening}：{pieces[v % len(pieces)]}{ending[v % len(ending)]}。"
    return texts


def _grouped(phrases: Sequence[Mapping[str, str]], kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in phrases:
        if row["kind"] == kind:
            found.setdefault(row["of"], []).append(row["text"])
    return found


def _pieces(condition: str) -> list[str]:
    """The first clause of a condition, and the first two, without those that only measure."""
    clauses = re.split("，", condition.split("；", maxsplit=1)[0])
    plain = [clause for clause in clauses if not re.search(r"\d", clause)] or clauses[:1]
    return list(dict.fromkeys((plain[0], "，".join(plain[:2]))))


def references(years: Indices, numbers: Indices) -> NDArray[Any]:
    """`演-2025-0000123`: 演 for a rehearsal, the year, the number in the year."""
    made = [f"演-{year}-{number:07}" for year, number in zip(years.tolist(), numbers.tolist(), strict=True)]
    return np.array(made, dtype=object)

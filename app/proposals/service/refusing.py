"""What `spatial` refuses to draw becomes an error of the platform, with a sentence of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import InvalidError
from spatial.errors import LayerError, SpatialError

DRAWN_BADLY = {
    "no_such_cells": "draw_unknown_cells",
    "unknown_blocks": "draw_unknown_blocks",
    "nothing_given": "draw_nothing_given",
    "other_community": "draw_other_community",
    "not_beside": "draw_not_beside",
    "would_fall_apart": "draw_would_fall_apart",
    "would_be_empty": "draw_would_be_empty",
    "splits_nothing": "draw_splits_nothing",
    "merges_nothing": "draw_merges_nothing",
    "not_one_area": "draw_not_an_area",
    "not_a_line": "draw_not_a_line",
    "count_exceeds_blocks": "draw_count_exceeds_blocks",
    "not_distinct": "draw_merges_nothing",
}
"""Codes of `spatial.redrawing`, and ours."""


@contextmanager
def refusals() -> Iterator[None]:
    """Say what cannot be drawn in our words.

    Raises
    ------
    InvalidError
        One of `DRAWN_BADLY`, `draw_impossible`; `proposal_faulty`, with every fault.
    """
    try:
        yield
    except LayerError as error:
        faults = [
            {"code": fault.code, "row": fault.row, "value": fault.value, "facts": dict(fault.facts)}
            for fault in error.faults[:100]
        ]
        raise InvalidError("proposal_faulty", count=error.count, faults=faults) from error
    except SpatialError as error:
        code = DRAWN_BADLY.get(error.code, "draw_impossible")
        raise InvalidError(
            code, reason=error.code, **{k: str(v) for k, v in error.facts.items() if k != "reason"}
        ) from error

"""一页: what of many places is named as the worst, and the last days as a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

LEAST_CASES = 20
"""Of fewer open cases no share is compared: one late case more or less would turn the order round."""

MOST_NAMED = 5
DAYS = 14


def worst(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The places or units with the greatest share of late cases, each with its `share`; who has none is not among them.

    Parameters
    ----------
    rows
        `open` and `overdue` of each.
    """
    bad = [row for row in rows if row["open"] >= LEAST_CASES and row["overdue"]]
    shares = [{**row, "share": row["overdue"] / row["open"]} for row in bad]
    return sorted(shares, key=lambda row: (-row["share"], -row["overdue"], row["id"]))[:MOST_NAMED]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the drawing: what was reported as a bar, what was closed as a point of the line."""

    day: date
    reported: int
    closed: int
    x: float
    width: float
    y: float
    height: float
    closed_x: float
    closed_y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """The last days as they are drawn, in a box of `width` by `height` units; y goes down."""

    bars: Sequence[Bar]
    most: int
    width: float
    height: float

    @property
    def line(self) -> str:
        """The points of the line of what was closed."""
        return " ".join(f"{bar.closed_x:g},{bar.closed_y:g}" for bar in self.bars)


def trend(
    days: Sequence[tuple[date, int, int]], *, width: float = 560, height: float = 120, gap: float = 0.3
) -> Trend:
    """Day, reported and closed of each day as a drawing; both on one scale, which begins at 0.

    Parameters
    ----------
    gap
        The part of a day's room that is left free beside its bar.
    """
    most = max((max(reported, closed) for _, reported, closed in days), default=0)
    room, scale = width / max(len(days), 1), height / max(most, 1)
    bars = [
        Bar(
            day,
            reported,
            closed,
            x=round((n + gap / 2) * room, 2),
            width=round((1 - gap) * room, 2),
            y=round(height - reported * scale, 2),
            height=round(reported * scale, 2),
            closed_x=round((n + 0.5) * room, 2),
            closed_y=round(height - closed * scale, 2),
        )
        for n, (day, reported, closed) in enumerate(days)
    ]
    return Trend(bars, most, width, height)

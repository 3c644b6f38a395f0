"""A proposal beside the cells of today, as a table that a terminal shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import click

from app.cli.words import say, words

Record = dict[str, Any]
Write = Callable[[Any], str]

UNKNOWN = "–"


def _number(digits: int, unit: str = "") -> Write:
    return lambda value: f"{value:,.{digits}f}{unit}"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _truth(value: bool) -> str:
    return words("proposal.yes" if value else "proposal.no")


ROWS: tuple[tuple[str, tuple[str, ...], Write, bool | None], ...] = (
    ("cells", ("cells",), _number(0), None),
    ("households", ("households",), _number(0), None),
    ("within", ("within_bounds",), _share, False),
    ("households_most", ("households_spread", "most_to_mean"), _number(3), True),
    ("households_spread", ("households_spread", "variation"), _number(3), True),
    ("households_gini", ("households_spread", "gini"), _number(3), True),
    ("cases", ("cases",), _number(0), None),
    ("cases_most", ("cases_spread", "most_to_mean"), _number(3), True),
    ("cases_spread", ("cases_spread", "variation"), _number(3), True),
    ("cases_gini", ("cases_spread", "gini"), _number(3), True),
    ("home_m", ("home_m",), _number(0, " m"), True),
    ("case_m", ("case_m",), _number(0, " m"), True),
    ("compactness", ("compactness",), _number(3), False),
    ("least_compact", ("least_compact",), _number(3), False),
    ("contiguous", ("contiguous",), _truth, False),
    ("covers", ("covers",), _truth, False),
    ("late", ("replay", "late"), _number(0), True),
    ("mean_wait", ("replay", "mean_wait_hours"), _number(2), True),
    ("use", ("replay", "use"), _share, None),
)
"""The word of a row, where a side keeps it, how it is written, and whether less of it is better."""


def tell_compared(proposal: Record) -> None:
    """Print what was worked out of a proposal: a row for each figure, today's and the proposal's."""
    found = proposal["comparison"]
    say(
        "proposal.compared_with",
        at=found["at"],
        **{name: proposal[name] for name in ("id", "name", "area", "area_name")},
    )
    head = ("compared", "today", "then")
    _print([[*(words(f"proposal.{word}") for word in head), ""], *_rows(found)])
    share = UNKNOWN if found["moved_share"] is None else _share(found["moved_share"])
    say("proposal.moved_in_all", n=f"{found['moved_households']:,}", share=share)
    say("proposal.sums_equal" if found["sums_equal"] else "proposal.sums_differ")
    replay = found["replay"]
    say("proposal.assumed", **replay["assumed"], cases=replay["cases"], days=found["days"])


def _rows(found: Record) -> list[list[str]]:
    sides = [{**found[side], "replay": found["replay"][side]} for side in ("before", "after")]
    rows = []
    for word, path, write, less in ROWS:
        was, now = (_at(side, path) for side in sides)
        said = [UNKNOWN if value is None else write(value) for value in (was, now)]
        turned = "" if less is None or None in (was, now) or said[0] == said[1] else _turned(now < was, less)
        rows.append([words(f"proposal.compare_{word}"), *said, turned])
    return rows


def _turned(fewer: bool, less_is_better: bool) -> str:
    return words("proposal.better" if fewer == less_is_better else "proposal.worse")


def _at(side: Record, path: Sequence[str]) -> Any:
    found: Any = side
    for name in path:
        found = found[name]
    return found


def _print(rows: Sequence[Sequence[str]]) -> None:
    """The first column and the last to the left, figures to the right; a Chinese character is two letters wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *figures, last in rows:
        room = [" " * (wide - _width(said)) for said, wide in zip((first, *figures), widths, strict=False)]
        told = [
            f"{first}{room[0]}",
            *(f"{free}{said}" for said, free in zip(figures, room[1:], strict=True)),
            last,
        ]
        click.echo(f"  {'  '.join(told)}".rstrip())


def _width(said: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in said)

"""Trends of a report, drawn for paper: a line for each series, told apart by its dashes too, with a round axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from app.reports.rules.blocks import Trend
from app.reports.rules.values import Kind, Value
from app.reports.service.palette import colours
from app.reports.service.wording import shown

SERIES = ("accent", "step-2", "el-place", "step-1")
DASHES = ("", "2 1", "0.6 1", "3 1 0.6 1")
LEFT_MM, BELOW_MM, ABOVE_MM = 14.0, 6.0, 6.0
LETTERS_MM = 2.2
LINES = 4
ROUND = (1, 2, 2.5, 5, 10)
ROOM_MM = 13.0
"""What a label below the axis takes: of more labels than there is room for, every second or third is written."""


def chart(
    trend: Trend,
    width_mm: float,
    height_mm: float,
    font: str,
    zone: str,
    inks: Mapping[str, str] | None = None,
) -> str:
    """A trend as SVG.

    Parameters
    ----------
    font
        Families as CSS writes them.
    inks
        Colours by the names of their tokens; by default those of paper.
    """
    colour = colours() if inks is None else inks
    plot_w, plot_h = width_mm - LEFT_MM - 2, height_mm - BELOW_MM - ABOVE_MM
    step, top = axis([value for one in trend.series for value in one.values], trend.kind)
    count = max(1, len(trend.labels))

    def at(place: int, value: Fraction) -> str:
        x = LEFT_MM + plot_w * (place + 0.5) / count
        return f"{x:.2f} {ABOVE_MM + plot_h * (1 - float(value / top)):.2f}"

    said = []
    for line in range(int(top / step) + 1):
        y = ABOVE_MM + plot_h * (1 - float(line * step / top))
        ink = colour["text-3" if line == 0 else "line-2"]
        said.append(f'<path d="M{LEFT_MM} {y:.2f}H{width_mm - 2}" stroke="{ink}" stroke-width=".15"/>')
        said.append(_word(_on_axis(line * step, trend.kind, zone), LEFT_MM - 1.2, y, "end", colour["text-3"]))
    every = math.ceil(count * ROOM_MM / plot_w)
    for place, label in enumerate(trend.labels):
        if place % every == 0:
            x = LEFT_MM + plot_w * (place + 0.5) / count
            said.append(_word(label, x, height_mm - BELOW_MM / 2, "middle", colour["text-3"]))
    x = LEFT_MM
    for place, series in enumerate(trend.series):
        ink, dash = colour[SERIES[place % len(SERIES)]], DASHES[place % len(DASHES)]
        stroke = (
            f'fill="none" stroke="{ink}" stroke-width=".6" stroke-linejoin="round" stroke-dasharray="{dash}"'
        )
        for run in _runs(series.values):
            points = "L".join(at(place, Fraction(value)) for place, value in run)
            said.append(f'<path d="M{points}" {stroke}/>')
            said += [
                f'<circle cx="{cx}" cy="{cy}" r=".7" fill="{ink}"/>'
                for cx, cy in map(str.split, points.split("L"))
            ]
        said.append(f'<path d="M{x:.2f} {ABOVE_MM / 2}h6" {stroke}/>')
        said.append(_word(series.title, x + 7, ABOVE_MM / 2, "start", colour["text-2"]))
        x += 11 + len(series.title) * LETTERS_MM
    head = f'width="{width_mm}mm" height="{height_mm}mm" viewBox="0 0 {width_mm} {height_mm}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {head} font-family={quoteattr(font)}>{"".join(said)}</svg>'
    )


def axis(values: Sequence[Value], kind: Kind) -> tuple[Fraction, Fraction]:
    """The distance of two lines of an axis that begins at nought, and its upper end: both round.

    Shares end at one: a rate of 99 % is not to look like nothing beside one of 100.
    """
    most = max((Fraction(value) for value in values if value is not None), default=Fraction(0))  # type: ignore[arg-type]
    if kind is Kind.SHARE and most <= 1:
        return Fraction(1, LINES), Fraction(1)
    if not most:
        return Fraction(1), Fraction(LINES)
    power = Fraction(10) ** math.floor(math.log10(most / LINES))
    step = next(Fraction(one) * power for one in ROUND if Fraction(one) * power * LINES >= most)
    if kind is Kind.COUNT:
        step = Fraction(math.ceil(step))
    return step, step * math.ceil(most / step)


def _runs(values: Sequence[Value]) -> list[list[tuple[int, Value]]]:
    """Stretches without a gap: where there is no number, there is no line."""
    runs: list[list[tuple[int, Value]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _on_axis(value: Fraction, kind: Kind, zone: str) -> str:
    if kind is Kind.SHARE:
        return f"{int(value * 100)}%"
    return shown(int(value), Kind.COUNT, zone) if value.denominator == 1 else shown(value, Kind.HOURS, zone)


def _word(text: str, x: float, y: float, anchor: str, ink: str) -> str:
    place = f'x="{x:.2f}" y="{y + LETTERS_MM * 0.36:.2f}" font-size="{LETTERS_MM}" text-anchor="{anchor}"'
    return f'<text {place} fill="{ink}">{escape(text)}</text>'

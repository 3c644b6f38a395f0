"""Scores 得分: weights over indicators, each line with its arithmetic; places only where enough is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from app.evaluation.rules.counting import Of
from app.evaluation.rules.indicators import BY_CODE, Sense

LEAST_CASES = 20
"""少于 20 件，不排名: below it one case moves a share by more than what ranks differ by."""

SCORED = (Of.AREA, Of.UNIT, Of.POST)
"""What schemes are made for; people are counted, never scored."""

MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Weight:
    """A line of a scheme: an indicator, the points that it can earn, and which way is better."""

    indicator: str
    points: Decimal
    sense: Sense


@dataclass(frozen=True, slots=True)
class Scheme:
    """评分方案: what earns how many points.

    Parameters
    ----------
    edition
        Id of the edition in the database; None for the one of the file.
    note
        Where it comes from.
    """

    code: str
    name: str
    name_en: str | None
    of: Of
    weights: tuple[Weight, ...]
    note: str | None = None
    edition: int | None = None

    @property
    def points(self) -> Decimal:
        """All points that can be earned."""
        return sum((weight.points for weight in self.weights), Decimal(0))

    def told(self) -> dict[str, Any]:
        """The scheme as it is kept and sent."""
        return {
            "code": self.code,
            "name": self.name,
            "name_en": self.name_en,
            "of": self.of.value,
            "note": self.note,
            "edition": self.edition,
            "weights": [
                {"indicator": w.indicator, "points": str(w.points), "sense": w.sense.value}
                for w in self.weights
            ],
        }


def scheme_of(raw: Mapping[str, Any]) -> Scheme:
    """A scheme as `Scheme.told` gives it."""
    weights = tuple(Weight(w["indicator"], Decimal(w["points"]), Sense(w["sense"])) for w in raw["weights"])
    return Scheme(
        raw["code"], raw["name"], raw["name_en"], Of(raw["of"]), weights, raw.get("note"), raw.get("edition")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """The arithmetic of one indicator: above and below the line, the share, what it earns of its points.

    Parameters
    ----------
    share, earned
        None where nothing stands below the line: the points are left out.
    """

    weight: Weight
    above: int
    below: int
    share: Fraction | None
    earned: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """What an object earns.

    Parameters
    ----------
    counted
        The points of the lines that have a denominator.
    points
        Those of the whole scheme, to which the sum is scaled.
    cases
        The largest denominator: by how many cases it is judged.
    """

    lines: tuple[Line, ...]
    counted: Decimal
    points: Decimal
    cases: int

    @property
    def sum(self) -> Fraction:
        """The points that the lines earn, before they are scaled."""
        return sum((line.earned for line in self.lines if line.earned is not None), Fraction(0))

    @property
    def value(self) -> Decimal | None:
        """The score to two places, halves up; None where nothing could be judged."""
        if not self.counted:
            return None
        return shown(self.sum * Fraction(self.points) / Fraction(self.counted))

    @property
    def scaled(self) -> bool:
        """Whether points are left out."""
        return self.counted != self.points


def shown(value: Fraction) -> Decimal:
    """A number to two places, halves up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def score(scheme: Scheme, counts: Mapping[str, int]) -> Score:
    """What an object with these counts earns."""
    lines = tuple(_lines(scheme, counts))
    counted = sum((line.weight.points for line in lines if line.share is not None), Decimal(0))
    return Score(lines, counted, scheme.points, max((line.below for line in lines), default=0))


def _lines(scheme: Scheme, counts: Mapping[str, int]) -> Iterator[Line]:
    for weight in scheme.weights:
        indicator = BY_CODE[weight.indicator]
        share = indicator.value(counts)
        good = None if share is None else (share if weight.sense is Sense.MORE else 1 - share)
        earned = None if good is None else Fraction(weight.points) * good
        yield Line(weight, indicator.above(counts), indicator.below(counts), share, earned)


def places(scores: Mapping[str, Score]) -> dict[str, int]:
    """名次 by key, of those with enough cases; who has the same score as shown has the same place."""
    ranked = {
        key: one.value for key, one in scores.items() if one.cases >= LEAST_CASES and one.value is not None
    }
    order: Sequence[Decimal] = sorted(ranked.values(), reverse=True)
    return {key: order.index(value) + 1 for key, value in ranked.items()}

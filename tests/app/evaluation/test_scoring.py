"""Scores by their arithmetic: what is left out, what is scaled, who has a place."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from app.errors import ConflictError
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS, Of
from app.evaluation.rules.indicators import BY_CODE, Sense
from app.evaluation.rules.periods import Phase, canonical, may_freeze, may_object, may_publish, phase, seal
from app.evaluation.rules.scoring import Scheme, Weight, places, scheme_of, score
from app.evaluation.service.schemes import of_the_files
from tests.stage import hour

NONE = {**dict.fromkeys(COUNTED, 0), SECONDS: 0}
HALVES = Scheme(
    "halves", "各半", None, Of.AREA,
    (Weight("on_time_handling_rate", Decimal(60), Sense.MORE), Weight("reopening_rate", Decimal(40), Sense.LESS)),
)  # fmt: skip


def counts(**given: int) -> dict[str, int]:
    return NONE | given


def test_every_line_says_what_it_earns() -> None:
    found = score(HALVES, counts(handled=24, handled_in_time=20, late_open=1, closed=10, reopened=1))
    on_time, reopened = found.lines
    assert (on_time.above, on_time.below, on_time.share) == (20, 25, Fraction(4, 5))
    assert (on_time.earned, reopened.earned) == (48, 36), "less reopened is better: nine tenths of 40"
    assert found.value == Decimal("84.00") and not found.scaled and found.cases == 25


def test_what_has_no_denominator_is_left_out_and_the_rest_scaled() -> None:
    found = score(HALVES, counts(handled=3, handled_in_time=1))
    assert found.lines[1].share is None and found.scaled and found.counted == 60
    assert found.value == Decimal("33.33"), "a third of 60, of 60, of 100"
    assert score(HALVES, NONE).value is None


def test_halves_are_rounded_up() -> None:
    one = Scheme("one", "一", None, Of.AREA, (Weight("rework_rate", Decimal(1), Sense.MORE),))
    assert score(one, counts(handled=200, reworked=1)).value == Decimal("0.01")


def test_places_are_shared_and_need_twenty_cases() -> None:
    def with_share(above: int, below: int) -> dict[str, int]:
        return counts(handled=below, handled_in_time=above)

    scores = {
        "best": score(HALVES, with_share(40, 40)),
        "one": score(HALVES, with_share(20, 40)),
        "same": score(HALVES, with_share(10, 20)),
        "last": score(HALVES, with_share(1, 40)),
        "few": score(HALVES, with_share(19, 19)),
    }
    assert places(scores) == {"best": 1, "one": 2, "same": 2, "last": 4}


def test_formulas_are_over_counts_that_exist() -> None:
    assert len(BY_CODE) == len(INDICATORS)
    for one in INDICATORS:
        assert set(one.numerator) | set(one.denominator) <= {*COUNTED, SECONDS}, one.code


def test_schemes_of_the_files_hold() -> None:
    schemes = {one.code: one for one in of_the_files()}
    assert {one.of for one in schemes.values()} == {Of.AREA, Of.UNIT, Of.POST}
    for one in schemes.values():
        assert one.points == 100 and scheme_of(one.told()) == one
        assert all(BY_CODE[weight.indicator].is_share for weight in one.weights)
    told = {w.indicator: (w.points, w.sense) for w in schemes["sub_centre"].weights}
    assert told["handling_rate"] == (30, Sense.MORE) and told["extension_rate"] == (10, Sense.LESS)


def test_the_way_of_a_period() -> None:
    at = hour("2026-04-01 00:00")
    assert [phase(None, None), phase(at, None), phase(at, at)] == list(Phase)
    day = at.date()
    may_publish(Phase.OPEN, at, hour("2026-04-01 00:02"))
    may_object(Phase.PUBLISHED, day, day)
    for refused, code in (
        (lambda: may_publish(Phase.OPEN, at, hour("2026-04-01 00:00")), "period_not_over"),
        (lambda: may_publish(Phase.FROZEN, at, hour("2026-05-01 00:00")), "period_frozen"),
        (lambda: may_object(Phase.PUBLISHED, day, hour("2026-04-02 00:00").date()), "objection_late"),
        (lambda: may_freeze(Phase.PUBLISHED, day, day, 0), "objections_run"),
        (
            lambda: may_freeze(Phase.PUBLISHED, day, hour("2026-04-02 00:00").date(), 1),
            "objections_unanswered",
        ),
        (lambda: may_freeze(Phase.OPEN, None, day, 0), "period_not_published"),
    ):
        with pytest.raises(ConflictError) as error:
            refused()
        assert error.value.code == code


def test_the_canonical_form_has_no_choice() -> None:
    one = {"b": [1, {"d": 2, "c": "街道"}], "a": None}
    other = {"a": None, "b": [1, {"c": "街道", "d": 2}]}
    assert canonical(one) == canonical(other) == '{"a":null,"b":[1,{"c":"街道","d":2}]}'.encode()
    assert seal(one) == seal(other) != seal({**one, "a": 0})

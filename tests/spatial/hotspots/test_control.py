"""Many tests at once: the example of Benjamini and Hochberg, and the edges."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.errors import DataError
from spatial.hotspots import adjusted, significant

HEARTS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip
"""The 15 p-values of Benjamini and Hochberg (1995), section 4: they reject four, Bonferroni's procedure three."""


def test_the_example_of_the_paper() -> None:
    assert significant(HEARTS).sum() == 4
    assert significant(HEARTS, control="bonferroni").sum() == 3
    assert significant(HEARTS, control="none").sum() == 9


def test_adjusted_by_hand() -> None:
    """Sorted, times 4 / rank: 0.04 0.06 0.0533 0.5. None may be above the next, so 0.06 becomes 0.0533."""
    assert adjusted([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert adjusted([0.01, 0.04, 0.03, 0.5], "bonferroni") == pytest.approx([0.04, 0.16, 0.12, 1])
    assert adjusted([0.01, 0.04], "none").tolist() == [0.01, 0.04]


def test_no_answer_stays_none_and_counts_for_no_test() -> None:
    found = adjusted([[0.02, np.nan], [0.04, np.nan]])
    assert found[:, 0] == pytest.approx([0.04, 0.04]) and np.isnan(found[:, 1]).all()
    assert significant([np.nan, 0.01]).tolist() == [False, True]
    assert adjusted([]).shape == (0,) and np.isnan(adjusted([np.nan])).all()


def test_false_finds_are_few_among_the_finds() -> None:
    """80 of 100 tests without an effect: of the finds at 0.1, at most a tenth of 80 / 100 false, on average."""
    rng = np.random.default_rng(8)
    shares = []
    for _ in range(400):
        p = rng.uniform(size=100)
        p[:20] = rng.beta(0.05, 4, 20)
        found = significant(p, 0.1)
        shares.append(found[20:].sum() / max(found.sum(), 1))
    assert 0.05 < np.mean(shares) < 0.1


@pytest.mark.parametrize(("p", "rows"), [([0.5, 1.2, -0.1], (1, 2)), ([2], (0,))])
def test_what_is_no_probability_is_named(p: list[float], rows: tuple[int, ...]) -> None:
    with pytest.raises(DataError) as raised:
        adjusted(p)
    assert (raised.value.code, raised.value.facts["rows"]) == ("not_probabilities", rows)


def test_other_faults_are_named() -> None:
    for call, code in (
        (lambda: adjusted(["much"]), "not_numbers"),
        (lambda: adjusted([0.1], "holm"), "not_one_of"),
        (lambda: significant([0.1], 0), "not_probabilities"),
    ):
        with pytest.raises(DataError) as raised:
            call()
        assert raised.value.code == code

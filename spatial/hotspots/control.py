"""Many questions at once: what remains significant when every cell is tested."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, one_of, refuse_rows

CONTROLS = ("none", "fdr", "bonferroni")


def adjusted(p: ArrayLike, control: str = "fdr") -> Numbers:
    """P-values that may be held against a level as if each were the only one.

    Parameters
    ----------
    p
        Any shape, between 0 and 1; NaN where there is no answer: it stays NaN and counts for no test.
    control
        "fdr" keeps the expected share of false finds among the finds below the level, "bonferroni" the chance of even
        one false find; "none" changes nothing.

    Returns
    -------
    Same shape as `p`.

    Raises
    ------
    DataError
        `not_one_of`, `not_numbers`, `not_probabilities`.

    Notes
    -----
    "fdr": Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300; the i-th smallest of m
    p-values becomes the least of m p(j) / j over j >= i. It holds for independent tests and for tests that depend on
    each other positively (Benjamini and Yekutieli 2001), as those of cells with common neighbours mostly do.
    """
    one_of("control", control, CONTROLS)
    try:
        given = np.asarray(p, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name="p") from error
    flat = given.ravel().copy()
    refuse_rows("not_probabilities", (flat < 0) | (flat > 1), name="p")
    tested = np.flatnonzero(~np.isnan(flat))
    count = len(tested)
    if control == "bonferroni":
        flat[tested] = np.minimum(flat[tested] * count, 1)
    elif control == "fdr" and count:
        order = tested[np.argsort(flat[tested], kind="stable")]
        raised = flat[order] * count / np.arange(1, count + 1)
        flat[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return flat.reshape(given.shape)


def significant(p: ArrayLike, level: float = 0.05, control: str = "fdr") -> NDArray[np.bool_]:
    """Where the adjusted p-value is at most the level; nowhere that `p` is NaN.

    Raises
    ------
    DataError
        `not_probabilities` (the level, too), `not_one_of`, `not_numbers`.
    """
    if not 0 < level < 1:
        raise DataError("not_probabilities", name="level", count=1, rows=(0,))
    found: NDArray[np.bool_] = adjusted(p, control) <= level
    return found

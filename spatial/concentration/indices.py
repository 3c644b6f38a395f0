"""Indices of concentration."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

from spatial.concentration.shares import shared_out
from spatial.errors import DataError
from spatial.given import Numbers, numbers, refuse_rows


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's T and where it comes from.

    Parameters
    ----------
    total
        From 0, all have the same, to the logarithm of n, one has everything.
    between, within
        Its two parts: between the groups' means, and within the groups.
    groups
        Labels, in the order in which they first come.
    share
        Shape (groups,): of all values.
    inside
        Shape (groups,): Theil's T of each group; NaN where it has nothing. Weighted by `share` they sum up to `within`.
    """

    total: float
    between: float
    within: float
    groups: tuple[Hashable, ...]
    share: Numbers
    inside: Numbers


@dataclass(frozen=True, slots=True)
class Herfindahl:
    """Herfindahl's and Hirschman's index.

    Parameters
    ----------
    index
        The sum of the squared shares: 1 / n where all have the same, 1 where one has everything.
    normalised
        The same from 0 to 1; NaN for a single row.
    effective
        So many rows with equal shares would have the same index.
    """

    index: float
    normalised: float
    effective: float


@dataclass(frozen=True, slots=True)
class Quotients:
    """Location quotients.

    Parameters
    ----------
    values
        Shape (n,): above 1 where the kind takes a larger share of the cases than everywhere; NaN without cases.
    known
        Shape (n,): whether there are cases.
    """

    values: Numbers
    known: NDArray[np.bool_]


def theil(values: ArrayLike, groups: Sequence[Hashable] | None = None) -> Theil:
    """Theil's T, parted into what is between groups and what is within them.

    Parameters
    ----------
    values
        Shape (n,), not below 0; a 0 adds nothing.
    groups
        n labels, such as the subdistrict of each cell; without them there is one group.

    Raises
    ------
    DataError
        Those of `numbers`; `nothing_to_share`.

    Notes
    -----
    Theil 1967: the sum of s ln(n s) over shares s; groups with S of the values and a part p of the rows differ by
    the sum of S ln(S / p).
    """
    found = shared_out("values", values)
    labels = list(groups) if groups is not None else [None] * len(found)
    if len(labels) != len(found):
        raise DataError("other_count", name="groups", count=len(labels), wanted=len(found))
    known = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    member = np.array([known[label] for label in labels], dtype=np.intp)
    shares = found / found.sum()
    total = float(xlogy(shares, len(found) * shares).sum())
    size = np.bincount(member)
    held = np.bincount(member, weights=shares).astype(np.float64)
    between = float(xlogy(held, held * len(found) / size).sum())
    ours = np.divide(shares, held[member], out=np.zeros_like(shares), where=held[member] > 0)
    inside = np.bincount(member, weights=xlogy(ours, ours * size[member]))
    within = float((held * inside).sum())
    return Theil(
        total, between, within, tuple(known), held, np.where(held > 0, inside.astype(np.float64), np.nan)
    )


def herfindahl(values: ArrayLike) -> Herfindahl:
    """The sum of squared shares.

    Parameters
    ----------
    values
        Shape (n,), not below 0.

    Raises
    ------
    DataError
        Those of `numbers`; `nothing_to_share`.
    """
    found = shared_out("values", values)
    index = float(np.square(found / found.sum()).sum())
    even = 1 / len(found)
    return Herfindahl(index, (index - even) / (1 - even) if len(found) > 1 else float("nan"), 1 / index)


def location_quotient(cases: ArrayLike, all_cases: ArrayLike) -> Quotients:
    """How much larger a kind's share of the cases is in each row than in all.

    Parameters
    ----------
    cases
        Shape (n,): of the kind.
    all_cases
        Shape (n,): of every kind, these among them.

    Raises
    ------
    DataError
        Those of `numbers`; `nothing_to_share` where there are none of the kind, `part_above_whole`.
    """
    part = shared_out("cases", cases)
    whole = numbers("all_cases", all_cases, count=len(part), least=0)
    refuse_rows("part_above_whole", part > whole)
    known = whole > 0
    everywhere = part.sum() / whole.sum()
    return Quotients(np.divide(part, whole * everywhere, out=np.full(len(part), np.nan), where=known), known)

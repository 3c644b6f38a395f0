"""What can be shared out: amounts of which some are above 0."""

from __future__ import annotations

from numpy.typing import ArrayLike

from spatial.errors import DataError
from spatial.given import Numbers, numbers


def shared_out(name: str, values: ArrayLike, count: int | None = None) -> Numbers:
    """Amounts not below 0, of which not all are 0.

    Raises
    ------
    DataError
        Those of `numbers`; `nothing_to_share`.
    """
    found = numbers(name, values, count=count, least=0)
    if not found.sum() > 0:
        raise DataError("nothing_to_share", name=name, count=len(found))
    return found

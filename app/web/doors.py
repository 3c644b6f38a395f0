"""What each route asks of the one who calls it. The guard reads it; a route that says nothing lets nobody in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"


def public(view: View) -> View:
    """Let everybody call a route, signed in or not."""
    view.needs = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(
    permission: str, *, unfinished: bool = False, most_bytes: int | None = None
) -> Callable[[View], View]:
    """Let those call a route who hold a permission.

    Parameters
    ----------
    unfinished
        Whether it also serves somebody whose session is locked, or who has to set a password or a second factor first.
    most_bytes
        How large a request may be, where that is more than other routes take.
    """

    def mark(view: View) -> View:
        view.needs = str(permission)  # type: ignore[attr-defined]
        view.unfinished = unfinished  # type: ignore[attr-defined]
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark

"""The platform's own errors. Each carries facts; `web` makes the status code and the sentence."""

from __future__ import annotations

import copyreg
from typing import Any


class AppError(Exception):
    """Something that a person caused or can mend; `code` is stable, `facts` fill its sentence."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __reduce__(self) -> tuple[Any, ...]:
        # An error of another process arrives with its facts; Exception would call __init__ with them as text.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({shown})"


class NotFoundError(AppError):
    """The thing asked for does not exist, or not for the one who asks."""


class InvalidError(AppError):
    """A value that was given cannot be used."""


class ConflictError(AppError):
    """What was asked does not fit the state that things are in now."""


class RefusedError(AppError):
    """Who asks is not known, or has not shown what is needed to be let in."""


class ForbiddenError(AppError):
    """Who asks is known, and may not do this."""


class TooManyError(AppError):
    """It was asked too often; `retry_after` says in how many seconds it may be asked again."""


class UnavailableError(AppError):
    """Something outside the program is missing: database, binary, network, disk, font."""

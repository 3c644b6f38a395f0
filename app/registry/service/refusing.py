"""What is wrong with what somebody writes, said all at once; and what the database refuses, in the words of a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.errors import ConflictError, InvalidError
from app.registry.service.entries import Wrong

TAKEN = {
    "elements_code_unique": Wrong("code", "code_taken"),
    "persons_identity_unique": Wrong("identity", "identity_taken"),
    "relations_once": Wrong("target", "relation_there"),
    "relations_case_once": Wrong("target", "relation_there"),
    "relations_one_site": Wrong("target", "relation_there"),
    "relations_no_round_trip": Wrong("target", "lies_in_itself"),
    "element_merges_fit": Wrong("into", "not_one"),
    "elements_days": Wrong("valid_to_on", "days_reversed"),
    "organisations_path": Wrong("registered_on", "registered_before_filed"),
}
"""What a constraint of the database means to whoever wrote."""


class FaultyError(InvalidError):
    """`fields_invalid`, with the faults as they were found: a form says each at its field, with its facts."""

    wrong: Sequence[Wrong] = ()


def refuse(faults: Sequence[Wrong]) -> None:
    """Say all faults at once, if there are any. No value is repeated: it may be a number.

    Raises
    ------
    InvalidError
        `fields_invalid`.
    """
    if faults:
        told = [{"field": one.field or "", "reason": one.code, "value": ""} for one in faults]
        fields = ", ".join(sorted({one["field"] for one in told}))
        error = FaultyError("fields_invalid", faults=told, fields=fields, count=len(told))
        error.wrong = faults
        raise error


@contextmanager
def refusals(connection: Connection, outside: Wrong) -> Iterator[None]:
    """A step that the database may refuse, whereupon the transaction goes on as if it had not been tried.

    Parameters
    ----------
    outside
        What is said where it would lie outside the territory.

    Raises
    ------
    InvalidError
        `fields_invalid`.
    ConflictError
        `merge_undone`.
    """
    try:
        with connection.begin_nested():
            yield
    except DBAPIError as error:
        if _constraint(error) == "element_merges_stands":
            raise ConflictError("merge_undone") from None
        found = meaning(error, outside)
        if found is None:
            raise
        # Not from the error: it carries the values that were bound.
        fault: Wrong = found
    else:
        return
    refuse([fault])


def meaning(error: DBAPIError, outside: Wrong) -> Wrong | None:
    """What a refusal of the database means to whoever wrote; None where it is no refusal of what was written."""
    if getattr(error.orig, "sqlstate", None) == "42501":
        return outside
    return TAKEN.get(_constraint(error) or "")


def _constraint(error: DBAPIError) -> str | None:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None)

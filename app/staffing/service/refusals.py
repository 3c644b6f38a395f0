"""What the database refuses, said in the platform's words: its constraints are the rules of staffing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from app.errors import ConflictError, ForbiddenError, InvalidError

CONFLICTS = {
    "assignments_one_officer_a_cell": "cell_has_officer",
    "assignments_one_cell_an_officer": "officer_has_cell",
    "assignments_once": "assigned_already",
    "leaves_once": "leave_overlaps",
    "stand_in_days": "stand_in_days",
    "stand_in_away": "stand_in_away",
    "stand_in_place": "stand_in_place",
    "post_holders_once": "held_already",
    "post_holders_powers": "powers_apart",
    "shifts_once": "shift_overlaps",
    "takeovers_once": "taken_over_already",
    "takeovers_desk": "takeover_desk",
    "duty_spells_once": "on_duty_already",
    "handovers_two": "two_persons_sign",
    "handovers_kept": "handover_signed",
    "units_code_unique": "unit_code_taken",
    "staff_members_code_unique": "staff_code_taken",
    "unit_members_one_head": "one_head_a_term",
    "unit_members_once": "member_already",
    "unit_terms_once": "term_overlaps",
    "unit_terms_no": "term_overlaps",
    "group_leaders_one": "group_has_leader",
}
INVALID = {
    "leaves_order": "days_reversed",
    "leaves_length": "leave_too_long",
    "assignments_check": "days_reversed",
    "post_holders_check": "days_reversed",
    "shifts_length": "shift_too_long",
    "units_hours": "hours_halved",
    "units_credit_code_check": "credit_code_wrong",
    "handovers_lengths": "text_too_long",
    "takeovers_reason_check": "reason_needed",
    "unit_terms_order": "days_reversed",
    "unit_members_order": "days_reversed",
    "group_leaders_order": "days_reversed",
    "unit_members_term": "outside_the_term",
}
INSUFFICIENT_PRIVILEGE = "42501"
REVERSED = "22000"
"""A range whose end comes before its beginning."""


@contextmanager
def refusals(connection: Connection) -> Iterator[None]:
    """A step that the database takes whole or refuses.

    Raises
    ------
    ConflictError, InvalidError
        A constraint speaks against it; the code is that of the tables above.
    ForbiddenError
        `outside_territory`: the row would lie outside what the one who acts may write.
    """
    try:
        with connection.begin_nested():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
        if name in CONFLICTS:
            raise ConflictError(CONFLICTS[name]) from error
        if name in INVALID:
            raise InvalidError(INVALID[name], days=366) from error
        raise
    except DataError as error:
        if getattr(error.orig, "sqlstate", None) == REVERSED:
            raise InvalidError("days_reversed") from error
        raise
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
            raise ForbiddenError("outside_territory") from error
        raise

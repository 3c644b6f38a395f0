"""What the columns of users' tables are called, and how people write down what stands in them."""

from app.interop.rules.rosters import (
    DUTY_WORDS,
    SHIFT_FIELDS,
    SHIFT_REQUIRED,
    STAFF_FIELDS,
    STAFF_REQUIRED,
    Calendar,
    Names,
    read_cell,
    read_duty,
)

__all__ = [
    "DUTY_WORDS",
    "SHIFT_FIELDS",
    "SHIFT_REQUIRED",
    "STAFF_FIELDS",
    "STAFF_REQUIRED",
    "Calendar",
    "Names",
    "read_cell",
    "read_duty",
]

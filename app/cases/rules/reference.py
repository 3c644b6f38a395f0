"""参考数据: how a table of reference data is described that the system administrator edits.

Forms, lists, exports and imports are made from these descriptions. A row is a mapping of texts as files write them, an
empty text for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.cases.rules.reference_kinds import Kind

Texts = Mapping[str, str]

ALWAYS = date(2000, 1, 1).isoformat()
"""The first day of what has held as long as anybody knows."""

FROM, TO = "valid_from_on", "valid_to_on"
"""From which day a row holds, and the first day on which it no longer does."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field of a row: a reason that `reference.wrong_…` and `fault.reference_…` explain."""

    field: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several columns of the database of which a row fills that whose table has what is named.

    Parameters
    ----------
    stored
        The column of the database.
    refers
        The table whose keys it takes.
    by_id
        Whether the database keeps the id of the row that is named.
    """

    stored: str
    refers: str
    by_id: bool = False


class When(StrEnum):
    """When a column is written."""

    WITH_ROW = "with_row"
    WITH_END = "with_end"
    NEVER = "never"
    """It says where a row comes from, and is only shown."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, as files, forms and lists show it.

    Parameters
    ----------
    choices
        All that may be written, where those are few; of a column that refers, what it may also name.
    refers
        The table whose key it names, as it is today.
    stored
        The column of the database, where that has another name.
    by_id
        Whether the database keeps the id of the row that is named.
    words
        How the messages begin that say what the choices are.
    measured
        The column that says what an amount counts; people are shown both as one.
    parts
        The columns of the database among which it is spread, those first that are asked first.
    when
        When it is written.
    """

    name: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    most: int = 80
    choices: tuple[str, ...] = ()
    refers: str = ""
    stored: str = ""
    by_id: bool = False
    words: str = "reference.is_"
    measured: str = ""
    parts: tuple[Part, ...] = ()
    when: When = When.WITH_ROW

    @property
    def column(self) -> str:
        """The column of the database."""
        return self.stored or self.name

    @property
    def blank(self) -> str:
        """What an empty cell says: of a yes or no that need not be given, no."""
        return "no" if self.kind is Kind.YES_NO and not self.needed else ""


Check = Callable[[Texts], Iterator[Wrong]]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """A table of reference data.

    Parameters
    ----------
    name
        As it is called in addresses, files and on the command line.
    key
        The columns by which a row is known from one time to the next.
    stored
        The table of the database, where that has another name.
    dated
        Whether a row is ended and followed by another; otherwise the one row of a key is changed.
    fixed
        Columns beside the key that are set once.
    check
        What columns say of each other.
    clash
        The column in which two rows of different keys cannot both hold at one time; empty where they can.
    leaves_out
        A column, and the values of rows that are looked after elsewhere.
    not_made
        A column, and the values of rows that are made elsewhere.
    only_ended
        A column, and the values of rows that are never changed but only ended, with a reason.
    by_file
        Whether new rows come by a file alone, since they hold what no form can write.
    carried
        Columns of the database that a row has from the one that it follows.
    constant
        Columns of the database that are the same in every row that is made here.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    stored: str = ""
    dated: bool = True
    fixed: frozenset[str] = frozenset()
    check: Check = lambda row: iter(())
    clash: Callable[[Texts, Texts], str] | None = None
    leaves_out: tuple[str, tuple[str, ...]] = ("", ())
    not_made: tuple[str, tuple[str, ...]] = ("", ())
    only_ended: tuple[str, tuple[str, ...]] = ("", ())
    by_file: bool = False
    carried: tuple[str, ...] = ()
    constant: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def table(self) -> str:
        """The table of the database."""
        return self.stored or self.name

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns of its file."""
        return (*(column.name for column in self.written), FROM, TO)

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns of which a row is made."""
        return tuple(column for column in self.columns if column.when is When.WITH_ROW)

    @property
    def changing(self) -> tuple[str, ...]:
        """The columns that may be another in the row that follows."""
        names = (column.name for column in self.written)
        return tuple(name for name in names if name not in self.key and name not in self.fixed)

    @property
    def on_end(self) -> tuple[Column, ...]:
        """The columns that are written when a row ends."""
        return tuple(column for column in self.columns if column.when is When.WITH_END)

    def only_ends(self, row: Texts) -> bool:
        """Whether a row may be ended and nothing else."""
        name, values = self.only_ended
        return row.get(name, "") in values

    def key_of(self, row: Texts) -> tuple[str, ...]:
        """By what a row is known."""
        return tuple(row.get(name, "") for name in self.key)

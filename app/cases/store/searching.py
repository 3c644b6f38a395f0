"""The index of words in which cases are searched; how they are found is in `cases_found()` of the database."""

from __future__ import annotations

from sqlalchemy import Connection, text


def index_words(connection: Connection) -> int:
    """Build what is missing of the index; returns how many partitions had none.

    A bulk load brings a partition without one, so that it is not held up: about a minute for a million cases, in which
    the cases of that partition can be read and found, though slowly, but not moved.
    """
    return int(connection.execute(text("SELECT index_case_words()")).scalar_one())

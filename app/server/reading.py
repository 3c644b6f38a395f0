"""The thread that looks at the log, ten times a second, for all screens of the process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.db import engine
from app.errors import UnavailableError
from app.notify.rules import Change
from app.notify.service.hub import REMEMBERED
from app.notify.store import Cursor, begin, changes, latest, read

log = logging.getLogger(__name__)

LOOK_S = 0.1
AGAIN_S = 1.0
SLOWEST_S = 30
MOST_ROWS = 2000
"""Moves in one look; whoever moves more at once (an import) has every screen read its lists anew."""

DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, UnavailableError)


class Reader(threading.Thread):
    """Reads the log for a process.

    Parameters
    ----------
    url
        The database.
    begun
        Called with the end of the log and the last changes before it, when it is first reached.
    heard
        Called with what was committed since, and with None in its place where all has to be read anew.
    """

    def __init__(
        self,
        url: str,
        begun: Callable[[Cursor, list[Change]], None],
        heard: Callable[[list[Change] | None, Cursor], None],
    ) -> None:
        super().__init__(name="log reader", daemon=True)
        self.url, self.begun, self.heard = url, begun, heard
        self.cursor: Cursor | None = None
        self.stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped; a database that is away is waited for."""
        lost, connection = False, None
        while not self.stopped.wait(AGAIN_S if lost else LOOK_S):
            try:
                connection = connection or _connect(self.url)
                self._look(connection)
                if lost:
                    log.info("the log is read again")
                lost = False
                continue
            except DATABASE_ERRORS as error:
                if not lost:
                    log.warning("the log cannot be read: %s", error.__class__.__name__)
            except Exception:
                log.exception("the log cannot be read")  # tried again, or every screen would stay as it is
            lost = True
            if connection is not None:
                connection.invalidate()
                connection.close()
                connection = None
        if connection is not None:
            connection.close()

    def _look(self, connection: Connection) -> None:
        if self.cursor is None:
            cursor = begin(connection)
            self.begun(cursor, latest(connection, cursor.done, REMEMBERED))
            self.cursor = cursor
            return
        page = read(connection, self.cursor, MOST_ROWS, walk=False)
        anew = page.anew or page.more
        found = None if anew else changes(connection, page.rows)
        self.cursor = begin(connection) if anew else page.cursor
        self.heard(found, self.cursor)


def _connect(url: str) -> Connection:
    """A connection of the reader's own, on which each statement stands for itself: a look is one or two round trips.

    Each of them waits its turn among the threads that serve requests, so a transaction around it would be felt.
    """
    connection = engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text(f"SET statement_timeout = '{SLOWEST_S}s'"))
    return connection

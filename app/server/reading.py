"""The thread that looks at the log, ten times a second, for all screens of the process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.db import transaction
from app.errors import UnavailableError
from app.notify.rules import Change
from app.notify.service.hub import REMEMBERED
from app.notify.store import Cursor, begin, changes, latest, read

log = logging.getLogger(__name__)

LOOK_S = 0.1
AGAIN_S = 1.0
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
        lost = False
        while not self.stopped.wait(AGAIN_S if lost else LOOK_S):
            try:
                self._look()
                if lost:
                    log.info("the log is read again")
                lost = False
            except DATABASE_ERRORS as error:
                if not lost:
                    log.warning("the log cannot be read: %s", error.__class__.__name__)
                lost = True
            except Exception:
                log.exception("the log cannot be read")  # tried again, or every screen would stay as it is
                lost = True

    def _look(self) -> None:
        with transaction(self.url, read_only=True, timeout_s=10) as connection:
            if self.cursor is None:
                self._begin(connection)
                return
            page = read(connection, self.cursor, MOST_ROWS)
            anew = page.anew or page.more
            found = None if anew else changes(connection, page.rows)
            self.cursor = begin(connection) if anew else page.cursor
        self.heard(found, self.cursor)

    def _begin(self, connection: Connection) -> None:
        connection.execute(text("SELECT set_config('statement_timeout', '60000', true)"))
        cursor = begin(connection)
        self.begun(cursor, latest(connection, cursor.done, REMEMBERED))
        self.cursor = cursor

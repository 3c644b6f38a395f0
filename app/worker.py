"""The worker: what is done after the commit, and by the hour. The web server keeps `python -m app.worker` running."""

from __future__ import annotations

import argparse
import logging
import os

from sqlalchemy import Connection

from app.cases.service import news, notices, redating, sealing, timers
from app.cases.store.searching import index_words
from app.interop.service.preparing import running
from app.jobs import queue
from app.jobs.working import Work, work
from app.proposals.service import applying
from app.proposals.service import working as proposals
from app.registry.service import retention
from app.reports.service import editing, reprinting, scheduling
from app.reports.service import running as reports
from app.settings import settings

NICE = 5
"""Whoever waits for an answer comes first."""

KEPT_DAYS = 7
"""How long a job that has failed can be looked into."""

LONGEST_H = 1
"""Hours; a job that takes longer has lost its end and is done again."""


def tidy(connection: Connection) -> None:
    """Throw away what nobody looks at any more."""
    queue.adopt(connection, LONGEST_H)
    queue.forget(connection, KEPT_DAYS)
    notices.forget_old(connection)
    running.sweep(connection)


def make_searchable(connection: Connection) -> None:
    """Index the words of what was loaded since."""
    index_words(connection)


WORK = Work(
    tasks={
        timers.LOOK: timers.look,
        timers.SWEEP: timers.sweep,
        redating.REDATE: redating.redate,
        redating.LOOK_THROUGH: redating.look_through,
        sealing.SEAL: sealing.seal,
        retention.SWEEP: retention.sweep,
        running.RUN: running.run,
        proposals.RUN: proposals.run,
        reports.RUN: reports.run,
        editing.REWORD: editing.write,
        scheduling.LOOK: scheduling.look,
        reprinting.LOOK: reprinting.look,
        applying.APPLY: applying.apply_due,
        "tidy": tidy,
        "make_searchable": make_searchable,
    },
    every={
        timers.SWEEP: "*/2 * * * *",
        redating.LOOK_THROUGH: "*/5 * * * *",
        sealing.SEAL: "* * * * *",
        # A day begins at a full minute in every time zone; after a night without a server the next minute will do.
        applying.APPLY: "* * * * *",
        scheduling.LOOK: "* * * * *",
        # In the night of the district: cron counts in UTC.
        retention.SWEEP: "23 18 * * *",
        reprinting.LOOK: "43 19 * * *",
        "tidy": "17 * * * *",
        "make_searchable": "*/5 * * * *",
    },
    followers=(timers.follow, news.follow, running.follow, proposals.follow, reports.follow, editing.follow),
)


def main() -> None:
    """Work until it is ended, or whoever started it ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace")
    parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    os.nice(NICE)
    work(settings().database_url, WORK)


if __name__ == "__main__":
    main()

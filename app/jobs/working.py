"""The worker: does jobs when their time has come, and goes on reading what it follows. One works on a database."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from app.db import transaction
from app.errors import UnavailableError
from app.jobs import queue

logger = logging.getLogger(__name__)

ONE_WORKER = 530106
"""Advisory lock that the one worker of a database holds; another one waits to take over."""

AT_ONCE = 4
"""Jobs that are done at the same time."""

LOOK_S = 1.0
"""How often the queue is looked at while it is empty."""

FOLLOW_S = 0.5
AWAY_S = 1.0
FINISH_S = 5.0
"""How long jobs have to end when the worker is stopped."""

SLOWEST_S = 300.0
"""A statement of a job that takes longer is given up."""

AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    OperationalError,
    InterfaceError,
    ConnectorException,
    UnavailableError,
)
"""What is raised while the database is not there."""

TRY_AGAIN = RetryStrategy(max_attempts=5, wait=2, retry_exceptions=AWAY)
"""A job that the database left in the midst is done again soon; what comes by the hour comes by itself."""

Task = Callable[..., None]
Follower = Callable[[Connection], bool]


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker does.

    Parameters
    ----------
    tasks
        By name; called with a transaction and the job's arguments. One may be begun again after a crash: done twice, it
        has to come to the same.
    every
        When tasks are done without being asked for: name and cron line, in UTC.
    followers
        Called again and again with a transaction each; they say whether there is more to do at once.
    """

    tasks: Mapping[str, Task]
    every: Mapping[str, str] = field(default_factory=dict)
    followers: Sequence[Follower] = ()


def work(url: str, what: Work) -> None:
    """Work until a signal or the end of the process that started this one; the database may come and go."""
    parent, away = os.getppid(), False
    while os.getppid() == parent:
        try:
            with psycopg.connect(_plain(url), autocommit=True, connect_timeout=5) as guard:
                if not guard.execute("SELECT pg_try_advisory_lock(%s)", (ONE_WORKER,)).fetchone()[0]:  # type: ignore[index]
                    time.sleep(AWAY_S)
                    continue
                with transaction(url) as connection:
                    adopted = queue.adopt(connection)
                logger.info("worker begins, %s jobs adopted", adopted)
                away = False
                if asyncio.run(_serve(url, what, guard, parent)):
                    return
        except AWAY as error:
            if not away:
                logger.warning("worker waits: %s", str(error).strip().splitlines()[:1])
            away = True
        time.sleep(AWAY_S)


def queue_app(url: str, what: Work) -> App:
    """procrastinate's application on a database."""
    pool = {"min_size": 1, "max_size": 3, "timeout": 5, "kwargs": {"options": "-c search_path=jobs,public"}}
    app = App(connector=PsycopgConnector(conninfo=_plain(url), **pool))
    for name, task in what.tasks.items():
        # What comes by the hour runs once at a time and waits once, however long it takes.
        alone = {"lock": name, "queueing_lock": name} if name in what.every else {}
        retry = False if alone else TRY_AGAIN
        made = app.task(name=name, queue="default", retry=retry, **alone)(_bound(url, task))
        if name in what.every:
            app.periodic(cron=what.every[name])(made)
    return app


async def _serve(url: str, what: Work, guard: psycopg.Connection[Any], parent: int) -> bool:
    """Do jobs and follow until it is asked to stop, and then return True, or until something is amiss."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    app = queue_app(url, what)
    async with app.open_async():
        jobs = app.run_worker_async(
            concurrency=AT_ONCE,
            fetch_job_polling_interval=LOOK_S,
            listen_notify=False,
            delete_jobs="successful",
            install_signal_handlers=False,
            shutdown_graceful_timeout=FINISH_S,
        )
        stopped = asyncio.create_task(stop.wait())
        running = {stopped, asyncio.create_task(jobs), asyncio.create_task(_follow(url, what, guard, parent))}
        done, left = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for task in done:
            task.result()
        return stopped in done


async def _follow(url: str, what: Work, guard: psycopg.Connection[Any], parent: int) -> None:
    while os.getppid() == parent:
        await asyncio.to_thread(_once, url, what, guard)
        await asyncio.sleep(FOLLOW_S)


def _once(url: str, what: Work, guard: psycopg.Connection[Any]) -> None:
    guard.execute("SELECT 1")  # a lost connection has lost the lock: somebody else may work now
    for follower in what.followers:
        more = True
        while more:
            with transaction(url, timeout_s=SLOWEST_S) as connection:
                more = follower(connection)


def _bound(url: str, task: Task) -> Callable[..., None]:
    def run(timestamp: int | None = None, **arguments: Any) -> None:
        with transaction(url, timeout_s=SLOWEST_S) as connection:
            task(connection, **arguments)

    return run


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)

"""The queue: jobs are put into it by the transaction that makes them necessary, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TIMESTAMP, Integer, Text

# In the order of their keys, so that two who put the same jobs do not wait for each other in a ring.
PUT = text("""
INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args, scheduled_at)
SELECT 'default', task, priority, key, args, at
FROM unnest(:tasks, :priorities, :keys, :args, :ats) AS j (task, priority, key, args, at) ORDER BY key
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at = EXCLUDED.scheduled_at,
    priority = greatest(procrastinate_jobs.priority, EXCLUDED.priority)
WHERE procrastinate_jobs.scheduled_at IS DISTINCT FROM EXCLUDED.scheduled_at
""").bindparams(
    bindparam("tasks", type_=ARRAY(Text)),
    bindparam("priorities", type_=ARRAY(Integer)),
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("args", type_=ARRAY(JSONB)),
    bindparam("ats", type_=ARRAY(TIMESTAMP(timezone=True))),
)

COUNT = text("""
SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
    count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS due,
    count(*) FILTER (WHERE status = 'failed') AS failed,
    (SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM jobs.procrastinate_workers) AS silent_s
FROM jobs.procrastinate_jobs
""")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done.

    Parameters
    ----------
    task
        Name of what does it.
    key
        Of jobs that wait, one has it: put again, it only changes its time.
    at
        When; None for as soon as possible.
    priority
        Of those whose time has come, the higher one is first.
    """

    task: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How it stands with the queue.

    Parameters
    ----------
    waiting, due, failed
        Jobs that wait, those of them whose time has come, and those that ended with an error.
    silent_s
        Seconds since a worker has given a sign; None where there is none.
    """

    waiting: int
    due: int
    failed: int
    silent_s: float | None

    @property
    def working(self) -> bool:
        """Whether a worker is there."""
        return self.silent_s is not None and self.silent_s < SILENT_S


SILENT_S = 30.0
"""A worker that has given no sign for so long is gone."""


def put(connection: Connection, jobs: Iterable[Job]) -> None:
    """Put jobs into the queue; they are there if the transaction is."""
    wanted = list(jobs)
    if not wanted:
        return
    values = {
        "tasks": [job.task for job in wanted],
        "priorities": [job.priority for job in wanted],
        "keys": [job.key for job in wanted],
        "args": [dict(job.args) for job in wanted],
        "ats": [job.at for job in wanted],
    }
    connection.execute(PUT, values)


def is_there(connection: Connection) -> bool:
    """Whether the database has a queue: one that no server has started on since may have none."""
    return (
        connection.execute(text("SELECT to_regclass('jobs.procrastinate_jobs') IS NOT NULL")).scalar_one()
        is True
    )


def counts(connection: Connection) -> QueueCounts:
    """How many jobs there are, and whether somebody works."""
    return QueueCounts(*connection.execute(COUNT).one())


def adopt(connection: Connection, hours: int = 0) -> int:
    """Let jobs that somebody began so long ago and never ended wait again; returns how many.

    With no hours those that a dead worker left, whenever it began them: only for the one worker there is.
    """
    left = (
        "d.status = 'doing' AND NOT EXISTS (SELECT FROM jobs.procrastinate_events e WHERE e.job_id = d.id"
        " AND e.type = 'started' AND :hours > 0 AND e.at > now() - make_interval(hours => :hours))"
    )
    again = "t.status = 'todo' AND t.queueing_lock = d.queueing_lock"
    connection.execute(
        text(
            f"DELETE FROM jobs.procrastinate_jobs d WHERE {left}"
            f" AND EXISTS (SELECT FROM jobs.procrastinate_jobs t WHERE {again})"
        ),
        {"hours": hours},
    )
    waiting = f"UPDATE jobs.procrastinate_jobs d SET status = 'todo', worker_id = NULL WHERE {left}"
    return int(connection.execute(text(waiting), {"hours": hours}).rowcount)


def forget(connection: Connection, days: int) -> None:
    """Delete jobs that have ended with an error so many days ago."""
    connection.execute(
        text(
            "DELETE FROM jobs.procrastinate_jobs j WHERE j.status IN ('failed', 'aborted', 'cancelled') AND NOT EXISTS"
            " (SELECT FROM jobs.procrastinate_events e WHERE e.job_id = j.id"
            " AND e.at > now() - make_interval(days => :days))"
        ),
        {"days": days},
    )

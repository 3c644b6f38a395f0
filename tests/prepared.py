"""Imports that somebody prepares, as a client does it, with the worker's part done in this process."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import text

from app.db import transaction
from app.interop.service.preparing import running


class Sender:
    """Somebody who imports."""

    def __init__(self, client: FlaskClient, url: str) -> None:
        self.client, self.url = client, url
        self.head = {"X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"]}

    def send(
        self, kind: str, content: bytes, name: str = "a.csv", key: uuid.UUID | None = None
    ) -> tuple[int, dict[str, Any]]:
        data = {"kind": kind, "client_id": str(key or uuid.uuid4()), "file": (io.BytesIO(content), name)}
        answer = self.client.post("/api/v1/imports", data=data, headers=self.head)
        return answer.status_code, answer.get_json()

    def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(f"/api/v1/imports/{path}", json=body, headers=self.head)
        return answer.status_code, answer.get_json()

    def get(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/api/v1/imports/{path}").get_json()
        return found

    def work(self) -> None:
        """What the worker does, until nothing is asked of it."""
        work(self.url)

    def check(self, kind: str, content: bytes, name: str = "a.csv", **said: Any) -> dict[str, Any]:
        """A file that was sent and tried, with its columns read as they are guessed."""
        status, one = self.send(kind, content, name)
        assert status == 201, one
        status, told = self.post(
            f"{one['id']}/check", fields=said.pop("fields", one["reading"]["fields"]), **said
        )
        assert status == 202, told
        self.work()
        return self.get(str(one["id"]))

    def write(self, import_id: int, **said: Any) -> dict[str, Any]:
        """An import that was taken over."""
        status, told = self.post(f"{import_id}/take-over", **said)
        assert status == 202, told
        self.work()
        return self.get(str(import_id))


def work(url: str) -> None:
    """Do all that is asked of the worker."""
    while True:
        with transaction(url) as connection:
            running.follow(connection)
            rows = connection.execute(
                text("DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'import_elements' RETURNING args")
            ).all()
        if not rows:
            return
        for row in rows:
            with transaction(url) as connection:
                running.run(connection, **row.args)


def counts(one: dict[str, Any]) -> tuple[int, ...]:
    """Rows read, new, changed, unchanged, left out, and faults."""
    names = ("rows_read", "added", "changed", "unchanged", "skipped", "fault_count")
    return tuple(one["report"][name] for name in names)


def csv(*lines: str) -> bytes:
    """A table as a text."""
    return ("\n".join(lines) + "\n").encode()


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """A table as a workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""Reports as a client asks for them, with the worker's part done in this process."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.db import transaction
from app.files.store import FolderShelf
from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.service import editing, running, shelving
from app.reports.service.keeping import written
from tests.casework import Casework

API = "/api/v1/reports"
TASKS = {running.RUN: running.run, editing.REWORD: editing.write}


def plainly(form: Format) -> Any:
    """A writer that is quick: the document as it is kept, in a file of the format's name."""

    def write(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
        path = folder / f"{stem}.{form.value}"
        path.write_bytes(written(report))
        return (path,)

    return write


def written_plainly(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let every format be written plainly, onto a shelf in a folder."""
    shelf = FolderShelf(folder / "shelf")
    monkeypatch.setattr(shelving, "the_shelf", lambda: shelf)
    monkeypatch.setattr(running, "writer", plainly)


def work(url: str) -> None:
    """Do all that is asked of the worker."""
    while True:
        with transaction(url) as connection:
            running.follow(connection)
            editing.follow(connection)
            rows = connection.execute(
                text(
                    "DELETE FROM jobs.procrastinate_jobs WHERE task_name = ANY (:tasks) RETURNING task_name, args"
                ),
                {"tasks": list(TASKS)},
            ).all()
        if not rows:
            return
        for row in rows:
            with transaction(url) as connection:
                TASKS[row.task_name](connection, **row.args)


class Desk:
    """Somebody who has reports made."""

    def __init__(self, casework: Casework, name: str) -> None:
        self.url, self.client = casework.url, casework.client(name)

    def post(self, path: str = "", status: int = 200, **body: Any) -> dict[str, Any]:
        answer = self.client.post(f"{API}{path}", json=body)
        assert answer.status_code == status, answer.text
        return dict(answer.get_json())

    def get(self, path: str = "", status: int = 200) -> dict[str, Any]:
        answer = self.client.get(f"{API}{path}")
        assert answer.status_code == status, answer.text
        return dict(answer.get_json())

    def ask(self, status: int = 202, definition: str = "daily", **said: Any) -> dict[str, Any]:
        body = {"client_id": str(uuid.uuid4()), "definition": definition, "formats": ["pdf"], **said}
        return self.post("", status, **body)

    def made(self, **said: Any) -> dict[str, Any]:
        """A report that was asked for, when it is there."""
        run = self.ask(**said)["id"]
        work(self.url)
        one = self.get(f"/{run}")
        assert one["state"] == "done", one["problem"]
        return one

    def paragraph(self, run: int) -> dict[str, Any]:
        """Its first paragraph."""
        found: dict[str, Any] = self.get(f"/{run}/paragraphs")["items"][0]
        return found

    def reword(self, run: int, edition: int, said: str, status: int = 202) -> dict[str, Any]:
        """Another text for the first paragraph, written by the worker."""
        first = self.paragraph(run)
        words = [{"section": first["section"], "paragraph": first["code"], "text": said}]
        answer = self.post(f"/{run}/words", status, edition=edition, words=words)
        work(self.url)
        return self.get(f"/{run}") if status == 202 else answer

    def file(self, one: dict[str, Any], edition: int = 0, **headers: str) -> Any:
        """A file of an edition as it is fetched."""
        name = one["editions"][edition]["files"][0]["name"]
        return self.client.get(f"{API}/{one['id']}/editions/{edition}/{name}", headers=headers)


def sha256(content: bytes) -> str:
    """Of a file, as hexadecimal."""
    return hashlib.sha256(content).hexdigest()

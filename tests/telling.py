"""What an answer tells: its status, its headers and every byte of it, without what is new in each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from flask.testing import FlaskClient

ARROW = "application/vnd.apache.arrow.stream"
VOLATILE = re.compile(
    r'(?:csrf[-_]token"[^,>]*|"csrf_token": ?"[^"]*")'
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""What is new in every answer: the token of a form, and the id that a form gives to what it makes."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
RECENT = timedelta(minutes=20)


def plain(said: str) -> str:
    """A text without what is new in every answer, and without instants of the test itself, in which both were made."""
    now = datetime.now(UTC)

    def told(match: re.Match[str]) -> str:
        return "now" if abs(datetime.fromisoformat(match[0]) - now) < RECENT else match[0]

    return INSTANT.sub(told, VOLATILE.sub("", said))


@dataclass(frozen=True, slots=True)
class Told:
    """An answer without what is new in every answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def told(answer: Any) -> Told:
    """What is compared: of workbooks their parts, of layers their rows, of texts all that is not new.

    Where something was left out, their length and tag go too.
    """
    body, loose = answer.data, {"Date", "Set-Cookie"}
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            parts = {name: book.read(name) for name in book.namelist() if "docProps" not in name}
        said, loose = repr(parts), loose | {"Content-Length"}
    elif answer.mimetype == ARROW:
        table = pa.ipc.open_stream(body).read_all()
        said, loose = (
            plain(repr(table.schema.metadata) + table.to_pandas().to_csv()),
            loose | {"Content-Length", "ETag"},
        )
    else:
        whole = body.decode("utf-8", "surrogateescape")
        said = plain(whole)
        loose |= {"Content-Length", "ETag"} if said != whole else set()
    kept = tuple(sorted((name, value) for name, value in answer.headers if name not in loose))
    answer.close()
    return Told(answer.status_code, kept, said)


TRIES = 4
"""Times that both are asked: what a clock has moved on between two answers is the same in another pair."""


def asked_twice(pair: tuple[FlaskClient, FlaskClient], address: str, tries: int = TRIES) -> tuple[Told, Told]:
    """What both worlds answer; again where they do not agree, since the time goes on between the two."""
    for _ in range(tries):
        one, other = (told(client.get(address)) for client in pair)
        if one == other:
            break
    return one, other


def report(leaks: Mapping[str, tuple[Told, Told]]) -> str:
    """Where two answers part, with a little of what is around it."""
    lines = []
    for address, (one, other) in leaks.items():
        if one.body == other.body:
            lines.append(f"{address}: {set(one.headers) ^ set(other.headers)}, {one.status} {other.status}")
            continue
        at = next((i for i, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b), 0)
        around = slice(max(0, at - 80), at + 80)
        lines.append(f"{address}: {one.status} {one.body[around]!r} <> {other.status} {other.body[around]!r}")
    return "\n".join(lines)

"""An atlas 网格图集: hundreds of sheets in one PDF, set in parts by processes beside ours, with flat memory."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from app.reports.rules.document import Report
from app.reports.service.formats.atlas_sheets import set_sheets
from app.reports.service.keeping import written
from spatial.writers.files import whole

PROCESSES = 2
PART = 20
"""So many sheets are set together, and share the letters that they hold: on every machine as many, for the bytes."""

AHEAD = 2
"""Parts that wait for each process: the sheets are made no faster than they are set."""


class SheetCountError(ValueError):
    """There are more or fewer sheets than was told, and their pages' numbers would be wrong."""


def atlas(
    sheets: Iterable[Report],
    folder: Path,
    stem: str,
    *,
    count: int,
    title: str,
    advance: Callable[[int], None] = lambda done: None,
) -> tuple[Path, ...]:
    """Write sheets as `<stem>.pdf`, whole or not at all: a page and a bookmark each.

    Parameters
    ----------
    sheets
        Taken one by one, as they are set.
    count
        How many there are, which every page says.
    title
        What the file says that it is.
    advance
        Told how many are set. What it raises ends the work, and leaves nothing.

    Raises
    ------
    SheetCountError
        There are more or fewer.
    UnavailableError
        `font_missing`, `letters_missing`.
    SourceError
        `write_failed`: the folder is missing, full or not ours.
    """
    path = folder / f"{stem}.pdf"
    with whole(path) as goal, tempfile.TemporaryDirectory(prefix="panlong-atlas-", dir=folder) as work:
        parts = list(_set(sheets, Path(work), count, advance))
        if (found := sum(len(titles) for _, titles in parts)) != count:
            raise SheetCountError(found, count)
        _merge(parts, title, goal)
    return (path,)


def _set(
    sheets: Iterable[Report], work: Path, count: int, advance: Callable[[int], None]
) -> Iterator[tuple[Path, list[str]]]:
    """Set sheets part by part; the answer is each part's file with the titles in it, in their order."""
    processes = min(PROCESSES, os.cpu_count() or 1)
    pool = ProcessPoolExecutor(processes, get_context("spawn"))
    waiting: deque[tuple[Path, list[str], Future[None]]] = deque()
    done = 0

    def first() -> tuple[Path, list[str]]:
        nonlocal done
        part, names, future = waiting.popleft()
        future.result()
        done += len(names)
        advance(done)
        return part, names

    try:
        begun = 0
        for some in _parts(sheets):
            part = work / f"{begun:06}.pdf"
            future = pool.submit(set_sheets, [written(one) for one in some], part, begun + 1, count)
            waiting.append((part, [one.title for one in some], future))
            begun += len(some)
            if len(waiting) >= processes * AHEAD:
                yield first()
        while waiting:
            yield first()
    finally:
        pool.shutdown(cancel_futures=True)


def _parts(sheets: Iterable[Report]) -> Iterator[list[Report]]:
    waiting = iter(sheets)
    while some := list(islice(waiting, PART)):
        yield some


def _merge(parts: list[tuple[Path, list[str]]], title: str, goal: Path) -> None:
    """Put parts after each other, with a bookmark for each page; of what they say of themselves the first counts."""
    writer = PdfWriter()
    for path, titles in parts:
        begun = len(writer.pages)
        part = PdfReader(path)
        if not begun:
            writer.add_metadata(dict(part.metadata or {}))
            writer.root_object.update({NameObject("/Lang"): part.root_object["/Lang"]})
        writer.append(part, import_outline=False)
        for page, name in enumerate(titles, begun):
            writer.add_outline_item(title=name, page_number=page)
    writer.add_metadata({"/Title": title})
    writer.page_mode = "/UseOutlines"
    writer.write(goal)

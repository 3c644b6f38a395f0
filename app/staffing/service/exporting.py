"""The roster as a workbook: the gaps of the 1+1+1+N, and who looks after which cell."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import InvalidError
from app.staffing.rules import Part, masked_phone
from app.staffing.service.absence import log
from app.staffing.store import cells, rosters
from spatial.writers.sheets import plain_cells

MOST = 20_000
"""Rows of a workbook that is made while somebody waits; a district has some thousands."""

Words = Callable[[str], str]


def workbook(
    connection: Connection, district_id: int, on_day: date, area: int | None, words: Words, *, by: Hand
) -> bytes:
    """The roster of a day as XLSX, telephone numbers masked; that it was taken is logged.

    Parameters
    ----------
    area
        Only cells below this area.
    words
        What a message id is called in the reader's language.

    Raises
    ------
    InvalidError
        `too_many_rows`.
    """
    gaps = cells.cells(connection, district_id, on_day, missing="any", area=area, limit=MOST + 1)
    people = rosters.everybody(connection, on_day, area, MOST + 1)
    if max(len(gaps), len(people)) > MOST:
        raise InvalidError("too_many_rows", most=MOST)
    book = Workbook(write_only=True)
    head = ("board.cell", "level.community", *(f"board.part_{part}" for part in Part), "board.lacks")
    _sheet(book, words("board.gaps"), [words(name) for name in head], (_gap(row, words) for row in gaps))
    head = (
        "board.cell",
        "board.duty",
        "board.kind",
        "account.name",
        "people.code",
        "people.phone",
        "board.place",
        "leave.from",
        "leave.until",
        "board.away",
    )
    _sheet(
        book, words("board.roster"), [words(name) for name in head], (_person(row, words) for row in people)
    )
    file = io.BytesIO()
    book.save(file)
    facts = {"on": str(on_day), "area": area, "rows": len(people), "gaps": len(gaps)}
    log(connection, by, "staffing.export", "roster", area or "all", **facts)
    return file.getvalue()


def _sheet(book: Workbook, title: str, head: list[str], rows: Iterable[list[Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", (20, 16, 12, 14, 14, 16, 18, 13, 13, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(plain_cells(sheet, head))
    for row in rows:
        sheet.append(plain_cells(sheet, row))


def _gap(row: dict[str, Any], words: Words) -> list[Any]:
    lacks = "、".join(words(f"board.part_{part}") for part in row["missing"])
    counts = [row["inspectors"], row["supervisors"], row["officers"], row["part_time"]]
    return [row["code"], row["community"], *counts, lacks]


def _person(row: dict[str, Any], words: Words) -> list[Any]:
    last = None if row["until_on"] is None else row["until_on"] - timedelta(days=1)
    return [
        row["cell"],
        words(f"board.duty_{row['duty']}"),
        words(f"board.kind_{row['kind']}"),
        row["name"] + (words("map.simulated_mark") if row["simulated"] else ""),
        row["code"],
        masked_phone(row["phone"]),
        row["place"],
        row["from_on"],
        last,
        words("board.yes") if row["away"] else None,
    ]

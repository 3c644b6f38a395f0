"""Rosters for the toy town: tables to import, and what the database holds of them afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import Connection, text

from app.db import Actor, transaction
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.staff import import_shifts, import_staff
from spatial.errors import LayerError
from tests import town

STAFF = ("工号", "姓名", "电话", "网格编码", "职责", "楼栋或庭院", "起", "至")
SHIFTS = ("单位", "工号", "日期", "起", "止", "带班", "止日期")
A, B = town.cell(0, 3), town.cell(1, 3)
EAST = town.cell(3, 3)

Rows = Sequence[Sequence[Any]]
Found = tuple[int | None, str | None, str]


def workbook(path: Path, rows: Rows, header: Sequence[str] = STAFF) -> Path:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


def csv_of(path: Path, rows: Rows, header: Sequence[str] = STAFF, encoding: str = "utf-8") -> Path:
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in (header, *rows)]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def take_in(
    connection: Connection, path: Path, *, kind: str = "staff", **options: Any
) -> tuple[ImportReport | None, list[Found]]:
    """What an import said: its report, None where it refused the file, and row, field and code of every fault."""
    with FaultLog(None, "zh_CN") as log:
        try:
            if kind == "staff":
                report = import_staff(connection, path, log=log, **options)
            else:
                report = import_shifts(connection, path, log=log, **options)
        except LayerError as error:
            return None, [(fault.row, fault.field, fault.code) for fault in error.faults]
    return report, [(fault.row, fault.field, fault.code) for fault in log.first]


def counts(report: ImportReport | None) -> tuple[int, int, int, int, int]:
    assert report is not None
    return report.rows_read, report.added, report.changed, report.unchanged, report.skipped


def held(connection: Connection) -> list[tuple[Any, ...]]:
    """Every assignment: person, cell, kind, duty, days, place."""
    rows = connection.execute(
        text(
            "SELECT s.code, n.code, x.kind, x.duty, x.from_on, x.until_on, x.place FROM assignments x"
            " JOIN staff_members s ON s.id = x.staff_id JOIN area_numbers n ON n.no = x.cell_no"
            " ORDER BY s.code, n.code, x.duty, x.from_on"
        )
    )
    return [tuple(row) for row in rows]


def people(connection: Connection) -> dict[str, tuple[str, str | None]]:
    """Name and number of everybody by code."""
    rows = connection.execute(text("SELECT code, name, phone FROM staff_members"))
    return {row.code: (row.name, row.phone) for row in rows}


def planned(connection: Connection) -> list[tuple[Any, ...]]:
    """Every shift: person, unit, beginning and end in the district's time, whether they lead."""
    rows = connection.execute(
        text(
            "SELECT s.code, u.code, to_char(h.starts_at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI'),"
            " to_char(h.ends_at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI'), h.leads FROM shifts h"
            " JOIN staff_members s ON s.id = h.staff_id JOIN units u ON u.id = h.unit_id ORDER BY h.starts_at, s.code"
        )
    )
    return [tuple(row) for row in rows]


def actor_of(url: str, account_id: int) -> Actor:
    """Who an account is in a transaction, as the guard would say it."""
    with transaction(url) as connection:
        row = connection.execute(
            text("SELECT roles, CAST(territory AS text), units FROM account_view(:id)"), {"id": account_id}
        ).one()
    return Actor(account_id, tuple(row[0]), row[1], tuple(row[2]))

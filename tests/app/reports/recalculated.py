"""Workbooks as LibreOffice works them out: every formula again, whatever result was written beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import openpyxl
import pytest

TIMEOUT_S = 120
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
"""A profile that works out every formula again; LibreOffice trusts what is written beside them otherwise."""

Sheet = list[tuple[Any, ...]]


def soffice() -> str:
    """Path of LibreOffice; without one the test is skipped, or fails where it is required."""
    found = os.environ.get("PANLONG_SOFFICE") or shutil.which("soffice")
    if found is None:
        _go_without("no LibreOffice: apt install libreoffice-calc-nogui, or set PANLONG_SOFFICE")
    return str(found)


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("PANLONG_REQUIRE_OFFICE"):
        pytest.fail(reason)
    pytest.skip(reason)


def converted(paths: list[Path], ending: str, folder: Path) -> list[Path]:
    """Files in another format, all by one run of LibreOffice under a profile of its own.

    Parameters
    ----------
    ending
        Of the new files; a filter with its options may follow a colon.
    """
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    made = folder / "converted"
    command = [soffice(), "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", ending]
    done = subprocess.run(
        [*command, "--outdir", str(made), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    end = ending.partition(":")[0]
    # Of one sheet among several it puts the name behind the workbook's.
    found = [one for path in paths for one in sorted(made.glob(f"{path.stem}*.{end}"))]
    assert len(found) == len(paths), done.stdout + done.stderr
    return found


def numbers_of_workbook(path: Path, folder: Path | None = None) -> Mapping[str, Sheet]:
    """The values of every sheet, row by row, as LibreOffice works them out; none of them may be an error.

    Parameters
    ----------
    folder
        Where LibreOffice may write; beside the workbook where none is given.
    """
    (worked_out,) = converted([path], "xlsx", folder or path.parent)
    return values_of(worked_out)


def values_of(path: Path) -> dict[str, Sheet]:
    """The values that stand in a workbook; none of them may be an error."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    with closing(book), warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*extension is not supported", UserWarning)  # of data bars
        sheets = {sheet.title: list(sheet.iter_rows()) for sheet in book}
    wrong = [
        f"{title}!{cell.coordinate} {cell.value}"
        for title, rows in sheets.items()
        for row in rows
        for cell in row
        if cell.data_type == "e"
    ]
    assert not wrong, ", ".join(wrong)
    return {title: [tuple(cell.value for cell in row) for row in rows] for title, rows in sheets.items()}

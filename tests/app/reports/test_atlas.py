"""Sheets of a page each, and hundreds of them in one file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.errors import UnavailableError
from app.reports.rules.blocks import Words
from app.reports.rules.document import Report, Section
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.fonts import family
from app.reports.service.formats import atlas as room
from app.reports.service.formats.atlas import SheetCountError, atlas
from app.reports.service.formats.paper import pdf
from tests.app.reports.sample import FACTS, MAP, TABLE, report

COUNT = 5


class StoppedError(Exception):
    """Somebody wants it no longer."""


def sheet(number: int, *more: Words) -> Report:
    said = (FACTS, MAP, TABLE, *more)
    return report(kind="cell", title=f"第 {number} 网格", sections=(Section("sheet", "", said),))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[int]]]:
    """Five sheets in parts of two."""
    told: list[int] = []
    folder = tmp_path_factory.mktemp("atlas")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "PART", 2)
        sheets = (sheet(number) for number in range(1, COUNT + 1))
        (path,) = atlas(sheets, folder, "atlas", count=COUNT, title="网格图集", advance=told.append)
        yield path, told


def test_every_sheet_is_a_page_with_its_number_and_a_bookmark(made: tuple[Path, list[int]]) -> None:
    path, told = made
    found = PdfReader(path)
    said = ["".join(page.extract_text().split()) for page in found.pages]
    assert [f"第{n}网格" in text and f"第{n}页，共{COUNT}页" in text for n, text in enumerate(said, 1)] == [
        True
    ] * COUNT
    marks = [(mark.title, found.get_destination_page_number(mark)) for mark in found.outline]  # type: ignore[union-attr]
    assert marks == [(f"第 {n} 网格", n - 1) for n in range(1, COUNT + 1)]
    assert told == [2, 4, 5] and found.metadata is not None and found.metadata.title == "网格图集"


def test_nothing_else_is_left_and_the_same_sheets_are_the_same_bytes(made: tuple[Path, list[int]]) -> None:
    path, _ = made
    assert [one.name for one in path.parent.iterdir()] == ["atlas.pdf"]
    before = path.read_bytes()
    sheets = (sheet(number) for number in range(1, COUNT + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "PART", 2)
        patch.setattr(room, "PROCESSES", 1)
        atlas(sheets, path.parent, "atlas", count=COUNT, title="网格图集")
    assert path.read_bytes() == before


def test_what_stops_it_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped by who asked, a wrong count, a letter that no face has: each comes out as it is."""
    monkeypatch.setattr(room, "PART", 1)
    monkeypatch.setattr(room, "PROCESSES", 1)

    def stop(done: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        atlas((sheet(n) for n in range(9)), tmp_path, "a", count=9, title="x", advance=stop)
    with pytest.raises(SheetCountError):
        atlas([sheet(1)], tmp_path, "a", count=2, title="x")
    with pytest.raises(UnavailableError) as caught:
        atlas([sheet(1, Words("w", "\u0f02"))], tmp_path, "a", count=1, title="x")
    assert caught.value.code == "letters_missing" and caught.value.facts["count"] == 1
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_is_one_page_however_much_stands_on_it() -> None:
    one = sheet(1)
    many = tuple(replace(TABLE, code=str(at)) for at in range(14))
    full = replace(one, sections=(Section("sheet", "", (FACTS, MAP, *many)),))
    (page,) = PdfReader(io.BytesIO(pdf(full, family()))).pages
    assert page.extract_text().count("西一网格") >= 14


def test_its_index_is_no_sheet_and_as_long_as_it_has_to_be() -> None:
    """610 cells stand in a table over many pages, and are not made small until they fit on one."""
    columns = (
        Column("code", "代码", Kind.CODE),
        Column("name", "网格"),
        Column("reported", "上报", Kind.COUNT, total=True),
    )
    rows = tuple((f"530103001001{number:03}", f"网格{number}", number) for number in range(610))
    index = report(
        kind="atlas", sections=(Section("index", "网格索引", (Table("index", "全部网格", columns, rows),)),)
    )
    pages = PdfReader(io.BytesIO(pdf(index, family()))).pages
    assert len(pages) > 8
    assert "530103001001000" in pages[0].extract_text() and "530103001001609" in pages[-1].extract_text()

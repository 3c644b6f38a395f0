"""The same numbers on paper, in the workbook, on the page and in the interface: read back from each, to the digit."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdf
import pytest

from app.db import transaction
from app.evaluation.rules import COUNTED, INDICATORS
from app.files.store import FolderShelf
from app.grid.service import the_district
from app.postgres import Cluster
from app.reports.rules.document import Report, Section
from app.reports.rules.kinds import PERIODIC
from app.reports.rules.tabular import Table
from app.reports.service import shelving
from app.reports.service.asking import Wanted, plan
from app.reports.service.formats.sheets.leaf import HEAD
from app.reports.service.keeping import read
from app.reports.service.running import OPERATOR, carry_out
from app.reports.service.wording import shown
from app.reports.store import runs
from tests import casework
from tests.app.reports.parsed import numbers_of_page, totals_of_page
from tests.app.reports.recalculated import values_of
from tests.casework import SUBDISTRICT, Casework

pytestmark = pytest.mark.db
ZONE = "Asia/Shanghai"
SPACE = re.compile(r"[\s\u2009\u00ad]+")


@dataclass(frozen=True, slots=True)
class Made:
    """A report and its files."""

    work: Casework
    report: Report
    known_at: datetime
    pdf: bytes
    html: str
    xlsx: Path

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Every table with the section that it stands in."""
        for section, block in self.report.blocks():
            if isinstance(block, Table):
                yield section, block


@pytest.fixture(scope="module")
def made(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A month of the subdistrict: cases that were handled, one that was sent back, some that nobody has looked at."""
    folder = tmp_path_factory.mktemp("numbers")
    patch = pytest.MonkeyPatch()
    shelf = FolderShelf(folder / "shelf")
    patch.setattr(shelving, "the_shelf", lambda: shelf)
    with casework.cloned(cluster) as work:
        for step in range(4):
            case = work.report("supervisor")["case_id"]
            if step < 3:
                work.move(
                    "operator",
                    case,
                    "accept_register_dispatch",
                    condition="C01",
                    unit=work.unit("sanitation"),
                )
                work.move("sanitation", case, "acknowledge")
            if step < 2:
                work.move("sanitation", case, "give_feedback", evidence=[work.file("sanitation")])
            if step == 2:
                work.move("sanitation", case, "send_back", reason="x")
        known_at = datetime.now(UTC) + timedelta(minutes=1)
        wanted = Wanted(
            "monthly", SUBDISTRICT, f"{known_at + timedelta(hours=8):%Y-%m}", ("pdf", "html", "xlsx")
        )
        with transaction(work.url, actor=OPERATOR, read_only=True) as connection:
            planned = plan(connection, the_district(connection), wanted) | {"known_at": known_at}
        with transaction(work.url) as connection:
            run_id = runs.add(connection, **planned, client_id=uuid.uuid4(), account_id=None, queued=True)
            assert runs.begin(connection, run_id)
            record = runs.one(connection, run_id)
        assert record is not None
        carry_out(work.url, record)
        with transaction(work.url) as connection:
            report = read(next(iter(runs.documents(connection, run_id, 0))))
            files = {one["format"]: one["sha256"] for one in runs.files(connection, run_id, 0)}
        content = {}
        for form, sha256 in files.items():
            with shelf.open(shelving.name_of(sha256)) as stream:
                content[form] = stream.read()
        (folder / "month.xlsx").write_bytes(content["xlsx"])
        yield Made(work, report, known_at, content["pdf"], content["html"].decode(), folder / "month.xlsx")
    patch.undo()


def test_it_has_something_to_compare(made: Made) -> None:
    assert [one.code for one in made.report.sections] == list(PERIODIC)
    counts = {row[0]: row[2] for _, table in made.tables() if table.code == "counts" for row in table.rows}
    assert (counts["上报数"], counts["派遣数"], counts["处置数"], counts["退回数"]) == (4, 3, 2, 1)
    assert len(list(made.tables())) == 7


def test_the_interface_says_the_same(made: Made) -> None:
    """Every count and every share of the period, and of each community."""
    since, until = made.report.since_on, made.report.until_on
    asked = f"from={since}&to={until}&known_at={made.known_at.isoformat().replace('+', '%2B')}"
    client = made.work.client("head")
    (whole,) = client.get(f"/api/v1/evaluation/period?{asked}").get_json()["items"]
    tables = {f"{section.code}/{table.code}": table for section, table in made.tables()}
    counts = [row[2] for row in tables["indicators/counts"].rows]
    assert counts == [whole["counts"][name] for name in COUNTED]
    shares = [one for one in INDICATORS if one.is_share]
    for one, row in zip(shares, tables["indicators/shares"].rows, strict=True):
        assert (row[2], row[3]) == (one.above(whole["counts"]), one.below(whole["counts"]))
        told = whole["indicators"][one.code]
        assert row[4] == (None if told is None else pytest.approx(Fraction(row[2], row[3]))) and (
            told is None or round(float(row[4]), 6) == told
        )
    areas = client.get(f"/api/v1/evaluation/period?{asked}&of=area&level=community").get_json()["items"]
    table = tables["ranking/areas"]
    by_code = {row[table.place("code")]: row for row in table.rows}
    for area in areas:
        row = by_code[area["key"]]
        for name in ("reported", "handled", "late_open"):
            assert row[table.place(name)] == area["counts"][name]
    assert sum(area["counts"]["reported"] for area in areas) == 4


def test_the_page_says_the_same(made: Made) -> None:
    for section, table in made.tables():
        kept = [at for at, column in enumerate(table.columns) if not column.hidden]
        rows = numbers_of_page(made.html, section.code)[table.code]
        assert rows == [[plainly(row[at], table, at) for at in kept] for row in table.rows[: table.printed]]
        if table.totals is not None:
            last = totals_of_page(made.html, section.code)[table.code]
            numeric = [(place, at) for place, at in enumerate(kept) if table.columns[at].kind.numeric]
            assert [last[place] for place, _ in numeric[1:]] == [table.totals[at] for _, at in numeric[1:]]


def plainly(value: Any, table: Table, at: int) -> Any:
    """A value as a page holds it: numbers exactly, everything else in words."""
    kind = table.columns[at].kind
    return value if kind.numeric else shown(value, kind, ZONE)


def test_the_workbook_says_the_same(made: Made) -> None:
    """Each table is one sheet: its rows stand below its head, and what they add up to below them."""
    sheets = [sheet for sheet in values_of(made.xlsx).values() if len(sheet) >= HEAD]
    for _, table in made.tables():
        titles = tuple(column.title for column in table.columns)
        same = [sheet for sheet in sheets if sheet[HEAD - 1][: len(titles)] == titles and fits(sheet, table)]
        assert same, f"no sheet has the rows of {table.code}"


def fits(sheet: Any, table: Table) -> bool:
    wanted = [*table.rows, *([] if table.totals is None else [table.totals])]
    found = sheet[HEAD : HEAD + len(wanted)]
    return len(found) == len(wanted) and all(
        alike(cell, value)
        for line, row in zip(found, wanted, strict=True)
        for cell, value, column in zip(line, row, table.columns, strict=False)
        if column.kind.numeric and value is not None
    )


def alike(cell: Any, value: Any) -> bool:
    """A count to the last unit, a quotient as near as a workbook's numbers come."""
    if isinstance(value, int):
        return bool(cell == value)
    return isinstance(cell, int | float) and cell == pytest.approx(float(value), rel=1e-14, abs=0)


def test_paper_says_the_same(made: Made) -> None:
    """Each row stands in the text of the pages as it is read, number by number; and Chinese is text."""
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    text = SPACE.sub("", "".join(page.extract_text() for page in pages))
    assert made.report.title.replace(" ", "") in text
    text = text.replace("▲", "")
    for _, table in made.tables():
        kept = [(at, column) for at, column in enumerate(table.columns) if not column.hidden]
        runs_of_numbers = [
            list(run) for numeric, run in groupby(kept, key=lambda one: one[1].kind.numeric) if numeric
        ]
        for row in table.rows[: table.printed]:
            for run in runs_of_numbers:
                numbers = "".join(shown(row[at], column.kind, ZONE) for at, column in run)
                assert SPACE.sub("", numbers) in text, (table.code, row)

"""Tables of reference data from files and into files, against the real database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import text

from app.accounts.service.managing import CONSOLE
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.reference_tables import BY_NAME
from app.cases.rules.timing import Stage
from app.cases.service import add_reference_cases, starting_reference
from app.cases.service.timetable import timetable_of
from app.db import transaction
from app.interop.service.reference import ReferenceReport, export_reference, import_reference
from app.interop.service.report import FaultLog
from app.postgres import Cluster
from app.staffing.service import add_reference_units
from spatial.errors import LayerError
from tests import town
from tests.cli import Command
from tests.cluster import clone

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def place(cluster: Cluster) -> Iterator[str]:
    """The town with all that the files of reference data know."""
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            add_reference_units(connection, 1)
            add_reference_cases(connection, 1)
        yield url


def scalar(url: str, statement: str) -> object:
    with transaction(url, read_only=True) as connection:
        return connection.execute(text(statement)).scalar_one()


def take_in(url: str, table: str, content: str, folder: Path, *, dry_run: bool = False) -> ReferenceReport:
    path = folder / f"{table}.csv"
    path.write_text(content, encoding="utf-8")
    with FaultLog(None, "en") as log, transaction(url) as connection:
        return import_reference(connection, table, path, dry_run=dry_run, log=log, by=CONSOLE)


def test_an_import_tells_all_faults_and_writes_nothing(place: str, tmp_path: Path) -> None:
    before = scalar(place, "SELECT count(*) FROM stage_limits")
    rows = (
        "stage,urgent,amount,unit",
        "acceptance,no,0.5,working_hours",
        "check,maybe,soon,weeks",
        "lunch,no,1,working_hours",
    )
    content = "\n".join(rows)
    with pytest.raises(LayerError) as error:
        take_in(place, "stage_limits", content, tmp_path)
    found = {(fault.row, fault.field, fault.code) for fault in error.value.faults}
    assert found == {
        (2, "urgent", "reference_not_yes_no"),
        (2, "amount", "reference_not_fraction"),
        (2, "unit", "reference_not_choice"),
        (3, "stage", "reference_not_choice"),
    }
    assert scalar(place, "SELECT count(*) FROM stage_limits") == before


def test_an_import_says_what_it_would_do_and_does_it(place: str, tmp_path: Path) -> None:
    today = date.fromisoformat(str(scalar(place, "SELECT district_today(1)")))
    day = today + timedelta(days=10)
    content = (
        "种类,用于,文字,起始日,失效日\n"
        "decline_reason,,已转交相邻区,,\n"
        f"decline_reason,,现场未发现,2000-01-01,{day}\n"
        "return_reason,,需先确权,,\n"
    )
    before = scalar(place, "SELECT count(*) FROM phrases")
    tried = take_in(place, "phrases", content, tmp_path, dry_run=True)
    assert (tried.report.added, tried.ended, tried.report.unchanged) == (1, 1, 1)
    assert scalar(place, "SELECT count(*) FROM phrases") == before
    done = take_in(place, "phrases", content, tmp_path)
    assert [step.fate for step in done.steps] == [step.fate for step in tried.steps]
    assert scalar(place, "SELECT count(*) FROM phrases") == before + 1
    assert scalar(place, "SELECT valid_to_on FROM phrases WHERE text = '现场未发现'") == day


@pytest.mark.parametrize(("head", "cell"), [("", ""), (",inner_check", ","), (",inner_check", ",no")])
def test_a_yes_or_no_that_is_not_given_is_no(place: str, tmp_path: Path, head: str, cell: str) -> None:
    code = f"new{len(head)}{len(cell)}"
    content = f"code,name,kind{head}\n{code},新部门,department{cell}\n"
    assert take_in(place, "units", content, tmp_path).report.added == 1
    assert scalar(place, f"SELECT inner_check FROM units WHERE code = '{code}'") is False
    again = take_in(place, "units", content, tmp_path)
    assert again.report.unchanged == 1


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_what_is_taken_out_comes_in_unchanged(place: str, name: str, tmp_path: Path) -> None:
    with transaction(place) as connection:
        content = export_reference(connection, name, by=CONSOLE)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(next(csv.reader([content.decode("utf-8-sig").splitlines()[0]]))) == BY_NAME[name].headings
    if not rows:
        return
    found = take_in(place, name, content.decode("utf-8-sig"), tmp_path)
    assert found.steps == () and found.report.unchanged == len(rows)


def test_by_the_command_line(database: str, panlong: Command, tmp_path: Path) -> None:
    """Taken out, changed, tried, taken in; faults end with the status of bad input."""
    town.build(database)
    with transaction(database) as connection:
        starting_reference.add(connection, 1)
    file = tmp_path / "stage_limits.csv"
    assert panlong("export", "reference", "stage_limits", file, lang="en").status == 0
    content = file.read_text(encoding="utf-8-sig")
    file.write_text(content.replace("check,no,4,", "check,no,6,"), encoding="utf-8")
    count = "SELECT count(*) FROM stage_limits"
    tried = panlong("import", "reference", "stage_limits", file, "--dry-run", lang="en")
    assert tried.status == 0 and "Changed: check no" in tried.text
    with transaction(database, read_only=True) as connection:
        assert connection.execute(text(count)).scalar_one() == 10
    assert panlong("import", "reference", "stage_limits", file, lang="en").status == 0
    with transaction(database, read_only=True) as connection:
        assert connection.execute(text(count)).scalar_one() == 11
        table = timetable_of(connection, 1).on(datetime.now().astimezone())
        assert table.limits[Stage.CHECK, False] == Limit(Fraction(6), LimitUnit.WORKING_HOURS)
    file.write_text("stage,urgent,amount,unit\nlunch,no,1,working_hours\n", encoding="utf-8")
    assert panlong("import", "reference", "stage_limits", file, lang="en").status == 2
    assert panlong("import", "reference", "passwords", file).status == 2

"""Rosters from files: people to their cells and shifts to their desks; all faults at once, and nothing half written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.accounts.rules import Role
from app.db import transaction
from app.errors import ConflictError
from app.interop.rules import SHIFT_FIELDS, STAFF_FIELDS
from app.interop.service.report import FaultLog, sentence
from app.interop.service.staff import import_staff
from app.postgres import Cluster
from app.staffing import store
from app.web.i18n import LOCALES, translate
from spatial.errors import LayerError, SourceError
from spatial.layers import resolve
from spatial.readers import SourceOptions
from tests import town
from tests.cli import Command
from tests.cluster import clone
from tests.db.roster import (
    EAST,
    SHIFTS,
    STAFF,
    A,
    B,
    actor_of,
    counts,
    csv_of,
    held,
    people,
    planned,
    take_in,
    workbook,
)
from tests.people import Person, employ

pytestmark = pytest.mark.db

HELD, ANN = ("W0", "在岗甲"), ("W1", "安")
CELL_C = town.cell(0, 1)
DESK = "command_centre"


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    """The town with a head in the west, a duty officer over all, and an officer in cell A since the new year."""
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            add(connection, *HELD, cell=A)
            add(connection, "W-EAST", "东边人", cell=EAST)
        yield url


@pytest.fixture(scope="module")
def head(built: str) -> Person:
    return employ(built, Role.SUBCENTRE_HEAD, town.subdistrict("a"), username="head-west")


@pytest.fixture
def owner(built: str) -> Iterator[Connection]:
    """The platform itself; what it writes is taken back."""
    with transaction(built) as connection:
        yield connection
        connection.get_transaction().rollback()  # type: ignore[union-attr]


@pytest.fixture
def west(built: str, head: Person) -> Iterator[Connection]:
    """The head of the west, behind the wall; what is written is taken back."""
    with transaction(built, actor=actor_of(built, head.account_id)) as connection:
        yield connection
        connection.get_transaction().rollback()  # type: ignore[union-attr]


def add(connection: Connection, code: str, name: str, cell: str | None = None) -> int:
    staff_id = store.add_staff(connection, district_id=1, code=code, name=name)
    if cell is not None:
        connection.execute(
            text("INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on) SELECT :staff, no, 'full_time',"
                 " 'grid_officer', DATE '2026-01-01' FROM area_numbers WHERE code = :cell"),
            {"staff": staff_id, "cell": cell},
        )  # fmt: skip
    return staff_id


def today(connection: Connection) -> date:
    return store.today(connection)


def test_a_good_file(owner: Connection, tmp_path: Path) -> None:
    rows = [
        [*ANN, "138-0013 8000", B, "网格员", None, datetime(2026, 11, 25), "2027/1/31"],
        ["W2", "波", None, int(CELL_C), "楼栋长（户长）", "3栋、4栋", "2026年11月25日", None],
        ["W2", "波", "0871 6543210", CELL_C, "volunteer", None, None, None],
        [HELD[0], "改名", "13900139000", A, "网格员", None, "2026-01-01", None],
        [None] * 8,
    ]
    report, faults = take_in(owner, workbook(tmp_path / "a.xlsx", rows))
    assert not faults
    assert counts(report) == (4, 3, 1, 0, 0)
    assert report is not None
    assert dict(report.notes) == {"people_entered": {"count": 2}, "people_changed": {"count": 1}}
    begin = date(2026, 11, 25)
    assert [row for row in held(owner) if row[0] in {"W1", "W2"}] == [
        ("W1", B, "full_time", "grid_officer", begin, date(2027, 2, 1), None),
        ("W2", CELL_C, "part_time", "building_head", begin, None, "3栋、4栋"),
        ("W2", CELL_C, "part_time", "volunteer", today(owner), None, None),
    ]
    known = people(owner)
    assert known["W1"] == ("安", "138-0013 8000")
    assert known["W2"] == ("波", "0871 6543210")
    assert known["W0"] == ("改名", "13900139000")


def test_once_more_changes_nothing(owner: Connection, tmp_path: Path) -> None:
    rows = [
        [*ANN, "12345678", B, "网格员", None, "2026-11-25", "2027-01-31"],
        ["W2", "波", None, B, "志愿者", "院1"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert counts(take_in(owner, path)[0]) == (2, 2, 0, 0, 0)
    before = held(owner), people(owner)
    assert counts(take_in(owner, path)[0]) == (2, 0, 0, 2, 0)
    assert (held(owner), people(owner)) == before
    owner.execute(text("UPDATE assignments SET from_on = from_on - 30 WHERE duty = 'volunteer'"))
    assert counts(take_in(owner, path)[0]) == (2, 0, 0, 2, 0), (
        "an undated row is the one that is in force today"
    )
    rows[1][5] = "院2"
    rows[0][2] = None
    assert counts(take_in(owner, workbook(path, rows))[0]) == (2, 0, 1, 1, 0)
    assert people(owner)["W1"] == ("安", "12345678"), "a number is not taken away by an empty cell"
    assert [row[6] for row in held(owner) if row[3] == "volunteer"] == ["院2"]


FAULTY: list[tuple[list[Any], list[tuple[str | None, str]]]] = [
    ([None, "无号", None, B, "志愿者"], [("工号", "value_missing")]),
    (["X2", "二", None, "530199999999999", "志愿者"], [("网格编码", "cell_unknown")]),
    (["X3", "三", None, "5.30199E+14", "志愿者"], [("网格编码", "cell_code_invalid")]),
    (["X4", "四", "call me", B, "皇帝"], [("电话", "phone_invalid"), ("职责", "duty_unknown")]),
    (["X5", "五", None, B, "志愿者", None, "2026-02-30"], [("起", "day_invalid")]),
    (["X6", "六", None, B, "志愿者", None, "2026-11-25", "2026-11-24"], [("至", "until_before_from")]),
    (["X7", "七", None, B, "志愿者", "楼" * 81], [("楼栋或庭院", "text_too_long")]),
    (["X8", "八", None, B, "志愿者"], []),
    (["X8", "捌", None, B, "部门"], [("姓名", "person_two_names")]),
    (["X8", "八", None, B, "志愿者"], [("工号", "row_twice")]),
    (["X9", "九", None, A, "网格员"], [("网格编码", "cell_has_officer")]),
    (["X10", "十", None, B, "网格员", None, "2026-11-01"], []),
    (["X11", "十一", None, B, "网格员", None, "2026-12-01"], [("网格编码", "cell_two_officers")]),
    (["X10", "十", None, CELL_C, "网格员", None, "2026-12-01"], [("工号", "officer_two_cells")]),
    ([*HELD, None, CELL_C, "网格员"], [("工号", "officer_has_cell")]),
    (["X8", "八", None, B, "志愿者", None, "2026-01-01"], [("网格编码", "assignment_overlaps_row")]),
    ([*HELD, None, A, "网格员", None, "2026-05-01"], [("网格编码", "assignment_overlaps")]),
]  # fmt: skip
EXPECTED = [(i, field, code) for i, (_, faults) in enumerate(FAULTY, 1) for field, code in faults]


def test_every_fault_at_once(owner: Connection, tmp_path: Path) -> None:
    before = held(owner), people(owner)
    path = workbook(tmp_path / "a.xlsx", [row for row, _ in FAULTY])
    report, faults = take_in(owner, path)
    assert report is None
    assert faults == EXPECTED
    assert (held(owner), people(owner)) == before
    with FaultLog(None, "en") as log, pytest.raises(LayerError) as refused:
        import_staff(owner, path, log=log)
    taken = next(fault for fault in refused.value.faults if fault.code == "cell_has_officer")
    assert taken.facts["name"] == HELD[1]
    assert str(taken.facts["since"]) == "2026-01-01"
    for locale in LOCALES:
        said = [sentence(locale, fault) for fault in refused.value.faults]
        assert not [text for text in said if text.startswith("fault.") or "{" in text]


def test_bad_rows_are_left_out(owner: Connection, tmp_path: Path) -> None:
    bad = {row for row, _, _ in EXPECTED}
    report, faults = take_in(owner, workbook(tmp_path / "a.xlsx", [row for row, _ in FAULTY]), skip_bad=True)
    assert faults == EXPECTED
    assert counts(report) == (len(FAULTY), len(FAULTY) - len(bad), 0, 0, len(bad))
    assert {code for code in people(owner) if code.startswith("X")} == {"X8", "X10"}
    assert [row[3] for row in held(owner) if row[0] == "X8"] == ["volunteer"]


def test_a_row_that_is_left_out_is_in_nobodys_way(owner: Connection, tmp_path: Path) -> None:
    rows = [["X1", "一", "no number", B, "网格员"], ["X2", "二", None, B, "网格员"]]
    path = workbook(tmp_path / "a.xlsx", rows)
    assert take_in(owner, path)[1] == [(1, "电话", "phone_invalid"), (2, "网格编码", "cell_two_officers")]
    report, faults = take_in(owner, path, skip_bad=True)
    assert faults == [(1, "电话", "phone_invalid")]
    assert counts(report) == (2, 1, 0, 0, 1)


def test_one_after_the_other_is_no_conflict(owner: Connection, tmp_path: Path) -> None:
    rows = [
        ["X1", "一", None, B, "网格员", None, "2026-11-01", "2026-11-30"],
        ["X2", "二", None, B, "网格员", None, "2026-12-01", None],
        ["X1", "一", None, CELL_C, "网格员", None, "2026-12-01", None],
    ]
    assert counts(take_in(owner, workbook(tmp_path / "a.xlsx", rows))[0]) == (3, 3, 0, 0, 0)


def test_only_checked(owner: Connection, tmp_path: Path) -> None:
    before = held(owner), people(owner)
    path = workbook(tmp_path / "a.xlsx", [[*ANN, None, B, "网格员"], [HELD[0], "改名", None, A, "网格员"]])
    report, _ = take_in(owner, path, dry_run=True)
    assert counts(report) == (2, 1, 1, 0, 0)
    assert (held(owner), people(owner)) == before


def test_other_words_and_gbk(owner: Connection, tmp_path: Path) -> None:
    header = ("人员编号", "NAME", "手机号码", "Cell Code", "岗", "至")
    rows = [
        ["Ｗ7", "燕", "１３８００１３８０００", B, "ｖｏｌｕｎｔｅｅｒ", "2027.1.5"],
        ["", "", "", "", "", ""],
    ]
    path = csv_of(tmp_path / "gbk.csv", rows, header, "gbk")
    with pytest.raises(SourceError) as missing:
        take_in(owner, path)
    assert missing.value.facts["missing"] == "duty"
    report, faults = take_in(owner, path, source=SourceOptions(fields={"duty": "岗"}))
    assert not faults
    assert counts(report) == (1, 1, 0, 0, 0)
    assert report is not None
    assert "encoding_detected" in dict(report.notes)
    assert people(owner)["Ｗ7"] == ("燕", "13800138000")
    assert held(owner)[-1][5] == date(2027, 1, 6)


def test_too_many_and_none(owner: Connection, tmp_path: Path) -> None:
    assert take_in(owner, csv_of(tmp_path / "n.csv", []))[1] == [(None, None, "rows_none")]
    rows = [["a", "b", "", B, "志愿者", "", "", ""]] * 50_001
    assert take_in(owner, csv_of(tmp_path / "m.csv", rows))[1] == [(None, None, "rows_too_many")]


def test_the_wall(west: Connection, built: str, head: Person, tmp_path: Path) -> None:
    """Cells and people outside the territory are not found; a code that is taken there is a fault and no accident."""
    rows = [
        ["N1", "新人", None, B, "网格员"],
        ["N2", "新人二", None, EAST, "志愿者"],
        ["W-EAST", "东边人", None, B, "志愿者"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    report, faults = take_in(west, path, entered_by=head.account_id)
    assert report is None
    assert faults == [(2, "网格编码", "cell_unknown"), (3, "工号", "person_elsewhere")]
    with transaction(built) as connection:
        assert not {"N1", "N2"} & set(people(connection))
    report, _ = take_in(west, path, entered_by=head.account_id, skip_bad=True)
    assert counts(report) == (3, 1, 0, 0, 2)
    assert [row[:2] for row in held(west) if row[0] == "N1"] == [("N1", B)]
    assert counts(take_in(west, path, entered_by=head.account_id, skip_bad=True)[0]) == (3, 0, 0, 1, 2)
    assert west.execute(text("SELECT current_user")).scalar_one() == "panlong_app"


def test_who_knows_the_whole_map_still_has_one_territory(built: str, head: Person, tmp_path: Path) -> None:
    """Who serves a unit too sees every cell of the map, and gives away none beyond the territory."""
    actor = replace(actor_of(built, head.account_id), units=(1,))
    with transaction(built, actor=actor) as connection:
        path = workbook(tmp_path / "a.xlsx", [["N4", "新人四", None, EAST, "志愿者"]])
        assert take_in(connection, path, entered_by=head.account_id)[1] == [(1, "网格编码", "cell_unknown")]


def test_what_cannot_be_seen_is_no_accident(built: str, head: Person, tmp_path: Path) -> None:
    """An officer of the east who also helps in the west: the head there does not see the first cell."""
    with transaction(built, actor=actor_of(built, head.account_id)) as connection:
        path = workbook(tmp_path / "a.xlsx", [["Q1", "帮手", None, B, "志愿者", None, "2026-01-01"]])
        take_in(connection, path, entered_by=head.account_id)
    with transaction(built) as connection:
        take_in(connection, workbook(path, [["Q1", "帮手", None, town.cell(2, 2), "网格员"]]))
    rows = [["N3", "新人三", None, B, "志愿者"], ["Q1", "帮手", None, B, "网格员"]]
    with (
        pytest.raises(ConflictError) as refused,
        transaction(built, actor=actor_of(built, head.account_id)) as connection,
    ):
        take_in(connection, workbook(path, rows), entered_by=head.account_id)
    assert (refused.value.code, refused.value.facts) == ("roster_outrun", {"rows": "2"})
    with transaction(built) as connection:
        assert "N3" not in people(connection)


def test_another_session_is_quicker(database: str, tmp_path: Path) -> None:
    """The other one has not committed when the file is checked, and has when it is written: told, not an accident."""
    town.build(database)
    path = workbook(tmp_path / "a.xlsx", [["P1", "一", None, A, "志愿者"], ["P2", "二", None, A, "网格员"]])

    def second() -> str:
        with transaction(database, timeout_s=30) as connection:
            take_in(connection, path)
        return "written"

    with ThreadPoolExecutor(1) as pool, transaction(database) as connection:
        add(connection, "OTHER", "别人", cell=A)
        running = pool.submit(second)
        while not waiting(database):
            assert not running.done()
        connection.commit()
        with pytest.raises(ConflictError) as refused:
            running.result(30)
    assert (refused.value.code, refused.value.facts) == ("roster_outrun", {"rows": "2"})
    with transaction(database) as connection:
        assert set(people(connection)) == {"OTHER"}


def waiting(url: str) -> bool:
    with transaction(url) as connection:
        statement = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
        return bool(connection.execute(text(statement)).scalar_one())


def test_shifts(owner: Connection, tmp_path: Path) -> None:
    add(owner, *ANN)
    rows = [
        ["指挥中心", "W0", datetime(2026, 11, 25), "20:00", "08:00", "是"],
        [DESK, "W1", "2026-11-25", "8:00", "20：00", "no"],
        [DESK, "W1", "2026/11/26", "00:00", "24:00", None],
        [DESK, "W0", "2026年11月26日", "08:00", "08:00", 0],
        [DESK, "W1", "2026-11-28", "20:00", "02:00", 1, "2026-11-30"],
    ]
    path = workbook(tmp_path / "s.xlsx", rows, SHIFTS)
    report, faults = take_in(owner, path, kind="shifts")
    assert not faults
    assert counts(report) == (5, 5, 0, 0, 0)
    assert planned(owner) == [
        ("W1", DESK, "11-25 08:00", "11-25 20:00", False),
        ("W0", DESK, "11-25 20:00", "11-26 08:00", True),
        ("W1", DESK, "11-26 00:00", "11-27 00:00", False),
        ("W0", DESK, "11-26 08:00", "11-27 08:00", False),
        ("W1", DESK, "11-28 20:00", "11-30 02:00", True),
    ]
    assert counts(take_in(owner, path, kind="shifts")[0]) == (5, 0, 0, 5, 0)
    rows[1][5] = "yes"
    assert counts(take_in(owner, workbook(path, rows, SHIFTS), kind="shifts")[0]) == (5, 0, 1, 4, 0)
    assert planned(owner)[0][4] is True


def test_every_fault_of_shifts(owner: Connection, tmp_path: Path) -> None:
    staff_id = add(owner, *ANN)
    owner.execute(text("INSERT INTO leaves (staff_id, from_on, until_on) VALUES (:s, '2026-12-01', '2026-12-03')"),
                  {"s": staff_id})  # fmt: skip
    take_in(owner, workbook(tmp_path / "s.xlsx", [[DESK, "W0", "2026-11-25", "20:00", "08:00"]], SHIFTS[:5]),
            kind="shifts")  # fmt: skip
    rows: list[tuple[list[Any], list[tuple[str, str]]]] = [
        (["无此单位", "W1", "2026-11-25", "08:00", "20:00"], [("单位", "unit_unknown")]),
        ([DESK, "NOBODY", "2026-11-25", "08:00", "20:00"], [("工号", "person_unknown")]),
        ([DESK, "W1", "2026-11-25", "25:00", "8点"], [("起", "clock_invalid"), ("止", "clock_invalid")]),
        ([DESK, "W1", "2026-11-25", "08:00", "20:01", "也许", "2026-11-26"],
         [("带班", "yes_no_invalid"), ("止", "shift_too_long")]),
        ([DESK, "W1", "2026-11-25", "08:00", "07:00", None, "2026-11-25"], [("止", "shift_reversed")]),
        ([DESK, "W1", "2026-11-25", "20:00", "04:00"], []),
        ([DESK, "W1", "2026-11-26", "03:59", "05:00"], [("工号", "shift_overlaps_row")]),
        ([DESK, "W1", "2026-11-26", "04:00", "05:00"], []),
        ([DESK, "W1", "2026-11-26", "04:00", "05:00"], [("工号", "row_twice")]),
        ([DESK, "W0", "2026-11-26", "07:00", "09:00"], [("工号", "shift_overlaps")]),
        ([DESK, "W1", "2026-12-02", "08:00", "09:00"], [("工号", "person_on_leave")]),
        ([DESK, "W1", "2026-12-03", "08:00", "09:00"], []),
        ([None, "W1", "someday", "08:00", "09:00"], [("单位", "value_missing"), ("日期", "day_invalid")]),
    ]  # fmt: skip
    before = planned(owner)
    report, faults = take_in(
        owner, workbook(tmp_path / "s.xlsx", [r for r, _ in rows], SHIFTS), kind="shifts"
    )
    assert report is None
    assert faults == [(i, field, code) for i, (_, bad) in enumerate(rows, 1) for field, code in bad]
    assert planned(owner) == before
    report, _ = take_in(owner, tmp_path / "s.xlsx", kind="shifts", skip_bad=True)
    assert counts(report) == (13, 3, 0, 0, 10)


def test_the_clocks_go_back(database: str, tmp_path: Path) -> None:
    town.build(database)
    with transaction(database) as connection:
        connection.execute(text("UPDATE districts SET timezone = 'Europe/Berlin'"))
        add(connection, *ANN)
        path = workbook(tmp_path / "s.xlsx", [[DESK, "W1", "2026-10-24", "22:00", "06:00"]], SHIFTS[:5])
        take_in(connection, path, kind="shifts")
        row = connection.execute(text("SELECT starts_at, ends_at FROM shifts")).one()
    assert row.ends_at - row.starts_at == timedelta(hours=9)


def test_shifts_behind_the_wall(west: Connection, tmp_path: Path) -> None:
    desk, other = (f"sub_centre_{town.subdistrict(letter)}" for letter in "ab")
    rows = [
        [desk, "W0", "2026-11-25", "08:00", "20:00"],
        [other, "W0", "2026-11-26", "08:00", "20:00"],
        [desk, "W-EAST", "2026-11-26", "08:00", "20:00"],
        ["sanitation", "W0", "2026-11-27", "08:00", "20:00"],
    ]
    report, faults = take_in(
        west, workbook(tmp_path / "s.xlsx", rows, SHIFTS[:5]), kind="shifts", skip_bad=True
    )
    assert faults == [(2, "单位", "unit_unknown"), (3, "工号", "person_unknown"), (4, "单位", "unit_unknown")]
    assert counts(report) == (4, 1, 0, 0, 3)


def test_the_command_line(panlong: Command, database: str, tmp_path: Path) -> None:
    town.build(database)
    path = csv_of(tmp_path / "a.csv", [[*ANN, "", B, "网格员"], ["W2", "波", "?", B, "志愿者"]], STAFF[:5])
    said = panlong("import", "staff", path, "--errors", tmp_path / "errors.csv")
    assert said.status == 2
    assert "第 2 行" in said.text
    assert "phone_invalid" in (tmp_path / "errors.csv").read_text("utf-8-sig")
    assert panlong("import", "staff", path, "--skip-bad", "--dry-run").status == 0
    with transaction(database) as connection:
        assert not people(connection)
    said = panlong("import", "staff", path, "--skip-bad", lang="en")
    assert said.status == 0, said.text
    rows = [[DESK, "W1", "2026-11-25", "08:00", "20:00"]]
    path = csv_of(tmp_path / "s.csv", rows, ("desk", *SHIFTS[1:5]))
    assert panlong("import", "shifts", path).status == 2
    assert panlong("import", "shifts", path, "--map", "unit=desk").status == 0
    with transaction(database) as connection:
        assert set(people(connection)) == {"W1"}
        assert len(planned(connection)) == 1
        logged = connection.execute(text("SELECT account_name, facts FROM access_log ORDER BY no")).all()
    assert [row.account_name for row in logged] == ["console", "console"]
    assert logged[0].facts == {"kind": "staff", "file": "a.csv", "rows": 2, "added": 1, "changed": 0}


@pytest.mark.parametrize("locale", LOCALES)
def test_headings_of_the_blank_forms_are_known(locale: str) -> None:
    for kind, known in (("staff", STAFF_FIELDS), ("shifts", SHIFT_FIELDS)):
        headings = {name: translate(locale, f"import.{kind}_{name}") for name in known}
        assert resolve(list(headings.values()), known, list(known), {}) == headings

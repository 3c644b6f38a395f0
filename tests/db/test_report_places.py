"""Signs, sheets of cells and selections: what stands on them, when a sign is out of date, and whose they are not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from app.accounts import store as accounts
from app.db import transaction
from app.errors import InvalidError, NotFoundError
from app.evaluation.rules import Of
from app.evaluation.rules.indicators import BY_CODE
from app.evaluation.store import Question, counted
from app.grid.service import the_district
from app.postgres import Cluster
from app.reports.rules.blocks import Figures, Words
from app.reports.rules.document import Section
from app.reports.rules.kinds import ReportKind
from app.reports.rules.maps import Marks
from app.reports.rules.tabular import Table
from app.reports.service import reprinting, running
from app.reports.service.asking import Wanted, plan
from app.reports.service.context import Context
from app.reports.service.making import context_of, make
from app.reports.service.sections import cell, selection, sign
from app.reports.store import runs
from app.staffing.service import sub_centre_code
from tests import casework, registered, staffed, town
from tests.casework import AREA, SUBDISTRICT, Casework
from tests.registered import Registered
from tests.reported import TODAY, blocks, context, facts, figures, rows, words
from tests.reporting import written_plainly

pytestmark = pytest.mark.db

QUIET = town.cell(1, 3)
"""A cell of the same subdistrict whose case is taken away here."""

ELSEWHERE = town.cell(3, 0)
KIND = ReportKind.CELL


@pytest.fixture(scope="module")
def town_told(cluster: Cluster) -> Iterator[tuple[Casework, Registered]]:
    with casework.cloned(cluster) as made:
        staffed.staff(made.url)
        elements = registered.register(made.url)
        of_quiet = "(SELECT c.id FROM cases c JOIN areas a ON a.id = c.cell_id WHERE a.code = :code)"
        with transaction(made.url) as connection:
            connection.execute(text(f"DELETE FROM relations WHERE case_id IN {of_quiet}"), {"code": QUIET})
            connection.execute(text(f"DELETE FROM cases WHERE id IN {of_quiet}"), {"code": QUIET})
            connection.execute(
                text("UPDATE units SET day_phone = '0871-65550100' WHERE code = :code"),
                {"code": sub_centre_code(SUBDISTRICT)},
            )
        for _ in range(2):
            case = int(made.report("operator")["case_id"])
            made.move(
                "operator", case, "accept_register_dispatch", condition="C01", unit=made.unit("sanitation")
            )
        made.move("sanitation", case, "acknowledge", crew=made.account("crew"))
        made.move("crew", case, "give_feedback", evidence=[made.file("crew")])
        yield made, elements


@pytest.fixture
def work(town_told: tuple[Casework, Registered]) -> Casework:
    return town_told[0]


@pytest.fixture
def elements(town_told: tuple[Casework, Registered]) -> Registered:
    return town_told[1]


def built(work: Casework, who: str, kind: ReportKind, subject: str = "", **other: Any) -> tuple[Section, ...]:
    build = {ReportKind.SIGN: sign.build, ReportKind.SELECTION: selection.build}.get(kind, cell.build)
    with context(work, who, kind, subject, **other) as made:
        return build(made)


def atlas(context: Context, **other: Any) -> tuple[Section, ...]:
    return tuple(cell.sheets(replace(context, kind=ReportKind.ATLAS, **other)))


def test_a_sign_names_posts_and_service_telephones_and_no_own_numbers(work: Casework) -> None:
    found = built(work, "head", ReportKind.SIGN, AREA)
    by = blocks(found)
    holders = {fact.title: fact.value for fact in by["people/people"].facts}
    assert f"ref-{AREA}" in holders.values() and f"网格员 · ref-{AREA}" in holders
    assert any("0871-65550100" in str(value) for value in holders.values())
    assert "13900000000" not in words(found) and facts(by["people/desks"])["hotline"] == "12345"
    link = urlsplit(by["people/report"].content)
    lon, lat = (float(parse_qs(link.query)[name][0]) for name in ("lon", "lat"))
    assert link.path == "/cases/new" and (lon, lat) == pytest.approx(town.centre(AREA), abs=0.005)
    assert work.client("resident").get(f"{link.path}?{link.query}").status_code == 200
    for who, subject in (("neighbour", AREA), ("head", "nowhere"), ("head", "999999999")):
        with pytest.raises(NotFoundError, match="sign_place_missing"):
            built(work, who, ReportKind.SIGN, subject)


def test_a_sign_of_a_building_is_marked_on_its_map(work: Casework, elements: Registered) -> None:
    place = registered.CELLS.index(AREA)
    found = blocks(built(work, "head", ReportKind.SIGN, str(elements.buildings[place])))
    mark = next(layer for layer in found["people/place_map"].layers if isinstance(layer, Marks))
    assert mark.places[0] == pytest.approx(town.centre(AREA)) and mark.names == (f"ref-{AREA}",)
    with pytest.raises(NotFoundError, match="sign_place_missing"):
        built(work, "head", ReportKind.SIGN, str(elements.flats[2 * place]))


def test_a_printed_sign_is_out_of_date_as_soon_as_a_post_changes(work: Casework) -> None:
    def outdated(printed: dict[str, str]) -> list[str]:
        with context(work, "head", ReportKind.SIGN) as made:
            return sign.outdated(made, printed)

    with context(work, "head", ReportKind.SIGN) as made:
        printed = sign.fingerprints(made, [AREA, QUIET, ELSEWHERE])
    assert set(printed) == {AREA, QUIET} and outdated(printed) == []
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE staff_members SET name = '新人' WHERE code = :code"), {"code": f"ref-{QUIET}"}
        )
    assert outdated(printed) == [QUIET]
    assert outdated({**printed, "gone": "0" * 64}) == [QUIET, "gone"]


def test_a_sheet_tells_a_cell_by_the_definitions_of_the_evaluation(
    work: Casework, elements: Registered
) -> None:
    found = built(work, "duty", KIND, AREA)
    by = blocks(found)
    said = facts(by["sheet/ground"])
    assert (said["code"], said["households"], said["buildings"], said["objects"]) == (AREA, 500, 1, 1)
    assert said["persons"] == "少于 5 人", "three people live there"
    this, before = rows(by["sheet/periods"])
    with context(work, "duty", KIND, AREA) as made:
        question = Question(made.district_id, Of.AREA, made.since, made.until, made.known_at, level="cell")
        counts = next(one.counts for one in counted(made.connection, question, limit=99) if one.key == AREA)
    rate = BY_CODE["on_time_handling_rate"]
    assert (this["reported"], this["handled"]) == (counts["reported"], counts["handled"]) and this[
        "handled"
    ] == 1
    assert this["on_time_handling_rate"] == rate.value(counts) == Fraction(1, 1)
    assert (before["reported"], before["closure_rate"]) == (0, None)
    standing = figures(by["sheet/standing"])
    assert standing["open"] == work.scalar(
        "SELECT count(*) FROM cases c JOIN areas a ON a.id = c.cell_id WHERE a.code = :code AND open_state(c.state)",
        code=AREA,
    )
    assert "暴露垃圾" in by["sheet/often"].text or "2" in by["sheet/often"].text


def test_a_cell_without_cases_says_so(work: Casework) -> None:
    by = blocks(built(work, "duty", KIND, QUIET))
    assert isinstance(by["sheet/quiet"], Words) and not any(isinstance(one, Figures) for one in by.values())
    english = words(built(work, "duty", KIND, QUIET, locale="en"))
    assert "There were no cases" in english and f"name-{QUIET}" in english


def test_overdue_cases_are_listed_and_marked(work: Casework) -> None:
    with context(work, "duty", KIND, AREA) as made:
        later = replace(made, known_at=made.known_at + timedelta(days=60))
        by = blocks(cell.build(later))
    late = rows(by["sheet/overdue"])
    assert 0 < len(late) <= cell.MOST_OVERDUE
    assert [row["due"] for row in late] == sorted(row["due"] for row in late)
    assert figures(by["sheet/standing"])["overdue"] >= len(late)
    assert any(isinstance(layer, Marks) and layer.late for layer in by["sheet/place"].layers)


def test_an_atlas_has_a_sheet_of_each_cell_of_its_scope_and_of_no_other(
    work: Casework, elements: Registered
) -> None:
    with context(work, "duty", KIND) as made:
        whole = atlas(made)
        alone = cell.build(replace(made, subject=AREA))
    assert [one.code for one in whole] == [f"sheet-{code}" for code in sorted(town.CELLS)]
    assert all(one.fresh for one in whole)
    same = next(one for one in whole if one.code == f"sheet-{AREA}")
    assert same.blocks == alone[0].blocks, "a sheet says the same, alone or in an atlas"
    with context(work, "head", KIND) as made:
        assert {one.code[6:15] for one in atlas(made)} == {SUBDISTRICT}
        with pytest.raises(NotFoundError, match="cell_missing"):
            cell.build(replace(made, subject=ELSEWHERE))


def test_a_selection_is_what_the_console_shows(work: Casework) -> None:
    query = "state=open&area={}".format(
        work.scalar("SELECT id FROM areas WHERE code = :code", code=SUBDISTRICT)
    )
    shown = work.client("duty").get(f"/api/v1/view?{query}").get_json()
    by = blocks(built(work, "duty", ReportKind.SELECTION, f"?{query}"))
    assert figures(by["selected/sums"])["total"] == shown["queue"]["total"] == len(by["selected/cases"].rows)
    assert [row["number"] for row in rows(by["selected/cases"])][:50] == [
        item["number"] or item["ref"] for item in shown["queue"]["items"]
    ]
    for name in ("categories", "areas"):
        assert sum(row["cases"] for row in rows(by[f"selected/{name}"])) == shown["queue"]["total"]
    assert facts(by["selected/question"])["area"] == f"名{SUBDISTRICT}"
    assert by["selected/question_code"].content.endswith(f"/?{query}")


def test_a_selection_is_as_wide_as_the_eyes_of_who_asks_and_may_be_empty(work: Casework) -> None:
    mine = blocks(built(work, "neighbour", ReportKind.SELECTION, "state=all"))
    assert all(row["number"].startswith("ref-") and SUBDISTRICT not in row["number"]
               for row in rows(mine["selected/cases"]))  # fmt: skip
    nothing = blocks(built(work, "duty", ReportKind.SELECTION, "state=all&q=没有这样的词", locale="en"))
    assert "selected/cases" not in nothing and isinstance(nothing["selected/none"], Words)
    with pytest.raises(InvalidError, match="parameter_invalid"):
        built(work, "duty", ReportKind.SELECTION, "state=nonsense")


def test_a_selection_of_the_past_is_as_it_was(work: Casework) -> None:
    then = f"{TODAY - timedelta(days=30)}T00:00:00Z"
    past = blocks(built(work, "duty", ReportKind.SELECTION, f"state=all&as_of={then}"))
    assert isinstance(past["selected/none"], Words)


def test_a_run_about_one_thing_is_planned_by_who_may_see_it(work: Casework, elements: Registered) -> None:
    building = str(elements.buildings[registered.CELLS.index(AREA)])
    number = work.report("operator")["number"]
    shift = str(work.scalar("SELECT min(s.id) FROM shifts s JOIN units u ON u.id = s.unit_id WHERE u.code = :code",
                            code=sub_centre_code(SUBDISTRICT)))  # fmt: skip
    for definition, subject, called in (
        ("case", number, number), ("dispatch_order", number, number), ("sign", AREA, f"名{AREA}"),
        ("sign", building, f"ref-{AREA}"), ("handover", shift, "分中心"),
    ):  # fmt: skip
        with context(work, "operator", KIND) as made:
            planned = plan(made.connection, the_district(made.connection), Wanted(definition, subject))
            assert (
                planned["scope"] == subject
                and called in planned["scope_name"]
                and planned["area_no"] is not None
            )
        with context(work, "neighbour", KIND) as made, pytest.raises(NotFoundError):
            plan(made.connection, the_district(made.connection), Wanted(definition, subject))
    with context(work, "neighbour", KIND) as made:
        assert (
            plan(made.connection, the_district(made.connection), Wanted("selection", "state=all"))["area_no"]
            is None
        )
        with pytest.raises(InvalidError, match="parameter_invalid"):
            plan(made.connection, the_district(made.connection), Wanted("selection", "state=nonsense"))


def test_whoever_had_a_sign_printed_is_told_when_it_is_out_of_date(work: Casework, tmp_path: Path) -> None:
    """Once, and not before something has changed; of a sign that was printed again nothing is told."""
    with pytest.MonkeyPatch.context() as patch:
        written_plainly(patch, tmp_path)
        first, second = (printed(work) for _ in range(2))
        assert told(work) == []
        with transaction(work.url) as connection:
            connection.execute(
                text("UPDATE units SET day_phone = '0871-65550199' WHERE code = :code"),
                {"code": sub_centre_code(SUBDISTRICT)},
            )
        with transaction(work.url) as connection:
            assert [one["id"] for one in reprinting.outdated(connection)] == [second]
        for _ in range(2):
            with transaction(work.url) as connection:
                reprinting.look(connection)
        assert told(work) == [second] and first != second
        third = printed(work)
        with transaction(work.url) as connection:
            assert third > second and reprinting.outdated(connection) == []


def printed(work: Casework) -> int:
    """A sign of the first cell that the head of the sub-centre has had made."""
    with transaction(work.url) as connection:
        head = accounts.actor_of(connection, work.account("head"))
    with transaction(work.url, actor=head, read_only=True) as connection:
        planned = plan(connection, the_district(connection), Wanted("sign", AREA, formats=("pdf",)))
    with transaction(work.url) as connection:
        client = uuid.uuid4()
        run_id = runs.add(connection, **planned, client_id=client, account_id=head.account_id, queued=True)
        runs.begin(connection, run_id)
        record = runs.one(connection, run_id)
    assert record is not None
    running.carry_out(work.url, record)
    return run_id


def told(work: Casework) -> list[int]:
    """The signs of which the head was told that they are out of date."""
    statement = text("SELECT report_run_id FROM notices WHERE kind = 'report_outdated' ORDER BY 1")
    with transaction(work.url, read_only=True) as connection:
        return list(connection.execute(statement).scalars())


def test_an_atlas_begins_with_an_index_of_its_cells(work: Casework) -> None:
    """Every cell of the scope stands in its table and on its map; the sheets are no part of it."""
    with transaction(work.url, actor=running.OPERATOR, read_only=True) as connection:
        district = the_district(connection)
        planned = plan(
            connection, district, Wanted("atlas", SUBDISTRICT, f"{TODAY:%Y}Q{(TODAY.month + 2) // 3}")
        )
        report, failed = make(context_of(connection, district, planned), planned, lambda part, doing: None)
    (section,) = report.sections
    table = next(one for one in section.blocks if isinstance(one, Table))
    assert (section.code, failed) == ("index", ()) and len(table.rows) >= 2
    assert AREA in {row[0] for row in table.rows}
    assert table.totals is not None and table.totals[4] == sum(row[4] for row in table.rows)


def test_the_command_line_selects_what_the_district_has(work: Casework) -> None:
    with transaction(work.url, actor=running.OPERATOR, read_only=True) as connection:
        district = the_district(connection)
        planned = plan(connection, district, Wanted("selection", "", ""))
        made = context_of(connection, district, planned)
        report, _ = make(made, planned, lambda part, doing: None)
    (listed,) = [one for _, one in report.blocks() if isinstance(one, Table) and one.code == "cases"]
    assert len(listed.rows) >= 2

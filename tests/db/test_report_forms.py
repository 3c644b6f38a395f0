"""Case files, an office's forms and hand-overs: filled from the log, masked, and nothing of what is not one's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.accounts.service.managing import Hand
from app.db import transaction
from app.errors import ConflictError, NotFoundError
from app.files import service as files
from app.files import store as shelves
from app.files.store import FolderShelf
from app.postgres import Cluster
from app.reports.rules.blocks import Photos, Words
from app.reports.rules.document import Section
from app.reports.rules.kinds import KINDS, ReportKind
from app.reports.rules.maps import Marks
from app.reports.service.making import make
from app.reports.service.sections import SECTIONS, case, forms, handover
from app.staffing import store as staffing
from app.staffing.service import handing_over, sub_centre_code
from app.staffing.service.handing_over import Told
from app.staffing.store import duty
from tests import casework, town
from tests.app.files import samples
from tests.casework import SUBDISTRICT, Casework
from tests.reported import blocks, context, facts, figures, rows, words

pytestmark = pytest.mark.db

CONTACT = {"name": "王先生", "phone": "13800001234"}
WORDS = "井盖" * 30
"""Sixty characters, as long as names may be."""


@pytest.fixture(scope="module")
def work(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casework]:
    shelf = FolderShelf(tmp_path_factory.mktemp("shelf"))
    with casework.cloned(cluster) as made, pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelves, "the_shelf", lambda: shelf)
        yield made


@pytest.fixture(scope="module")
def told(work: Casework) -> dict[str, Any]:
    """A case that was reported with a picture, dispatched, supervised, extended and suspended."""
    cleaned = files.clean(io.BytesIO(samples.jpeg()), zone=ZoneInfo("Asia/Shanghai"))
    with transaction(work.url) as connection:
        seen = files.keep(connection, cleaned, account_id=work.account("operator")).file_id
    made = work.report("operator", address=WORDS, contact=CONTACT, files=[seen])
    number = int(made["case_id"])
    work.move("operator", number, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", number, "acknowledge", crew=work.account("crew"))
    work.move("overseer", number, "supervise", reason="限期整改")
    work.move("sanitation", number, "reply_supervision", opinion="今天办结")
    work.move("sanitation", number, "request_extension", reason="需调机械", amount="2")
    work.move("head", number, "grant_extension", opinion="同意")
    work.move("sanitation", number, "request_extension", reason="还要一天", amount="1")
    work.move("head", number, "refuse_extension", opinion="抓紧")
    review = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    work.move("sanitation", number, "request_suspension", reason="等材料", interim="已围护", review_on=review,
              evidence=[work.file("sanitation")])  # fmt: skip
    work.move("head", number, "grant_suspension")
    return {**made, "review": review}


def built(work: Casework, who: str, kind: ReportKind, subject: Any, **other: Any) -> tuple[Section, ...]:
    build = {ReportKind.CASE: case.build, ReportKind.HANDOVER: handover.build}.get(kind, forms.build)
    with context(work, who, kind, str(subject), **other) as made:
        return build(made)


def form_facts(found: tuple[Section, ...]) -> dict[str, Any]:
    by = blocks(found)
    return facts(by["order/facts"]) | facts(by["order/act"])


def test_a_file_tells_all_of_a_case_and_masks_who_reported_it(work: Casework, told: dict[str, Any]) -> None:
    found = built(work, "operator", ReportKind.CASE, told["number"])
    assert tuple(one.code for one in found) == KINDS[ReportKind.CASE].sections
    by = blocks(found)
    case_facts = facts(by["case/facts"])
    assert case_facts["number"] == told["number"] and WORDS in case_facts["place"]
    assert case_facts["contact"].startswith("王先生") and case_facts["contact"].endswith("1234")
    assert CONTACT["phone"] not in words(found)
    assert case_facts["extensions"] == 1 and case_facts["lamp"].startswith("停表")
    stages = [row["stage"] for row in rows(by["clocks/clocks"])]
    assert stages[0] == "受理" and "处置" in stages
    log = rows(by["log/log"])
    assert len(log) == work.version(told["case_id"]) and [row["version"] for row in log] == list(
        range(1, len(log) + 1)
    )
    asked = next(row for row in log if row["done"] == "申请延期")
    assert "需调机械" in asked["said"] and asked["who"] == "主办单位" and asked["state"] == "处置中"
    assert by["case/page"].content == f"https://town.example/cases/{told['case_id']}"
    marked = [layer for layer in by["case/place"].layers if isinstance(layer, Marks)]
    assert marked[0].places[0] == pytest.approx(town.centre(casework.AREA))


def test_pictures_are_printed_and_those_that_are_gone_are_counted(
    work: Casework, told: dict[str, Any]
) -> None:
    by = blocks(built(work, "operator", ReportKind.CASE, told["number"]))
    before = by["photos/before"]
    assert (
        isinstance(before, Photos)
        and len(before.photos) == 1
        and before.photos[0].data.startswith(b"\xff\xd8")
    )
    assert "1" in before.note


def test_a_file_is_not_made_beyond_the_wall(work: Casework, told: dict[str, Any]) -> None:
    for who, subject in (("neighbour", told["number"]), ("neighbour", told["case_id"]), ("operator", "没有")):
        with pytest.raises(NotFoundError, match="case_missing"):
            built(work, who, ReportKind.CASE, subject)


def test_a_case_from_elsewhere_without_a_log_has_a_file(work: Casework) -> None:
    found = built(work, "operator", ReportKind.CASE, f"ref-{casework.AREA}", locale="en")
    assert isinstance(blocks(found)["log/log"], Words) and "There is no log yet" in words(found)


def test_forms_are_numbered_by_case_kind_and_sequence_and_filled(
    work: Casework, told: dict[str, Any]
) -> None:
    letters = {
        ReportKind.DISPATCH_ORDER: "J1", ReportKind.SUPERVISION_ORDER: "D1", ReportKind.EXTENSION_FORM: "Y2",
        ReportKind.SUSPENSION_FORM: "G1",
    }  # fmt: skip
    said = {}
    for kind, letter in letters.items():
        found = built(work, "operator", kind, told["number"])
        assert tuple(one.code for one in found) == KINDS[kind].sections
        said[kind] = form_facts(found)
        assert said[kind]["form"] == f"{told['number']}-{letter}"
        assert len(found[2].blocks[-1].places) >= 3 and found[2].blocks[0].blank_lines > 0  # type: ignore[union-attr]
    order = said[ReportKind.DISPATCH_ORDER]
    assert order["limit"] and order["unit"].startswith("环卫中心") and "operator" in order["given_by"]
    supervised = said[ReportKind.SUPERVISION_ORDER]
    assert (supervised["reason"], supervised["answer"]) == ("限期整改", "今天办结")
    extension = said[ReportKind.EXTENSION_FORM]
    assert (
        extension["reason"] == "还要一天"
        and extension["decision"] == "不批准延期"
        and extension["granted"] is None
    )
    suspension = said[ReportKind.SUSPENSION_FORM]
    assert suspension["review_on"].isoformat() == told["review"] and suspension["interim"] == "已围护"
    assert suspension["stopped"] is not None and suspension["resumed"] is None


def test_a_form_without_its_act_is_refused_by_name(work: Casework) -> None:
    number = work.report("operator")["number"]
    for kind, code in (
        (ReportKind.DISPATCH_ORDER, "report_not_dispatched"), (ReportKind.SUPERVISION_ORDER, "report_not_supervised"),
        (ReportKind.EXTENSION_FORM, "report_no_extension"), (ReportKind.SUSPENSION_FORM, "report_no_suspension"),
    ):  # fmt: skip
        with pytest.raises(ConflictError, match=code):
            built(work, "operator", kind, number)
        with context(work, "operator", kind, number) as made, pytest.raises(ConflictError, match=code):
            make(made, {"sections": KINDS[kind].sections}, lambda _part, _doing: None)


def test_an_extension_that_waits_has_room_for_the_decision(work: Casework) -> None:
    made = work.report("operator")
    work.move(
        "operator", made["case_id"], "accept_register_dispatch", condition="C01", unit=work.unit("sanitation")
    )
    work.move("sanitation", made["case_id"], "acknowledge")
    work.move("sanitation", made["case_id"], "request_extension", reason="下雨", amount="1")
    waiting = form_facts(built(work, "head", ReportKind.EXTENSION_FORM, made["number"]))
    assert waiting["decision"] == "待审批" and waiting["decided_at"] is None


def shift(work: Casework, who: str, *, hours: int) -> int:
    """A duty of somebody with a long name at the subdistrict's desk: eight hours that end in so many."""
    with transaction(work.url) as connection:
        staff = connection.execute(
            text(
                "UPDATE staff_members SET name = :name, phone = '13900009999' WHERE account_id = :who RETURNING id"
            ),
            {"name": f"{WORDS}{hours}", "who": work.account(who)},
        ).scalar_one()
        unit = staffing.unit_ids(connection, 1)[sub_centre_code(SUBDISTRICT)]
        ends = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)
        duty.add_shifts(connection, unit, [(staff, ends - timedelta(hours=8), ends, True)])
        found = connection.execute(text("SELECT id FROM shifts WHERE staff_id = :staff"), {"staff": staff})
        return int(found.scalar_one())


def test_a_duty_is_handed_over_with_what_came_in_and_waits(work: Casework) -> None:
    number, _next = shift(work, "operator", hours=1), shift(work, "head", hours=9)
    made = work.report("supervisor", address="交接路 1 号")
    work.move(
        "operator", made["case_id"], "accept_register_dispatch", condition="C01", unit=work.unit("sanitation")
    )
    work.move("sanitation", made["case_id"], "send_back", reason="不归我们")
    found = built(work, "operator", ReportKind.HANDOVER, number)
    assert tuple(one.code for one in found) == KINDS[ReportKind.HANDOVER].sections
    by = blocks(found)
    said = facts(by["duty/duty"])
    assert said["from"] == f"{WORDS}1 · 带班" and said["to"] == f"{WORDS}9 · 带班"
    waiting = {row["number"]: row["state"] for row in rows(by["open/waiting"])}
    assert "请求退回" in waiting[made["number"]]
    assert made["number"] in [row["number"] for row in rows(by["open/came"])]
    counts = figures(by["duty/counts"])
    assert counts["waiting"] == len(waiting) and counts["came"] > len(rows(by["open/came"]))
    assert by["open/happened"].blank_lines > 0 and "13900009999" not in words(found)
    with pytest.raises(NotFoundError, match="shift_missing"):
        built(work, "neighbour", ReportKind.HANDOVER, number)
    with transaction(work.url) as connection:
        unit = staffing.unit_ids(connection, 1)[sub_centre_code(SUBDISTRICT)]
        handing_over.give(connection, unit, unit, Told("夜里停水", "", "明早回电"), "甲", by=Hand("甲", None))
    signed = blocks(built(work, "operator", ReportKind.HANDOVER, number))
    assert (
        signed["open/happened"].text == "夜里停水" and facts(signed["signatures/signed"])["given_by"] == "甲"
    )


def test_every_section_of_every_kind_has_its_builder() -> None:
    assert {code for rule in KINDS.values() for code in rule.sections} <= set(SECTIONS)

"""The receipt of whoever reported, and what tries to get more out of it than that."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState
from app.db import Actor, transaction
from app.ledger import store as ledger
from app.postgres import Cluster
from app.residents import rules
from app.web.i18n import catalogue
from tests import casework
from tests.casework import Casework
from tests.people import UNLIMITED

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
NAME, PHONE = "张三丰", "13800004321"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        made.app.config.update(RECEIPT_RATE=UNLIMITED)
        yield made


class Visitor:
    """Somebody without an account, at an address of their own."""

    addresses = iter(range(1, 250))

    def __init__(self, work: Casework) -> None:
        self.client: FlaskClient = work.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{next(self.addresses)}"

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/r", headers=PAGE).text)
        assert found is not None
        return found[1]

    def look_up(self, number: str, digits: str) -> Any:
        form = {"csrf_token": self.token(), "number": number, "digits": digits}
        return self.client.post("/r", data=form, headers=PAGE)

    def receipt(self, lang: str = "zh-CN") -> Any:
        return self.client.get(f"/r/receipt?lang={lang}", headers=PAGE)

    def rate(self, **form: str) -> Any:
        return self.client.post("/r/receipt/rating", data={"csrf_token": self.token(), **form}, headers=PAGE)


def reported(work: Casework, who: str = "station", phone: str = PHONE) -> tuple[int, str]:
    told = work.report(who, contact={"name": NAME, "phone": phone}, description=f"{NAME}家门口的垃圾")
    return int(told["case_id"]), str(told["number"])


def dispatched(work: Casework, case: int) -> None:
    work.move("station", case, "register", condition="C01", opinion="内部意见甲")
    work.move("station", case, "dispatch", unit=work.unit("sanitation"), why="内部理由乙")


def closed(work: Casework, case: int) -> None:
    dispatched(work, case)
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")], opinion="内部反馈丙")
    work.move("officer", case, "verify_pass", evidence=[work.file("officer")])
    work.move("station", case, "close", closing_condition=True)


def test_number_and_digits_show_where_it_is_who_has_it_and_until_when(work: Casework) -> None:
    case, number = reported(work)
    dispatched(work, case)
    visitor = Visitor(work)
    assert visitor.look_up(number.lower(), " ４３２1").status_code == 303
    page = visitor.receipt().text
    assert number in page and "已派遣，等待单位签收" in page and "现由 环卫中心 办理" in page
    assert "本步最迟" in page and "收到上报" in page and "派遣处置 · 环卫中心" in page
    assert visitor.receipt("en").text.count("Assigned") >= 1


def test_nothing_personal_and_nothing_internal_is_shown(work: Casework) -> None:
    case, number = reported(work)
    closed(work, case)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    page = visitor.receipt().text
    names = [*work.people, NAME, PHONE, PHONE[-4:], "门口", "内部意见甲", "内部理由乙", "内部反馈丙"]
    assert not [name for name in names if name in page and name not in {"head", "duty", "station"}]
    assert "no-store" in visitor.receipt().headers["Cache-Control"]


def test_a_wrong_number_and_wrong_digits_are_told_alike(work: Casework) -> None:
    _, number = reported(work)
    answers = []
    for given, digits in (
        (number, "0000"),
        (number[:-1] + "9", "4321"),
        ("胡说", "4321"),
        (number, "12345"),
        ("", ""),
    ):
        visitor = Visitor(work)
        answer = visitor.look_up(given, digits)
        answers.append((answer.status_code, re.findall(r'role="alert">.*?</div>', answer.text, re.DOTALL)))
        assert visitor.receipt().status_code == 404
    assert {status for status, _ in answers} == {401}
    assert len({str(said) for _, said in answers}) == 1


def test_digits_of_a_number_cannot_be_tried_through(work: Casework) -> None:
    """From as many addresses as one likes: five wrong ones, and the right ones are refused too."""
    _, number = reported(work)
    tries = [Visitor(work).look_up(number, f"{n:04d}").status_code for n in range(6)]
    assert tries == [401] * 5 + [429]
    assert Visitor(work).look_up(number, PHONE[-4:]).status_code == 429
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE receipt_tries SET at = at - interval '31 minutes'"))
    assert Visitor(work).look_up(number, PHONE[-4:]).status_code == 303


def test_a_volley_has_no_more_tries_than_a_person(work: Casework) -> None:
    _, number = reported(work)
    visitors = [Visitor(work) for _ in range(16)]
    forms = [(visitor, visitor.token()) for visitor in visitors]
    came: list[int] = []

    def fire(visitor: Visitor, token: str, digits: str) -> None:
        form = {"csrf_token": token, "number": number, "digits": digits}
        came.append(visitor.client.post("/r", data=form, headers=PAGE).status_code)

    threads = [
        threading.Thread(target=fire, args=(visitor, token, f"{n:04d}"))
        for n, (visitor, token) in enumerate(forms)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [401] * 5 + [429] * 11


def test_numbers_cannot_be_tried_through_from_one_address(work: Casework) -> None:
    _, number = reported(work)
    visitor = Visitor(work)
    stem = number[:-4]
    tries = [visitor.look_up(f"{stem}{n:04d}", "1111").status_code for n in range(5000, 5021)]
    assert tries == [401] * 20 + [429]
    assert visitor.look_up(number, PHONE[-4:]).status_code == 429


def test_knowing_one_number_gives_no_tries_of_others(work: Casework) -> None:
    _, mine = reported(work)
    _, other = reported(work, phone="13900008888")
    visitor = Visitor(work)
    for _ in range(4):
        assert visitor.look_up(other, "0001").status_code == 401
        assert visitor.look_up(mine, PHONE[-4:]).status_code == 303
    assert visitor.look_up(other, "0002").status_code == 401
    assert visitor.look_up(other, "8888").status_code == 429


def test_tries_that_count_no_more_are_forgotten(work: Casework) -> None:
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE receipt_tries SET at = at - interval '3 days'"))
    before = work.scalar("SELECT count(*) FROM receipt_tries")
    Visitor(work).look_up("x", "1")
    assert work.scalar("SELECT count(*) FROM receipt_tries") == max(before - 20, 0) + 1


def test_an_address_is_slowed_before_the_database_is_asked(work: Casework) -> None:
    work.app.config["RECEIPT_RATE"] = "2/minute"
    try:
        visitor = Visitor(work)
        assert [visitor.look_up("x", "1").status_code for _ in range(3)] == [401, 401, 429]
    finally:
        work.app.config["RECEIPT_RATE"] = UNLIMITED


def test_every_try_is_logged_and_no_digits_are(work: Casework) -> None:
    _, number = reported(work)
    Visitor(work).look_up(number, "9876")
    Visitor(work).look_up("我叫张三丰 13800004321", "9876")
    with transaction(work.url, read_only=True) as connection:
        entries = ledger.page(connection, action="receipt.open", limit=2)
        assert ledger.verify(connection)[1] == []
    assert [(entry["outcome"], entry["subject_id"]) for entry in entries] == [
        ("refused", None),
        ("refused", number),
    ]
    assert "9876" not in str(entries) and "张三丰" not in str(entries)


def test_a_visit_ends_and_another_browser_has_none(work: Casework) -> None:
    _, number = reported(work)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    assert Visitor(work).receipt().status_code == 404
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE receipt_visits SET until = now()"))
    assert visitor.receipt().status_code == 404
    visitor.look_up(number, PHONE[-4:])
    assert visitor.receipt().status_code == 200
    visitor.client.post("/r/receipt/leave", data={"csrf_token": visitor.token()}, headers=PAGE)
    assert visitor.receipt().status_code == 404


def test_a_merged_report_follows_the_case_that_goes_on_and_says_nothing_else_of_it(work: Casework) -> None:
    goes_on, other_number = reported(work, phone="13700007777")
    case, number = reported(work, "resident")
    work.move("station", case, "merge", into=goes_on)
    dispatched(work, goes_on)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    page = visitor.receipt().text
    assert other_number in page and "现由 环卫中心 办理" in page and page.count("收到上报") == 1
    assert "7777" not in page.replace(other_number, "")
    # The number of the other one does not open with these digits.
    assert Visitor(work).look_up(other_number, PHONE[-4:]).status_code == 401


def test_a_case_merged_in_a_circle_is_read_to_an_end(work: Casework) -> None:
    case, number = reported(work)
    with transaction(work.url) as connection:
        connection.execute(
            text(
                "UPDATE cases SET state = 'merged', stand = stand || jsonb_build_object('into', id) WHERE id = :case"
            ),
            {"case": case},
        )
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    assert visitor.receipt().status_code == 200


def test_a_declined_report_shows_a_reason_of_the_list_and_never_another_text(work: Casework) -> None:
    for reason, shown in (("现场未发现", True), ("此人张三丰常年上访", False)):
        case, number = reported(work)
        work.move("station", case, "decline", reason=reason)
        visitor = Visitor(work)
        visitor.look_up(number, PHONE[-4:])
        page = visitor.receipt().text
        assert (reason in page) is shown
        assert ("请致电" in page) is not shown


def test_what_was_undone_never_was_and_a_split_is_shown(work: Casework) -> None:
    case, number = reported(work)
    dispatched(work, case)
    work.move("station", case, "undo")
    told = work.move("station", case, "split", reason="其中一部分是另一件事")
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    page = visitor.receipt().text
    other = work.scalar("SELECT number FROM cases WHERE id = :case", case=told["split_id"])
    assert "派遣处置" not in page and other in page


def test_solved_and_satisfied_are_rated_apart_once_an_end_and_changed_for_some_days(work: Casework) -> None:
    case, number = reported(work)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    assert visitor.rate(solved="yes", satisfied="4").status_code == 409
    closed(work, case)
    assert visitor.rate(solved="perhaps", satisfied="4").status_code == 400
    assert visitor.rate(solved="yes", satisfied="6").status_code == 400
    assert visitor.rate(solved="yes", satisfied="4", remark="x" * 501).status_code == 400
    assert visitor.rate(solved="yes", satisfied="2", remark="修好了，但等太久").status_code == 303
    assert visitor.rate(solved="no", satisfied="1").status_code == 303
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT * FROM case_ratings WHERE case_id = :case"), {"case": case}
        ).all()
    assert [(row.solved, row.satisfied, row.remark, row.changed_at is None) for row in rows] == [
        (False, 1, None, False)
    ]
    work.move("station", case, "reopen", reason="反映人说没有解决")
    assert visitor.rate(solved="yes", satisfied="4").status_code == 409


def test_the_desk_hears_once_of_what_is_not_solved_and_reads_it_on_the_case(work: Casework) -> None:
    case, number = reported(work)
    closed(work, case)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    for satisfied in ("1", "2"):
        assert visitor.rate(solved="no", satisfied=satisfied, remark="还是脏").status_code == 303
    told = work.scalar(
        "SELECT string_agg(a.username, ' ' ORDER BY a.username) FROM notices n JOIN accounts a ON a.id = n.account_id"
        " WHERE n.case_id = :case AND n.kind = 'not_solved'", case=case
    )  # fmt: skip
    assert told == "head station"
    for path in (f"/cases/{case}", f"/m/cases/{case}"):
        page = work.client("station").get(path, headers=PAGE).text
        assert "没有解决" in page and "满意度 2 / 5" in page and "还是脏" in page
    assert "还是脏" not in work.client("neighbour").get(f"/cases/{case}", headers=PAGE).text


def test_a_rating_comes_too_late(work: Casework) -> None:
    case, number = reported(work)
    closed(work, case)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    with transaction(work.url) as connection:
        connection.execute(text("ALTER TABLE case_transitions DISABLE TRIGGER case_transitions_kept"))
        connection.execute(
            text("UPDATE case_transitions SET at = at - interval '16 days' WHERE case_id = :case"),
            {"case": case},
        )
        connection.execute(text("ALTER TABLE case_transitions ENABLE TRIGGER case_transitions_kept"))
    assert visitor.rate(solved="yes", satisfied="4").status_code == 409
    assert "评价时间已过" in visitor.receipt().text


def test_desks_that_see_the_case_see_its_rating_and_others_do_not(work: Casework) -> None:
    case, number = reported(work)
    closed(work, case)
    visitor = Visitor(work)
    visitor.look_up(number, PHONE[-4:])
    visitor.rate(solved="yes", satisfied="5")
    count = text("SELECT count(*) FROM case_ratings WHERE closed_case_id = :case")
    area = work.scalar("SELECT area_no FROM cases WHERE id = :case", case=case)
    for actor, seen in (
        (Actor(1, (), f"{{[{area},{area + 1})}}"), 1),
        (Actor(1, (), "{[1,2)}"), 0),
        (Actor(), 0),
    ):
        with transaction(work.url, actor=actor, read_only=True) as connection:
            assert connection.execute(count, {"case": case}).scalar() == seen


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM receipt_tries", "SELECT * FROM receipt_visits", "DELETE FROM receipt_tries",
     "SELECT goes_on_in(1)", "SELECT * FROM public_steps(1, true)", "SELECT * FROM closing_of(1)",
     "INSERT INTO receipt_visits VALUES (sha256('x'), 1, now() + interval '1 day')",
     "INSERT INTO case_ratings VALUES (1, 1, 1, true, 5)", "SELECT phone FROM case_contacts LIMIT 1 OFFSET 100000"],
)  # fmt: skip
def test_there_is_no_other_way_in(work: Casework, statement: str) -> None:
    if "case_contacts" in statement:
        with transaction(work.url, actor=Actor(), read_only=True) as connection:
            assert connection.execute(text("SELECT count(*) FROM case_contacts")).scalar() == 0
        return
    with (
        pytest.raises(DBAPIError, match="permission denied"),
        transaction(work.url, actor=Actor()) as connection,
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize("digits", ["'; --", "%%%%", "\x00\x00\x00\x00", "😀😀😀😀", "____", "٤٣٢١"])
def test_hostile_input_is_a_wrong_number(work: Casework, digits: str) -> None:
    _, number = reported(work)
    assert Visitor(work).look_up(number, digits).status_code == 401
    assert Visitor(work).look_up(digits * 20, "4321").status_code == 401


def test_without_its_token_a_form_is_not_taken(work: Casework) -> None:
    client = work.app.test_client()
    for path in ("/r", "/r/receipt/rating", "/r/receipt/leave"):
        assert client.post(path, data={}, headers=PAGE).status_code == 400


def test_every_state_and_step_has_its_word() -> None:
    words = set(catalogue("zh_CN"))
    assert {f"receipt_state.{state.value}" for state in CaseState} <= words
    shown = {word.removeprefix("receipt_step.") for word in words if word.startswith("receipt_step.")}
    assert shown - {"imported"} <= set(Move)
    assert {f"receipt_stage.{stage}" for stage in rules.STAGES} <= words


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("盘-lm-20261123-0042", "盘-LM-20261123-0042"), ("盘－ＬＭ－２０２６１１２３－００４２", "盘-LM-20261123-0042"),
     (" 盘—LM—20261123—0042 ", "盘-LM-20261123-0042")],
)  # fmt: skip
def test_a_number_is_read_however_it_was_typed(typed: str, stored: str) -> None:
    assert rules.number(typed) == stored

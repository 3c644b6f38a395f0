"""Leaders, councils and security teams are named on a community's page, by those whose territory it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.ledger import store as ledger
from app.staffing import store
from app.staffing.service import sub_centre_code
from tests import town
from tests.db.test_neighbourhood import add_groups, group
from tests.db.test_staff_pages import post
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}


@pytest.fixture
def head(database: str) -> Iterator[FlaskClient]:
    """The head of the sub-centre of subdistrict a."""
    town.build(database)
    with transaction(database) as connection:
        add_groups(connection)
    unit = sub_centre_code(town.subdistrict("a"))
    person = employ(database, Role.SUBCENTRE_HEAD, town.subdistrict("a"), unit=unit)
    yield sign_in(create_app(database), person)


def ids(url: str) -> dict[str, int]:
    with transaction(url) as connection:
        return dict(connection.execute(text("SELECT code, id FROM areas WHERE level <> 'cell'")).all())


def test_a_group_has_one_leader_and_can_be_left(head: FlaskClient, database: str) -> None:
    area = ids(database)
    path = f"/neighbourhood/{area[town.community('a')]}"
    one = str(area[group("a", 1)])
    assert "缺小组长" in head.get(path, headers=PAGE).text
    assert post(head, f"{path}/lead", group=one, code="G1").status_code == 404
    assert post(head, f"{path}/lead", group=one, code="G1", name="组长一").status_code == 303
    assert "组长一" in head.get(path, headers=PAGE).text
    second = post(head, f"{path}/lead", group=one, code="G2", name="组长二")
    assert second.status_code == 409
    assert "已有组长" in second.text
    with transaction(database) as connection:
        assert store.staff_id(connection, "G2") is None, "what was refused is not half there"
        leader = connection.execute(text("SELECT id FROM group_leaders")).scalar_one()
    elsewhere = str(area[group("b", 1)])
    assert post(head, f"{path}/lead", group=elsewhere, code="G1").status_code == 404
    beyond = f"/neighbourhood/{area[town.community('b')]}"
    assert post(head, f"{beyond}/lead", group=elsewhere, code="G1").status_code == 404
    assert post(head, f"{path}/vacate", leader=str(leader)).status_code == 303
    assert post(head, f"{path}/vacate", leader=str(leader)).status_code == 404
    with transaction(database) as connection:
        actions = [entry["action"] for entry in ledger.page(connection, action="staffing", limit=9)]
    assert {"staffing.lead", "staffing.lead_end"} <= set(actions)


def test_a_council_is_elected_for_a_term_and_has_one_chair(head: FlaskClient, database: str) -> None:
    area = ids(database)
    path = f"/neighbourhood/{area[town.community('a')]}"
    with transaction(database) as connection:
        today = store.today(connection)
    form = {"kind": "council", "title": "甲社区理事会"}
    assert post(head, f"{path}/bodies", **form).status_code == 400, "a council is elected until a day"
    last = today + timedelta(days=99)
    assert post(head, f"{path}/bodies", **form, until=last.isoformat()).status_code == 303
    wrong = {"kind": "security_team", "title": "厂群防队", "credit_code": "91110108592366241X"}
    assert post(head, f"{path}/bodies", **wrong).status_code == 400
    right = {**wrong, "credit_code": "911101085923662400"}
    assert post(head, f"{path}/bodies", **right).status_code == 303
    with transaction(database) as connection:
        unit = dict(connection.execute(text("SELECT kind, max(id) FROM units GROUP BY kind")).all())
    council = str(unit["council"])
    assert post(head, f"{path}/members", unit=council, code="C1", name="理事长", heads="1").status_code == 303
    two = post(head, f"{path}/members", unit=council, code="C2", name="又一位", heads="1")
    assert two.status_code == 409
    assert "一届只有一位" in two.text
    assert post(head, f"{path}/members", unit=council, code="C2", name="理事").status_code == 303
    assert post(head, f"{path}/members", unit=council, code="C2").status_code == 409
    team = str(unit["security_team"])
    assert post(head, f"{path}/members", unit=team, code="C1", heads="1").status_code == 303
    overlap = post(head, f"{path}/terms", unit=council, **{"from": today.isoformat(), "until": ""})
    assert overlap.status_code == 409
    following = {
        "from": (last + timedelta(days=1)).isoformat(),
        "until": (last + timedelta(days=400)).isoformat(),
    }
    assert post(head, f"{path}/terms", unit=council, **following).status_code == 303
    page = head.get(path, headers=PAGE).text
    assert "理事长" in page
    assert "911101085923662400" in page
    later = head.get(f"{path}?on={(last + timedelta(days=5)).isoformat()}", headers=PAGE).text
    assert "C1" in page
    assert "C2" in page
    assert "C2" not in later, "the next term is named anew"
    with transaction(database) as connection:
        member = connection.execute(text("SELECT max(id) FROM unit_members")).scalar_one()
    assert post(head, f"{path}/members/end", member=str(member)).status_code == 303


def test_whoever_may_not_is_refused(database: str, head: FlaskClient) -> None:
    area = ids(database)
    path = f"/neighbourhood/{area[town.community('a')]}"
    desk = sign_in(
        create_app(database), employ(database, Role.COMMUNITY_DESK, town.community("a"), username="desk")
    )
    assert "新建理事会" not in desk.get(path, headers=PAGE).text
    assert post(desk, f"{path}/bodies", kind="council", title="x").status_code == 403
    del head

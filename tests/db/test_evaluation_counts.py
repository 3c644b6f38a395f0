"""Figures of the evaluation against the raw log: another program's answer, and lists as long as their counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient

from app.accounts.rules import Role
from app.db import Actor, transaction
from app.demo.service import load
from app.evaluation import store
from app.evaluation.rules import COUNTED, INDICATORS, Of
from app.factory import create_app
from app.postgres import Cluster
from tests import evaluated
from tests.cluster import clone
from tests.lessened import lessen
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

UNTIL = date(2026, 11, 20)
EVERYBODY = Actor(None, (), "{[1,9223372036854775807)}")
MONTHS = [(f"2026-{month:02}-01", f"2026-{month:02}-{28 if month == 2 else 30}") for month in (2, 6, 9, 11)]
SPAN = ("2026-09-01", "2026-10-31")


@pytest.fixture(scope="module")
def demo(cluster: Cluster) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, clone(cluster) as url:
        lessen(patch, 700)
        load(url, "small", UNTIL, lambda *_: None)
        yield url


@pytest.fixture(scope="module")
def client(demo: str) -> FlaskClient:
    who = employ(demo, Role.EVALUATOR, "530103", username="evaluator-of-all")
    return sign_in(create_app(demo), who)


@pytest.fixture(scope="module")
def log(demo: str) -> pd.DataFrame:
    with transaction(demo, read_only=True) as connection:
        return evaluated.read(connection)


def instant(day: str, days: int = 0) -> datetime:
    return (pd.Timestamp(day, tz="Asia/Shanghai") + pd.Timedelta(days=days)).tz_convert(UTC).to_pydatetime()


@pytest.mark.parametrize("of", ["area", "unit", "post", "person"])
def test_the_answer_is_that_of_another_program(
    demo: str, client: FlaskClient, log: pd.DataFrame, of: str
) -> None:
    known_at = datetime.now(UTC)
    told = evaluated.told(log, known_at)
    for since, until in MONTHS:
        answer = client.get(f"/api/v1/evaluation/period?of={of}&from={since}&to={until}").get_json()
        rows = evaluated.counted(told, instant(since), instant(until, 1), known_at)
        with transaction(demo, read_only=True) as connection:
            expected = evaluated.by_key(rows, evaluated.keys_of(connection, rows, of))
        assert {one["key"]: one["counts"] for one in answer["items"]} == evaluated.complete(expected)
        for one in answer["items"]:
            for indicator in INDICATORS:
                below = sum(one["counts"][name] for name in indicator.denominator) * indicator.per
                above = sum(one["counts"][name] for name in indicator.numerator)
                share = one["indicators"][indicator.code]
                assert share == (round(above / below, 6) if below else None)
                assert share is None or indicator.code == "mean_handling_hours" or 0 <= share <= 1, indicator


def test_the_play_has_something_of_nearly_everything(log: pd.DataFrame) -> None:
    told = evaluated.told(log, datetime.now(UTC))
    rows = evaluated.counted(told, instant("2025-01-01"), instant("2026-11-21"), datetime.now(UTC))
    assert len(set(rows["name"])) >= 30


def test_every_count_opens_into_so_many_cases(client: FlaskClient) -> None:
    span = "of=unit&from={}&to={}".format(*SPAN)
    answer = client.get(f"/api/v1/evaluation/period?{span}").get_json()
    known_at = answer["known_at"].replace("+", "%2B")
    most = max(answer["items"], key=lambda one: one["counts"]["handled"])
    for name in COUNTED:
        listed = paged(client, f"{span}&known_at={known_at}&key={most['key']}&count={name}&limit=20")
        assert len(listed) == most["counts"][name], name
        assert len({(one["case_id"], one["version"]) for one in listed}) == len(listed)
    together = paged(
        client, f"{span}&known_at={known_at}&key={most['key']}&count=handled,late_open&limit=200"
    )
    assert len(together) == most["counts"]["handled"] + most["counts"]["late_open"] > 20


def paged(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        page = client.get(f"/api/v1/evaluation/cases?{query}{after}").get_json()
        found += page["items"]
        if page["next"] is None:
            return found
        after = "&after=" + page["next"].replace("+", "%2B")


def test_a_page_goes_on_where_the_one_before_ended(demo: str) -> None:
    asked = store.Question(1, Of.DISTRICT, instant(SPAN[0]), instant(SPAN[1]), datetime.now(UTC))
    with transaction(demo, actor=EVERYBODY, read_only=True) as connection:
        whole = store.listed(connection, asked, "district", ["handled"], limit=999)
        first = store.listed(connection, asked, "district", ["handled"], limit=7)
        last = first[-1]
        rest = store.listed(
            connection,
            asked,
            "district",
            ["handled"],
            after=(last.at, last.case_id, last.version, last.name),
            limit=999,
        )
    assert [*first, *rest] == whole and len(whole) > 30

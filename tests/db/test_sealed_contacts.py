"""Telephones of people who report: sealed in the database, opened for who calls back, compared for a receipt."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.cases.service import contacts
from app.db import transaction
from app.postgres import Cluster
from app.seals.service.ciphers import USUAL
from app.seals.service.rotating import rotate
from app.settings import settings
from tests import casework, registered
from tests.casework import Casework
from tests.db.test_case_sheet import call
from tests.db.test_person_care import dump
from tests.db.test_residents import Visitor, reported
from tests.people import UNLIMITED

pytestmark = pytest.mark.db

MANY = 200


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        made.app.config.update(RECEIPT_RATE=UNLIMITED)
        yield made


def opens(work: Casework, number: str, phone: str) -> bool:
    return bool(Visitor(work).look_up(number, phone[-4:]).status_code == 303)


def test_no_telephone_is_in_clear(
    cluster: Cluster, work: Casework, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    phones = [registered.phone(3000 + n) for n in range(MANY)]
    shown = ""
    for n, phone in enumerate(phones):
        case, number = reported(work, phone=phone)
        if n % 20 == 0:
            assert call(work, "operator", case)["phone"] == phone
            assert opens(work, number, phone)
            assert not opens(work, number, str(int(phone) + 1))
            shown += work.client("operator").get(f"/api/v1/cases/{case}/sheet").get_data(as_text=True)
            shown += work.client("operator").get(f"/cases/{case}", headers={"Accept": "text/html"}).text
            shown += work.client("operator").get(f"/api/v1/cases/{case}/log").get_data(as_text=True)
    assert phones[0][:3] + "****" + phones[0][-4:] in shown
    seen = capfd.readouterr()
    places = {
        "rows": dump(work.url), "answers": shown, "log": caplog.text + seen.out + seen.err,
        "database": cluster.log.read_text("utf-8", "replace"),
    }  # fmt: skip
    assert not [
        (place, phone)
        for place, said in places.items()
        for phone in phones
        if phone in said or phone.encode().hex() in said
    ]


def test_what_was_kept_in_clear_is_sealed_by_the_next_start(work: Casework) -> None:
    case, number = reported(work, phone="13612345678")
    with transaction(work.url) as connection:
        connection.execute(
            text(
                "UPDATE case_contacts SET plain = '136 1234-5678', phone = NULL, phone_index = NULL, tail_index = NULL"
                " WHERE case_id = :case"
            ),
            {"case": case},
        )
    assert not opens(work, number, "13612345678")
    for expected in (1, 0):
        with transaction(work.url) as connection:
            assert contacts.seal_all(connection) == expected
    assert opens(work, number, "13612345678")
    assert call(work, "operator", case)["phone"] == "136 1234-5678"
    assert "136 1234" not in dump(work.url)


def test_other_keys_open_the_same_telephones(work: Casework) -> None:
    case, number = reported(work, phone="13787654321")
    sealed = f"SELECT array[phone, phone_index, tail_index] FROM case_contacts WHERE case_id = {case}"
    before = work.scalar(sealed)
    rotate(work.url, USUAL)
    assert not set(map(bytes, before)) & set(map(bytes, work.scalar(sealed)))
    assert opens(work, number, "13787654321")
    assert call(work, "operator", case)["phone"] == "13787654321"


def test_a_case_is_worked_on_without_the_keys(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    case, _ = reported(work, phone="13711112222")
    monkeypatch.setenv("PANLONG_SEAL_KEYS", "99:" + "ab" * 32)
    settings.cache_clear()
    try:
        sheet = work.client("operator").get(f"/api/v1/cases/{case}/sheet")
        assert sheet.status_code == 200
        assert sheet.get_json()["contact"]["phone"] == contacts.UNREADABLE
        assert call(work, "operator", case, 503)["code"] == "seal_key_missing"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert call(work, "operator", case)["phone"] == "13711112222"

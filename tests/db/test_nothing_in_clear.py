"""Of 200 people who were registered by hand, changed, looked for and told, no number stands anywhere in clear."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from app.postgres import Cluster
from tests import registered
from tests.db.test_person_care import PURPOSE, dump
from tests.registered import CELLS, HERE, Door

pytestmark = pytest.mark.db

MANY = 200


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with registered.built(cluster) as (url, _):
        yield url


def test_no_number_is_in_clear(
    cluster: Cluster, built: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    app = registered.served(built)
    desk = Door(registered.desk(built, app, "clear-a"))
    caplog.set_level(logging.DEBUG)
    answers = ""
    numbers = [n for i in range(200, 200 + MANY) for n in (registered.identity(i), registered.phone(i))]
    assert len(set(numbers)) == 2 * MANY
    for i in range(MANY):
        identity, phone = numbers[2 * i : 2 * i + 2]
        entry = {
            "name": "无名氏",
            "area": CELLS[HERE[0]],
            "legal_basis": "法",
            "retain_until_on": "2090-01-01",
        }
        status, said = desk.make("person", **entry, identity=identity, phone=phone)
        assert status == 201, said
        answers += str(said)
        if i % 10:
            continue
        who = said["element"]["id"]
        # Taken already, half a number, a stale version, another number, a search, a fault beside it.
        for status, told in (
            desk.make("person", **entry, identity=identity, phone=phone),
            desk.make("person", **entry, identity=identity[:-1], phone=phone + "x"),
            desk.send("PATCH", f"/elements/{who}", version=9, entry={"phone": phone}),
            desk.send("PATCH", f"/elements/{who}", version=1, entry={"phone": phone, "identity": identity}),
            desk.send("POST", "/persons/search", purpose=PURPOSE, identity=identity),
            desk.send("POST", "/persons/search", purpose=PURPOSE, identity=identity, phone=phone),
            desk.make("person", **entry, identity=identity, household="户 一"),
        ):
            assert status < 500, told
            answers += str(told)
        assert (
            desk.send("POST", f"/persons/{who}/reveal", field="phone", purpose=PURPOSE)[1]["value"] == phone
        )
        assert desk.send("POST", f"/persons/{who}/export", purpose=PURPOSE)[1]["identity"] == identity
        answers += desk.client.get(f"/api/v1/elements/{who}/history").get_data(as_text=True)
    written = dump(built)
    seen = capfd.readouterr()
    # The database writes down what it refuses, and that it did.
    refused = cluster.log.read_text("utf-8", "replace")
    assert "persons_identity_unique" in refused
    places = {
        "rows": written,
        "answers": answers,
        "log": caplog.text + seen.out + seen.err,
        "database": refused,
    }
    found = [
        (place, n) for place, said in places.items() for n in numbers if n in said or n.encode().hex() in said
    ]
    assert not found

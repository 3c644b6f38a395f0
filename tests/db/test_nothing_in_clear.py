"""Of 200 people who were registered by hand or came in from a file, no number stands anywhere in clear."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres import Cluster
from app.settings import seal_keys_file, settings
from tests import registered
from tests.db.test_person_care import PURPOSE, dump
from tests.prepared import Sender, csv
from tests.quick import begin, end, wait_until
from tests.registered import CELLS, HERE, Door

pytestmark = pytest.mark.db

MANY = 200
PAGE = {"Accept": "text/html"}


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
    assert not clear(numbers, places)


def clear(numbers: list[str], places: dict[str, str]) -> list[tuple[str, str]]:
    """Where numbers stand in clear, or as hexadecimal digits."""
    return [
        (place, n) for place, said in places.items() for n in numbers if n in said or n.encode().hex() in said
    ]


def told(folder: Path) -> str:
    """All that lies in a folder."""
    return "\n".join(
        f"{path} {path.read_bytes().decode('latin-1')}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """`var` and the system's temporary folder of this test alone, for this process and for the worker; keys stay."""
    monkeypatch.setenv("PANLONG_SEAL_KEYS_FILE", str(seal_keys_file(settings())))
    monkeypatch.setenv("PANLONG_VAR", str(tmp_path / "var"))
    (tmp_path / "temp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_no_number_of_a_file_is_in_clear(
    cluster: Cluster,
    built: str,
    own_folders: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    app = registered.served(built)
    desk = Sender(registered.desk(built, app, "clear-b"), built)
    many = range(500, 500 + MANY)
    numbers = [n for i in many for n in (registered.identity(i), registered.phone(i))]
    rows = [
        f"无名氏,{registered.identity(i)},{registered.phone(i)},{CELLS[HERE[0]]},,2090-01-01" for i in many
    ]
    # Numbers where they do not belong, and one that stands twice.
    rows[3] = (
        f"无名氏,{registered.identity(503)}9,{registered.phone(503)},{registered.phone(503)},,2090-01-01"
    )
    rows[4] = (
        f"无名氏,{registered.identity(504)},{registered.phone(504)},{CELLS[HERE[0]]},,{registered.identity(504)}"
    )
    rows[5] = f"无名氏,{registered.identity(505)},,{CELLS[HERE[0]]},{registered.phone(505)}号,2090-01-01"
    rows[6] = rows[7]
    header = "姓名,身份证号,手机,网格编码,户号,保存至"
    worker = begin("app.worker", built, own_folders / "worker.log")
    answers = ""
    try:
        # A table without a header has people where the names of its columns should be.
        status, said = desk.send("person", csv(*rows[10:20]))
        assert (status, said["code"]) == (400, "import_unreadable")
        answers += str(said)
        one = desk.send("person", csv(header, *rows), name=f"名单{registered.phone(500)}.csv")[1]
        for step, wanted in (("check", "checked"), ("take-over", "done")):
            body = {"fields": one["reading"]["fields"], "given": {"legal_basis": "法"}}
            assert (
                desk.post(f"{one['id']}/{step}", **(body if step == "check" else {"skip_bad": True}))[0]
                == 202
            )
            wait_until(lambda: desk.get(str(one["id"]))["doing"] is None, 60)
            now = desk.get(str(one["id"]))
            assert (now["state"], now["problem"]) == (wanted, None)
            answers += str(now) + desk.client.get(f"/registry/import/{one['id']}", headers=PAGE).text
            assert not clear(numbers, {"rows": dump(built), "folders": told(own_folders)})
        assert now["report"]["added"] == MANY - 4, now["report"]["faults"]
        assert desk.client.get(f"/api/v1/imports/{one['id']}/faults.xlsx").status_code == 200
    finally:
        end(worker)
    seen = capfd.readouterr()
    places = {
        "rows": dump(built),
        "answers": answers,
        "log": caplog.text + seen.out + seen.err,
        "folders": told(own_folders),
        "database": cluster.log.read_text("utf-8", "replace"),
    }
    assert "worker begins" in places["folders"]
    assert not clear(numbers, places)

"""Pictures through the doors: taken in, attached, shown to those who may see the case; hostile ones refused."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.files.rules import MOST_BYTES
from app.files.store import FolderShelf
from app.postgres import Cluster
from tests import casework
from tests.app.files import samples
from tests.casework import Casework

pytestmark = pytest.mark.db

FILES = "/api/v1/files"
SEA = (72.5, 10.0)


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderShelf:
    found = FolderShelf(tmp_path / "files")
    monkeypatch.setattr("app.files.store.the_shelf", lambda: found)
    return found


def send(client: FlaskClient, data: bytes, status: int = 201, name: str = "a.jpg") -> dict[str, object]:
    answer = client.post(FILES, data={"file": (BytesIO(data), name)})
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def test_taken_in_attached_and_seen_by_those_who_see_the_case(work: Casework) -> None:
    officer = work.client("officer")
    picture = send(
        officer, samples.jpeg(exif=samples.exif(samples.gps(*casework.town.centre(casework.AREA))))
    )
    assert picture["position"]
    case = int(work.report("officer", files=[picture["id"]])["case_id"])
    for who in ("operator", "duty"):
        for path in ("", "/thumbnail", "/preview"):
            shown = work.client(who).get(f"{FILES}/{picture['id']}{path}")
            assert shown.status_code == 200 and shown.mimetype == "image/jpeg"
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in shown.headers["Content-Security-Policy"]
        assert not Image.open(BytesIO(work.client(who).get(f"{FILES}/{picture['id']}").data)).getexif()
    assert work.client("neighbour").get(f"{FILES}/{picture['id']}").status_code == 404
    listed = work.client("operator").get(f"/api/v1/cases/{case}/files").get_json()["items"]
    assert [(item["id"], item["field"]) for item in listed] == [(picture["id"], "evidence")]
    assert listed[0]["distance_m"] < 1


def test_a_body_without_a_form_is_taken_too(work: Casework) -> None:
    answer = work.client("officer").post(FILES, data=samples.jpeg(), content_type="image/jpeg")
    assert answer.status_code == 201


def test_a_position_in_the_sea_is_shown_as_far_away_and_moves_nothing(work: Casework) -> None:
    picture = send(work.client("officer"), samples.jpeg(exif=samples.exif(samples.gps(*SEA))))
    case = int(work.report("officer", files=[picture["id"]])["case_id"])
    listed = work.client("operator").get(f"/api/v1/cases/{case}/files").get_json()["items"]
    assert listed[0]["distance_m"] > 1_000_000
    assert work.scalar("SELECT cell_id IS NOT NULL FROM cases WHERE id = :case", case=case)


def test_somebody_elses_file_cannot_be_attached(work: Casework) -> None:
    picture = send(work.client("neighbour"), samples.jpeg())
    told = work.report("officer", 400, files=[picture["id"]])
    assert told["faults"] == [{"field": "files", "reason": "unknown", "value": str(picture["id"])}]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 200, "file_hostile"),
        (b"GIF89a" + b"x" * 5000, "file_kind"),
        (samples.jpeg()[:200], "file_broken"),
        (samples.jpeg() + b"PK\x03\x04" + b"x" * 400 + b"PK\x05\x06" + b"\0" * 18, "file_hostile"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason(work: Casework, data: bytes, code: str) -> None:
    before = work.scalar("SELECT count(*) FROM files")
    assert send(work.client("officer"), data, 400)["code"] == code
    assert work.scalar("SELECT count(*) FROM files") == before


def test_two_hundred_megabytes_are_refused_without_being_read(work: Casework) -> None:
    class Endless:
        read_so_far = 0

        def read(self, size: int = -1) -> bytes:
            self.read_so_far += max(size, 0)
            return b"\xff" * max(size, 0)

    stream = Endless()
    sent = {"wsgi.input": stream, "CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = work.client("officer").post(FILES, content_type="image/jpeg", environ_overrides=sent)
    assert answer.status_code == 413 and answer.get_json()["code"] == "http_413"
    assert stream.read_so_far <= max(MOST_BYTES.values())


def test_other_routes_take_no_more_than_before(work: Casework) -> None:
    answer = work.client("officer").post(
        "/api/v1/cases", data=b'{"a":"' + b"x" * (1 << 20) + b'"}', content_type="application/json"
    )
    assert answer.status_code == 413


def test_a_part_of_a_film_and_a_tag_that_is_known(work: Casework) -> None:
    client = work.client("officer")
    film = send(client, samples.film(), name="a.mp4")
    whole = client.get(f"{FILES}/{film['id']}")
    part = client.get(f"{FILES}/{film['id']}", headers={"Range": "bytes=100-"})
    assert part.status_code == 206 and part.data == whole.data[100:]
    assert client.get(f"{FILES}/{film['id']}", headers={"Range": "bytes=999999999-"}).status_code == 416
    known = client.get(f"{FILES}/{film['id']}", headers={"If-None-Match": whole.headers["ETag"]})
    assert known.status_code == 304 and not known.data


def test_nobody_takes_in_who_is_not_let_in(work: Casework) -> None:
    answer = work.app.test_client().post(FILES, data=samples.jpeg(), content_type="image/jpeg")
    assert answer.status_code == 401

"""Signing in: locks, time-outs, revocation, second factors, tokens, forged requests; and nothing told to guessers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts import store
from app.accounts.rules import PERMISSIONS, Permission, Role
from app.accounts.service import managing, signing_in, visiting
from app.accounts.service.secrets import verify_password
from app.db import transaction
from app.factory import create_app
from app.postgres import Cluster
from app.staffing.service import appoint_kiosk
from tests import town
from tests.cluster import clone
from tests.people import PASSWORD, UNLIMITED, Person, employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    made = create_app(built)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken away is looked for at once, and not a second later."""
    monkeypatch.setattr(visiting, "REMEMBERED_S", 0.0)


@pytest.fixture
def person(built: str, request: pytest.FixtureRequest) -> Person:
    name = f"p{abs(hash(request.node.nodeid)) % 10**9}"
    return employ(built, Role.SUPERVISOR, town.subdistrict("a"), username=name)


def run(url: str, statement: str, **values: object) -> None:
    with transaction(url) as connection:
        connection.execute(text(statement), values)


def attempt(app: Flask, username: str, password: str, address: str = "192.0.2.1") -> tuple[int, str]:
    answer = app.test_client().post(
        "/api/v1/session",
        json={"username": username, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )
    return answer.status_code, answer.json.get("code", "")  # type: ignore[union-attr]


def who(client: FlaskClient) -> int:
    return client.get("/api/v1/session").status_code


def test_five_failures_lock_the_name_for_everybody(app: Flask, built: str, person: Person) -> None:
    for n in range(5):
        assert attempt(app, person.username, "wrong", f"192.0.2.{n}") == (401, "sign_in_refused")
    assert attempt(app, person.username, PASSWORD, "198.51.100.9") == (429, "sign_in_locked")
    run(
        built,
        "UPDATE sign_in_failures SET at = at - interval '31 minutes' WHERE username = :n",
        n=person.username,
    )
    assert attempt(app, person.username, PASSWORD)[0] == 201


def test_success_forgives(app: Flask, person: Person) -> None:
    for _ in range(3):
        for _ in range(4):
            attempt(app, person.username, "wrong", "192.0.2.20")
        assert attempt(app, person.username, PASSWORD, "192.0.2.20")[0] == 201


def test_an_address_is_locked_too(app: Flask, person: Person) -> None:
    for n in range(20):
        assert attempt(app, f"nobody-{n}", "wrong", "203.0.113.5")[0] == 401
    assert attempt(app, person.username, PASSWORD, "203.0.113.5") == (429, "sign_in_locked")
    assert attempt(app, person.username, PASSWORD, "203.0.113.6")[0] == 201


def test_a_volley_has_no_more_tries_than_a_person(app: Flask, person: Person) -> None:
    with ThreadPoolExecutor(12) as pool:
        got = list(pool.map(lambda n: attempt(app, person.username, f"guess {n}", f"10.0.0.{n}"), range(12)))
    assert sorted(status for status, _ in got) == [401] * 5 + [429] * 7


def test_a_flood_is_turned_away_before_any_hash(
    built: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the real rate: of a volley from one address few reach a password, and another address is not in the way."""
    strict, hashed = create_app(built), []
    monkeypatch.setattr(
        signing_in, "verify_password", lambda *given: hashed.append(given) or verify_password(*given)
    )
    begun = time.monotonic()
    got = [attempt(strict, f"victim-{n}", "guess", "198.51.100.77")[1] for n in range(100)]
    seconds = time.monotonic() - begun
    assert len(hashed) <= 3 * (seconds + 1)
    locked = 100 - len(hashed) - got.count("http_429")
    with transaction(built, read_only=True) as connection:
        most = store.policy(connection).address_failures
    assert (
        locked == 0 or len(hashed) == most
    )  # where it takes long, so many trickle through that the address is locked
    assert attempt(strict, person.username, PASSWORD, "198.51.100.78")[0] == 201


def test_nothing_tells_whether_there_is_such_an_account(app: Flask, person: Person) -> None:
    """The same words, the same statuses, the same locks, the same time."""
    there, nowhere = person.username, "nobody-at-all"
    said = {
        name: [attempt(app, name, "wrong", f"192.0.2.{40 + i}") for _ in range(7)]
        for i, name in enumerate((there, nowhere))
    }
    assert said[there] == said[nowhere]


def test_enumeration_by_time(app: Flask, built: str, slow_hasher: PasswordHasher) -> None:
    area, hashed = town.subdistrict("a"), slow_hasher.hash(PASSWORD)
    person = employ(built, Role.SUPERVISOR, area, username="somebody-by-time", hashed=hashed)
    took: dict[str, list[float]] = {person.username: [], "nobody-by-time": []}
    for _ in range(12):
        for name, times in took.items():
            run(built, "DELETE FROM sign_in_failures")
            begin = time.perf_counter()
            attempt(app, name, "wrong")
            times.append(time.perf_counter() - begin)
    there, nowhere = (statistics.median(times) for times in took.values())
    assert 0.6 < there / nowhere < 1.67, took


def test_a_lock_is_lifted_with_a_reason(app: Flask, built: str, person: Person) -> None:
    for _ in range(5):
        attempt(app, person.username, "wrong", "192.0.2.60")
    with transaction(built) as connection:
        managing.unlock_account(connection, person.username, "本人来电核实", by=managing.Hand("head"))
    assert attempt(app, person.username, PASSWORD, "192.0.2.60")[0] == 201
    with transaction(built) as connection:
        row = connection.execute(
            text(
                "SELECT account_name, facts FROM access_log WHERE action = 'account.unlock' ORDER BY no DESC LIMIT 1"
            )
        ).one()
    assert row.account_name == "head"
    assert row.facts == {"reason": "本人来电核实", "failures": 5}


def test_idle_locks_and_the_password_unlocks(app: Flask, built: str, person: Person) -> None:
    client = sign_in(app, person)
    run(
        built,
        "UPDATE sessions SET seen_at = now() - interval '31 minutes' WHERE account_id = :a",
        a=person.account_id,
    )
    locked = client.get("/api/v1/cases")
    assert (locked.status_code, locked.json["code"]) == (401, "session_locked")  # type: ignore[index]
    assert client.get("/account", headers=PAGE).location.startswith("/unlock?next=")
    token = client.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
    wrong = client.post("/api/v1/session/unlock", json={"password": "no"}, headers={"X-CSRFToken": token})
    assert wrong.status_code == 401
    right = client.post("/api/v1/session/unlock", json={"password": PASSWORD}, headers={"X-CSRFToken": token})
    assert right.status_code == 200
    assert client.get("/api/v1/cases").status_code == 200


def test_a_page_that_refreshes_itself_keeps_nobody_awake(app: Flask, built: str, person: Person) -> None:
    client = sign_in(app, person)
    seen = "SELECT max(seen_at) < now() - interval '10 minutes' FROM sessions WHERE account_id = :a"
    run(
        built,
        "UPDATE sessions SET seen_at = now() - interval '20 minutes' WHERE account_id = :a",
        a=person.account_id,
    )
    assert client.get("/api/v1/cases", headers={"X-Panlong-Idle": "1200"}).status_code == 200
    with transaction(built) as connection:
        assert connection.execute(text(seen), {"a": person.account_id}).scalar_one()
    assert client.get("/api/v1/cases", headers={"X-Panlong-Idle": "3"}).status_code == 200
    with transaction(built) as connection:
        assert not connection.execute(text(seen), {"a": person.account_id}).scalar_one()


def test_twelve_hours_end_it(app: Flask, built: str, person: Person) -> None:
    client = sign_in(app, person)
    run(
        built,
        "UPDATE sessions SET created_at = now() - interval '12 hours' WHERE account_id = :a",
        a=person.account_id,
    )
    assert client.get("/api/v1/cases").json["code"] == "sign_in_needed"  # type: ignore[index]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE post_holders SET until_on = from_on + 1 WHERE staff_id = :s",
        "DELETE FROM post_holders WHERE staff_id = :s",
        "DELETE FROM post_areas WHERE post_id IN (SELECT post_id FROM post_holders WHERE staff_id = :s)",
        "UPDATE accounts SET state = 'disabled' WHERE id = (SELECT account_id FROM staff_members WHERE id = :s)",
    ],
)
def test_changed_rights_end_sessions(app: Flask, built: str, person: Person, change: str) -> None:
    client = sign_in(app, person)
    assert who(client) == 200
    with transaction(built) as connection:
        staff = connection.execute(
            text("SELECT id FROM staff_members WHERE account_id = :a"), {"a": person.account_id}
        ).scalar_one()
    run(built, change, s=staff)
    assert who(client) == 401


def test_sessions_can_be_ended_and_the_token_is_dead(app: Flask, person: Person) -> None:
    first, second = sign_in(app, person), sign_in(app, person)
    token = second.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
    assert "退出其他全部设备" in second.get("/account", headers=PAGE).text
    second.post("/account/sessions/end", data={"csrf_token": token})
    assert (who(first), who(second)) == (401, 200)
    stolen = second.get_cookie("__Host-panlong")
    assert second.post("/sign-out", data={"csrf_token": token}).status_code == 303
    thief = app.test_client()
    thief.set_cookie("__Host-panlong", stolen.value)  # type: ignore[union-attr]
    assert who(thief) == 401, "what was signed out of cannot be used again"


def test_a_changed_password_ends_the_others(app: Flask, person: Person) -> None:
    first, second = sign_in(app, person), sign_in(app, person)
    token = second.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
    form = {
        "csrf_token": token,
        "present": PASSWORD,
        "fresh": "Another 8 rivers",
        "again": "Another 8 rivers",
    }
    weak = second.post("/account/password", data={**form, "fresh": "short", "again": "short"})
    assert weak.status_code == 400
    assert "10 个字符" in weak.text
    assert second.post("/account/password", data=form).status_code == 303
    assert (who(first), who(second)) == (401, 200)
    again = {**form, "present": "Another 8 rivers", "fresh": "Another 8 rivers", "again": "Another 8 rivers"}
    assert "最近用过" in second.post("/account/password", data=again).text
    assert attempt(app, person.username, PASSWORD, "192.0.2.71")[0] == 401


def test_an_expired_password_comes_first(app: Flask, built: str, person: Person) -> None:
    client = sign_in(app, person)
    run(
        built,
        "UPDATE accounts SET password_changed_at = now() - interval '181 days' WHERE id = :a",
        a=person.account_id,
    )
    assert client.get("/api/v1/cases").json["code"] == "password_needed"  # type: ignore[index]
    assert client.get("/", headers=PAGE).location == "/account/password"


def test_a_session_is_not_the_one_that_was_there_before(app: Flask, person: Person) -> None:
    """Fixation: what a browser showed before signing in is worth nothing afterwards."""
    client = app.test_client()
    client.get("/sign-in")
    before = client.get_cookie("__Host-panlong")
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    client.post("/api/v1/session", json={"username": person.username, "password": PASSWORD})
    after = client.get_cookie("__Host-panlong")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with client.session_transaction() as now:
        assert "planted" not in now
    thief = app.test_client()
    thief.set_cookie("__Host-panlong", before.value)
    assert who(thief) == 401


def test_cookies_are_guarded(app: Flask, person: Person) -> None:
    answer = app.test_client().post(
        "/api/v1/session", json={"username": person.username, "password": PASSWORD}
    )
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-panlong="))
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_forged_requests_are_not_taken(app: Flask, person: Person) -> None:
    client = sign_in(app, person)
    for path in ("/sign-out", "/account/sessions/end", "/account/password"):
        assert client.post(path, data={}).status_code == 400, path
        assert client.post(path, data={"csrf_token": "forged"}).status_code == 400, path
    assert (
        client.post("/sign-in", data={"username": person.username, "password": PASSWORD}).status_code == 400
    )
    form = client.post("/api/v1/session", data={"username": person.username, "password": PASSWORD})
    assert form.json["code"] == "json_needed", "a form of another site cannot sign anybody in"  # type: ignore[index]
    assert who(client) == 200


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away(app: Flask, person: Person, target: str) -> None:
    client = app.test_client()
    page = client.get("/sign-in", query_string={"next": target}, headers=PAGE).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": person.username, "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/")


def test_second_factor(app: Flask, built: str) -> None:
    person = employ(built, Role.SYS_ADMIN, None, username="second-factor")
    client = app.test_client()
    given = {"username": person.username, "password": PASSWORD}
    assert client.post("/api/v1/session", json=given).json["code"] == "second_factor_needed"  # type: ignore[index]
    assert client.post("/api/v1/session", json={**given, "code": "000000"}).status_code == 401
    code = person.code
    assert client.post("/api/v1/session", json={**given, "code": code}).status_code == 201
    again = app.test_client().post("/api/v1/session", json={**given, "code": code})
    assert again.status_code == 401, "a code is good once"


def test_an_administrator_without_second_factor_sets_one_up_first(app: Flask, built: str) -> None:
    person = employ(built, Role.AUDIT_ADMIN, None, username="no-factor-yet")
    run(
        built,
        "UPDATE accounts SET totp_secret = NULL, totp_confirmed_at = NULL WHERE id = :a",
        a=person.account_id,
    )
    client = sign_in(app, Person(person.username, person.account_id))
    assert client.get("/", headers=PAGE).location == "/account/second-factor"
    page = client.get("/account/second-factor", headers=PAGE).text
    secret = page.split("<code>")[1].split("</code>")[0]
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    wrong = client.post("/account/second-factor", data={"csrf_token": token, "code": "123456"})
    assert wrong.status_code == 400
    shown = client.post(
        "/account/second-factor", data={"csrf_token": token, "code": pyotp.TOTP(secret).now()}
    )
    codes = [part.split("</code>")[0] for part in shown.text.split("<li><code>")[1:]]
    assert len(set(codes)) == 10
    given = {"username": person.username, "password": PASSWORD, "code": codes[0].upper()}
    assert app.test_client().post("/api/v1/session", json=given).status_code == 201
    assert app.test_client().post("/api/v1/session", json=given).status_code == 401, (
        "a recovery code is good once"
    )
    assert client.get("/account", headers=PAGE).status_code == 200


def test_tokens(app: Flask, built: str, person: Person) -> None:
    def ask(token: str, path: str) -> int:
        return app.test_client().get(path, headers={"Authorization": f"Bearer {token}"}).status_code

    with transaction(built) as connection:
        token, _ = managing.create_token(connection, person.username, "t", ["cases.read"], timedelta(days=1))
        with pytest.raises(Exception, match="scope_not_held"):
            managing.create_token(connection, person.username, "t", ["access_log.read"], timedelta(days=1))
    assert ask(token, "/api/v1/cases") == 200
    assert ask(token, "/api/v1/district") == 403, "the account may, the token may not"
    assert ask(token + "x", "/api/v1/cases") == 401
    assert ask("", "/api/v1/cases") == 401
    run(built, "UPDATE api_tokens SET expires_at = now() WHERE account_id = :a", a=person.account_id)
    assert ask(token, "/api/v1/cases") == 401
    run(built, "UPDATE api_tokens SET expires_at = now() + interval '1 day', revoked_at = now() WHERE account_id = :a",
        a=person.account_id)  # fmt: skip
    assert ask(token, "/api/v1/cases") == 401


def test_a_wall_is_bound_to_its_machine_and_only_reads(app: Flask, built: str) -> None:
    with transaction(built) as connection:
        code = appoint_kiosk(connection, "wall-1", "大屏", None)
    wall = app.test_client()
    seat = {"REMOTE_ADDR": "192.0.2.200", "HTTP_USER_AGENT": "wall"}
    assert wall.get(f"/kiosk/{code}", environ_base=seat).status_code == 303
    assert wall.get("/api/v1/cases", environ_base=seat).status_code == 200
    assert wall.get("/", environ_base=seat, headers=PAGE).status_code == 200
    run(built, "UPDATE sessions SET seen_at = now() - interval '9 days', created_at = now() - interval '9 days'"
               " WHERE account_id = (SELECT id FROM accounts WHERE username = 'wall-1')")  # fmt: skip
    assert wall.get("/api/v1/cases", environ_base=seat).status_code == 200, "a wall never idles"
    assert wall.get("/account", environ_base=seat).status_code == 403
    assert app.test_client().get(f"/kiosk/{code}", environ_base=seat).status_code == 401, (
        "the code is good once"
    )
    moved = app.test_client()
    moved.set_cookie("__Host-panlong", wall.get_cookie("__Host-panlong").value)  # type: ignore[union-attr]
    elsewhere = {"REMOTE_ADDR": "192.0.2.201", "HTTP_USER_AGENT": "wall"}
    assert moved.get("/api/v1/cases", environ_base=elsewhere).status_code == 401
    assert wall.get("/api/v1/cases", environ_base=seat).status_code == 401, "a session that has moved is over"


def test_what_happens_is_logged(app: Flask, built: str, person: Person) -> None:
    attempt(app, person.username, "wrong", "192.0.2.90")
    sign_in(app, person)
    with transaction(built) as connection:
        rows = connection.execute(
            text(
                "SELECT action, outcome, host(address) AS address, facts FROM access_log WHERE account_name = :n"
                " AND action = 'session.begin' ORDER BY no"
            ),
            {"n": person.username},
        ).all()
    assert [(row.outcome, row.address) for row in rows] == [("refused", "192.0.2.90"), ("done", "127.0.0.1")]
    assert PASSWORD not in str(rows)


def test_two_servers_agree(app: Flask, built: str, person: Person) -> None:
    other = create_app(built)
    other.config["SIGN_IN_RATE"] = UNLIMITED
    client = sign_in(app, person)
    elsewhere = other.test_client()
    elsewhere.set_cookie("__Host-panlong", client.get_cookie("__Host-panlong").value)  # type: ignore[union-attr]
    assert who(elsewhere) == 200
    for _ in range(5):
        attempt(other, person.username, "wrong", "192.0.2.99")
    assert attempt(app, person.username, PASSWORD, "192.0.2.98") == (429, "sign_in_locked")


def test_every_permission_has_a_holder() -> None:
    assert set().union(*PERMISSIONS.values()) | {Permission.HOME, Permission.SELF} == set(Permission)

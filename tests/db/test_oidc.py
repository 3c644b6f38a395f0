"""Signing in with an identity provider: a small one of our own, spoken to over loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask, jsonify, redirect, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text
from werkzeug.serving import make_server

from app.accounts.rules import Role
from app.accounts.service import identities, managing
from app.db import transaction
from app.factory import create_app
from app.settings import OidcSettings
from tests import town
from tests.people import employ

pytestmark = pytest.mark.db

CLIENT, SECRET = "panlong", "only for this test"


@dataclass
class Provider:
    """What the provider says of whoever comes."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
    )
    signed_by: RSAKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Flask:
        made = Flask("provider")

        @made.get("/.well-known/openid-configuration")
        def discovery() -> Any:
            base = self.issuer
            return jsonify(issuer=base, authorization_endpoint=f"{base}/authorize", token_endpoint=f"{base}/token",
                           jwks_uri=f"{base}/jwks", id_token_signing_alg_values_supported=["RS256"],
                           response_types_supported=["code"], subject_types_supported=["public"])  # fmt: skip

        @made.get("/authorize")
        def authorize() -> Any:
            code = f"code-{len(self.asked)}"
            self.asked[code] = dict(request.args)
            back = urlencode({"code": code, "state": request.args["state"]})
            return redirect(f"{request.args['redirect_uri']}?{back}")

        @made.post("/token")
        def token() -> Any:
            asked = self.asked.pop(request.form["code"])
            assert request.form["code_verifier"]
            now = int(time.time())
            claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"],
                      **self.claims}  # fmt: skip
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signed_by or self.key)
            return jsonify(access_token="a", token_type="Bearer", id_token=signed)

        @made.get("/jwks")
        def jwks() -> Any:
            return jsonify(keys=[self.key.as_dict(private=False)])

        return made


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    server = make_server("127.0.0.1", 0, made.app(), threaded=True)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def app(database: str, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Flask:
    town.build(database)
    for name, value in (("ISSUER", provider.issuer), ("CLIENT_ID", CLIENT), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setenv(f"PANLONG_OIDC_{name}", value)
    return create_app(database)


def come(client: FlaskClient, provider: Provider) -> Any:
    """Press the button, meet the provider, and come back."""
    away = client.get("/sign-in/oidc?next=/account")
    assert away.status_code == 302
    parts = urlsplit(away.location)
    assert parse_qs(parts.query)["code_challenge_method"] == ["S256"]
    with provider.app().test_client() as browser:
        back = browser.get(f"{parts.path}?{parts.query}")
    landed = urlsplit(back.location)
    return client.get(f"{landed.path}?{landed.query}", headers={"Accept": "application/json"})


def test_a_linked_identity_is_let_in(app: Flask, database: str, provider: Provider) -> None:
    person = employ(database, Role.SUPERVISOR, town.subdistrict("a"))
    provider.claims = {"sub": "u-1", "preferred_username": person.username}
    client = app.test_client()
    refused = come(client, provider)
    assert (refused.status_code, refused.json["code"]) == (401, "oidc_unknown"), "a name alone opens nothing"
    with transaction(database) as connection:
        identities.link(connection, person.account_id, provider.issuer, "u-1")
        with pytest.raises(Exception, match="identity_taken"):
            identities.link(connection, person.account_id, provider.issuer, "u-1")
    answer = come(client, provider)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/api/v1/session").json["username"] == person.username  # type: ignore[index]
    with transaction(database) as connection:
        managing.set_state(connection, person.username, "disabled")
    assert come(app.test_client(), provider).json["code"] == "oidc_unknown"


def test_names_link_where_the_settings_say_so(app: Flask, database: str, provider: Provider) -> None:
    given = app.config["OIDC"]
    app.config["OIDC"] = OidcSettings(
        given.issuer, given.client_id, given.client_secret, "preferred_username"
    )
    person = employ(database, Role.SUPERVISOR, town.subdistrict("a"))
    provider.claims = {"sub": "u-2", "preferred_username": person.username.upper()}
    assert come(app.test_client(), provider).status_code == 303
    with transaction(database) as connection:
        count = connection.execute(text("SELECT count(*) FROM account_identities")).scalar_one()
    assert count == 1


def test_the_second_factor_of_the_provider_counts_and_ours_is_asked_for_else(
    app: Flask, database: str, provider: Provider
) -> None:
    person = employ(database, Role.SYS_ADMIN)
    with transaction(database) as connection:
        identities.link(connection, person.account_id, provider.issuer, "admin")
    provider.claims = {"sub": "admin"}
    asked = come(app.test_client(), provider)
    assert asked.location.startswith("/sign-in/code")
    provider.claims = {"sub": "admin", "amr": ["pwd", "otp"]}
    client = app.test_client()
    assert come(client, provider).status_code == 303
    assert client.get("/people", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    "lie",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"nonce": "replayed"}],
    ids=lambda lie: next(iter(lie)),
)
def test_a_bad_word_is_not_taken(app: Flask, provider: Provider, lie: dict[str, Any]) -> None:
    provider.claims = {"sub": "u-1", **lie}
    answer = come(app.test_client(), provider)
    assert (answer.status_code, answer.json["code"]) == (401, "oidc_refused")


def test_a_word_signed_by_somebody_else(app: Flask, provider: Provider) -> None:
    provider.claims = {"sub": "u-1"}
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
    assert come(app.test_client(), provider).json["code"] == "oidc_refused"


def test_a_state_that_is_not_ours(app: Flask, provider: Provider) -> None:
    client = app.test_client()
    client.get("/sign-in/oidc")
    answer = client.get("/sign-in/oidc/return?code=x&state=forged")
    assert answer.json["code"] == "oidc_refused"  # type: ignore[index]


def test_a_provider_that_is_away_is_named(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    town.build(database)
    monkeypatch.setenv("PANLONG_OIDC_ISSUER", "http://127.0.0.1:9")
    client = create_app(database).test_client()
    answer = client.get("/sign-in/oidc")
    assert (answer.status_code, answer.json["code"]) == (503, "oidc_unreachable")  # type: ignore[index]


def test_without_a_provider_there_is_no_button(database: str) -> None:
    town.build(database)
    employ(database, Role.SUPERVISOR, town.subdistrict("a"))
    client = create_app(database).test_client()
    assert "oidc" not in client.get("/sign-in", headers={"Accept": "text/html"}).text
    assert client.get("/sign-in/oidc").status_code == 404

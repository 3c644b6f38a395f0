"""Signing in with an identity provider (OpenID Connect, authorization code with PKCE)."""

from __future__ import annotations

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, redirect, session, url_for
from requests import RequestException
from werkzeug.wrappers import Response

from app.accounts.guard import let_in, seat
from app.accounts.pages.blueprint import blueprint, target
from app.accounts.pages.signing_in import ask_for_code
from app.accounts.service import identities, signing_in
from app.errors import NotFoundError, RefusedError, UnavailableError
from app.settings import OidcSettings
from app.web.acting import database_url
from app.web.doors import public
from app.web.limits import attempts, limiter

PROVIDER = "provider"


def register(app: Flask, given: OidcSettings | None) -> None:
    """Let people sign in with a provider, where one is named."""
    app.config["OIDC"] = given
    if given is None:
        return
    clients = OAuth(app)
    clients.register(
        PROVIDER,
        client_id=given.client_id,
        client_secret=given.client_secret,
        server_metadata_url=given.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
    )
    app.extensions["panlong.oidc"] = clients


def _client() -> object:
    clients = current_app.extensions.get("panlong.oidc")
    if clients is None:
        raise NotFoundError("oidc_off")
    return clients.create_client(PROVIDER)


@blueprint.get("/sign-in/oidc")
@public
@limiter.limit(attempts)
def oidc() -> Response:
    """Go to the provider."""
    client = _client()
    session["after"] = target()
    try:
        return client.authorize_redirect(url_for("accounts.oidc_return", _external=True))  # type: ignore[attr-defined, no-any-return]
    except (OAuthError, RequestException) as error:
        raise UnavailableError("oidc_unreachable", reason=error.__class__.__name__) from error


@blueprint.get("/sign-in/oidc/return")
@public
@limiter.limit(attempts)
def oidc_return() -> Response:
    """Come back from the provider: its word is checked by signature, nonce, issuer and audience."""
    client, given = _client(), current_app.config["OIDC"]
    after = session.pop("after", "/")
    try:
        claims = client.authorize_access_token()["userinfo"]  # type: ignore[attr-defined]
    except RequestException as error:
        raise UnavailableError("oidc_unreachable", reason=error.__class__.__name__) from error
    except Exception as error:
        raise RefusedError("oidc_refused", reason=error.__class__.__name__) from error
    found = identities.account_of(database_url(), given, claims, seat())
    if found.asks_for_code:
        return ask_for_code(found.account_id, after)
    token = signing_in.begin_session(
        database_url(), found.account_id, seat(), by="oidc", second=found.second_factor
    )
    let_in(token)
    return redirect(after, 303)

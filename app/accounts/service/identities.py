"""Who an account is for an identity provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from app.accounts import store
from app.accounts.service import managing, second_factor
from app.accounts.service.signing_in import Seat
from app.db import transaction
from app.errors import ConflictError, RefusedError
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.settings import OidcSettings

STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fido"})
"""Values of the claim `amr` (RFC 8176) that stand for a second factor."""


@dataclass(frozen=True, slots=True)
class Known:
    """The account that a provider's word leads to, and whether that word stands for a second factor too."""

    account_id: int
    second_factor: bool
    asks_for_code: bool


def account_of(url: str, given: OidcSettings, claims: Mapping[str, Any], seat: Seat) -> Known:
    """The account of a provider's claims, which have been checked.

    An identity that nobody has linked yet is linked to the account of the same name where the settings say that the
    provider's names are ours.

    Raises
    ------
    RefusedError
        `oidc_unknown`: no account is linked, or it is disabled.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    name = str(claims.get(given.link_by or "", "")).lower()
    with transaction(url, timeout_s=10) as connection:
        account_id = connection.execute(
            text("SELECT account_id FROM account_identities WHERE issuer = :issuer AND subject = :subject"),
            {"issuer": issuer, "subject": subject},
        ).scalar()
        if account_id is None and name:
            named = store.find_account(connection, name)
            account_id = None if named is None else named.id
            if account_id is not None:
                link(connection, account_id, issuer, subject)
        found = None if account_id is None else store.account(connection, account_id)
        if found is None or found.state != "active" or found.kind != "person":
            ledger.add(
                connection,
                Entry(
                    "session.begin", "refused", address=seat.address, facts={"at": "oidc", "issuer": issuer}
                ),
            )
            found = None
    if found is None:
        raise RefusedError("oidc_unknown")
    strong = bool(STRONG & set(claims.get("amr") or ()))
    return Known(found.id, strong, second_factor.enrolled(found) and not strong)


def link(
    connection: Connection,
    account_id: int,
    issuer: str,
    subject: str,
    *,
    by: managing.Hand = managing.CONSOLE,
) -> None:
    """Say that an identity is an account's.

    Raises
    ------
    ConflictError
        `identity_taken`: it is another account's.
    """
    done = connection.execute(
        text(
            "INSERT INTO account_identities (issuer, subject, account_id) VALUES (:issuer, :subject, :account)"
            " ON CONFLICT (issuer, subject) DO NOTHING"
        ),
        {"issuer": issuer, "subject": subject, "account": account_id},
    )
    if not done.rowcount:
        raise ConflictError("identity_taken", subject=subject)
    managing.log(connection, "account.link", account_id, by, issuer=issuer)

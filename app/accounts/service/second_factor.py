"""The second factor 第二因素: time-based codes (RFC 6238), each good once, and recovery codes for a lost telephone."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pyotp
import segno
from sqlalchemy import Connection, Row

from app.accounts import store
from app.accounts.service.secrets import decrypt, digest, encrypt
from app.errors import ConflictError, InvalidError

ISSUER = "盘龙一张图"
STEP_S = 30
WINDOW = 1
"""Steps before and after the present one that are taken too: telephones do not all keep the same time."""

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letters that look like digits."""


def enrolled(account: Row[Any]) -> bool:
    """Whether an account has a second factor."""
    return account.totp_confirmed_at is not None


def begin_enrolment(connection: Connection, account_id: int) -> tuple[str, str]:
    """Give an account a secret that is not confirmed yet; the secret, and a picture (SVG) of it for a telephone.

    Raises
    ------
    ConflictError
        `second_factor_present`: there is a confirmed one.
    """
    found = store.account(connection, account_id, lock=True)
    if found is None or enrolled(found):
        raise ConflictError("second_factor_present")
    secret = decrypt(found.totp_secret) if found.totp_secret else pyotp.random_base32()
    store.change_account(connection, account_id, totp_secret=encrypt(secret))
    address = pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=found.username, issuer_name=ISSUER)
    return secret, segno.make(address, error="m").svg_data_uri(scale=5, border=2)


def confirm_enrolment(connection: Connection, account_id: int, code: str) -> list[str]:
    """Confirm the secret by a code of it; the recovery codes, which are never shown again.

    Raises
    ------
    InvalidError
        `second_factor_wrong`.
    """
    found = store.account(connection, account_id, lock=True)
    if found is None or found.totp_secret is None or not _fits(connection, found, code):
        raise InvalidError("second_factor_wrong")
    store.change_account(connection, account_id, totp_confirmed_at=store.now())
    codes = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY_CODES)
    ]
    store.add_recovery_codes(connection, account_id, [digest(code) for code in codes])
    return codes


def remove(connection: Connection, account_id: int) -> None:
    """Take the second factor from an account."""
    store.change_account(
        connection, account_id, totp_secret=None, totp_confirmed_at=None, totp_last_step=None
    )
    store.add_recovery_codes(connection, account_id, [])


def matches(connection: Connection, account: Row[Any], code: str) -> bool:
    """Whether a code is one of the account's now; whatever fits is used up."""
    plain = code.strip().lower().replace(" ", "")
    if _fits(connection, account, plain):
        return True
    return store.use_recovery_code(connection, account.id, digest(plain))


def _fits(connection: Connection, account: Row[Any], code: str) -> bool:
    if account.totp_secret is None:
        return False
    made = pyotp.TOTP(decrypt(account.totp_secret), interval=STEP_S)
    now = int(time.time()) // STEP_S
    for step in range(now - WINDOW, now + WINDOW + 1):
        fresh = account.totp_last_step is None or step > account.totp_last_step
        if fresh and secrets.compare_digest(made.at(step * STEP_S), code.strip()):
            store.change_account(connection, account.id, totp_last_step=step)
            return True
    return False

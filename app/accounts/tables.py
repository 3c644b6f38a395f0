"""Accounts 账号 and what they sign in with, their sessions 会话, locks and tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.db import Table

NOT_FORGIVEN = text("forgiven_at IS NULL")


class SecurityPolicy(Table):
    """The one row that the security administrator sets; `app.accounts.rules.Policy` says what each means."""

    __tablename__ = "security_policies"

    single: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default="true")
    password_length: Mapped[int] = mapped_column(server_default="10")
    password_classes: Mapped[int] = mapped_column(server_default="3")
    password_history: Mapped[int] = mapped_column(server_default="5")
    password_days: Mapped[int] = mapped_column(server_default="180")
    account_failures: Mapped[int] = mapped_column(server_default="5")
    address_failures: Mapped[int] = mapped_column(server_default="20")
    lock_minutes: Mapped[int] = mapped_column(server_default="30")
    idle_minutes: Mapped[int] = mapped_column(server_default="30")
    session_hours: Mapped[int] = mapped_column(server_default="12")


class Account(Table):
    """Somebody, or a wall screen, that may sign in; what it may see hangs on the posts of its staff member."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("username", name="accounts_username_unique"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    username: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="active")
    kind: Mapped[str] = mapped_column(server_default="person")
    password_hash: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(server_default="false")
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str | None]
    simulated: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(server_default="now()")


class PasswordHistory(Table):
    """A password that an account has had, as a hash."""

    __tablename__ = "password_history"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str]
    set_at: Mapped[datetime] = mapped_column(server_default="now()")


class RecoveryCode(Table):
    """A code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class AccountIdentity(Table):
    """Who an account is for an identity provider (OpenID Connect)."""

    __tablename__ = "account_identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime] = mapped_column(server_default="now()")


class Session(Table):
    """A signed-in browser; only the hash of its token is here."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_account_id", "account_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    second_factor: Mapped[bool] = mapped_column(server_default="false")
    address: Mapped[str | None] = mapped_column(INET)
    agent: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default="now()")
    seen_at: Mapped[datetime] = mapped_column(server_default="now()")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class SignInFailure(Table):
    """A failed sign-in; a lock is nothing but the recent ones of a name or of an address."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_username", "username", "at", postgresql_where=NOT_FORGIVEN),
        Index("ix_sign_in_failures_address", "address", "at", postgresql_where=NOT_FORGIVEN),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    username: Mapped[str]
    address: Mapped[str] = mapped_column(INET)
    at: Mapped[datetime] = mapped_column(server_default="now()")
    forgiven_at: Mapped[datetime | None]


class ApiToken(Table):
    """A token with which a program acts for an account, within its scopes and until its expiry."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default="now()")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class KioskCode(Table):
    """A code that turns a machine into the wall's, once and for a short time."""

    __tablename__ = "kiosk_codes"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AnalystLogin(Table):
    """A login of the database with which an analyst writes SQL; its territory is that of the account."""

    __tablename__ = "analyst_logins"

    login: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default="now()")

"""Who a request comes from: the session of a browser or the token of a program, with what its account may do."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.accounts import store
from app.accounts.rules import (
    Permission,
    Policy,
    SessionState,
    needs_second_factor,
    password_expired,
    permissions_of,
    session_state,
)
from app.accounts.service.secrets import TOKEN_PREFIX, digest
from app.accounts.service.signing_in import Seat
from app.accounts.store import sessions
from app.db import Actor, transaction

REMEMBERED_S = 1.0
"""For so long a process does not ask again who a token is: what is taken away is gone within a second."""

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is let in.

    Parameters
    ----------
    token
        What the browser or program shows; Flask-Login keeps it as the user's id.
    state
        Live, or locked until the password is given again.
    unfinished
        What has to be done before anything else: `password`, `second_factor`, or None.
    """

    token: str
    actor: Actor
    session_id: int | None
    username: str
    name: str
    kiosk: bool
    locale: str | None
    state: SessionState
    unfinished: str | None
    permissions: frozenset[Permission]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login keeps."""
        return self.token

    @property
    def account_id(self) -> int:
        """The account; a visitor always has one."""
        return self.actor.account_id or 0

    def may(self, permission: str) -> bool:
        """Whether the visitor holds a permission: what templates ask."""
        return permission in self.permissions


_remembered: dict[bytes, tuple[float, Visitor | None]] = {}


def forget(token: str) -> None:
    """Ask the database again the next time that this token is shown."""
    key = digest(token)
    for known in [known for known in list(_remembered) if known.startswith(key)]:
        _remembered.pop(known, None)


def remembered(token: str, address: str) -> Visitor | None:
    """The visitor of a token as this process knows them without asking anybody; None where it has to ask."""
    known = _remembered.get(digest(token) + address.encode())
    return known[1] if known is not None and time.monotonic() - known[0] < REMEMBERED_S else None


def visitor(url: str, token: str, seat: Seat, *, awake: bool) -> Visitor | None:
    """The visitor of a token; None where it opens nothing.

    Parameters
    ----------
    awake
        Whether somebody is there: pages that refresh themselves do not keep a session from being locked.
    """
    key, now = digest(token) + seat.address.encode(), time.monotonic()
    known = _remembered.get(key)
    if known is not None and now - known[0] < REMEMBERED_S:
        return known[1]
    found = _by_token(url, token) if token.startswith(TOKEN_PREFIX) else _by_session(url, token, seat, awake)
    if len(_remembered) > REMEMBERED:
        _remembered.clear()
    # Who has something to do first is asked about each time: it may be done in another process meanwhile.
    if found is None or (found.state is SessionState.LIVE and not found.unfinished):
        _remembered[key] = (now, found)
    return found


Shown = tuple[bytes, Actor]
"""The digest of what let somebody in, and who they were then."""


def standing(url: str, shown: Collection[Shown], *, views: Collection[int]) -> set[Shown]:
    """Of those who keep a screen open, the ones whom a request would still let in as they were.

    Two questions for all of them. Nobody's session is kept from idling by it.

    Parameters
    ----------
    views
        Ids of the accounts whose posts and territory are looked at too; of the others only whether the session or token
        stands.
    """
    now = datetime.now(UTC)
    with transaction(url, read_only=True, timeout_s=10) as connection:
        policy = store.policy(connection)
        found = sessions.find_all(connection, list({key for key, _ in shown}))
        rows = {bytes(row.token_hash): row for row in found if _live(row, policy, now)}
        looked_at = {row.account_id for row in found} & set(views)
        actors = store.actors_of(connection, sorted(looked_at)) if looked_at else {}

    def stands(key: bytes, actor: Actor) -> bool:
        row = rows.get(key)
        if row is None or (row.account_id in looked_at and actors.get(row.account_id) != actor):
            return False
        return row.kind == "kiosk" or _unfinished(row, actor, policy, now) is None

    return {one for one in shown if stands(*one)}


def _live(row: Any, policy: Policy, now: datetime) -> bool:
    if row.created_at is None:
        return True  # a program's token: it has not run out
    state = session_state(row.created_at, row.seen_at, policy, now, kiosk=row.kind == "kiosk")
    return state is SessionState.LIVE


def _by_session(url: str, token: str, seat: Seat, awake: bool) -> Visitor | None:
    with transaction(url, timeout_s=10) as connection:
        row = sessions.find_session(connection, digest(token))
        if row is None:
            return None
        policy, kiosk, now = store.policy(connection), row.kind == "kiosk", datetime.now(UTC)
        state = session_state(row.created_at, row.seen_at, policy, now, kiosk=kiosk)
        moved = kiosk and (row.address, row.agent) != (seat.address, seat.agent[:200])
        if state is SessionState.OVER or moved:
            reason = "moved" if moved else "expired"
            sessions.end(connection, row.account_id, reason, only=row.id)
            return None
        if state is SessionState.LIVE and awake:
            sessions.touch(connection, row.id)
        actor = store.actor_of(connection, row.account_id)
    return Visitor(
        token,
        actor,
        row.id,
        row.username,
        row.name,
        kiosk,
        row.locale,
        state,
        None if kiosk else _unfinished(row, actor, policy, now),
        permissions_of(actor.roles, kiosk=kiosk),
    )


def _unfinished(row: Any, actor: Actor, policy: Policy, now: datetime) -> str | None:
    if row.has_password and password_expired(row.password_changed_at, row.must_change, policy, now):
        return "password"
    if needs_second_factor(actor.roles) and not row.second_factor:
        return "second_factor"
    return None


def why_not(url: str, token: str) -> str:
    """Why a program's token opens nothing, as a code: only who holds it can ask."""
    with transaction(url, read_only=True, timeout_s=10) as connection:
        return "token_expired" if sessions.token_expired(connection, digest(token)) else "token_refused"


def _by_token(url: str, token: str) -> Visitor | None:
    with transaction(url, timeout_s=10) as connection:
        row = sessions.find_token(connection, digest(token))
        if row is None:
            return None
        actor = store.actor_of(connection, row.account_id)
    allowed = permissions_of(actor.roles) & {p for p in Permission if p.value in row.scopes}
    return Visitor(
        token,
        actor,
        None,
        row.username,
        row.name,
        False,
        row.locale,
        SessionState.LIVE,
        None,
        frozenset(allowed),
    )

"""Who may do what: roles 角色 and permissions 权限; passwords, locks and the life of a session, as pure rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Permission(StrEnum):
    """What a route asks for. `HOME` is held by everybody who is let in, `SELF` by everybody but a wall screen."""

    HOME = "home"
    SELF = "self"
    VIEW_MAP = "map.view"
    READ_CASES = "cases.read"
    REPORT_CASES = "cases.report"
    MOVE_CASES = "cases.move"
    OPEN_CAMPAIGNS = "campaigns.open"
    READ_REGISTRY = "registry.read"
    EDIT_REGISTRY = "registry.edit"
    READ_PERSONS = "persons.read"
    KEEP_PERSONS = "persons.keep"
    READ_STAFF = "staff.read"
    READ_PHONES = "phones.read"
    EXPORT_STAFF = "staff.export"
    MANAGE_STAFFING = "staffing.manage"
    KEEP_DUTY = "duty.keep"
    HAND_OVER = "duty.hand_over"
    TAKE_OVER = "duty.take_over"
    DRIVE_WALL = "wall.drive"
    DRAW_GRID = "grid.draw"
    APPROVE_GRID = "grid.approve"
    MANAGE_ACCOUNTS = "accounts.manage"
    UNLOCK_ACCOUNTS = "accounts.unlock"
    GRANT_POSTS = "posts.grant"
    SET_POLICY = "policy.set"
    KEEP_EVALUATION = "evaluation.keep"
    OBJECT_TO_EVALUATION = "evaluation.object"
    MAKE_REPORTS = "reports.make"
    KEEP_REPORTS = "reports.keep"
    ISSUE_REPORTS = "reports.issue"
    EDIT_REFERENCE = "reference.edit"
    READ_ACCESS_LOG = "access_log.read"


class Role(StrEnum):
    """The role that a post gives; names and first screens are in `data/reference/roles.csv`."""

    REPORTER = "reporter"
    GROUP_LEADER = "group_leader"
    GRID_OFFICER = "grid_officer"
    COMMUNITY_DESK = "community_desk"
    SUPERVISOR = "supervisor"
    SUBCENTRE_OPERATOR = "subcentre_operator"
    SUBCENTRE_HEAD = "subcentre_head"
    INSPECTOR = "inspector"
    ACCEPTOR = "acceptor"
    DISPATCHER = "dispatcher"
    DUTY_OFFICER = "duty_officer"
    UNIT_DISPATCHER = "unit_dispatcher"
    HANDLER = "handler"
    SUPERVISION_OFFICER = "supervision_officer"
    EVALUATOR = "evaluator"
    ANALYST = "analyst"
    LEADER = "leader"
    VOLUNTEER_LEAD = "volunteer_lead"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"


POWERS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
"""Three administrators with separate powers: nobody holds two of them, nor one of them beside another role."""

_WORK = frozenset({Permission.VIEW_MAP, Permission.READ_CASES})
_REGISTRY = _WORK | {Permission.READ_REGISTRY, Permission.MAKE_REPORTS}
_CASEWORK = _REGISTRY | {Permission.REPORT_CASES, Permission.MOVE_CASES}
_FIELD = _CASEWORK | {Permission.KEEP_DUTY}
_OFFICE = _CASEWORK | {Permission.READ_STAFF}
_STREET = _OFFICE | {Permission.KEEP_DUTY, Permission.READ_PHONES}
_DESK = _STREET | {Permission.HAND_OVER}
_HEAD = _DESK | {Permission.MANAGE_STAFFING, Permission.EXPORT_STAFF}
_SERVING = frozenset({Permission.EDIT_REGISTRY, Permission.READ_PERSONS})
"""Who serves people where they live. The database has the same lists: `migrations/sql/0026_register_elements.sql`."""

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.REPORTER: frozenset({Permission.VIEW_MAP, Permission.REPORT_CASES}),
    Role.GROUP_LEADER: frozenset({Permission.VIEW_MAP, Permission.REPORT_CASES}),
    Role.GRID_OFFICER: _FIELD | {Permission.READ_PERSONS},
    Role.COMMUNITY_DESK: _DESK | _SERVING | {Permission.KEEP_PERSONS},
    Role.SUPERVISOR: _STREET,
    Role.SUBCENTRE_OPERATOR: _DESK | _SERVING,
    Role.SUBCENTRE_HEAD: _HEAD
    | _SERVING
    | {Permission.KEEP_PERSONS, Permission.UNLOCK_ACCOUNTS, Permission.OPEN_CAMPAIGNS}
    | {Permission.OBJECT_TO_EVALUATION, Permission.DRAW_GRID, Permission.ISSUE_REPORTS},
    Role.INSPECTOR: _STREET,
    Role.ACCEPTOR: _DESK | {Permission.DRIVE_WALL},
    Role.DISPATCHER: _DESK | {Permission.OPEN_CAMPAIGNS, Permission.DRIVE_WALL},
    Role.DUTY_OFFICER: _HEAD
    | {Permission.EDIT_REGISTRY, Permission.TAKE_OVER, Permission.OPEN_CAMPAIGNS, Permission.DRIVE_WALL}
    | {Permission.KEEP_EVALUATION, Permission.DRAW_GRID, Permission.APPROVE_GRID}
    | {Permission.KEEP_REPORTS, Permission.ISSUE_REPORTS},
    Role.UNIT_DISPATCHER: _DESK | {Permission.OPEN_CAMPAIGNS, Permission.OBJECT_TO_EVALUATION},
    Role.HANDLER: _FIELD,
    Role.SUPERVISION_OFFICER: _OFFICE,
    Role.EVALUATOR: _REGISTRY | {Permission.READ_STAFF, Permission.KEEP_EVALUATION, Permission.KEEP_REPORTS},
    Role.ANALYST: _REGISTRY,
    Role.LEADER: _OFFICE | {Permission.ISSUE_REPORTS},
    Role.VOLUNTEER_LEAD: frozenset({Permission.VIEW_MAP, Permission.REPORT_CASES, Permission.READ_STAFF}),
    Role.SYS_ADMIN: frozenset(
        {
            Permission.READ_STAFF,
            Permission.MANAGE_ACCOUNTS,
            Permission.EDIT_REFERENCE,
            Permission.KEEP_REPORTS,
        }
    ),
    Role.SEC_ADMIN: frozenset(
        {Permission.READ_STAFF, Permission.UNLOCK_ACCOUNTS, Permission.GRANT_POSTS, Permission.SET_POLICY}
    ),
    Role.AUDIT_ADMIN: frozenset({Permission.READ_ACCESS_LOG}),
}

KIOSK_PERMISSIONS = frozenset({Permission.HOME, Permission.VIEW_MAP, Permission.READ_CASES})
"""A wall screen reads, and nothing else, whatever its posts would allow."""


def permissions_of(roles: Iterable[str], *, kiosk: bool = False) -> frozenset[Permission]:
    """All that these roles together may do; roles that nobody knows give nothing."""
    known = set(Role)
    held = {Permission.HOME, Permission.SELF}.union(
        *(PERMISSIONS[Role(role)] for role in roles if role in known)
    )
    return frozenset(held & KIOSK_PERMISSIONS if kiosk else held)


def needs_second_factor(roles: Collection[str]) -> bool:
    """Whether an account with these roles may only work with a second factor."""
    return any(role in POWERS for role in roles)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the security administrator has set; the columns of `security_policies`.

    Parameters
    ----------
    password_length, password_classes
        Least number of characters, and of the four classes (small, capital, digit, other) among them.
    password_history
        How many former passwords may not come back.
    password_days
        Days after which a password has to be changed.
    account_failures, address_failures, lock_minutes
        So many failures of a name, or from an address, within so many minutes lock it for as long.
    idle_minutes, session_hours
        After so long without a sign of life a session is locked; after so long it ends.
    """

    password_length: int = 10
    password_classes: int = 3
    password_history: int = 5
    password_days: int = 180
    account_failures: int = 5
    address_failures: int = 20
    lock_minutes: int = 30
    idle_minutes: int = 30
    session_hours: int = 12

    @property
    def lock(self) -> timedelta:
        """How long a lock lasts, and how far back failures count."""
        return timedelta(minutes=self.lock_minutes)


def password_faults(password: str, username: str, policy: Policy) -> list[str]:
    """Codes of all that is wrong with a new password; none where it may be used."""
    tests = (
        str.islower,
        str.isupper,
        str.isdecimal,
        lambda c: not (c.islower() or c.isupper() or c.isdecimal()),
    )
    classes = sum(any(map(test, password)) for test in tests)
    plain = password.casefold()
    found = {
        "password_short": len(password) < policy.password_length,
        "password_long": len(password) > 200,
        "password_plain": classes < policy.password_classes,
        "password_repeats": len(set(plain)) < min(5, policy.password_length),
        "password_has_name": len(username) >= 3 and username.casefold() in plain,
    }
    return [code for code, wrong in found.items() if wrong]


def locked_until(
    failures: Sequence[datetime], allowed: int, policy: Policy, now: datetime
) -> datetime | None:
    """Until when a name or an address is locked; None where it is not.

    Parameters
    ----------
    failures
        When sign-in failed, forgiven ones left out, in any order.
    allowed
        Failures that lock.
    """
    recent = sorted(at for at in failures if now - policy.lock < at <= now)
    if len(recent) < allowed:
        return None
    return recent[-1] + policy.lock


class SessionState(StrEnum):
    """Where a session is in its life."""

    LIVE = "live"
    LOCKED = "locked"
    OVER = "over"


def session_state(
    created: datetime, seen: datetime, policy: Policy, now: datetime, *, kiosk: bool
) -> SessionState:
    """Where a session is: live, locked until its person gives the password again, or over. A wall never idles."""
    if kiosk:
        return SessionState.LIVE
    if now - created >= timedelta(hours=policy.session_hours):
        return SessionState.OVER
    if now - seen >= timedelta(minutes=policy.idle_minutes):
        return SessionState.LOCKED
    return SessionState.LIVE


def password_expired(changed: datetime | None, must_change: bool, policy: Policy, now: datetime) -> bool:
    """Whether a password has to be changed before anything else."""
    return must_change or changed is None or now - changed >= timedelta(days=policy.password_days)

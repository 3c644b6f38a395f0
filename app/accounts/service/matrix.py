"""The matrix of roles and permissions as a document, made from the rules and the routes: it cannot be outdated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.accounts.rules import KIOSK_PERMISSIONS, Permission, Role, needs_second_factor, permissions_of

HEAD = """# Permissions

Made by `./panlong docs` from `app/accounts/rules.py` and the routes; a test holds it to what calling every route as
every role finds. Permissions say what somebody may do; which rows they meet is the database's business (`territory()`
in `migrations/sql/0007_territory.sql`): a row outside is not found.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """A way in: its method and rule, and the permission that it asks for, `public` for none."""

    method: str
    rule: str
    needs: str


def document(routes: Iterable[Route]) -> str:
    """The whole document."""
    parts = [HEAD, "## Roles\n", _roles(), "\n## Routes\n", _routes(routes)]
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _roles() -> str:
    asked = [permission for permission in Permission if permission not in {Permission.HOME, Permission.SELF}]
    rows = [
        [
            role.value,
            *("●" if permission in permissions_of([role]) else "" for permission in asked),
            "required" if needs_second_factor([role]) else "",
        ]
        for role in Role
    ]
    wall = ["a wall screen, whatever its role", *("●" if p in KIOSK_PERMISSIONS else "" for p in asked), ""]
    return _table(["role", *(p.value for p in asked), "second factor"], [*rows, wall])


def _routes(routes: Iterable[Route]) -> str:
    ordered = sorted(routes, key=lambda route: (route.rule, route.method))
    return _table(["method", "route", "asks for"], ([r.method, f"`{r.rule}`", r.needs] for r in ordered))

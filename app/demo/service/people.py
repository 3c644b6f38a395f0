"""The people of the demo: one account for each role, with a password that chance makes and nobody knows beforehand."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from app.accounts import store as accounts
from app.accounts.rules import Role
from app.accounts.service.secrets import hash_password
from app.cases.service import reference
from app.db import transaction
from app.demo.service import cast
from app.demo.service.credit import give_credit_codes
from app.demo.service.duty import plan_duty, plan_leaves
from app.demo.service.names import GIVEN, SURNAMES
from app.demo.service.neighbourhood import staff_neighbourhood
from app.demo.service.staffing import staff_cells
from app.grid import store as grid
from app.staffing import store
from app.staffing.service import add_reference_units, sub_centre_code
from app.staffing.store import NamedArea

SUBDISTRICT, COMMUNITY = "联盟街道", "金菊路社区"
"""Where the demo's people of a subdistrict and of a community work; in the first one where there is no such place."""

PLACES: Mapping[str, frozenset[Role]] = {
    "district": frozenset(
        {
            Role.INSPECTOR,
            Role.ACCEPTOR,
            Role.DISPATCHER,
            Role.DUTY_OFFICER,
            Role.SUPERVISION_OFFICER,
            Role.EVALUATOR,
            Role.ANALYST,
            Role.LEADER,
        }
    ),
    "subdistrict": frozenset({Role.SUPERVISOR, Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD}),
    "community": frozenset({Role.COMMUNITY_DESK, Role.VOLUNTEER_LEAD}),
    "cell": frozenset({Role.GRID_OFFICER, Role.REPORTER, Role.GROUP_LEADER}),
}
"""The level of the area that a role of the demo answers for; the others answer for none."""

UNITS: Mapping[Role, str] = {Role.UNIT_DISPATCHER: "urban_management", Role.HANDLER: "urban_management"}

PLAYED = text("""
SELECT a.id AS account, a.name, s.id AS staff,
    EXISTS (SELECT FROM post_holders h WHERE h.staff_id = s.id) AS posted
FROM accounts a JOIN staff_members s ON s.account_id = a.id WHERE a.username = :username
""")

BUSIEST = text("""
SELECT c.area_no FROM cases c
WHERE c.area_no > :first AND c.area_no <= :last AND (
    c.state = 'confirming' AND (c.stand ->> 'confirmer')::int = :account
    OR c.state = 'handling' AND c.handler_id = :account
    OR c.state = 'handled' AND c.loop = 'community')
GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
""")
"""The cell of a community in which most waits for an officer."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account as it is told once: the password is nowhere else in the clear."""

    username: str
    password: str
    name: str
    role: Role
    place: str


def staff(url: str) -> list[DemoAccount]:
    """Staff the simulated district of a workspace; the accounts that were made, none where it is staffed already."""
    with transaction(url) as connection:
        district = grid.find_district(connection)
        if district is None or not district.simulated:
            return []
        made = staff_demo(connection, district)
        if made:
            units = add_reference_units(connection, district.id, simulated=True)
            staffed = staff_cells(connection, district, units)
            staff_neighbourhood(connection, district, staffed, seen=COMMUNITY)
            give_credit_codes(connection, district.id, district.code)
            plan_leaves(connection, district, staffed)
            plan_duty(connection, district, units, staffed)
        return made


def staff_demo(connection: Connection, district: Row[Any]) -> list[DemoAccount]:
    """Give the people of a simulated district accounts to sign in with; none where there are such accounts already.

    Whoever has acted in the demo's cases keeps acting in them: their account gets the password, so that what waits for
    them waits for the one who signs in. Only roles that nobody has played get a new person.
    """
    units = add_reference_units(connection, district.id, simulated=True)
    if accounts.find_account(connection, Role.SYS_ADMIN.value) is not None:
        return []
    places = _places(connection, district.id)
    today = grid.today(connection, district.id)
    words = {row["code"]: row["name"] for row in reference("roles")}
    made = []
    for number, role in enumerate(Role):
        level = next((level for level, roles in PLACES.items() if role in roles), None)
        place = places.get(level or "")
        unit = units.get(UNITS.get(role) or _desk(places, level), units["command_centre"])
        played = _played(connection, role, unit, places)
        if played is None:
            name = SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7 + 3) % len(GIVEN)]
            account = accounts.add_account(connection, username=role.value, name=name, simulated=True)
            member = store.add_staff(
                connection,
                district_id=district.id,
                code=f"D{number + 1:04d}",
                name=name,
                account_id=account,
                simulated=True,
            )
        else:
            account, name, member = played.account, played.name, played.staff
            accounts.change_account(connection, account, username=role.value)
            if level == "cell":
                place = _busiest(connection, district.id, account, places)
        if played is None or not played.posted:
            post = store.add_post(
                connection,
                unit,
                role.value,
                words[role.value],
                [] if place is None else [place.no],
                simulated=True,
            )
            store.hold(connection, post, member, today)
        password = "-".join(secrets.token_hex(2) for _ in range(3)) + "-Aa"
        accounts.add_password(connection, account, hash_password(password), must_change=False)
        made.append(DemoAccount(role.value, password, name, role, place.name if place else ""))
    return made


def _played(
    connection: Connection, role: Role, unit: int, places: Mapping[str, NamedArea]
) -> Row[Any] | None:
    """Who has acted in the cases in a role at the place of the demo's people: account, name, staff, whether posted."""
    level = next((level for level, roles in cast.SEATS.items() if role in roles), None)
    if level is None or (level != "unit" and level not in places):
        return None
    seat = cast.Seat(role, unit, 0 if level == "unit" else places[level].no, 1)
    return connection.execute(PLAYED, {"username": seat.username}).one_or_none()


def _busiest(
    connection: Connection, district_id: int, account: int, places: Mapping[str, NamedArea]
) -> NamedArea:
    """The cell of the community in which most waits for an officer; its first one where nothing does."""
    community = places["community"]
    given = {"account": account, "first": community.no, "last": community.last_no}
    busiest = connection.execute(BUSIEST, given).scalar()
    cells = store.named_areas(connection, district_id, "cell")
    return next((cell for cell in cells if cell.no == busiest), places["cell"])


def _places(connection: Connection, district_id: int) -> dict[str, NamedArea]:
    """The area of each level at which the demo's people work, one inside the other."""
    found: dict[str, NamedArea] = {}
    above: NamedArea | None = None
    for level, wanted in (
        ("district", ""),
        ("subdistrict", SUBDISTRICT),
        ("community", COMMUNITY),
        ("cell", ""),
    ):
        areas = store.named_areas(connection, district_id, level)
        inside = [area for area in areas if above is None or above.no < area.no <= above.last_no]
        if inside:
            above = found[level] = next((area for area in inside if area.name == wanted), inside[0])
    return found


def _desk(places: Mapping[str, NamedArea], level: str | None) -> str:
    """The unit of those who work below the district: its sub-centre."""
    below = level in {"subdistrict", "community", "cell"} and "subdistrict" in places
    return sub_centre_code(places["subdistrict"].code) if below else ""

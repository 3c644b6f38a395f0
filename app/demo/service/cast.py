"""The cast of the simulated cases: somebody with an account for every seat, made where the district has nobody yet.

None of them has a password: whoever signs in to the demo takes over the first of a seat (`people`). Those who patrol
have no post of their own here, so that a subdistrict without a supervisor stays one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, text

from app.accounts.rules import Role
from app.accounts.tables import Account
from app.cases.rules.deciding import Asker
from app.demo.service.names import GIVEN, SURNAMES
from app.demo.service.world import Cast, People, Person, Place
from app.staffing import store
from app.staffing.service import add_reference_units, sub_centre_code
from app.staffing.store import NamedArea
from app.staffing.tables import Post, PostArea, PostHolder, StaffMember

DISTRICT = {
    Role.ACCEPTOR: 2,
    Role.DISPATCHER: 2,
    Role.DUTY_OFFICER: 1,
    Role.SUPERVISION_OFFICER: 1,
    Role.INSPECTOR: 3,
}
SUBDISTRICT = {Role.SUBCENTRE_OPERATOR: 2, Role.SUBCENTRE_HEAD: 1, Role.SUPERVISOR: 1}
COMMUNITY = {Role.COMMUNITY_DESK: 1, Role.GRID_OFFICER: 3}
UNIT = {Role.UNIT_DISPATCHER: 1, Role.HANDLER: 2}
SEATS = {"district": DISTRICT, "subdistrict": SUBDISTRICT, "community": COMMUNITY, "unit": UNIT}
"""How many of each role act at each level, and in each unit."""

PATROL = frozenset({Role.GRID_OFFICER, Role.SUPERVISOR, Role.INSPECTOR})
SEED = 530104

HELD = """
SELECT p.id AS post, p.role, p.unit_id, s.account_id,
    (SELECT min(a.area_no) FROM post_areas a WHERE a.post_id = p.id) AS area_no
FROM posts p JOIN post_holders h ON h.post_id = p.id AND daterange(h.from_on, h.until_on) @> district_today(:district)
JOIN staff_members s ON s.id = h.staff_id
WHERE s.district_id = :district AND s.account_id IS NOT NULL ORDER BY p.id, h.id
"""

WORKING = "SELECT id FROM units WHERE district_id = :district AND kind NOT IN ('council', 'security_team') ORDER BY id"


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat that somebody has to take: role, unit, and the number of the area, 0 for none."""

    role: Role
    unit: int
    area_no: int
    number: int

    @property
    def username(self) -> str:
        """The name of the account that takes it."""
        return f"sim-{self.role.value.replace('_', '-')}-{self.unit}-{self.area_no}-{self.number}"


def cast(connection: Connection, district_id: int, since: date) -> Cast:
    """Find who takes the seats, and make those who are missing; their posts are held from `since` on."""
    units = add_reference_units(connection, district_id, simulated=True)
    areas = {
        level: store.named_areas(connection, district_id, level)
        for level in ("district", "subdistrict", "community")
    }
    command = units["command_centre"]
    centres = {area.no: units[sub_centre_code(area.code)] for area in areas["subdistrict"]}
    seats = [*_seats(DISTRICT, command, areas["district"][0].no)]
    for area in areas["subdistrict"]:
        seats += _seats(SUBDISTRICT, centres[area.no], area.no)
    above = {area.no: _centre(area, areas["subdistrict"], centres, command) for area in areas["community"]}
    for area in areas["community"]:
        seats += _seats(COMMUNITY, above[area.no], area.no)
    working = connection.execute(text(WORKING), {"district": district_id}).scalars().all()
    for unit in working:
        seats += _seats(UNIT, unit, 0)
    people = _people(connection, district_id, seats, since)
    return Cast(
        district=_of(people, command, areas["district"][0].no),
        subdistricts=[
            Place(area.no, area.last_no, _of(people, centres[area.no], area.no), centres[area.no])
            for area in sorted(areas["subdistrict"], key=lambda area: area.no)
        ],
        communities=[
            Place(area.no, area.last_no, _of(people, above[area.no], area.no), above[area.no])
            for area in sorted(areas["community"], key=lambda area: area.no)
        ],
        units={unit: _of(people, unit, 0) for unit in working},
        command=command,
    )


def _centre(
    area: NamedArea, subdistricts: Sequence[NamedArea], centres: Mapping[int, int], command: int
) -> int:
    return next((centres[over.no] for over in subdistricts if over.no <= area.no <= over.last_no), command)


def _seats(wanted: Mapping[Role, int], unit: int, area_no: int) -> Iterator[Seat]:
    for role, count in wanted.items():
        for number in range(1, count + 1):
            yield Seat(role, unit, area_no, number)


def _of(people: Mapping[Seat, Person], unit: int, area_no: int) -> People:
    """Who takes the seats of a unit in an area, by role."""
    found: dict[str, list[Person]] = {}
    for seat, person in people.items():
        if (seat.unit, seat.area_no) == (unit, area_no):
            found.setdefault(seat.role.value, []).append(person)
    return found


def _people(
    connection: Connection, district_id: int, seats: Sequence[Seat], since: date
) -> dict[Seat, Person]:
    """Who takes each seat: somebody who holds such a post already, or who was made for it."""
    free: dict[tuple[str, int, int], list[Any]] = {}
    for row in connection.execute(text(HELD), {"district": district_id}):
        free.setdefault((row.role, row.unit_id, row.area_no or 0), []).append(row)
    found: dict[Seat, Person] = {}
    missing = []
    for seat in seats:
        held = free.get((seat.role.value, seat.unit, seat.area_no))
        if held:
            row = held.pop(0)
            found[seat] = _person(seat, row.account_id, row.post)
        else:
            missing.append(seat)
    made = _accounts(connection, [seat.username for seat in missing])
    posts = _posts(connection, district_id, [(seat, made[seat.username]) for seat in missing], since)
    for seat in missing:
        found[seat] = _person(seat, made[seat.username], posts.get(seat))
    return {seat: found[seat] for seat in seats}


def _person(seat: Seat, account: int, post: int | None) -> Person:
    asker = Asker(account, frozenset({seat.role.value}), frozenset({seat.unit}), within=seat.area_no != 0)
    return Person(account, post, asker)


def _accounts(connection: Connection, usernames: Sequence[str]) -> dict[str, int]:
    """The accounts of these names; those that are missing are made, without a password."""
    present = text("SELECT username, id FROM accounts WHERE username = ANY(:names)")
    found = {row.username: row.id for row in connection.execute(present, {"names": list(usernames)})}
    rng = np.random.default_rng(SEED)
    values = [{"username": name, "name": _name(rng), "simulated": True} for name in usernames]
    new = [row for row in values if row["username"] not in found]
    if new:
        made = insert(Account).returning(Account.username, Account.id)
        found |= {row.username: row.id for row in connection.execute(made, new)}
    return found


def _name(rng: np.random.Generator) -> str:
    family, first, second = (int(rng.integers(0, len(names))) for names in (SURNAMES, GIVEN, GIVEN))
    return f"{SURNAMES[family]}{GIVEN[first]}{GIVEN[second]}（模拟）"


def _posts(
    connection: Connection, district_id: int, seats: Sequence[tuple[Seat, int]], since: date
) -> dict[Seat, int]:
    """Give new people their place at work: a row of staff, and a post unless they patrol."""
    present = text("SELECT account_id FROM staff_members WHERE account_id IS NOT NULL")
    employed = set(connection.execute(present).scalars())
    new = [(seat, account) for seat, account in seats if account not in employed]
    if not new:
        return {}
    names = text("SELECT id, name FROM accounts WHERE id = ANY(:ids)")
    named = {row.id: row.name for row in connection.execute(names, {"ids": [account for _, account in new]})}
    titles = text("SELECT id, name FROM units WHERE district_id = :district")
    unit_names = {row.id: row.name for row in connection.execute(titles, {"district": district_id})}
    staff = _insert(
        connection,
        StaffMember,
        [
            {"district_id": district_id, "code": f"X{account:06d}", "name": named[account], "account_id": account,
             "simulated": True}
            for _, account in new
        ],
    )  # fmt: skip
    posted = [(seat, member) for (seat, _), member in zip(new, staff, strict=True) if seat.role not in PATROL]
    posts = _insert(
        connection,
        Post,
        [
            {"unit_id": seat.unit, "role": seat.role.value, "title": f"{unit_names[seat.unit]}（模拟）",
             "simulated": True}
            for seat, _ in posted
        ],
    )  # fmt: skip
    holding = [
        {"post_id": post, "staff_id": member, "from_on": since, "until_on": None}
        for post, (_, member) in zip(posts, posted, strict=True)
    ]
    over = [
        {"post_id": post, "area_no": seat.area_no}
        for post, (seat, _) in zip(posts, posted, strict=True)
        if seat.area_no
    ]
    for table, rows in ((PostHolder, holding), (PostArea, over)):
        if rows:
            connection.execute(insert(table), rows)
    return {seat: post for post, (seat, _) in zip(posts, posted, strict=True)}


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())

"""Somebody gets an account and a post in one step: what the command line offers before there is anybody to do it."""

from __future__ import annotations

from sqlalchemy import Connection

from app.accounts import store as accounts
from app.accounts.rules import POWERS, Role
from app.accounts.service import managing
from app.errors import InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.service import the_district
from app.staffing import store
from app.staffing.service.units import add_reference_units

WALL_ROLE = Role.LEADER
"""The role of a wall screen's post; a kiosk may only read in any case."""


def appoint(
    connection: Connection,
    username: str,
    name: str,
    role: str,
    unit: str,
    area: str | None,
    *,
    kind: str = "person",
) -> tuple[int, str]:
    """Make an account, a staff member and a post that it holds from today; the account's id and first password.

    Parameters
    ----------
    unit
        Code of the unit.
    area
        Code of the area that the post answers for; None for none.

    Raises
    ------
    InvalidError
        `role_unknown`.
    NotFoundError
        `unit_missing`, `area_missing_coded`, `district_missing`.
    """
    if role not in set(Role):
        raise InvalidError("role_unknown", value=role, known=", ".join(Role))
    district = the_district(connection)
    units = add_reference_units(connection, district.id)
    if unit not in units:
        raise NotFoundError("unit_missing", code=unit, known=", ".join(sorted(units)[:60]))
    numbers = [] if area is None or role in POWERS else [store.number_of(connection, district.id, area)]
    if None in numbers:
        raise NotFoundError("area_missing_coded", code=area)
    account_id, password = managing.add_account(
        connection, username, name, kind=kind, role=role, unit=unit, area=area
    )
    staff_id = store.add_staff(
        connection, district_id=district.id, code=f"A{account_id:05d}", name=name, account_id=account_id
    )
    post_id = store.add_post(connection, units[unit], role, name, [no for no in numbers if no is not None])
    store.hold(connection, post_id, staff_id, grid.today(connection, district.id))
    return account_id, password


def appoint_kiosk(connection: Connection, username: str, name: str, area: str | None) -> str:
    """Make the account of a wall screen over an area, by default the district; the code that binds a machine to it."""
    code = area or the_district(connection).code
    account_id, _ = appoint(connection, username, name, WALL_ROLE, "command_centre", code, kind="kiosk")
    return managing.add_kiosk_code(connection, account_id)


FIRST = (Role.DUTY_OFFICER, Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)
"""Whom a new district needs before anybody else can be let in."""


def appoint_first(connection: Connection) -> list[tuple[str, str, Role]]:
    """The first accounts of a district that has none: username, first password, role; none where there are some."""
    district = grid.find_district(connection)
    if district is None or accounts.anybody(connection):
        return []
    area = district.code if store.number_of(connection, district.id, district.code) is not None else None
    if area is None:
        return []
    made = []
    for role in FIRST:
        _, password = appoint(connection, role.value, role.value, role, "command_centre", area)
        made.append((role.value, password, role))
    return made

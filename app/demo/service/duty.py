"""Who is away and who is on duty in the simulated district: leaves, stand-ins, and a roster for two weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from sqlalchemy import Connection, Row, select

from app.accounts.rules import Role
from app.demo.service.staffing import SEED, Staffed, give_post
from app.grid import store as grid
from app.grid.rules import Level
from app.staffing.service import sub_centre_code
from app.staffing.store import NamedArea, duty, leave
from app.staffing.tables import Post, PostHolder

AWAY, STOOD_IN = 12, 8
"""Officers on leave these days, and for how many of them a neighbour stands in: the others are gaps on purpose."""

DAYS = 14
ROUND_THE_CLOCK = (time(0), time(8), time(16))
CREWS = 4
"""四班三运转: the command centre's three shifts of eight hours, and crews enough that one of them rests."""

OPEN_HOURS = ((time(8), time(15)), (time(15), time(22)))
CREW = 5
"""A sub-centre's two shifts of two, and people enough that one of them rests."""

Rota = list[tuple[int, datetime, datetime, bool]]


def plan_leaves(connection: Connection, district: Row[Any], staffed: Staffed) -> None:
    """Send some officers on leave, with a stand-in from a cell next to theirs for most of them."""
    rng = np.random.default_rng([SEED, 3])
    cells = grid.current_areas(connection, district.id, Level.CELL)
    officer = {no: staff_id for staff_id, no in staffed.officers}
    nos = [no for no in cells.nos.tolist() if no in officer]
    absent = rng.choice(nos, min(AWAY, len(nos)), replace=False).tolist()
    tree = shapely.STRtree(cells.shapes)
    place = {no: i for i, no in enumerate(cells.nos.tolist())}
    taken, left = set(absent), STOOD_IN
    for no in absent:
        begun = staffed.today - timedelta(days=int(rng.integers(0, 3)))
        back = staffed.today + timedelta(days=int(rng.integers(3, 8)))
        leave_id = leave.add_leave(connection, officer[no], begun, back)
        near = cells.nos[np.sort(tree.query(cells.shapes[place[no]], "intersects"))].tolist()
        free = [other for other in near if other in officer and other not in taken]
        if free and left:
            left -= 1
            taken.add(free[0])
            leave.stand_in_cell(connection, leave_id, officer[free[0]], no, begun, back)


def plan_duty(connection: Connection, district: Row[Any], units: Mapping[str, int], staffed: Staffed) -> None:
    """Draw up the roster of the command centre and of every sub-centre, for two weeks from today."""
    zone = ZoneInfo(district.timezone)
    centre = units["command_centre"]
    whole = staffed.areas["district"]
    leads = _crew(connection, centre, Role.DUTY_OFFICER, "值班长", whole, CREWS, staffed)
    seconds = _crew(connection, centre, Role.ACCEPTOR, "受理员", whole, CREWS, staffed)
    rota = round_the_clock(list(zip(leads, seconds, strict=True)), staffed.today, zone)
    duty.add_shifts(connection, centre, rota, simulated=True)
    for area in staffed.areas["subdistrict"]:
        unit = units[sub_centre_code(area.code)]
        crew = _holders(connection, unit, Role.SUPERVISOR)[:2]
        want = CREW - len(crew)
        crew += _crew(connection, unit, Role.SUBCENTRE_OPERATOR, "分中心坐席", [area], want, staffed)
        duty.add_shifts(connection, unit, in_the_day(crew, staffed.today, zone), simulated=True)


def round_the_clock(crews: Sequence[tuple[int, int]], first: date, zone: ZoneInfo) -> Rota:
    """Shifts of eight hours: each crew moves on by one shift a day, and rests after the last one."""
    rota: Rota = []
    for day in range(DAYS):
        for number, crew in enumerate(crews):
            shift = (number + day) % CREWS
            if shift < len(ROUND_THE_CLOCK):
                at = datetime.combine(first + timedelta(days=day), ROUND_THE_CLOCK[shift], zone)
                rota += [(staff_id, at, at + timedelta(hours=8), staff_id == crew[0]) for staff_id in crew]
    return rota


def in_the_day(crew: Sequence[int], first: date, zone: ZoneInfo) -> Rota:
    """An early and a late shift of two each, the first of them leading: everybody moves on by one seat a day."""
    rota: Rota = []
    for day in range(DAYS):
        on = first + timedelta(days=day)
        for seat in range(2 * len(OPEN_HOURS)):
            opens, closes = OPEN_HOURS[seat // 2]
            staff_id = crew[(day + seat) % len(crew)]
            hours = datetime.combine(on, opens, zone), datetime.combine(on, closes, zone)
            rota.append((staff_id, *hours, seat % 2 == 0))
    return rota


def _crew(
    connection: Connection,
    unit_id: int,
    role: Role,
    title: str,
    over: Sequence[NamedArea],
    count: int,
    staffed: Staffed,
) -> list[int]:
    """So many people with a role in a unit: those who have it, the demo's own accounts among them, and new ones."""
    found = _holders(connection, unit_id, role)[:count]
    for _ in range(count - len(found)):
        found.append(next(staffed.people))
        give_post(connection, unit_id, role, title, over, found[-1], staffed.today)
    return found


def _holders(connection: Connection, unit_id: int, role: Role) -> list[int]:
    """Who holds a post of a role in a unit, the first who came first."""
    statement = (
        select(PostHolder.staff_id)
        .join(Post, Post.id == PostHolder.post_id)
        .where(Post.unit_id == unit_id, Post.role == role.value)
        .order_by(PostHolder.id)
    )
    return list(connection.execute(statement).scalars())

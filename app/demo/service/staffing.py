"""The simulated district staffed: inspectors, supervisors, officers, and the N; with a few gaps on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, insert

from app.accounts.rules import Role
from app.demo.service.names import GIVEN, SURNAMES
from app.grid import store as grid
from app.grid.rules import SINCE_EVER
from app.staffing import store
from app.staffing.rules import Duty
from app.staffing.service import sub_centre_code
from app.staffing.store import NamedArea, cells
from app.staffing.tables import StaffMember

SEED = 530103
AT_ONCE = 100
"""People who are made at a time: few of them are left over in the end."""

INSPECTED = 2
"""Subdistricts of one inspector."""

SUPERVISORS = 2
"""Supervisors of a subdistrict."""

OFFICER_GAPS, PART_TIME_GAPS = 7, 11
"""Cells left without an officer, and without any of the N: a board on which nothing is missing shows nothing."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """What the staffing of the cells leaves for those who staff the rest.

    Parameters
    ----------
    people
        Invented people who work nowhere yet.
    areas
        The areas of each level.
    officers
        Staff member and number of the cell of each full-time officer.
    lonely
        Numbers of the cells that are left without any of the N on purpose.
    today, since
        The day it is in the district; the day from which people look after cells.
    """

    people: Iterator[int]
    areas: Mapping[str, Sequence[NamedArea]]
    officers: Sequence[tuple[int, int]]
    lonely: frozenset[int]
    today: date
    since: date


def staff_cells(connection: Connection, district: Row[Any], units: Mapping[str, int]) -> Staffed:
    """Staff every cell of a simulated district from its first day on."""
    rng = np.random.default_rng(SEED)
    people = _people(connection, int(district.id), np.random.default_rng([SEED, 1]))
    levels = ("district", "subdistrict", "community", "cell")
    areas = {level: store.named_areas(connection, district.id, level) for level in levels}
    today = grid.today(connection, district.id)
    since = max(SINCE_EVER, today.replace(month=1, day=1))
    _posts(connection, units, areas["subdistrict"], people, since)
    numbers = [cell.no for cell in areas["cell"]]
    unmanned = set(rng.choice(numbers, min(OFFICER_GAPS, len(numbers)), replace=False).tolist())
    lonely = set(rng.choice(numbers, min(PART_TIME_GAPS, len(numbers)), replace=False).tolist())
    officers = [(next(people), no) for no in numbers if no not in unmanned]
    rows = [(staff_id, no, Duty.GRID_OFFICER) for staff_id, no in officers]
    rows += [(next(people), no, Duty.VOLUNTEER) for no in numbers if no not in lonely]
    cells.assign(connection, rows, since)
    return Staffed(people, areas, officers, frozenset(lonely), today, since)


def _posts(
    connection: Connection,
    units: Mapping[str, int],
    subdistricts: Sequence[NamedArea],
    people: Iterator[int],
    since: date,
) -> None:
    """The inspectors of the district and the supervisors of the subdistricts."""
    for first in range(0, len(subdistricts), INSPECTED):
        over = subdistricts[first : first + INSPECTED]
        give_post(
            connection, units["command_centre"], Role.INSPECTOR, "区级巡查员", over, next(people), since
        )
    for area in subdistricts:
        for _ in range(SUPERVISORS):
            unit = units[sub_centre_code(area.code)]
            give_post(connection, unit, Role.SUPERVISOR, "街道监督员", [area], next(people), since)


def _people(connection: Connection, district_id: int, rng: np.random.Generator) -> Iterator[int]:
    """Invented people, made some hundreds at a time and given out one by one."""
    made = 0
    while True:
        codes = [f"S{made + i + 1:05d}" for i in range(AT_ONCE)]
        letters = rng.integers(0, len(SURNAMES), AT_ONCE), rng.integers(0, len(GIVEN), (AT_ONCE, 2))
        names = [SURNAMES[a] + GIVEN[b[0]] + GIVEN[b[1]] for a, b in zip(*letters, strict=True)]
        values = [
            {"district_id": district_id, "code": code, "name": name, "simulated": True}
            for code, name in zip(codes, names, strict=True)
        ]
        statement = insert(StaffMember).returning(StaffMember.id, sort_by_parameter_order=True)
        ids = connection.execute(statement, values).scalars().all()
        made += AT_ONCE
        yield from ids


def give_post(
    connection: Connection,
    unit_id: int,
    role: Role,
    title: str,
    over: Sequence[NamedArea],
    staff_id: int,
    start: date,
) -> None:
    """Make a simulated post that answers for some areas, held from a day on."""
    post = store.add_post(connection, unit_id, role.value, title, [area.no for area in over], simulated=True)
    store.hold(connection, post, staff_id, start)

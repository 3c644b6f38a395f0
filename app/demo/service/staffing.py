"""The simulated district staffed: inspectors, supervisors, officers, and the N; with a few gaps on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
INSPECTED = 2
"""Subdistricts of one inspector."""

SUPERVISORS = 2
"""Supervisors of a subdistrict."""

OFFICER_GAPS, PART_TIME_GAPS = 7, 11
"""Cells left without an officer, and without any of the N: a board on which nothing is missing shows nothing."""

BUILDING_HEADS, GOVERNED = 1106, 51
"""Building heads in the communities that have the five levels, as described in 2017."""


def staff_cells(connection: Connection, district: Row[tuple[int]], units: dict[str, int]) -> int:
    """Staff every cell of a simulated district from its first day on; how many people that takes."""
    rng = np.random.default_rng(SEED)
    people = _people(connection, int(district.id), rng)
    areas = {
        level: store.named_areas(connection, district.id, level)
        for level in ("subdistrict", "community", "cell")
    }
    start = grid.today(connection, district.id)
    for first in range(0, len(areas["subdistrict"]), INSPECTED):
        over = areas["subdistrict"][first : first + INSPECTED]
        _post(connection, units["command_centre"], Role.INSPECTOR, "区级巡查员", over, next(people), start)
    for area in areas["subdistrict"]:
        for _ in range(SUPERVISORS):
            unit = units[sub_centre_code(area.code)]
            _post(connection, unit, Role.SUPERVISOR, "街道监督员", [area], next(people), start)
    numbers = [cell.no for cell in areas["cell"]]
    unmanned = set(rng.choice(numbers, min(OFFICER_GAPS, len(numbers)), replace=False).tolist())
    lonely = set(rng.choice(numbers, min(PART_TIME_GAPS, len(numbers)), replace=False).tolist())
    rows = [(next(people), no, Duty.GRID_OFFICER) for no in numbers if no not in unmanned]
    rows += [(next(people), no, Duty.VOLUNTEER) for no in numbers if no not in lonely]
    rows += _heads(areas["community"], areas["cell"], lonely, people, rng)
    cells.assign(connection, rows, max(SINCE_EVER, start.replace(month=1, day=1)))
    return len(rows)


def _heads(
    communities: Sequence[NamedArea],
    every: Sequence[NamedArea],
    lonely: set[int],
    people: Iterator[int],
    rng: np.random.Generator,
) -> list[tuple[int, int, Duty]]:
    """The building heads of the communities with five levels, spread over their cells."""
    governed = communities[:GOVERNED]
    inside = [
        cell.no
        for cell in every
        if cell.no not in lonely and any(area.no < cell.no <= area.last_no for area in governed)
    ]
    if not inside:
        return []
    at = np.sort(rng.integers(0, len(inside), BUILDING_HEADS))
    return [(next(people), inside[i], Duty.BUILDING_HEAD) for i in at]


def _people(connection: Connection, district_id: int, rng: np.random.Generator) -> Iterator[int]:
    """Invented people, made by the thousand and given out one by one."""
    made = 0
    while True:
        codes = [f"S{made + i + 1:05d}" for i in range(1000)]
        letters = rng.integers(0, len(SURNAMES), 1000), rng.integers(0, len(GIVEN), (1000, 2))
        names = [SURNAMES[a] + GIVEN[b[0]] + GIVEN[b[1]] for a, b in zip(*letters, strict=True)]
        values = [
            {"district_id": district_id, "code": code, "name": name, "simulated": True}
            for code, name in zip(codes, names, strict=True)
        ]
        ids = connection.execute(insert(StaffMember).returning(StaffMember.id), values).scalars().all()
        made += 1000
        yield from ids


def _post(
    connection: Connection,
    unit_id: int,
    role: Role,
    title: str,
    over: Sequence[NamedArea],
    staff_id: int,
    start: object,
) -> None:
    post = store.add_post(connection, unit_id, role.value, title, [area.no for area in over], simulated=True)
    store.hold(connection, post, staff_id, start)  # type: ignore[arg-type]

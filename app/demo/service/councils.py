"""Councils 理事会 and security teams 群防队 of the simulated district.

As described in 2017: 37 council chairs 理事长 and 223 council members 理事会成员. The number of security teams, and
everybody's name, is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, insert

from app.demo.service.credit import ENTERPRISE, credit_code
from app.demo.service.staffing import Staffed
from app.staffing.rules import Standing, UnitKind
from app.staffing.store import NamedArea, councils
from app.staffing.tables import Unit

COUNCILS, MEMBERS, LEAST_MEMBERS = 37, 223, 3
"""Councils with a chair each, the members beside the chairs, as described in 2017; the fewest of one council."""

TERM, TERM_MONTHS = 3, 36
"""Which term it is, and how long one lasts."""

RUN_OUT = 2
"""Councils whose term has run out without a new one: 届满未换届, a gap on purpose."""

TEAMS, TEAM_MEMBERS = 40, (3, 9)
"""Communities with a security team; fewest members of one beside the leader, and the first number that is too many."""

ENTERPRISES = (
    "模拟云岭机械厂",
    "模拟滇盛商贸公司",
    "模拟龙江印刷公司",
    "模拟春城农贸市场",
    "模拟金汁物流公司",
    "模拟北辰购物中心",
    "模拟茶马酒店",
    "模拟松华食品公司",
    "模拟霖雨电子公司",
    "模拟青云建材市场",
    "模拟穿金汽修厂",
    "模拟白龙纺织公司",
    "模拟桃源文创园",
    "模拟东庄仓储公司",
    "模拟世博花木公司",
)
"""Enterprises with a security team of their own; all of them invented, and they say so."""


def add_councils(
    connection: Connection,
    district_id: int,
    governed: Sequence[NamedArea],
    staffed: Staffed,
    rng: np.random.Generator,
) -> None:
    """Give some of the communities with five levels a council, each in its third term, two of them past its end."""
    count = min(COUNCILS, len(governed))
    if not count:
        return
    chosen = [governed[i] for i in np.sort(rng.choice(len(governed), count, replace=False))]
    spare = MEMBERS - LEAST_MEMBERS * count
    members = LEAST_MEMBERS + rng.multinomial(spare, rng.dirichlet(np.full(count, 3.0)))
    ages = rng.integers(2, TERM_MONTHS - 2, count)
    late = rng.choice(count, min(RUN_OUT, count), replace=False)
    ages[late] = TERM_MONTHS + np.arange(1, len(late) + 1)
    units = _units(connection, district_id, UnitKind.COUNCIL, [_named(area, "理事会") for area in chosen])
    rows = []
    for unit_id, size, age in zip(units, members.tolist(), ages.tolist(), strict=True):
        begun = _month(staffed.today, -age)
        over = _month(begun, TERM_MONTHS)
        term = councils.add_term(connection, unit_id, TERM, begun, over)
        standings = [Standing.CHAIR, *[Standing.MEMBER] * size]
        rows += [(term, next(staffed.people), standing, begun, over) for standing in standings]
    councils.add_members(connection, rows)


def add_teams(
    connection: Connection,
    district: Row[Any],
    communities: Sequence[NamedArea],
    staffed: Staffed,
    rng: np.random.Generator,
) -> None:
    """Give some communities, and some enterprises in some communities, a security team."""
    count = min(TEAMS, len(communities))
    chosen = [communities[i] for i in np.sort(rng.choice(len(communities), count, replace=False))]
    seats = [communities[i] for i in rng.integers(0, len(communities), len(ENTERPRISES))]
    teams = [_named(area, "群防队") for area in chosen]
    teams += [
        {
            "code": f"security_team_enterprise_{number:02d}",
            "name": f"{name}群防队",
            "name_en": f"Security team of simulated enterprise {number}",
            "area_no": area.no,
            "credit_code": credit_code(ENTERPRISE, district.code, number),
        }
        for number, (name, area) in enumerate(zip(ENTERPRISES, seats, strict=True), 1)
    ]
    rows = []
    for unit_id in _units(connection, district.id, UnitKind.SECURITY_TEAM, teams):
        term = councils.add_term(connection, unit_id, 1, staffed.since)
        standings = [Standing.LEADER, *[Standing.MEMBER] * int(rng.integers(*TEAM_MEMBERS))]
        rows += [(term, next(staffed.people), standing, staffed.since, None) for standing in standings]
    councils.add_members(connection, rows)


def _named(area: NamedArea, word: str) -> dict[str, Any]:
    """A body of a community, called after it."""
    sort = {"理事会": ("council", "Council"), "群防队": ("security_team", "Security team")}[word]
    return {
        "code": f"{sort[0]}_{area.code}",
        "name": f"{area.name}{word}",
        "name_en": f"{sort[1]} {area.code}",
        "area_no": area.no,
        "credit_code": None,
    }


def _units(
    connection: Connection, district_id: int, kind: UnitKind, rows: Sequence[dict[str, Any]]
) -> list[int]:
    """Insert simulated units; their ids in the same order."""
    common = {"district_id": district_id, "kind": kind.value, "simulated": True}
    statement = insert(Unit).returning(Unit.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, [row | common for row in rows]).scalars())


def _month(day: date, later: int) -> date:
    """The first day of a month so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)

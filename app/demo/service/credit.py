"""Invented credit codes 统一社会信用代码 of simulated units: the check character is right, the rest is made up.

A real code holds an organisation code in its places 9 to 17; here they say M0N1, as near to 模拟 as the alphabet of
GB 32100 comes (it has no I, O, S, V, Z), and a number.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from app.staffing.rules import UnitKind
from app.staffing.tables import Unit
from spatial.codes import credit_check

MARK = "M0N1"
AUTHORITY, ENTERPRISE = "11", "91"
"""First two characters: an office of the state, an enterprise."""

KINDS = (UnitKind.DEPARTMENT, UnitKind.AGENCY, UnitKind.UTILITY)


def credit_code(sort: str, district_code: str, number: int) -> str:
    """The nth invented code of a sort in a district."""
    body = f"{sort}{district_code:0<6.6}{MARK}{number:05d}"
    return body + credit_check(body)


def give_credit_codes(connection: Connection, district_id: int, district_code: str) -> int:
    """Give every simulated office that has none a code; how many. In a real district nothing is invented."""
    found = connection.execute(
        select(Unit.id)
        .where(Unit.district_id == district_id, Unit.simulated, Unit.credit_code.is_(None))
        .where(Unit.kind.in_([kind.value for kind in KINDS]))
        .order_by(Unit.code.collate("C"))
    ).scalars()
    offices = list(found)
    for number, unit_id in enumerate(offices, 1):
        code = credit_code(AUTHORITY, district_code, number)
        connection.execute(update(Unit).where(Unit.id == unit_id).values(credit_code=code))
    return len(offices)

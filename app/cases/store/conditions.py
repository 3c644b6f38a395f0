"""Filing conditions and the letters of case numbers in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, text

from app.cases.rules.conditions import Condition, Risk, Verification
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.rules.loops import Loop

COLUMNS = (
    "number", "category_id", "condition", "closing_condition", "limit_amount", "limit_unit", "control_amount",
    "control_unit", "season", "season_amount", "season_unit", "default_unit", "lowest_loop", "risk", "verification",
    "self_handle", "standard_ref", "valid_from_on", "valid_to_on",
)  # fmt: skip

ADD = text(
    f"INSERT INTO filing_conditions (district_id, {', '.join(COLUMNS)})"
    f" VALUES (:district, {', '.join(':' + name for name in COLUMNS)}) RETURNING id"
)

ON_DAY = """
SELECT * FROM filing_conditions WHERE district_id = :district
    AND daterange(valid_from_on, valid_to_on) @> coalesce(CAST(:day AS date), district_today(:district))
"""


def add_condition(connection: Connection, district_id: int, values: Mapping[str, Any]) -> int:
    """Add a condition, `values` by column; returns its id."""
    return int(connection.execute(ADD, {"district": district_id, **values}).scalar_one())


def has_conditions(connection: Connection, district_id: int) -> bool:
    """Whether a district has any."""
    statement = text("SELECT EXISTS (SELECT FROM filing_conditions WHERE district_id = :district)")
    return bool(connection.execute(statement, {"district": district_id}).scalar_one())


def condition(
    connection: Connection, district_id: int, number: str, day: date | None = None, season: bool = False
) -> Condition | None:
    """The condition of a number as it is on a day, by default today; None where there is none.

    Parameters
    ----------
    season
        Whether the season of its other limit is on.
    """
    row = connection.execute(
        text(ON_DAY + " AND number = :number"), {"district": district_id, "number": number, "day": day}
    ).one_or_none()
    return None if row is None else _condition(row, season)


def season_of(connection: Connection, district_id: int, number: str) -> str | None:
    """The season in which another limit holds; None where none does."""
    statement = text(ON_DAY + " AND number = :number")
    row = connection.execute(
        statement, {"district": district_id, "number": number, "day": None}
    ).one_or_none()
    return None if row is None else row.season


def conditions(connection: Connection, district_id: int, category_id: int | None = None) -> list[Row[Any]]:
    """The conditions of today, of a category or of all, by number: at most some hundred."""
    return list(
        connection.execute(
            text(
                ON_DAY
                + " AND (CAST(:category AS int) IS NULL OR category_id = :category) ORDER BY number LIMIT 2000"
            ),
            {"district": district_id, "category": category_id, "day": None},
        )
    )


def may_self_handle(connection: Connection, district_id: int, category_id: int) -> bool:
    """Whether any condition of a category allows 自行处置."""
    return any(row.self_handle for row in conditions(connection, district_id, category_id))


def add_prefixes(connection: Connection, district_id: int, rows: Iterable[Mapping[str, str]]) -> None:
    """Give subdistricts the letters of their case numbers; those that have some keep them."""
    connection.execute(
        text(
            "INSERT INTO case_prefixes (district_id, area_code, letters) VALUES (:district, :area_code, :letters)"
            " ON CONFLICT DO NOTHING"
        ),
        [{"district": district_id, **row} for row in rows],
    )


def _condition(row: Row[Any], season: bool) -> Condition:
    def limit(name: str) -> Limit | None:
        amount = getattr(row, f"{name}_amount")
        return None if amount is None else Limit(Fraction(amount), LimitUnit(getattr(row, f"{name}_unit")))

    usual = Limit(Fraction(row.limit_amount), LimitUnit(row.limit_unit))
    return Condition(
        id=row.id,
        number=row.number,
        category_id=row.category_id,
        limit=(limit("season") if season else None) or usual,
        control=limit("control"),
        default_unit=row.default_unit,
        lowest_loop=Loop(row.lowest_loop),
        risk=Risk(row.risk),
        verification=Verification(row.verification),
        self_handle=row.self_handle,
    )

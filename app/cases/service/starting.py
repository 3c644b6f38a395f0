"""What a district begins with: categories, conditions, letters of numbers, as the reference data write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from app.cases import store
from app.cases.service import starting_reference
from app.cases.service.reference_data import reference
from app.cases.store import conditions, reference_routes, reported

ALWAYS = date(2000, 1, 1)


def add_reference_cases(connection: Connection, district_id: int) -> None:
    """Give a district the categories, the conditions and the letters of the reference data; what it has stays."""
    store.add_categories(connection, district_id, [dict(row) for row in reference("categories")])
    starting_reference.add(connection, district_id)
    reference_routes.add(connection, district_id, reference("routes"))
    conditions.add_prefixes(connection, district_id, reference("case_prefixes"))
    if conditions.has_conditions(connection, district_id):
        return
    confided = [row["code"] for row in reference("categories") if row["restricted"] == "yes"]
    reported.restrict(connection, district_id, confided)
    ids = store.category_ids(connection, district_id)
    for row in reference("filing_conditions"):
        if row["category"] in ids:
            conditions.add_condition(connection, district_id, _values(row, ids[row["category"]]))


def _values(row: Mapping[str, str], category_id: int) -> dict[str, Any]:
    def amount(name: str) -> Decimal | None:
        if not row[name]:
            return None
        exact = Fraction(row[name])
        return Decimal(exact.numerator) / Decimal(exact.denominator)

    return {
        "number": row["number"],
        "category_id": category_id,
        "condition": row["condition"],
        "closing_condition": row["closing_condition"],
        "limit_amount": amount("limit"),
        "limit_unit": row["limit_unit"],
        "control_amount": amount("control_limit"),
        "control_unit": row["control_unit"] or None,
        "season": row["season"] or None,
        "season_amount": amount("season_limit"),
        "season_unit": row["season_unit"] or None,
        "default_unit": row["unit"],
        "lowest_loop": row["lowest_loop"],
        "risk": row["risk"],
        "verification": row["verification"],
        "self_handle": row["self_handle"] == "yes",
        "standard_ref": row["standard_ref"] or None,
        "valid_from_on": date.fromisoformat(row["valid_from_on"]) if row["valid_from_on"] else ALWAYS,
        "valid_to_on": date.fromisoformat(row["valid_to_on"]) if row["valid_to_on"] else None,
    }

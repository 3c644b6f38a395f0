"""What of cases and of their dispatch hangs on a cell by its number alone, when cells were split or merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from app.grid.rules import Days


@dataclass(frozen=True, slots=True)
class RuleHeld:
    """派遣规则 of a cell, of which some days are still to come."""

    id: int
    area_no: int
    category_id: int | None
    major: str | None
    line: str | None
    unit_code: str
    from_on: date
    until_on: date | None

    @property
    def matter(self) -> tuple[int | None, str | None, str | None]:
        """What it is about; at a time a cell has one rule about it."""
        return self.category_id, self.major, self.line

    @property
    def days(self) -> Days:
        """On which days it holds."""
        return self.from_on, self.until_on


def move_desks(connection: Connection, district_id: int, into: Mapping[int, int], at: datetime) -> int:
    """Lay cases without a position, which are on the desk of a cell that is gone, on that of another area; how many.

    Parameters
    ----------
    into
        Ids of the areas, by the number of the cell.
    """
    moved = connection.execute(
        text(
            "WITH was AS MATERIALIZED (SELECT c.id, c.area_no, n.area_id FROM cases c"
            "   JOIN unnest(CAST(:old AS bigint[]), CAST(:new AS int[])) n (old, area_id) ON n.old = c.area_no"
            "   WHERE c.district_id = :district AND c.geom IS NULL),"
            " laid AS (UPDATE cases c SET area_id = w.area_id FROM was w WHERE c.id = w.id"
            "   RETURNING c.id, w.area_no AS was_no, c.area_no)"
            " INSERT INTO case_areas (case_id, since_at, was_no, area_no)"
            " SELECT id, :at, was_no, area_no FROM laid"
        ),
        {"district": district_id, "old": list(into), "new": list(into.values()), "at": at},
    )
    return int(moved.rowcount)


def rules_of(connection: Connection, gone: Sequence[int], today: date) -> list[RuleHeld]:
    """Rules of some areas that hold today or later."""
    rows = connection.execute(
        text(
            "SELECT id, area_no, category_id, major, line, unit_code, valid_from_on, valid_to_on FROM routing_rules"
            " WHERE area_no = ANY (CAST(:gone AS bigint[])) AND (valid_to_on IS NULL"
            " OR valid_to_on > greatest(valid_from_on, CAST(:today AS date))) ORDER BY valid_from_on, id"
        ),
        {"gone": list(gone), "today": today},
    )
    return [RuleHeld(*row) for row in rows]


def end_rules(connection: Connection, ids: Sequence[int], today: date) -> None:
    """End rules today; those that had not begun hold on no day."""
    connection.execute(
        text(
            "UPDATE routing_rules SET valid_to_on = greatest(valid_from_on, CAST(:today AS date)) WHERE id = ANY (:ids)"
        ),
        {"ids": list(ids), "today": today},
    )


def repeat_rules(connection: Connection, of_areas: Mapping[tuple[int, int], Sequence[Days]]) -> None:
    """Let rules hold in other areas: by a rule's id and the number of the area, on which days."""
    rows = [
        {"id": rule, "no": no, "first": first, "last": last}
        for (rule, no), days in of_areas.items()
        for first, last in days
    ]
    if rows:
        connection.execute(
            text(
                "INSERT INTO routing_rules (district_id, category_id, major, line, area_no, unit_code, note, source,"
                " valid_from_on, valid_to_on) SELECT district_id, category_id, major, line, :no, unit_code, note,"
                " source, :first, CAST(:last AS date) FROM routing_rules WHERE id = :id"
            ),
            rows,
        )


def counts(connection: Connection, areas: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many cases some areas have, open ones and those that are over, by the numbers of the areas."""
    rows = connection.execute(
        text(
            "SELECT area_no AS no, count(*) FILTER (WHERE open_state(state)) AS open,"
            " count(*) FILTER (WHERE NOT open_state(state)) AS over FROM cases"
            " WHERE area_no = ANY (CAST(:areas AS bigint[])) GROUP BY area_no"
        ),
        {"areas": list(areas)},
    )
    found = {row.no: (row.open, row.over) for row in rows}
    return {no: found.get(no, (0, 0)) for no in areas}

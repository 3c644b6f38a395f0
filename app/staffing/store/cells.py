"""Reads and writes of the 1+1+1+N: assignments of people to cells, what each cell lacks, who could stand in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from app.db import prepared
from app.staffing.rules import KIND_OF, Duty
from app.staffing.tables import Assignment

Record = dict[str, Any]


def assign(
    connection: Connection, rows: Sequence[tuple[int, int, Duty]], from_on: date, until_on: date | None = None
) -> None:
    """Assign people to cells from a day on.

    Parameters
    ----------
    rows
        Staff member, number of the cell, duty.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        A cell would have two full-time officers, or one of them two cells, on some day.
    """
    values = [
        {
            "staff_id": staff_id,
            "cell_no": cell_no,
            "kind": KIND_OF[duty].value,
            "duty": duty.value,
            "from_on": from_on,
            "until_on": until_on,
        }
        for staff_id, cell_no, duty in rows
    ]
    if values:
        connection.execute(insert(Assignment), values)


def place_of(connection: Connection, staff_id: int, cell_no: int, duty: Duty, place: str) -> None:
    """Write down what in the cell somebody looks after: a building, a courtyard."""
    connection.execute(
        text(
            "UPDATE assignments SET place = :place WHERE staff_id = :staff AND cell_no = :no AND duty = :duty"
            " AND place IS NULL"
        ),
        {"place": place, "staff": staff_id, "no": cell_no, "duty": duty.value},
    )


def has_officer(connection: Connection, cell_no: int, from_on: date, until_on: date) -> bool:
    """Whether a cell has a full-time officer on one of some days."""
    statement = text(
        "SELECT EXISTS (SELECT FROM assignments WHERE cell_no = :no AND kind = 'full_time'"
        " AND daterange(from_on, until_on) && daterange(:first, :last))"
    )
    values = {"no": cell_no, "first": from_on, "last": until_on}
    return bool(connection.execute(statement, values).scalar_one())


def assignment(connection: Connection, assignment_id: int) -> Record | None:
    """Whose an assignment is and of which cell, where the reader may see it."""
    found = connection.execute(
        text(
            "SELECT x.id, x.duty, s.code, n.code AS cell FROM assignments x JOIN staff_members s ON s.id = x.staff_id"
            " JOIN area_numbers n ON n.no = x.cell_no WHERE x.id = :id"
        ),
        {"id": assignment_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def end(connection: Connection, assignment_id: int, on_day: date) -> bool:
    """End an assignment from a day on; one that has not begun then never was. Whether there was such a one."""
    facts = {"id": assignment_id, "day": on_day}
    gone = connection.execute(
        text(
            "DELETE FROM assignments WHERE id = :id AND from_on >= :day AND (until_on IS NULL OR until_on > :day)"
        ),
        facts,
    )
    if gone.rowcount:
        return True
    done = connection.execute(
        text(
            "UPDATE assignments SET until_on = :day WHERE id = :id AND from_on < :day"
            " AND (until_on IS NULL OR until_on > :day)"
        ),
        facts,
    )
    return bool(done.rowcount)


def cells(
    connection: Connection,
    district_id: int,
    on_day: date,
    *,
    missing: str | None = None,
    area: int | None = None,
    after: tuple[int, str] | None = None,
    limit: int,
) -> list[Record]:
    """Cells with what they have and lack on a day, those that lack most first, after a given one.

    Parameters
    ----------
    missing
        One of the four parts: only cells that lack it; `any`: only incomplete ones.
    area
        Only cells below this area.
    after
        How many parts the last known cell lacks, and its code.
    """
    lacks, code = after or (None, None)
    rows = connection.execute(
        prepared(
            "SELECT a.id, a.code, a.name, a.name_en, p.name AS community, p.name_en AS community_en,"
            " s.inspectors, s.supervisors, s.officers,"
            " s.part_time, s.away, s.missing, cardinality(s.missing) AS lacks"
            " FROM staffing_seen(:district, :day, (SELECT no FROM areas WHERE id = CAST(:area AS int)),"
            "   (SELECT last_no FROM areas WHERE id = CAST(:area AS int))) s"
            " JOIN areas a ON a.id = s.cell_id LEFT JOIN areas p ON p.id = a.parent_id"
            " WHERE (CAST(:missing AS text) IS NULL OR :missing = ANY(s.missing)"
            "   OR :missing = 'any' AND cardinality(s.missing) > 0)"
            " AND (CAST(:area AS int) IS NULL OR EXISTS (SELECT FROM areas WHERE id = :area))"
            " AND (CAST(:lacks AS int) IS NULL OR cardinality(s.missing) < :lacks"
            '   OR cardinality(s.missing) = :lacks AND a.code COLLATE "C" > :code)'
            ' ORDER BY cardinality(s.missing) DESC, a.code COLLATE "C" LIMIT :limit'
        ),
        {
            "district": district_id,
            "day": on_day,
            "missing": missing,
            "area": area,
            "lacks": lacks,
            "code": code,
            "limit": limit,
        },
    )
    return [dict(row._mapping) for row in rows]


def summary(connection: Connection, district_id: int, on_day: date) -> list[Record]:
    """Of each area above the cells that the reader sees whole, how many cells it has, are complete, lack each part."""
    rows = connection.execute(
        text(
            "SELECT a.id, a.level, a.code, a.name, a.name_en, count(*) AS cells,"
            " count(*) FILTER (WHERE s.missing = '{}') AS complete,"
            " count(*) FILTER (WHERE 'inspector' = ANY(s.missing)) AS inspector,"
            " count(*) FILTER (WHERE 'supervisor' = ANY(s.missing)) AS supervisor,"
            " count(*) FILTER (WHERE 'officer' = ANY(s.missing)) AS officer,"
            " count(*) FILTER (WHERE 'part_time' = ANY(s.missing)) AS part_time"
            " FROM areas_on(:district, :day) a"
            " JOIN area_levels l ON l.district_id = a.district_id AND l.level = a.level"
            " JOIN staffing_seen(:district, :day) s ON s.cell_no BETWEEN a.no AND a.last_no"
            " WHERE a.level NOT IN ('cell', 'resident_group') AND int8range(a.no, a.last_no, '[]') <@ territory()"
            " GROUP BY a.id, a.level, a.code, a.name, a.name_en, l.depth"
            " ORDER BY l.depth, count(*) FILTER (WHERE s.missing <> '{}') DESC, a.code COLLATE \"C\" LIMIT 500"
        ),
        {"district": district_id, "day": on_day},
    )
    return [dict(row._mapping) for row in rows]


def gaps(
    connection: Connection, district_id: int, on_day: date, *, after: int = 0, limit: int
) -> list[Record]:
    """Cells that lack somebody on a day, as a map paints them: ordered by id, after a given one.

    A cell of an earlier grid edition goes by the id of today's cell with its number, which is the one that is drawn.
    """
    rows = connection.execute(
        text(
            "SELECT id, missing, away FROM (SELECT coalesce(drawn.id, s.cell_id) AS id, s.missing, s.away"
            "   FROM staffing_seen(:district, :day) s LEFT JOIN areas_on(:district, district_today(:district)) drawn"
            "   ON drawn.no = s.cell_no AND drawn.level = 'cell' WHERE s.missing <> '{}') g"
            " WHERE id > :after ORDER BY id LIMIT :limit"
        ),
        {"district": district_id, "day": on_day, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def audited(connection: Connection, district_id: int, on_day: date) -> int:
    """How many cells the reader's territory had on a day; none before the first grid edition."""
    found = connection.execute(
        text("SELECT count(*) FROM staffing_seen(:district, :day)"), {"district": district_id, "day": on_day}
    )
    return int(found.scalar_one())

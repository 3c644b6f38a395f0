"""Periods of the evaluation, what was published of them, objections and corrections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, text
from sqlalchemy.dialects.postgresql import JSONB

from app.evaluation.tables import (
    EvaluationCorrection,
    EvaluationFigure,
    EvaluationObjection,
    EvaluationPeriod,
)

Record = dict[str, Any]

PERIOD = """
SELECT p.*, district_today(p.district_id) AS today,
    (SELECT count(*) FROM evaluation_objections o WHERE o.period_id = p.id) AS objections,
    (SELECT count(*) FROM evaluation_objections o WHERE o.period_id = p.id AND o.answered_at IS NULL) AS unanswered
FROM evaluation_periods p WHERE p.district_id = :district
"""


def periods(connection: Connection, district_id: int, *, before: date | None, limit: int) -> list[Record]:
    """Periods, the last one first, those that began before a day."""
    rows = connection.execute(
        text(
            PERIOD
            + " AND (CAST(:before AS date) IS NULL OR p.first_on < :before) ORDER BY p.first_on DESC LIMIT :limit"
        ),
        {"district": district_id, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def period(connection: Connection, district_id: int, period_id: int, *, lock: bool = False) -> Record | None:
    """One period; held until the transaction ends where it is going to be changed."""
    statement = PERIOD + " AND p.id = :id" + (" FOR UPDATE OF p" if lock else "")
    row = connection.execute(text(statement), {"district": district_id, "id": period_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def add(connection: Connection, district_id: int, account: int | None, first_on: date, last_on: date) -> int:
    """Open a period; its id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `evaluation_periods_once`: it has days of another one.
    """
    values = {"district_id": district_id, "opened_by": account, "first_on": first_on, "last_on": last_on}
    made = insert(EvaluationPeriod).values(values).returning(EvaluationPeriod.id)
    return int(connection.execute(made).scalar_one())


PUBLISH = text("""
UPDATE evaluation_periods SET since_at = :since, until_at = :until, known_at = :known_at, schemes = :schemes,
    object_until_on = :object_until, published_by = :account, published_at = now() WHERE id = :id
""").bindparams(bindparam("schemes", type_=JSONB))
"""By the district's zone as it is now: a period keeps its instants whatever becomes of the zone."""


def publish(connection: Connection, values: Mapping[str, Any]) -> None:
    """Note that a period is published, as known at an instant and by some schemes."""
    connection.execute(PUBLISH, values)


def freeze(connection: Connection, period_id: int, account: int | None, sha256: bytes) -> None:
    """Note that it is frozen under a hash."""
    connection.execute(
        text(
            "UPDATE evaluation_periods SET frozen_by = :account, frozen_at = now(), sha256 = :sha256 WHERE id = :id"
        ),
        {"id": period_id, "account": account, "sha256": sha256},
    )


def replace(
    connection: Connection,
    period_id: int,
    figures: Iterable[Mapping[str, Any]],
    corrections: Iterable[Mapping[str, Any]],
) -> None:
    """Put figures and corrections in the place of those that were published before."""
    for table, rows in ((EvaluationFigure, figures), (EvaluationCorrection, corrections)):
        connection.execute(
            text(f"DELETE FROM {table.__tablename__} WHERE period_id = :id"), {"id": period_id}
        )
        values = [{"period_id": period_id, **row} for row in rows]
        if values:
            connection.execute(insert(table), values)


def figures(connection: Connection, period_id: int) -> list[Record]:
    """What was published of the objects that the one who asks sees."""
    rows = connection.execute(
        text(
            "SELECT of, key, area_no, unit_id, counts, score, place FROM evaluation_figures WHERE period_id = :id"
            ' ORDER BY of, place NULLS LAST, key COLLATE "C"'
        ),
        {"id": period_id},
    )
    return [dict(row._mapping) for row in rows]


def corrections(connection: Connection, period_id: int, *, limit: int) -> list[Record]:
    """更正 that stand in a period, of the objects that the one who asks sees."""
    rows = connection.execute(
        text(
            "SELECT c.of_period_id, p.first_on, p.last_on, c.of, c.key, c.name, c.was, c.now_is, c.added, c.removed"
            " FROM evaluation_corrections c JOIN evaluation_periods p ON p.id = c.of_period_id"
            ' WHERE c.period_id = :id ORDER BY p.first_on DESC, c.of, c.key COLLATE "C", c.name LIMIT :limit'
        ),
        {"id": period_id, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def objections(connection: Connection, period_id: int, *, limit: int) -> list[Record]:
    """异议 against a period, the first one first."""
    rows = connection.execute(
        text(
            "SELECT id, of, key, reason, filed_at, upheld, answer, answered_at FROM evaluation_objections"
            " WHERE period_id = :id ORDER BY id LIMIT :limit"
        ),
        {"id": period_id, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def object_to(
    connection: Connection, period_id: int, of: str, key: str, account: int | None, reason: str, client: UUID
) -> None:
    """File an objection; sent twice it is one."""
    filed = {
        "period_id": period_id, "of": of, "key": key, "client_id": client, "reason": reason, "filed_by": account,
    }  # fmt: skip
    connection.execute(insert(EvaluationObjection).values(filed).inline())


def answer(
    connection: Connection, period_id: int, objection_id: int, account: int | None, upheld: bool, said: str
) -> bool:
    """Answer an objection; whether there was one to be answered by this account."""
    done = connection.execute(
        text(
            "UPDATE evaluation_objections SET upheld = :upheld, answer = :said, answered_by = :account,"
            " answered_at = now() WHERE id = :id AND period_id = :period"
        ),
        {
            "id": objection_id,
            "period": period_id,
            "upheld": upheld,
            "said": said,
            "account": account,
        },
    )
    return bool(done.rowcount)


def neighbours(connection: Connection, district_id: int, first_on: date) -> Record:
    """What stands in the way of publishing in order: earlier periods not yet frozen, later ones published."""
    row = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE first_on < :first AND published_at IS NOT NULL AND frozen_at IS NULL)"
            " AS unfrozen,"
            " count(*) FILTER (WHERE first_on > :first AND published_at IS NOT NULL) AS later,"
            " max(known_at) FILTER (WHERE first_on < :first AND frozen_at IS NOT NULL) AS known_at"
            " FROM evaluation_periods WHERE district_id = :district"
        ),
        {"district": district_id, "first": first_on},
    ).one()
    return dict(row._mapping)


def frozen_before(connection: Connection, district_id: int, first_on: date, *, limit: int) -> list[Record]:
    """The last frozen periods before a day."""
    rows = connection.execute(
        text(
            PERIOD
            + " AND p.frozen_at IS NOT NULL AND p.first_on < :first ORDER BY p.first_on DESC LIMIT :limit"
        ),
        {"district": district_id, "first": first_on, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def whose(connection: Connection, district_id: int) -> tuple[list[tuple[int, int, str]], dict[int, str]]:
    """The numbers of the subdistricts with their codes, and the codes of the units by id."""
    areas = connection.execute(
        text(
            "SELECT no, last_no, code FROM area_numbers WHERE district_id = :district AND level = 'subdistrict'"
            " ORDER BY no"
        ),
        {"district": district_id},
    )
    units = connection.execute(
        text("SELECT id, code FROM units WHERE district_id = :district"), {"district": district_id}
    )
    return [(row.no, row.last_no, row.code) for row in areas], {row.id: row.code for row in units}


def stood(connection: Connection, period_id: int) -> dict[tuple[str, str, str], int]:
    """The counts of a period as they stood after all corrections that are frozen, by object and name."""
    rows = connection.execute(
        text(
            "SELECT f.of, f.key, e.name, CAST(e.value AS integer) AS value FROM evaluation_figures f"
            " CROSS JOIN LATERAL jsonb_each_text(f.counts) AS e (name, value) WHERE f.period_id = :id"
        ),
        {"id": period_id},
    )
    found = {(row.of, row.key, row.name): row.value for row in rows}
    later = connection.execute(
        text(
            "SELECT c.of, c.key, c.name, CAST(sum(c.now_is - c.was) AS integer) AS more FROM evaluation_corrections c"
            " JOIN evaluation_periods p ON p.id = c.period_id WHERE c.of_period_id = :id AND p.frozen_at IS NOT NULL"
            " GROUP BY 1, 2, 3"
        ),
        {"id": period_id},
    )
    for row in later:
        place = (row.of, row.key, row.name)
        found[place] = found.get(place, 0) + row.more
    return found

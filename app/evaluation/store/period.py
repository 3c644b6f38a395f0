"""What was done in a period, counted and listed from the log under row security, by one definition: `sql/`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy import Row as Found

from app.evaluation.rules import COUNTED, SECONDS, Of
from app.evaluation.store.now import AREA

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("touched", "told", "judged", "filing", "dispatching", "handling", "ending", "standing", "counted")
"""From the log to a row for each thing that is counted; what is counted and what is listed are these same rows."""


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text("utf-8")


def _statement(parts: tuple[str, ...], cases: str, last: str) -> str:
    """A statement of the parts, about the cases of one of them, that ends as a file says."""
    rows = ",\n".join(_sql(part).rstrip() for part in parts).replace("{cases}", cases)
    return f"WITH {rows}\n{_sql(last)}"


COUNTS, LISTED = _statement(PARTS, "touched", "counts"), _statement(PARTS, "touched", "listed")
GROUPED = _statement(PARTS, "touched", "grouped")
CHANGED = _statement((PARTS[0], "changed", *PARTS[1:]), "changed", "rows")

KEYS: Mapping[Of, tuple[str, str]] = {
    Of.DISTRICT: ("'district'", ""),
    Of.AREA: ("a.code", AREA.format(row="n")),
    Of.UNIT: ("u.code", " JOIN units u ON u.id = n.unit_id"),
    Of.POST: ("CAST(p.id AS text)", " JOIN posts p ON p.id = n.post_id"),
    Of.PERSON: ("s.code", " JOIN staff_members s ON s.account_id = n.account_id"),
}
"""What stands for each key, and what has to be joined for it: units, posts and people that the one who asks sees."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which moves are counted, and for whom.

    Parameters
    ----------
    since, until
        From an instant up to before another one.
    known_at
        As far as the log was written then: once it is a minute past, the answer is the same to the digit ever after.
    level
        The level of the areas, where it is counted by them.
    area_id
        Only what lay in an area; None for the whole district.
    account_id
        Only the person of this account, where it is counted by people; None for all of them.
    """

    district_id: int
    of: Of
    since: datetime
    until: datetime
    known_at: datetime
    level: str = "subdistrict"
    area_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """All counts of one object of the evaluation: the names of `COUNTED`, and `SECONDS`."""

    key: str
    counts: Mapping[str, int]


def counted(connection: Connection, question: Question, *, limit: int) -> list[Counted]:
    """The counts of each object that has any, by its key, of the first `limit` keys.

    For somebody: the platform itself, which has no territory, is told of nothing that moved.
    """
    rows = connection.execute(
        _about(COUNTS, question), {**values_of(connection, question), "limit": limit}
    ).all()
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault(row.key, {**dict.fromkeys(COUNTED, 0), SECONDS: 0})
        counts[row.name] = row.cases
        if row.name == "handled":
            counts[SECONDS] = int(row.seconds or 0)
    return [Counted(key, counts) for key, counts in found.items()]


Place = tuple[datetime, int, int, str]
"""Where a list goes on: instant, case, version and name of the last row before."""


def listed(
    connection: Connection,
    question: Question,
    key: str,
    names: Collection[str],
    *,
    after: Place | None = None,
    limit: int,
) -> list[Found[Any]]:
    """The rows of counts of one object, in the order in which they happened: case, version, instant, name, seconds.

    Parameters
    ----------
    names
        Some of `COUNTED`.
    """
    at, case, version, name = after or (None, None, None, None)
    values = {
        **values_of(connection, question), "key": key, "names": list(names), "after_at": at,
        "after_case": case, "after_version": version, "after_name": name, "limit": limit,
    }  # fmt: skip
    return list(connection.execute(_about(LISTED, question), values))


@dataclass(frozen=True, slots=True)
class Row:
    """A thing that is counted, by its place and its unit."""

    name: str
    case_id: int
    version: int
    area_no: int
    unit_id: int | None


def changed(connection: Connection, question: Question, since: datetime, until: datetime) -> set[Row]:
    """What a period counts of the cases of whose log more was written after an instant and up to another one."""
    values = {**values_of(connection, question), "changed_after": since, "changed_before": until}
    return {Row(*row) for row in connection.execute(text(CHANGED), values)}


def _about(statement: str, question: Question) -> TextClause:
    key, join = KEYS[question.of]
    if question.of is Of.PERSON and question.account_id is not None:
        join += " AND s.account_id = :account"
    return text(statement.replace("{key}", key).replace("{join}", join))


def values_of(connection: Connection, question: Question) -> dict[str, Any]:
    """What the statements about a question are given."""
    first, last = _interval(connection, question.district_id, question.area_id)
    return {
        "district": question.district_id,
        "since": question.since,
        "until": question.until,
        "known_at": question.known_at,
        "first": first,
        "last": last,
        **({"level": question.level} if question.of is Of.AREA else {}),
        **({"account": question.account_id} if question.of is Of.PERSON and question.account_id else {}),
    }


def _interval(connection: Connection, district_id: int, area_id: int | None) -> tuple[int, int]:
    row = connection.execute(
        text(
            "SELECT no, last_no FROM areas WHERE district_id = :district AND (id = :area"
            " OR (CAST(:area AS int) IS NULL AND level = 'district')) ORDER BY valid_to_on IS NULL DESC LIMIT 1"
        ),
        {"district": district_id, "area": area_id},
    ).one_or_none()
    return (1, 0) if row is None else (row.no, row.last_no)

"""Both ends of many relations at once, and the relations between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from app.registry.rules.kinds import RelationKind
from app.registry.store.bulk import Origin

Key = tuple[str, int, int]
"""Kind, source (of what concerns something the case) and target."""


@dataclass(frozen=True, slots=True)
class End:
    """An element with its kind, or a case without one."""

    id: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class Tied:
    """A relation that is there."""

    id: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class NewTie:
    """A relation that is still to be written."""

    kind: str
    source_id: int
    target_id: int
    from_on: date
    to_on: date | None


def elements_by(
    connection: Connection, district_id: int, words: Sequence[str], numbers: Mapping[str, bytes]
) -> dict[str, list[End]]:
    """Elements by code, else by the index of an identity number, else by id: several where a code is not clear."""
    rows = connection.execute(
        text(
            "SELECT w.word, coalesce(k.id, e.id) AS id, e.kind, 0 AS rank FROM unnest(CAST(:words AS text[])) w (word)"
            " JOIN elements e ON e.district_id = :district AND e.code = w.word"
            " AND e.kind IN ('place', 'object', 'organisation') LEFT JOIN elements k ON k.id = e.merged_into"
            " UNION SELECT n.word, coalesce(e.merged_into, e.id), e.kind, 1"
            " FROM unnest(CAST(:said AS text[]), CAST(:indexes AS bytea[])) n (word, index) JOIN persons p"
            " ON p.district_id = :district AND p.identity_index = n.index JOIN elements e ON e.id = p.id"
            " UNION SELECT w.word, coalesce(e.merged_into, e.id), e.kind, 2"
            " FROM unnest(CAST(:words AS text[])) w (word) JOIN elements e"
            " ON e.id = CASE WHEN w.word ~ '^[1-9][0-9]{0,17}$' THEN w.word::bigint END"
            " AND e.district_id = :district ORDER BY 4"
        ),
        {
            "district": district_id, "words": list(words), "said": list(numbers), "indexes": list(numbers.values()),
        },
    )  # fmt: skip
    found: dict[str, list[End]] = {}
    first: dict[str, int] = {}
    for row in rows:
        if first.setdefault(row.word, row.rank) == row.rank:
            found.setdefault(row.word, []).append(End(row.id, row.kind))
    return found


def cases_by(connection: Connection, district_id: int, words: Sequence[str]) -> dict[str, list[End]]:
    """Cases by their number, else by the reference of their source."""
    rows = connection.execute(
        text(
            "SELECT w.word, c.id FROM unnest(CAST(:words AS text[])) w (word) JOIN cases c"
            " ON c.district_id = :district AND c.number = w.word UNION SELECT w.word, c.id"
            " FROM unnest(CAST(:words AS text[])) w (word) JOIN cases c"
            " ON c.district_id = :district AND c.external_ref = w.word"
        ),
        {"district": district_id, "words": list(words)},
    )
    found: dict[str, list[End]] = {}
    for row in rows:
        found.setdefault(row.word, []).append(End(row.id, None))
    return found


def tied(connection: Connection, keys: Sequence[Key]) -> dict[Key, list[Tied]]:
    """Relations that are there, those that have not ended first."""
    rows = connection.execute(
        text(
            "SELECT w.kind, w.source, w.target, r.id, r.from_on, r.to_on FROM unnest(CAST(:kinds AS text[]),"
            " CAST(:sources AS bigint[]), CAST(:targets AS bigint[])) w (kind, source, target) JOIN relations r"
            " ON r.target_id = w.target AND r.kind = w.kind AND coalesce(r.source_id, r.case_id) = w.source"
            " ORDER BY r.to_on DESC NULLS FIRST, r.id"
        ),
        {
            "kinds": [kind for kind, _, _ in keys],
            "sources": [source for _, source, _ in keys],
            "targets": [target for _, _, target in keys],
        },
    )
    found: dict[Key, list[Tied]] = {}
    for row in rows:
        key = (row.kind, row.source, row.target)
        found.setdefault(key, []).append(Tied(row.id, row.from_on, row.to_on))
    return found


def add(connection: Connection, origin: Origin, ties: Sequence[NewTie]) -> None:
    """Write relations."""
    if not ties:
        return
    concerns = [one.kind == RelationKind.CONCERNS for one in ties]
    connection.execute(
        text(
            "INSERT INTO relations (kind, source_id, case_id, target_id, from_on, to_on, source, simulated)"
            " SELECT kind, source_id, case_id, target_id, from_on, to_on, :source, :simulated FROM unnest("
            "CAST(:kinds AS text[]), CAST(:sources AS bigint[]), CAST(:cases AS bigint[]), CAST(:targets AS bigint[]),"
            " CAST(:begins AS date[]), CAST(:ends AS date[]))"
            " n (kind, source_id, case_id, target_id, from_on, to_on)"
        ),
        {
            "kinds": [one.kind for one in ties],
            "sources": [None if case else one.source_id for one, case in zip(ties, concerns, strict=True)],
            "cases": [one.source_id if case else None for one, case in zip(ties, concerns, strict=True)],
            "targets": [one.target_id for one in ties],
            "begins": [one.from_on for one in ties],
            "ends": [one.to_on for one in ties],
            "source": origin.source,
            "simulated": origin.simulated,
        },
    )


def end(connection: Connection, ending: Sequence[tuple[int, date]]) -> None:
    """Let relations end on a day."""
    if ending:
        statement = text("UPDATE relations SET to_on = :day WHERE id = :id")
        connection.execute(statement, [{"id": number, "day": day} for number, day in ending])

"""What imports and exports read and write beside the layers themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import shapely
from sqlalchemy import Connection, Row, text

from app.grid.store import redrawing as grid


def district_bounds(connection: Connection, district_id: int) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the district in degrees EPSG:4490; None while it has no areas."""
    box = connection.execute(
        text(
            "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e"
            " FROM areas_on(:id, district_today(:id)) WHERE level = 'district') b"
        ),
        {"id": district_id},
    ).one()
    return None if box[0] is None else (box[0], box[1], box[2], box[3])


def district_outline(connection: Connection, district_id: int) -> shapely.Geometry | None:
    """The district in degrees EPSG:4490, prepared to be asked for many points; None while it has no areas."""
    statement = text(
        "SELECT ST_AsBinary(ST_Union(geom)) FROM areas_on(:id, district_today(:id)) WHERE level = 'district'"
    )
    drawn = connection.execute(statement, {"id": district_id}).scalar_one()
    if drawn is None:
        return None
    outline = shapely.from_wkb(bytes(drawn))
    shapely.prepare(outline)
    return outline


WRITTEN = "cases, elements, relations, assignments, post_areas, units, routing_rules, campaign_places"
"""Tables whose rows hang on cells."""


def hold_writers(connection: Connection, district_id: int, *, at_most_s: int = 0) -> None:
    """Let nobody write what hangs on cells until the transaction ends, and nobody else draw the grid; reading goes on.

    A case that is moved meanwhile waits before its row is locked, so that nobody waits in a circle.

    Parameters
    ----------
    at_most_s
        How long to wait for those who write; 0 for however long they take.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        It took longer.
    """
    connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": f"{at_most_s}s"})
    grid.lock_grid(connection, district_id)
    connection.execute(text(f"LOCK TABLE {WRITTEN} IN EXCLUSIVE MODE"))


def follow_cells(connection: Connection, edition_id: int) -> int:
    """Let places of campaigns and the wall follow cells that were split or merged; how many places moved."""
    return int(
        connection.execute(text("SELECT follow_cells(:edition)"), {"edition": edition_id}).scalar_one()
    )


def mapping_of(connection: Connection, district_id: int, kind: str, fingerprint: str) -> dict[str, str]:
    """Field and column as somebody said them of such a header; empty where nobody has."""
    statement = text(
        "UPDATE import_mappings SET used_at = now() WHERE district_id = :district AND kind = :kind"
        " AND fingerprint = :fingerprint RETURNING mapping"
    )
    values = {"district": district_id, "kind": kind, "fingerprint": fingerprint}
    return dict(connection.execute(statement, values).scalar() or {})


def keep_mapping(
    connection: Connection, district_id: int, kind: str, fingerprint: str, mapping: dict[str, str]
) -> None:
    """Remember what the columns of a header are; what was said last holds."""
    statement = text(
        "INSERT INTO import_mappings (district_id, kind, fingerprint, mapping)"
        " VALUES (:district, :kind, :fingerprint, CAST(:mapping AS jsonb))"
        " ON CONFLICT (district_id, kind, fingerprint) DO UPDATE SET mapping = excluded.mapping, used_at = now()"
    )
    values = {
        "district": district_id, "kind": kind, "fingerprint": fingerprint,
        "mapping": json.dumps(mapping, ensure_ascii=False),
    }  # fmt: skip
    connection.execute(statement, values)


def add_import(connection: Connection, district_id: int, kind: str, file_name: str) -> int:
    """Begin the record of an import; it stays only if the import does."""
    statement = text(
        "INSERT INTO imports (district_id, kind, file_name, rows_read, rows_added, rows_changed, rows_skipped)"
        " VALUES (:district, :kind, :file, 0, 0, 0, 0) RETURNING id"
    )
    values = {"district": district_id, "kind": kind, "file": file_name}
    return int(connection.execute(statement, values).scalar_one())


def finish_import(connection: Connection, import_id: int, report: Any) -> None:
    """Complete the record with what the report says."""
    connection.execute(
        text(
            "UPDATE imports SET rows_read = :read, rows_added = :added, rows_changed = :changed,"
            " rows_skipped = :skipped, notes = :notes, finished_at = clock_timestamp() WHERE id = :id"
        ),
        {
            "id": import_id,
            "read": report.rows_read,
            "added": report.added,
            "changed": report.changed,
            "skipped": report.skipped,
            "notes": json.dumps(
                [[code, facts] for code, facts in report.notes], ensure_ascii=False, default=str
            ),
        },
    )


def each_case(connection: Connection, district_id: int, rows: int) -> Iterator[list[Row[Any]]]:
    """Every case in the order of ids, in blocks of at most `rows`."""
    result = connection.execution_options(stream_results=True, yield_per=rows).execute(
        text(
            "SELECT c.id, coalesce(c.external_ref, 'panlong:' || c.id) AS ref, k.code AS category, c.state, c.source,"
            " c.reported_at, c.due_at, c.closed_at, c.address, c.description, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,"
            " a.code AS cell FROM cases c JOIN case_categories k ON k.id = c.category_id"
            " LEFT JOIN areas a ON a.id = c.cell_id WHERE c.district_id = :district ORDER BY c.id"
        ),
        {"district": district_id},
    )
    try:
        yield from result.partitions(rows)
    finally:
        result.close()


def demo_kind(connection: Connection, district_id: int) -> str | None:
    """The kind of demo that was loaded last; None where none was."""
    name = connection.execute(
        text(
            "SELECT file_name FROM imports WHERE district_id = :district AND file_name LIKE 'demo:%'"
            " ORDER BY id DESC LIMIT 1"
        ),
        {"district": district_id},
    ).scalar()
    return None if name is None else str(name).removeprefix("demo:")


def remove_demo_cases(connection: Connection, district_id: int) -> None:
    """Delete the demo's cases with their logs; those that somebody has added stay.

    The log lets no row be deleted, so both go as the partitions in which they came; a case of a demo that was loaded
    before it had partitions goes by itself.
    """
    values = {"district": district_id}
    demo = "SELECT id FROM imports WHERE district_id = :district AND file_name LIKE 'demo:%'"
    apart = text(
        f"SELECT tableoid::regclass::text AS name, min(id) AS first, max(id) AS last FROM cases"
        f" WHERE import_id IN ({demo}) AND tableoid <> 'cases_live'::regclass GROUP BY tableoid"
    )
    for part in connection.execute(apart, values).all():
        number = part.name.removeprefix("cases_")
        connection.execute(text(f"DROP TABLE cases_{number}, case_transitions_{number}"))
        ids = {"first": part.first, "last": part.last}
        for table in (
            "case_remarks",
            "case_attachments",
            "case_contacts",
            "case_links",
            "case_report_keys",
            "case_alarms",
            "case_areas",
        ):
            connection.execute(text(f"DELETE FROM {table} WHERE case_id BETWEEN :first AND :last"), ids)
        connection.execute(text("DELETE FROM case_links WHERE other_id BETWEEN :first AND :last"), ids)
    connection.execute(text(f"DELETE FROM cases WHERE import_id IN ({demo})"), values)
    connection.execute(text(f"DELETE FROM imports WHERE id IN ({demo})"), values)

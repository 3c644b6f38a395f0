"""Many elements at once, as whoever acts: through the walls of the rows, which COPY alone would not go through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from app import copying

Ids = NDArray[np.int64]


def copy(connection: Connection, into: str, columns: Sequence[pa.Array | str]) -> None:
    """Write rows into a table: COPY fills one that lasts as long as this, and from there they go through the walls."""
    table, _, names = into.partition(" ")
    taken = names.removeprefix("(").removesuffix(")")
    connection.execute(
        text(f"CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {taken} FROM {table} LIMIT 0")
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("COPY arriving FROM STDIN") as stream:
        stream.write(copying.lines(columns))
    connection.execute(
        text(f"INSERT INTO {table} ({taken}) OVERRIDING SYSTEM VALUE SELECT {taken} FROM arriving")
    )
    connection.execute(text("DROP TABLE arriving"))


def areas_of(connection: Connection, site_ids: Ids, otherwise: Ids | None) -> Ids:
    """The number of the area that each lies in by its site; where it has none, the other one.

    What lies in what is kept by the relations, and nobody who acts writes it down beside them.
    """
    wanted = np.unique(site_ids[site_ids > 0])
    known = _areas(connection, wanted.tolist())
    found = np.zeros(len(site_ids), dtype=np.int64) if otherwise is None else otherwise.copy()
    for i, site in enumerate(site_ids.tolist()):
        if site:
            found[i] = known.get(site, 0)
    return found


def _areas(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    rows = connection.execute(
        text("SELECT id, area_no FROM elements WHERE id = ANY (:ids)"), {"ids": list(ids)}
    )
    return {row.id: row.area_no for row in rows}


def outside(connection: Connection, element_ids: Iterable[int]) -> set[int]:
    """Those of these elements that are not for the one who acts to change."""
    rows = connection.execute(
        text("SELECT i.id FROM unnest(CAST(:ids AS bigint[])) i (id) WHERE NOT element_mine(i.id)"),
        {"ids": sorted(set(element_ids))},
    )
    return set(rows.scalars())


def beyond(connection: Connection, area_nos: Iterable[int]) -> set[int]:
    """Those of these numbers of areas that are not in the territory."""
    rows = connection.execute(
        text("SELECT n.no FROM unnest(CAST(:nos AS bigint[])) n (no) WHERE NOT n.no <@ territory()"),
        {"nos": sorted(set(area_nos))},
    )
    return set(rows.scalars())


def sites(connection: Connection, site_ids: Iterable[int]) -> dict[int, int]:
    """Numbers of the areas in which sites lie, of those in sight."""
    return _areas(connection, sorted(set(site_ids)))


def households(connection: Connection, district_id: int, codes: Sequence[str]) -> dict[str, int]:
    """Ids of the households of these codes, which are made where there are none."""
    rows = connection.execute(
        text(
            "SELECT c.code, household_of(:district, c.code) AS id FROM unnest(CAST(:codes AS text[])) c (code)"
        ),
        {"district": district_id, "codes": list(codes)},
    )
    return {row.code: row.id for row in rows}

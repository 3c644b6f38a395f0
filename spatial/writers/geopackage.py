"""Several layers in one GeoPackage, with names for people; its time is that of its content, not of its writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from spatial.errors import SourceError
from spatial.writers.files import DRIVERS, whole

SCHEMA = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
"""
EXTENDED = ("gpkg_data_columns", "gpkg_data_column_constraints")
DEFINED_IN = "http://www.geopackage.org/spec121/#extension_schema"

Words = Mapping[str, tuple[str, str]]


def write_layers(
    tables: Mapping[str, pd.DataFrame],
    path: Path,
    *,
    titles: Mapping[str, str],
    words: Mapping[str, Words],
    changed_at: datetime,
) -> None:
    """Write layers, and tables without shapes, into one GeoPackage.

    Parameters
    ----------
    tables
        Frames by the name of their layer; those with a geometry have a CRS.
    titles
        What each is called for people; one that several have is numbered, as the standard wants.
    words
        Of some tables, columns with their name for people, which map programs show as alias, and a description.
    changed_at
        What it says as the time of its last change.

    Raises
    ------
    SourceError
        `write_failed`.

    Notes
    -----
    OGC 12-128, GeoPackage encoding standard; names of columns by its extension "schema".
    """
    with whole(path) as target:
        working = target.with_name(f"working-{target.name}")
        try:
            for (name, frame), title in zip(
                tables.items(), _apart(titles[one] for one in tables), strict=True
            ):
                _write(frame, working, name, title)
            with closing(sqlite3.connect(working)) as connection:
                with connection:
                    _describe(connection, words)
                    moment = changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
                    connection.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
                # A copy does not count how often the clock moved on while it was written.
                connection.execute("VACUUM INTO ?", (str(target),))
        except (DataSourceError, DataLayerError, FeatureError, GeometryError, sqlite3.Error) as error:
            raise SourceError("write_failed", file=str(path), reason=str(error)) from error
        working.unlink()


def _write(frame: pd.DataFrame, target: Path, name: str, title: str) -> None:
    kinds = set() if "geometry" not in frame else set(frame.geometry.geom_type.dropna())
    shapes = {} if "geometry" not in frame else {"promote_to_multi": not kinds <= {"Point"}}
    if "geometry" in frame and not kinds:
        shapes["geometry_type"] = "Unknown"  # type: ignore[assignment]
    pyogrio.write_dataframe(
        frame,
        target,
        layer=name,
        driver=DRIVERS[".gpkg"],
        append=target.exists(),
        layer_options={"IDENTIFIER": title},
        **shapes,
    )


def _describe(connection: sqlite3.Connection, words: Mapping[str, Words]) -> None:
    connection.executescript(SCHEMA)
    connection.executemany(
        "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)"
        " VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
        [(table, DEFINED_IN) for table in EXTENDED],
    )
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)",
        [
            (table, column, name, title, description)
            for table, columns in words.items()
            for name, (column, (title, description)) in zip(
                _apart(title for title, _ in columns.values()), columns.items(), strict=True
            )
        ],
    )


def _apart(titles: Iterable[str]) -> list[str]:
    """Titles of which no two are the same."""
    kept: list[str] = []
    for title in titles:
        name, number = title, 1
        while name in kept:
            number += 1
            name = f"{title} ({number})"
        kept.append(name)
    return kept

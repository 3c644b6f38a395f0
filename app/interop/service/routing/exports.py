"""Ownership and routing rules go out in the form that they come in by; taking an export in again changes nothing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import shapely
from sqlalchemy import Connection

from app.cases.store import routing_data
from app.db import transaction
from app.grid.service import the_district

HEADER = ("kind", "area", "unit", "note", "valid_from_on", "valid_to_on")


def export_routes(url: str, path: Path) -> int:
    """Write the routing rules of today and later as CSV; returns how many."""
    with transaction(url, read_only=True) as connection:
        rows = routing_data.shown_rules(connection, the_district(connection).id)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return len(rows)


def export_ownership(url: str, path: Path) -> int:
    """Write the maintenance areas of today and later as GeoJSON, WGS84 as its standard wants; returns how many.

    Rulings are among them, so that a map shows all that holds; a file with rulings is not taken in again as it is.
    """
    count = 0
    with transaction(url, read_only=True) as connection, path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for feature in ownership_features(connection):
            file.write((",\n" if count else "\n") + feature)
            count += 1
        file.write("\n]}\n")
    return count


def ownership_features(connection: Connection, *, rulings: bool = True) -> Iterator[str]:
    """Each maintenance area of today and later as a GeoJSON feature; with or without those that were ruled."""
    for values, shape in routing_data.shown_stretches(connection, the_district(connection).id):
        if values["source"] == "ruling" and not rulings:
            continue
        said = {name: value if value is None else str(value) for name, value in values.items()}
        feature = {"type": "Feature", "properties": said, "geometry": json.loads(shapely.to_geojson(shape))}
        yield json.dumps(feature, ensure_ascii=False)

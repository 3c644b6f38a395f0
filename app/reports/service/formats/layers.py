"""What a report's maps show, as layers for programs that draw maps: a GeoPackage, and GeoJSON for all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import shapely
import shapely.geometry

from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.service.formats.geodata import Ground, grounds
from app.reports.service.keeping import digest
from app.web.i18n import translate
from spatial.writers.files import whole
from spatial.writers.geojson import GeoJsonFile
from spatial.writers.geopackage import write_layers

ABOUT = "report"
"""The table that says where the layers come from."""

DATUM = "CGCS2000 (EPSG:4490): longitude and latitude are those of WGS 84 to less than a metre"


def write_gpkg(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write a layer for each layer of each map, and the table `report`; nothing where there are no maps.

    Raises
    ------
    SourceError
        `write_failed`.
    """
    layers = grounds(report)
    if not layers:
        return ()
    path = folder / f"{stem}.{Format.GPKG}"
    about = pd.DataFrame(
        [(key, title, str(value)) for key, title, value in _about(report)], columns=["key", "title", "value"]
    )
    write_layers(
        {**{one.name: one.frame for one in layers}, ABOUT: about},
        path,
        titles={**{one.name: one.title for one in layers}, ABOUT: report.title},
        words={one.name: one.words for one in layers},
        changed_at=report.provenance.known_at,
    )
    return (path,)


def write_geojson(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write every feature of every map as one collection, its layer in a property; nothing where there are no maps.

    Raises
    ------
    SourceError
        `write_failed`.

    Notes
    -----
    RFC 7946 knows WGS 84 alone, and its readers take the degrees for those; the collection says what they are. Where
    it comes from stands in the foreign member `report` (section 6.1).
    """
    layers = grounds(report)
    if not layers:
        return ()
    path = folder / f"{stem}.{Format.GEOJSON}"
    told = {
        one.name: {"title": one.title, "columns": {column: title for column, (title, _) in one.words.items()}}
        for one in layers
    }
    about: dict[str, Any] = {key: value for key, _, value in _about(report)}
    with whole(path) as target:
        file = GeoJsonFile(target, None, {"report": {**about, "datum": DATUM, "layers": told}})
        for one in layers:
            _write_features(file, one)
        file.close()
    return (path,)


def _write_features(file: GeoJsonFile, one: Ground) -> None:
    shapes = shapely.orient_polygons(one.frame.geometry.to_numpy())
    records = one.frame.drop(columns="geometry").to_dict("records")
    for record, shape in zip(records, shapes, strict=True):
        properties = {name: None if pd.isna(value) else value for name, value in record.items()}
        geometry = None if shape is None or shape.is_empty else shapely.geometry.mapping(shape)
        file.write({"layer": one.name, **properties}, geometry)


def _about(report: Report) -> list[tuple[str, str, str | int | bool]]:
    """Where a report comes from: a key for programs, its name in the report's language, and the value."""
    of, locale = report.provenance, report.locale

    def line(key: str, value: str | int | bool, name: str) -> tuple[str, str, str | int | bool]:
        return key, translate(locale, name), value

    return [
        line("title", report.title, "office.title"),
        line("issuer", report.issuer, "office.issuer"),
        *([line("number", report.number, "office.number")] if report.number else []),
        line("since_on", report.since_on.isoformat(), "office.since"),
        line("until_on", report.until_on.isoformat(), "office.until"),
        line("known_at", of.known_at.isoformat(), "report.known_at"),
        line("timezone", of.timezone, "office.timezone"),
        line("definition", of.definition, "report.definition"),
        line("version", of.version, "office.version"),
        *(line(f"rows_{name}", count, f"report.rows_{name}") for name, count in of.counts.items()),
        *(line(f"rule_{at}", rule, "report.rule") for at, rule in enumerate(of.rules, 1)),
        line("simulated", of.simulated, "report.simulated"),
        line("digest", digest(report), "report.digest"),
    ]

"""The layers of a report's maps as frames: shapes with codes, names, numbers and classes, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from app.reports.rules.document import Report, Section
from app.reports.rules.maps import Borders, Features, Fill, Layer, Map, Marks
from app.reports.rules.values import Kind
from app.reports.service.formats.sheets.places import class_words
from app.web.i18n import translate
from spatial.crs import STORAGE

NOT_IN_NAMES = re.compile(r"\W+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Ground:
    """A layer.

    Parameters
    ----------
    name
        In letters that every program takes.
    title
        In the language of the report.
    frame
        In degrees of the store.
    words
        Of each column its name in that language, and what it holds.
    """

    name: str
    title: str
    frame: gpd.GeoDataFrame
    words: Mapping[str, tuple[str, str]]


def grounds(report: Report) -> list[Ground]:
    """Every layer of every map; one that stands in many sections, as in an atlas, is one with all their rows."""
    together: dict[tuple[Any, ...], list[tuple[Section, Map, Layer]]] = {}
    for section, one in report.blocks():
        if isinstance(one, Map):
            for place, layer in enumerate(one.layers, 1):
                key = (one.code, place, type(layer), layer.title, getattr(layer, "kind", None))
                together.setdefault(key, []).append((section, one, layer))
    taken: set[str] = set()
    return [_ground(report, key, parts, taken) for key, parts in together.items()]


def _ground(
    report: Report, key: tuple[Any, ...], parts: list[tuple[Section, Map, Layer]], taken: set[str]
) -> Ground:
    code, place, made, title, _ = key
    stem = f"{NOT_IN_NAMES.sub('_', code).lower()}_{place}_{made.__name__.lower()}"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    taken.add(name)
    zone = report.provenance.timezone
    records = [record for section, _, layer in parts for record in _records(section, layer, zone)]
    words = _words(report.locale, parts[0][2])
    columns = {
        column: _typed([record[column] for record in records], parts[0][2], column) for column in words
    }
    shapes = [record["shape"] for record in records]
    frame = gpd.GeoDataFrame(columns, geometry=gpd.array.from_shapely(shapes, crs=STORAGE), crs=STORAGE)
    maps = {one.title or section.title for section, one, _ in parts}
    of = "" if len(maps) > 1 or title in maps else f"{maps.pop()} · "
    return Ground(name, f"{of}{title}", frame, words)


def _records(section: Section, layer: Layer, zone: str) -> Iterator[dict[str, Any]]:
    if isinstance(layer, Fill):
        rows = zip(
            layer.codes, layer.names, layer.values, class_words(layer, zone), layer.shapes, strict=True
        )
        for code, name, value, classed, shape in rows:
            yield {
                "section": section.title,
                "code": code,
                "name": name,
                "value": value,
                "class": classed,
                "shape": shape,
            }
    elif isinstance(layer, Marks):
        for place, name in zip(layer.places, layer.names, strict=True):
            shape = None if any(map(isnan, place)) else shapely.Point(place)
            yield {"section": section.title, "name": name, "late": layer.late, "shape": shape}
    elif isinstance(layer, Features):
        for name, shape in zip(layer.names, layer.shapes, strict=True):
            yield {"section": section.title, "name": name, "shape": shape}
    else:
        for name, shape in zip(layer.names, layer.shapes, strict=True):
            yield {"section": section.title, "name": name, "level": layer.level, "shape": shape}


def _typed(values: list[Any], layer: Layer, column: str) -> pd.Series:
    if column == "late":
        return pd.Series(values, dtype="boolean")
    if column != "value":
        return pd.Series(values, dtype="str")
    if isinstance(layer, Fill) and layer.kind is Kind.COUNT:
        return pd.Series(values, dtype="Int64")
    return pd.Series([None if value is None else float(value) for value in values], dtype="Float64")


def _words(locale: str, layer: Layer) -> dict[str, tuple[str, str]]:
    """The columns of a layer in their order, in words."""

    def told(name: str) -> tuple[str, str]:
        return translate(locale, f"office.{name}"), translate(locale, f"office.about_{name}")

    words = {"section": told("section")}
    if isinstance(layer, Fill):
        unit = translate(locale, f"office.unit_{layer.kind}")
        return {
            **words,
            "code": told("code"),
            "name": told("name"),
            "value": (layer.title, unit),
            "class": told("class"),
        }
    if isinstance(layer, Marks):
        return {**words, "name": told("name"), "late": told("late")}
    if isinstance(layer, Features):
        return {**words, "name": told("name")}
    assert isinstance(layer, Borders)
    return {**words, "name": told("name"), "level": told("level")}

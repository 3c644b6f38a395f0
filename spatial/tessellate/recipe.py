"""What a simulated district is made from: every name and number of it is data."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from spatial.errors import SourceError
from spatial.tessellate.naming import Naming
from spatial.tessellate.partings import Parting

KINDS = ("urban", "fringe", "rural")


@dataclass(frozen=True, slots=True)
class Division:
    """A district, subdistrict or community of the official list."""

    level: str
    code: str
    name: str
    parent_code: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What is known or assumed of one subdistrict.

    Parameters
    ----------
    lon, lat
        Its seat in degrees.
    people
        People counted, times the growth assumed since.
    target_km2
        Its assumed area.
    kind
        "urban", "fringe" or "rural".
    """

    code: str
    lon: float
    lat: float
    people: float
    target_km2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A hill, park or landmark: its place in degrees and its radius in metres, 0 for a point."""

    kind: str
    klass: str
    rank: int
    name: str
    name_en: str
    lon: float
    lat: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street's name and the stretch, in degrees, along which it is looked for."""

    name: str
    name_en: str
    stretch: Any


@dataclass(frozen=True)
class Recipe:
    """A district to be simulated, as `read_recipe` finds it in its files.

    Parameters
    ----------
    outline
        Polygon in degrees.
    divisions
        The official list, in its order.
    quotas
        By the code of the subdistrict.
    centres
        Rough (lon, lat) in degrees of those communities of which it is known, by their codes.
    waters
        Features with kind, class, rank, name, name_en and a rough geometry in degrees.
    words
        Pairs (word, English) by their kind.
    numbers
        The plain values of the recipe's own file.
    """

    outline: Any
    divisions: tuple[Division, ...]
    quotas: Mapping[str, Quota]
    partings: Parting
    centres: Mapping[str, tuple[float, float]]
    waters: tuple[Mapping[str, Any], ...]
    marks: tuple[Mark, ...]
    street_names: tuple[StreetName, ...]
    words: Mapping[str, tuple[tuple[str, str], ...]]
    naming: Naming
    numbers: Mapping[str, Any]

    @property
    def metric_crs(self) -> int:
        """EPSG number of the projection to build in."""
        return int(self.numbers["district"]["metric_crs"])

    @property
    def seed(self) -> int:
        """Where all random draws come from."""
        return int(self.numbers["seed"])

    @cached_property
    def households(self) -> int:
        """Households of the whole district."""
        return round(float(self.numbers["people"]) / float(self.numbers["people_per_household"]))

    def of_level(self, level: str, parent_code: str | None = None) -> list[Division]:
        """The divisions of a level, of one parent if it is given."""
        return [
            division
            for division in self.divisions
            if division.level == level and parent_code in (None, division.parent_code)
        ]


def read_recipe(path: Path) -> Recipe:
    """Read a recipe and the files that it names, relative to its folder.

    Raises
    ------
    SourceError
        `recipe_unreadable`, with the file and what is wrong with it.
    """
    try:
        numbers = json.loads(path.read_text("utf-8"))
        files = {name: path.parent / file for name, file in numbers["files"].items()}
        return _assemble(numbers, files)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SourceError(
            "recipe_unreadable", file=str(path), reason=f"{type(error).__name__}: {error}"
        ) from error


def _assemble(numbers: Mapping[str, Any], files: Mapping[str, Path]) -> Recipe:
    english = {row["code"]: row["name_en"] for row in _rows(files["names_en"])}
    quotas = _quotas(files["subdistricts"])
    divisions = tuple(
        Division(row["level"], row["code"], row["name"], row["parent_code"], english.get(row["code"], ""))
        for row in _rows(files["divisions"])
    )
    missing = {division.code for division in divisions if division.level == "subdistrict"} ^ set(quotas)
    if missing:
        raise ValueError(", ".join(sorted(missing)))
    return Recipe(
        outline=shape(_features(files["outline"])[0]["geometry"]),
        divisions=divisions,
        quotas=quotas,
        partings=_tree(numbers["partings"]),
        centres={row["code"]: (float(row["lon"]), float(row["lat"])) for row in _rows(files["communities"])},
        waters=tuple(_water(feature) for feature in _features(files["waters"])),
        marks=tuple(_mark(row) for row in _rows(files["marks"])),
        street_names=tuple(_street(row) for row in _rows(files["streets"])),
        words=_words(files["words"]),
        naming=Naming(numbers["names"]),
        numbers=numbers,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return features


def _quotas(path: Path) -> dict[str, Quota]:
    quotas = {}
    for row in _rows(path):
        people = float(row["people_2010"]) * float(row["assumed_growth"])
        if row["kind"] not in KINDS:
            raise ValueError(row["kind"])
        lon, lat = float(row["seat_lon"]), float(row["seat_lat"])
        quotas[row["code"]] = Quota(row["code"], lon, lat, people, float(row["assumed_km2"]), row["kind"])
    return quotas


def _tree(node: Any) -> Parting:
    return node if isinstance(node, str) else (_tree(node[0]), _tree(node[1]))


def _water(feature: Mapping[str, Any]) -> dict[str, Any]:
    return {**feature["properties"], "geometry": shape(feature["geometry"])}


def _mark(row: Mapping[str, str]) -> Mark:
    place = float(row["lon"]), float(row["lat"]), float(row["radius_m"])
    return Mark(row["kind"], row["class"], int(row["rank"]), row["name"], row["name_en"], *place)


def _street(row: Mapping[str, str]) -> StreetName:
    ends = [[float(row[f"{end}_{axis}"]) for axis in ("lon", "lat")] for end in ("from", "to")]
    return StreetName(row["name"], row["name_en"], shapely.LineString(ends))


def _words(path: Path) -> dict[str, tuple[tuple[str, str], ...]]:
    words: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(path):
        words.setdefault(row["kind"], []).append((row["word"], row["word_en"]))
    return {kind: tuple(pairs) for kind, pairs in words.items()}

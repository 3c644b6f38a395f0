"""A made-up district of 2 subdistricts, 6 communities and 24 cells, for tests of the generator."""

import csv
import json

from shapely import LineString

from spatial.tessellate import read_recipe

OUTLINE = [
    [102.70, 25.00],
    [102.74, 24.998],
    [102.745, 25.03],
    [102.72, 25.05],
    [102.698, 25.03],
    [102.70, 25.00],
]
TABLES = {
    "divisions": [
        ("level", "code", "name", "parent_code"),
        ("district", "990101", "试验区", "990100"),
        ("subdistrict", "990101001", "城南街道", "990101"),
        ("subdistrict", "990101002", "山北街道", "990101"),
        *(
            ("community", f"99010100100{i}", f"城{n}社区居委会", "990101001")
            for i, n in enumerate("甲乙丙丁", 1)
        ),
        *(("community", f"99010100220{i}", f"山{n}村委会", "990101002") for i, n in enumerate("甲乙", 1)),
    ],
    "names_en": [
        ("code", "name", "name_en"),
        ("990101", "试验区", "Test District"),
        ("990101001", "城南街道", "South Subdistrict"),
        ("990101002", "山北街道", "North Subdistrict"),
        *((f"99010100100{i}", "", f"Town {i} Community") for i in range(1, 5)),
        *((f"99010100220{i}", "", f"Hill {i} Village") for i in range(1, 3)),
    ],
    "subdistricts": [
        ("code", "name", "seat_lon", "seat_lat", "people_2010", "assumed_growth", "assumed_km2", "kind"),
        ("990101001", "城南街道", "102.72", "25.01", "29000", "1.1", "9", "urban"),
        ("990101002", "山北街道", "102.72", "25.045", "6000", "0.9", "9", "rural"),
    ],
    "communities": [("code", "name", "lon", "lat"), ("990101001003", "", "102.703", "25.003")],
    "marks": [
        ("kind", "class", "rank", "name", "name_en", "lon", "lat", "radius_m"),
        ("park", "park", "1", "大公园", "Great Park", "102.72", "25.01", "300"),
        ("landmark", "mall", "2", "商场", "Mall", "102.73", "25.01", "0"),
        ("landmark", "mall", "2", "外面", "Outside", "103.5", "25.01", "0"),
    ],
    "streets": [
        ("name", "name_en", "from_lon", "from_lat", "to_lon", "to_lat"),
        ("长路", "Long Road", "102.727", "25.0075", "102.737", "25.0085"),
    ],
    "words": [
        ("kind", "word", "word_en"),
        ("compound_head", "明", "Ming"),
        ("compound_tail", "园", "Garden"),
        ("compound_tail", "苑", "Court"),
        ("street_tail", "路", "Road"),
        ("street_tail", "街", "Street"),
        ("lane_tail", "巷", "Lane"),
    ],
}
RIVER = {
    "type": "LineString",
    "coordinates": [[102.69, 25.03], [102.71, 25.02], [102.73, 25.012], [102.76, 25.01]],
}
LAKE = {
    "type": "Polygon",
    "coordinates": [[[102.72, 25.035], [102.724, 25.036], [102.722, 25.04], [102.72, 25.035]]],
}


def write_recipe(folder, **changes):
    """Write the recipe's files into a folder and say where its own file is."""
    files = {name: f"{name}.csv" for name in TABLES} | {"outline": "outline.json", "waters": "waters.json"}
    for name, rows in TABLES.items():
        with (folder / files[name]).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    named = {"class": "main", "rank": 1, "name_en": "Water"}
    waters = [
        ({"kind": "river", "name": "河", **named}, RIVER),
        ({"kind": "reservoir", "name": "湖", **named}, LAKE),
    ]
    _write_features(folder / "outline.json", [({}, {"type": "Polygon", "coordinates": [_dense(OUTLINE)]})])
    _write_features(folder / "waters.json", waters)
    numbers = {
        "district": {"code": "990101", "metric_crs": 4543},
        "seed": 3,
        "cells": 24,
        "people": 36000,
        "people_per_household": 2.5,
        "tries": 1,
        "target_spread": 0.05,
        "bearing": {"degrees": 10, "swing_degrees": 8, "wave_m": 2000},
        "households_per_group": 300,
        "households_per_compound": 400,
        "files": files,
        "partings": ["城南街道", "山北街道"],
        "names": {
            "shorten": {"社区居委会": "社区", "村委会": "村"},
            "bare": ["社区", "村"],
            "bare_en": ["Community", "Village"],
            "road": ["路"],
            "road_en": ["lu"],
            "cell": "{bare}{number:03d}",
            "cell_en": "{bare_en} {number:03d}",
            "group_urban": "{name}第{ordinal}居民小组",
            "group_rural": "{name}第{ordinal}村民小组",
            "group_en": "{bare_en} Group {number}",
            "country_road": "{first}{second}线",
            "country_road_en": "{first_en}–{second_en} Road",
        },
        **changes,
    }
    path = folder / "recipe.json"
    path.write_text(json.dumps(numbers), "utf-8")
    return path


def _dense(ring):
    """With so many corners that straight in degrees and straight in metres differ by less than a bar."""
    return [list(point) for point in LineString(ring).segmentize(0.005).coords]


def _write_features(path, features):
    whole = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": whole}), "utf-8")


def small_recipe(folder):
    """The recipe, read."""
    return read_recipe(write_recipe(folder))

"""What a wall shows, by rules and by the file of its presets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.cases.service import reference
from app.errors import InvalidError
from app.wall.rules import (
    Preset,
    Setting,
    Shown,
    WarningKind,
    WarningLevel,
    check_warning,
    choice,
    masked,
    rounded_up,
    street_of,
)
from app.web.i18n import LOCALES, catalogue

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
CATEGORIES = [
    {"id": 1, "code": "C43", "major": "public_works", "line": "city_management", "restricted": False},
    {"id": 2, "code": "C13", "major": "waters", "line": "city_management", "restricted": False},
    {"id": 3, "code": "Z05", "major": "disputes", "line": "social_order", "restricted": True},
    {"id": 4, "code": "Z01", "major": "disputes", "line": "social_order", "restricted": False},
]


def row(preset: str, kind: str, shown: str) -> dict[str, str]:
    return {"preset": preset, "kind": kind, "shown": shown}


def test_a_kind_is_a_category_a_major_class_or_a_line() -> None:
    rows = [
        row("flood", "C43", "first"),
        row("flood", "waters", "first"),
        row("visit", "social_order", "number"),
    ]
    flood, visit = (choice(rows, preset, CATEGORIES) for preset in (Preset.FLOOD, Preset.VISIT))
    assert (flood.first, flood.numbers) == ({1, 2}, {3})
    assert (visit.first, visit.numbers) == (frozenset(), {3, 4})


@pytest.mark.parametrize("preset", Preset)
def test_what_was_told_in_confidence_is_a_number_under_every_preset(preset: Preset) -> None:
    found = choice([row(preset.value, "social_order", "first")], preset, CATEGORIES)
    assert 3 in found.numbers and 3 not in found.first
    assert 4 in found.first


def test_the_file_names_presets_and_kinds_that_there_are() -> None:
    kinds = {one[key] for one in reference("categories") for key in ("code", "major", "line")}
    rows = reference("wall_presets")
    for one in rows:
        assert one["kind"] in kinds
        Preset(one["preset"]), Shown(one["shown"])
    assert len({(one["preset"], one["kind"]) for one in rows}) == len(rows)
    assert {one["preset"] for one in rows} >= {Preset.FLOOD, Preset.FIRE, Preset.GUARD, Preset.VISIT}
    assert row("visit", "social_order", "number") in [dict(one) for one in rows]


def test_of_an_address_no_more_than_a_known_street() -> None:
    streets = ["人民路", "人民中路", "颐华路"]
    assert street_of("颐华路 276 号小区北门", streets) == "颐华路"
    assert street_of("人民中路与人民路路口", streets) == "人民中路"
    assert street_of("张三家门口路边 3 幢 201", streets) is None
    assert street_of(None, streets) is None
    assert street_of("颐华路 276 号", ["", "颐华路"]) == "颐华路"


def test_names_are_masked_whole() -> None:
    assert [masked(name) for name in ("王", "王强", "欧阳建国")] == ["王*", "王*", "欧**"]


def test_bars_end_at_a_round_number_that_holds_all() -> None:
    assert [rounded_up(share) for share in (0, 0.05, 0.0501, 0.34, 0.8, 0.81, 1)] == [
        5,
        5,
        10,
        40,
        80,
        100,
        100,
    ]


def test_a_warning_is_whole_and_not_over() -> None:
    later = NOW + timedelta(hours=3)
    entered = check_warning("rain", "orange", "注意积水", later, NOW)
    assert (entered.kind, entered.level) == (WarningKind.RAIN, WarningLevel.ORANGE)
    setting = Setting(warning=entered)
    assert setting.warning_at(later - timedelta(seconds=1)) is entered
    assert setting.warning_at(later) is None
    for kind, level, until in (("rain", "", later), ("rain", "red", None)):
        with pytest.raises(InvalidError, match="wall_warning_incomplete"):
            check_warning(kind, level, "", until, NOW)
    with pytest.raises(InvalidError, match="wall_warning_past"):
        check_warning("rain", "red", "", NOW, NOW)


def test_nobody_has_set_it_visitors_may_look() -> None:
    assert Setting() == Setting(Preset.VISIT, None, True, None)


def test_every_preset_kind_and_level_has_words() -> None:
    for words in map(catalogue, LOCALES):
        for preset in Preset:
            assert words[f"wall.preset_{preset}"] and words[f"wall.preset_{preset}_why"]
        assert all(words[f"wall.kind_{kind}"] for kind in WarningKind)
        assert all(words[f"wall.level_{level}"] for level in WarningLevel)

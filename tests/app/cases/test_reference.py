"""The files of reference data hold to each other."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.cases.rules import OPEN_STATES, STEPS, CaseState
from app.cases.service import categories, reference, reference_data, state_words
from app.errors import UnavailableError
from app.web.i18n import LOCALES, catalogue

CODED = ("business_lines", "majors", "categories", "units", "roles", "seasons", "case_sources", "case_states")
UNITS = {"urgent_hours", "working_hours", "working_days", "calendar_days"}


def codes(name: str, field: str = "code") -> list[str]:
    return [row[field] for row in reference(name)]


@pytest.mark.parametrize("name", CODED)
def test_codes_are_unique_and_every_row_has_both_names(name: str) -> None:
    assert max(Counter(codes(name)).values()) == 1
    for row in reference(name):
        assert row["name"].strip() and row["name_en"].strip() and row["name_en"].isascii()


def test_every_category_has_one_filing_condition_and_the_other_way_round() -> None:
    filed = codes("filing_conditions", "category")
    assert len(filed) == len(set(filed)) == 125
    assert set(filed) == {row["code"] for row in categories()}


def test_the_first_letter_of_a_category_is_its_line() -> None:
    letters = {row["code"]: row["letter"] for row in reference("business_lines")}
    majors = {row["code"]: row["line"] for row in reference("majors")}
    for row in reference("categories"):
        assert row["code"].startswith(letters[row["line"]])
        assert majors[row["major"]] == row["line"]
    assert set(majors) == {row["major"] for row in reference("categories")}


def test_limits_are_positive_and_in_a_known_unit() -> None:
    for row in reference("filing_conditions"):
        assert int(row["limit"]) > 0 and row["limit_unit"] in UNITS
        for amount, unit in (("control_limit", "control_unit"), ("season_limit", "season_unit")):
            assert bool(row[amount]) == bool(row[unit])
            assert not row[amount] or (int(row[amount]) > 0 and row[unit] in UNITS)
        assert bool(row["season"]) == bool(row["season_limit"])


def test_what_a_condition_names_exists() -> None:
    units = {*codes("units"), "owner"}
    for row in reference("filing_conditions"):
        assert row["unit"] in units
        assert row["season"] in {"", *codes("seasons")}
        assert row["lowest_loop"] in {"community", "subdistrict", "district"}
        assert row["risk"] in {"severe", "serious", "moderate", "low"}
        assert row["verification"] in {"on_the_spot", "by_photo", "by_call"}
        assert row["self_handle"] in {"yes", "no"}
        assert row["condition"] and row["closing_condition"]


def test_what_a_route_names_exists() -> None:
    """Of each kind and area one rule; a rule that says what the condition says anyway would be none."""
    kinds = {*codes("categories"), *codes("majors"), *codes("business_lines")}
    default = {row["category"]: row["unit"] for row in reference("filing_conditions")}
    rows = reference("routes")
    assert len({(row["kind"], row["area"]) for row in rows}) == len(rows) == 24
    for row in rows:
        assert row["kind"] in kinds and row["unit"] in codes("units") and row["note"]
        assert row["area"].startswith("530103") and len(row["area"]) in {6, 9, 12, 15}
        assert default.get(row["kind"]) != row["unit"]


def test_a_severe_or_serious_danger_is_never_verified_by_photo() -> None:
    grave = [row for row in reference("filing_conditions") if row["risk"] in {"severe", "serious"}]
    assert grave
    assert all(row["verification"] != "by_photo" for row in grave)


def test_what_drives_the_simulation_names_what_exists() -> None:
    hours, haunts = set(codes("hour_profiles")), set(codes("haunts"))
    assert codes("category_rhythms", "category") == [row["code"] for row in categories()]
    assert {row["hours"] for row in reference("category_rhythms")} <= hours
    assert {row["haunt"] for row in reference("category_rhythms")} == haunts
    assert {row["hours"] for row in reference("source_rhythms")} <= hours
    assert codes("source_rhythms", "source") == codes("case_sources")
    for row in reference("season_effects"):
        assert row["season"] in codes("seasons") and row["category"] in codes("category_rhythms", "category")


def test_seasons_begin_and_end_on_days_that_every_year_has() -> None:
    for row in reference("seasons"):
        for day in (row["begin"], row["end"]):
            date.fromisoformat(f"2025-{day}")


def test_the_table_of_states_says_what_the_rules_say() -> None:
    table = {row["code"]: row for row in reference("case_states")}
    assert set(table) == set(CaseState)
    for state in CaseState:
        assert table[state]["step"] == ("" if STEPS[state] is None else str(STEPS[state]))
        assert (table[state]["open"] == "yes") == (state in OPEN_STATES)


def test_words_are_trimmed_lower_case_once_each_and_mean_states() -> None:
    words = codes("case_state_words", "word")
    assert len(words) == len(set(words))
    for row in reference("case_state_words"):
        assert row["word"] == row["word"].strip().casefold()
        assert row["state"] in set(CaseState)


def test_words_of_other_tables_are_understood() -> None:
    words = state_words()
    found = [
        words.get(word) for word in ("Closed", " In Progress ", "已结案", "DUPLICATE", "handling", "foo")
    ]
    assert found == ["closed", "handling", "closed", "merged", "handling", None]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_name_is_in_the_catalogue(locale: str) -> None:
    field = {"zh_CN": "name", "en": "name_en"}[locale]
    words = catalogue(locale)
    for domain, table in {
        "state": "case_states",
        "case_source": "case_sources",
        "line": "business_lines",
        "major": "majors",
    }.items():
        for row in reference(table):
            assert words[f"{domain}.{row['code']}"] == row[field]


def test_a_table_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_data, "FOLDER", tmp_path)
    with pytest.raises(UnavailableError, match="reference_missing"):
        reference("nothing_of_that_name")

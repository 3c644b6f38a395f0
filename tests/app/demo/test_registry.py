"""Generators of the simulated registry: seeded, of the sizes asked for, with numbers that are right and nobody's."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from app.demo.service.buildings import find_buildings
from app.demo.service.components import strew
from app.demo.service.firms import found
from app.demo.service.houses import settle
from app.demo.service.loading import read_ground
from app.demo.service.numbers import NOWHERE, SEGMENT, Identities, phones
from app.demo.service.residents import needs, people, shape_households
from spatial.codes import is_citizen_number, is_credit_code

TODAY = date(2026, 11, 20)
METRIC = 4543


@pytest.fixture(scope="module")
def ground() -> gpd.GeoDataFrame:
    return read_ground("ground.geojson")


def test_identity_numbers_are_right_and_nobodys() -> None:
    born = np.repeat(np.arange(date(1950, 1, 1).toordinal(), date(1950, 2, 1).toordinal()), 40)
    made = Identities().of(born)
    assert len(set(made)) == len(made) == 31 * 40
    assert all(is_citizen_number(one) and one.startswith(NOWHERE) for one in made)
    assert [one[6:14] for one in made] == [f"{date.fromordinal(day):%Y%m%d}" for day in born.tolist()]


def test_no_birthday_has_more_numbers_than_three_digits_give() -> None:
    day = date(1950, 1, 1)
    with pytest.raises(ValueError, match="1950-01-01"):
        Identities().of(np.full(1_000, day.toordinal()))


def test_telephone_numbers_are_nobodys_and_no_two_alike() -> None:
    made = phones(0, 50_000) + phones(50_000, 50_000)
    assert len(set(made)) == 100_000
    assert all(len(one) == 11 and one.startswith(SEGMENT) for one in made)


def test_households_are_people_who_could_live_together() -> None:
    rng = np.random.default_rng(1)
    shapes = shape_households(3_000, rng)
    made = people(shapes, TODAY, 3_000, rng)
    assert len(made) == 3_000
    heads = dict(zip(made.homes[made.relations == "head"], made.ages[made.relations == "head"], strict=True))
    assert set(heads) == set(made.homes.tolist())
    for relation, home, age in zip(made.relations, made.homes.tolist(), made.ages.tolist(), strict=True):
        if relation == "child":
            assert heads[home] - age >= 20
        elif relation == "parent":
            assert age - heads[home] >= 20
    whole = (TODAY.toordinal() - made.born) // 365.25
    assert (np.abs(whole - made.ages) <= 1).all()
    wanted = needs(made, np.random.default_rng(2))
    assert len(set(wanted)) == len(wanted) > 100
    assert all(made.ages[i] >= 60 for i, need in wanted if need in {"aged_60", "lives_alone", "home_care"})
    assert all(made.ages[i] < 16 for i, need in wanted if need == "child_in_need")


def test_houses_are_those_of_the_map_and_the_same_every_time(ground: gpd.GeoDataFrame) -> None:
    drawn = find_buildings(read_ground("areas.geojson"), ground, METRIC)
    grounds, houses = settle(drawn, ground, 6_000, METRIC)
    again = settle(drawn, ground, 6_000, METRIC)[1]
    assert len(houses) == 6_000
    assert houses.names.tolist() == again.names.tolist()
    outlines = {row["shape"].wkb for row in drawn}
    assert all(shape.wkb in outlines for shape in houses.outlines)
    assert len(set(houses.addresses)) == 6_000
    assert set(grounds.types[houses.grounds]) == {"compound", "courtyard"}
    firms = found(3_000, grounds.names, houses.grounds, "530103", TODAY)
    codes = [code for code in firms.codes if code]
    assert len(set(codes)) == len(codes) > 2_000
    assert all(is_credit_code(code) for code in codes)
    assert all("模拟" in name for name in firms.names)
    social = firms.types == "social_organisation"
    assert all((code is None) == (on is None) for code, on in zip(
        firms.codes[social], firms.registered_on[social], strict=True
    ))  # fmt: skip


def test_components_have_codes_of_their_own(ground: gpd.GeoDataFrame) -> None:
    made = strew(ground, 2_000, "530103", METRIC)
    again = strew(ground, 2_000, "530103", METRIC)
    assert len(set(made.codes)) == 2_000
    assert all(
        len(code) == 16 and code[6:10] == kind for code, kind in zip(made.codes, made.types, strict=True)
    )
    assert made.lon.tolist() == again.lon.tolist()

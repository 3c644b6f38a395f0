"""The invented ownership of the simulated district: everything named has a unit, some covers have none."""

from __future__ import annotations

from collections import Counter

from app.cases.service import reference
from app.demo.service.loading import read_ground
from app.demo.service.ownership import COVERS, _stretches


def test_streets_have_owners_of_their_covers_but_for_some() -> None:
    ground = read_ground("ground.geojson")
    rows = list(_stretches(ground, [34, 35]))
    units = {row["code"] for row in reference("units")}
    assert {unit for _, _, _, unit, _, _ in rows} <= units
    assert len({code for code, *_ in rows}) == len(rows)
    streets = Counter(kind[0] for code, _, kind, *_ in rows if code.startswith("street"))
    assert streets[34] == streets[35]
    all_streets = int((ground["kind"] == "street").sum())
    assert 0.8 * all_streets < streets[34] < all_streets, "some covers belong to nobody on record"


def test_covers_are_the_categories_of_the_owner() -> None:
    assert set(COVERS) == {
        row["category"] for row in reference("filing_conditions") if row["unit"] == "owner"
    }

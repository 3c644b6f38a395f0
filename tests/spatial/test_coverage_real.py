"""Boston's 26 neighbourhoods: one shape invalid, one sliver of overlap, water left out."""

from __future__ import annotations

import geopandas
import pytest
import shapely

from spatial.coverage import check, repair


@pytest.fixture(scope="module")
def boston(real_data):
    frame = geopandas.read_file(real_data / "Boston_Neighborhoods.geojson").to_crs(32619)
    return frame.geometry.to_numpy(), {"codes": frame["Name"].to_numpy(), "rows": range(1, len(frame) + 1)}


def test_it_is_refused_with_rows_and_reasons(boston):
    areas, names = boston
    faults = check(areas, **names)
    told = [(fault.code, fault.row, fault.value) for fault in faults]
    assert told == [
        ("area_shape_invalid", 20, "Hyde Park"),
        ("hole", 24, "South Boston"),
        ("overlap", 25, "Allston"),
    ]
    assert faults[2].facts["other_code"] == "Fenway"
    assert faults[2].facts["area_m2"] == pytest.approx(30.8, abs=0.1)


def test_repaired_and_with_gaps_allowed_it_is_accepted_and_every_repair_told(boston):
    areas, names = boston
    mended, repairs = repair(areas, **names)
    assert check(mended, **names, allow_gaps=True) == []
    assert [fault.code for fault in check(mended, **names)] == ["hole"]
    assert shapely.coverage_is_valid(mended)
    told = {(done.kind, done.codes) for done in repairs}
    assert {("shape_mended", ("Hyde Park",)), ("overlap_settled", ("Allston", "Fenway"))} <= told
    changed = {code for code, new, old in zip(names["codes"], mended, areas, strict=True) if new is not old}
    assert changed <= {code for done in repairs for code in done.codes}
    assert abs(shapely.area(mended).sum() - shapely.union_all(mended).area) < 1e-3

"""A folder of districts: written bit by bit, read lazily, and judged before anything is loaded."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from spatial.errors import SpatialError
from spatial.partitions import each, locate_cases, read, write
from tests.spatial.partitions.provinces import CODES, district, province


@pytest.fixture
def folder(tmp_path):
    """A province's cases."""
    write(province(cells=4, cases=50)[0], tmp_path)
    return tmp_path


def refused(call) -> SpatialError:
    with pytest.raises(SpatialError) as caught:
        call()
    return caught.value


def test_each_district_is_a_file_that_anybody_can_read(folder):
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["%E4%BA%94%E5%8D%8E%E5%8C%BA.parquet", *(f"{code}.parquet" for code in CODES[:3])]
    cases, _ = province(cells=4, cases=50)
    mine = cases[cases["district"] == CODES[1]].reset_index(drop=True)
    assert_frame_equal(gpd.read_parquet(folder / f"{CODES[1]}.parquet")[mine.columns.tolist()], mine)


def test_a_frame_has_a_partition_for_each_district_and_loads_what_is_asked_for(folder):
    frame = read(folder)
    assert frame.divisions == (*CODES, CODES[-1])
    assert frame.crs == 4490
    (folder / f"{CODES[0]}.parquet").write_bytes((folder / f"{CODES[2]}.parquet").read_bytes())
    assert set(frame.loc[CODES[1]].compute(scheduler="sync").index) == {CODES[1]}
    error = refused(lambda: frame.compute(scheduler="sync"))
    assert (error.code, error.facts["district"], error.facts["others"]) == (
        "district_differs",
        CODES[0],
        (CODES[2],),
    )


def test_only_the_columns_that_are_wanted_are_read(folder):
    found = read(folder, columns=["number"]).compute(scheduler="sync")
    assert found.columns.tolist() == ["number", "geometry"]


def test_a_folder_is_filled_bit_by_bit_and_a_district_replaced_by_itself(tmp_path):
    for number, code in enumerate(CODES[:2]):
        assert write(district(number, code, 4, 20)[0], tmp_path) == (code,)
    more, _ = district(0, CODES[0], 4, 30)
    error = refused(lambda: write(more, tmp_path))
    assert (error.code, error.facts["districts"]) == ("partition_exists", (CODES[0],))
    write(more, tmp_path, replace=True)
    assert read(tmp_path).compute(scheduler="sync").groupby(level=0).size().tolist() == [30, 20]


def test_an_answer_is_written_by_whoever_worked_it_out(folder, tmp_path):
    cases, cells = province(cells=4, cases=50)
    frame = each(locate_cases, read(folder), cells)
    assert write(frame, tmp_path / "located") == CODES
    assert_frame_equal(read(tmp_path / "located").compute(scheduler="sync"), each(locate_cases, cases, cells))


def test_a_district_that_is_filtered_away_is_still_asked(folder):
    _, cells = province(cells=4, cases=50)
    frame = read(folder)
    found = each(locate_cases, frame[frame["number"] < 0], cells).compute(scheduler="sync")
    assert len(found) == 0
    assert "cell" in found


def test_files_that_do_not_go_together_are_refused(folder):
    cases, _ = district(0, "530181", 4, 20)
    assert refused(lambda: write(cases.to_crs(3857), folder)).code == "crs_mixed"
    assert refused(lambda: write(cases.set_crs(None, allow_override=True), folder)).code == "crs_missing"
    cases.to_crs(3857).to_parquet(folder / "530181.parquet")
    error = refused(lambda: read(folder))
    assert (error.code, error.facts["crs"]["530181"]) == ("crs_mixed", "EPSG:3857")
    cases.assign(number="1").to_parquet(folder / "530181.parquet")
    error = refused(lambda: read(folder))
    assert (error.code, error.facts["district"]) == ("columns_differ", "530181")
    cases.drop(columns="district").to_parquet(folder / "530181.parquet")
    assert refused(lambda: read(folder)).code == "not_by_district"
    assert refused(lambda: read(folder / "empty")).code == "no_partitions"


def test_a_frame_that_is_not_by_district_is_refused(folder):
    frame = read(folder)
    _, cells = province(cells=4, cases=50)
    for other in (frame.reset_index(), frame.repartition(npartitions=2), frame.clear_divisions()):
        assert refused(lambda other=other: each(locate_cases, other, cells)).code == "not_by_district"


def test_an_answer_of_other_columns_than_the_first_is_refused(folder):
    frame = read(folder)
    error = refused(lambda: each(odd, frame).compute(scheduler="sync"))
    assert error.code == "columns_differ"
    assert error.facts["district"] in CODES


def odd(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Of some cases it says something else than of none."""
    return pd.DataFrame({"some": ["a"]}) if len(layer) else pd.DataFrame({"none": [1]})

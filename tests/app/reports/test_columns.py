"""Columns of tables on paper."""

from __future__ import annotations

import pytest

from app.reports.service.formats.columns import SIZES_PT, widths

PAGE = 174.0


def test_what_fits_is_set_in_full_and_numbers_take_no_more_than_they_need() -> None:
    found = widths((("网格", "东一网格"), ("应处置", "1,200")), (False, True), PAGE)
    assert found.size_pt == SIZES_PT[0] and sum(found.parts) == pytest.approx(PAGE, abs=0.1)
    assert found.parts[0] > 7 * found.parts[1]


@pytest.mark.parametrize("count", [3, 8, 12, 16])
def test_a_table_is_as_wide_as_its_page_whatever_stands_in_it(count: int) -> None:
    text, number = ("承办单位", "长" * 60, "短"), ("应处置案件数", "1,234,567", "▲ 9")
    columns = tuple(text if at % 4 == 0 else number for at in range(count))
    found = widths(columns, tuple(at % 4 != 0 for at in range(count)), PAGE)
    assert sum(found.parts) == pytest.approx(PAGE, abs=0.2) and min(found.parts) > 0
    assert found.size_pt <= SIZES_PT[0] and (count < 16 or found.size_pt < SIZES_PT[0])


def test_no_column_is_narrower_than_its_longest_word() -> None:
    code = "530103001001001"
    found = widths((("编码", code), *(("说明", "长" * 40),) * 6), (False,) * 7, PAGE)
    assert found.parts[0] >= len(code) * 0.56 * found.size_pt * 25.4 / 72

"""Every fault and repair of a coverage has its sentence, in every language, with all its places filled."""

from __future__ import annotations

import pytest
import shapely

from app.interop.service.report import sentence
from app.web.i18n import LOCALES, catalogue, translate
from spatial.coverage import check, repair

SQUARE = shapely.box(0, 0, 100, 100)
BOW = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
TRAPS = [
    ([BOW], {}),
    ([SQUARE, shapely.box(90, 0, 200, 100)], {}),
    ([SQUARE - shapely.box(40, 40, 60, 60)], {}),
    ([SQUARE], {"parents": {"p": shapely.box(10, 0, 200, 100)}, "parent_codes": ["p"]}),
    ([SQUARE], {"parents": {"p": shapely.box(500, 0, 600, 100)}, "parent_codes": ["q"]}),
]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("areas", "options"), TRAPS)
def test_faults_are_worded(locale, areas, options):
    faults = check(areas, codes=[f"c{n}" for n in range(len(areas))], rows=range(len(areas)), **options)
    assert faults
    for fault in faults:
        words = sentence(locale, fault)
        assert words != f"fault.{fault.code}"
        assert "None" not in words


@pytest.mark.parametrize("locale", LOCALES)
def test_repairs_are_worded(locale):
    areas = [
        BOW,
        shapely.box(100, 0, 200, 100) - shapely.box(140, 10, 140.5, 90),
        shapely.box(199.5, 0, 300, 100),
        shapely.box(300, 0, 400, 50),
        shapely.box(300, 50, 400, 100),
        shapely.box(400, 0, 500, 100),
    ]
    _, repairs = repair(areas, codes=list("abcdef"), rows=range(6))
    assert {done.kind for done in repairs} == {
        "shape_mended",
        "overlap_settled",
        "gap_closed",
        "corners_shared",
    }
    for done in repairs:
        words = translate(locale, f"repair.{done.kind}", **done.facts())
        assert words != f"repair.{done.kind}"


def test_the_catalogues_hold_the_same_words():
    ids = [{i for i in catalogue(locale) if i.startswith("repair.")} for locale in LOCALES]
    assert ids[0] == ids[1] != set()

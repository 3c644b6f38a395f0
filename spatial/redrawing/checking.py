"""What is wrong with a plan of cells: every fault at once, and what is only to be known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from spatial.coverage import OVERLAP_TOLERANCE_M
from spatial.coverage import check as check_coverage
from spatial.coverage.measure import polygons, rounded, thin
from spatial.errors import Fault, LayerError
from spatial.given import same_crs
from spatial.grouping import sums
from spatial.redrawing.layers import (
    AREAL,
    NOBODY,
    WHERE,
    Codes,
    Drawn,
    Homes,
    Layer,
    Shapes,
    areas,
    cell_at,
    cells_of,
    codes_of,
    homes,
    picked,
    shapes_of,
)

BOUNDS = (300.0, 500.0)
"""Households of a cell: what is usually asked for under GB/T 34300-2017."""
ANYWHERE_M2 = 1.0
"""Ground in a community that is smaller than this is no part in it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What `check` has found.

    Parameters
    ----------
    faults
        What has to be put right before a plan can take effect; `row` counts the plan's cells from 1.
    notes
        What may be so, and should be known.
    """

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing has to be put right."""
        return not self.faults

    def refuse(self) -> None:
        """Raise what is wrong, if anything is.

        Raises
        ------
        LayerError
            With all faults.
        """
        if self.faults:
            raise LayerError(self.faults)


def check(
    plan: Drawn | gpd.GeoDataFrame,
    communities: Layer,
    buildings: gpd.GeoDataFrame,
    *,
    bounds: tuple[float, float] = BOUNDS,
) -> Findings:
    """Everything that keeps a plan of cells from taking effect.

    Parameters
    ----------
    plan
        A plan, or cells with a code (column `code`, else the index), in a CRS that measures in metres.
    communities
        All communities that the plan is for; their codes as those of cells.
    buildings
        Footprints or points, with `households`.
    bounds
        The fewest and the most households that a cell should have.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    DataError
        Of the communities: `not_areas`, `areas_invalid`, `not_distinct`.

    Notes
    -----
    Faults of the plan: `plan_shape_missing`, `plan_shape_kind`, `area_shape_invalid`, `plan_code_missing`,
    `plan_code_twice`, `plan_not_one_piece`, `plan_over_communities`, `plan_community_left_out`, `overlap`, `gap`,
    `hole`, `outside_parent` (`spatial.coverage.check`), `plan_building_cut`; of the buildings `plan_households_wrong`,
    `plan_building_shape`. Notes: `plan_households_below`, `plan_households_above`, `plan_no_households`,
    `plan_building_outside`, `plan_building_over_communities`. A cell is of the community that most of it lies in. A
    building counts where a point inside it lies; it is cut where more than rounding of it lies in another cell of the
    same community. An overlap that is nowhere wider than a centimetre is rounding.
    """
    cells = cells_of(plan)
    same_crs(plan=cells, communities=communities, buildings=buildings)
    names, outlines = areas("communities", communities)
    faults, sound = _sound(cells)
    codes, shapes = codes_of(cells), shapes_of(cells)
    drawn, codes, rows = shapes[sound], codes[sound], sound + 1
    # What crosses itself is a fault below, and is asked about all else as what it encloses.
    shapes = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    more, of = _placed(shapes, codes, rows, names, outlines)
    faults += more
    parents = dict(zip(names.tolist(), outlines, strict=True))
    filled = set(names[of[of != NOBODY]].tolist())
    faults += [
        Fault("plan_community_left_out", value=name, facts={"community": name})
        for name in names.tolist()
        if name not in filled
    ]
    known = {name: parents[name] for name in names.tolist() if name in filled}
    faults += check_coverage(
        drawn,
        codes=codes,
        rows=rows,
        parents=known,
        parent_codes=picked(names, of),
    )
    wrong, good = _wrong_buildings(buildings)
    people = homes(buildings[good])
    cut, over = _cut(people, shapes, codes, of)
    faults += wrong + cut
    notes = over + _outside(people, shapes, codes)
    notes += _households(people, shapes, codes, rows, bounds)
    return Findings(_by_row(faults), _by_row(notes))


def _sound(cells: gpd.GeoDataFrame) -> tuple[list[Fault], Any]:
    """Faults of single cells, and which can be asked about the rest."""
    codes, shapes = codes_of(cells), shapes_of(cells)
    counted = Counter(code for code in codes.tolist() if code is not None)
    kind = shapely.get_type_id(shapes)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults = []
    for row, code in enumerate(codes.tolist(), start=1):
        if code is None:
            faults.append(Fault("plan_code_missing", row, "code"))
        elif counted[code] > 1:
            faults.append(Fault("plan_code_twice", row, "code", code, {"count": counted[code]}))
        if missing[row - 1]:
            faults.append(Fault("plan_shape_missing", row, "geometry", code))
        elif kind[row - 1] not in AREAL:
            faults.append(
                Fault("plan_shape_kind", row, "geometry", code, {"kind": shapes[row - 1].geom_type})
            )
        elif len(shapely.get_parts(shapes[row - 1])) > 1:
            parts = len(shapely.get_parts(shapes[row - 1]))
            faults.append(Fault("plan_not_one_piece", row, "geometry", code, {"parts": parts}))
    return faults, np.flatnonzero(~missing & np.isin(kind, AREAL))


def _placed(
    shapes: Shapes, codes: Codes, rows: Any, names: Codes, outlines: Shapes
) -> tuple[list[Fault], Any]:
    """The community that most of each cell lies in, and a fault where it lies in another, too."""
    cell, community = shapely.STRtree(outlines).query(shapes, predicate="intersects")
    common = shapely.intersection(shapes[cell], outlines[community])
    ground = shapely.area(common)
    of = np.full(len(shapes), NOBODY, dtype=np.intp)
    # The last write stays: by ground, of equal ones the community that comes first.
    order = np.lexsort((-community, ground))
    order = order[ground[order] > 0]
    of[cell[order]] = community[order]
    wide = ground > ANYWHERE_M2
    wide[wide] = [not thin(polygons(np.array([one]))[0], OVERLAP_TOLERANCE_M).all() for one in common[wide]]
    faults = []
    for one in np.flatnonzero(np.bincount(cell[wide], minlength=len(shapes)) > 1):
        of_one = np.flatnonzero(wide & (cell == one))
        order_ = of_one[np.argsort(-ground[of_one], kind="stable")]
        where = ", ".join(names[community[order_]].tolist())
        facts = {"communities": where, "area_m2": rounded(ground[order_[1:]].sum())}
        faults.append(Fault("plan_over_communities", int(rows[one]), "geometry", codes[one], facts))
    return faults, of


def _wrong_buildings(buildings: gpd.GeoDataFrame) -> tuple[list[Fault], Any]:
    """Buildings that cannot be counted, and which can."""
    shapes, codes = shapes_of(buildings), codes_of(buildings)
    given = buildings["households"] if "households" in buildings else np.full(len(buildings), np.nan)
    number = np.array([_number(one) for one in given], dtype=np.float64)
    shaped = np.isin(shapely.get_type_id(shapes), WHERE) & ~shapely.is_empty(shapes)
    counted = np.isfinite(number) & (number >= 0)
    faults = [
        Fault("plan_building_shape", None, "geometry", codes[at], {"building": codes[at]})
        for at in np.flatnonzero(~shaped)
    ]
    faults += [
        Fault(
            "plan_households_wrong",
            None,
            "households",
            codes[at],
            {"building": codes[at], "number": str(number[at])},
        )
        for at in np.flatnonzero(~counted)
    ]
    return faults, shaped & counted


def _number(one: Any) -> float:
    try:
        return float(one)
    except (TypeError, ValueError):
        return float("nan")


def _cut(people: Homes, shapes: Shapes, codes: Codes, of: Any) -> tuple[list[Fault], list[Fault]]:
    """Buildings of which some lies in another cell: of the same community a fault, of another one a note."""
    built = np.flatnonzero(shapely.area(people.shape) > 0)
    at, cell = shapely.STRtree(shapes).query(people.shape[built], predicate="intersects")
    common = shapely.intersection(people.shape[built][at], shapes[cell])
    parts, which = polygons(common)
    kept = np.unique(which[~thin(parts, OVERLAP_TOLERANCE_M)])
    ground, at, cell = shapely.area(common[kept]), built[at[kept]], cell[kept]
    cut: list[Fault] = []
    over: list[Fault] = []
    for one in np.flatnonzero(np.bincount(at, minlength=len(people)) > 1):
        mine = np.flatnonzero(at == one)
        mine = mine[np.argsort(-ground[mine], kind="stable")]
        facts = {
            "building": people.code[one],
            "cells": ", ".join(str(code) for code in codes[cell[mine]]),
            "area_m2": rounded(ground[mine[1:]].sum()),
        }
        most = of[cell[mine[0]]]
        same = (of[cell[mine]] == most).sum() > 1
        code = "plan_building_cut" if same else "plan_building_over_communities"
        (cut if same else over).append(Fault(code, None, "geometry", people.code[one], facts))
    return cut, over


def _outside(people: Homes, shapes: Shapes, codes: Codes) -> list[Fault]:
    lost = np.flatnonzero((cell_at(people.xy, shapes, codes) == NOBODY) & (people.households > 0))
    return [
        Fault(
            "plan_building_outside", None, "geometry", people.code[at],
            {"building": people.code[at], "households": _shown(people.households[at])},
        )
        for at in lost
    ]  # fmt: skip


def _households(
    people: Homes, shapes: Shapes, codes: Codes, rows: Any, bounds: tuple[float, float]
) -> list[Fault]:
    """Cells without households, with too few and with too many."""
    cell = cell_at(people.xy, shapes, codes)
    found = sums(cell[cell != NOBODY], people.households[cell != NOBODY], len(shapes))
    notes = []
    for row, code, count in zip(rows.tolist(), codes.tolist(), found.tolist(), strict=True):
        facts = {"households": _shown(count), "least": _shown(bounds[0]), "most": _shown(bounds[1])}
        if not count:
            notes.append(Fault("plan_no_households", row, "households", code, facts))
        elif count < bounds[0]:
            notes.append(Fault("plan_households_below", row, "households", code, facts))
        elif count > bounds[1]:
            notes.append(Fault("plan_households_above", row, "households", code, facts))
    return notes


def _shown(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 1)


def _by_row(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.row is None, fault.row or 0)))

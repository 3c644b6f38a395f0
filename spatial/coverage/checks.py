"""What is wrong with areas that should lie side by side: everything at once, each fault with its place and size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.coverage.measure import (
    OVERLAP_TOLERANCE_M,
    Shapes,
    place,
    polygons,
    rounded,
    shapes_of,
    thin,
    width,
)
from spatial.errors import Fault

NEIGHBOURS_NAMED = 3
"""So many areas around a gap are named."""

Place = Callable[[float, float], tuple[float, float]]
ToMetric = Callable[[Shapes], Shapes]

TOUCHING_DEG = 1e-7
"""Areas this near a gap, in degrees, lie at it: a centimetre."""


def check(
    areas: ArrayLike,
    *,
    codes: Sequence[Any] | NDArray[Any],
    rows: Sequence[int] | NDArray[Any],
    parents: Mapping[str, Any] | None = None,
    parent_codes: Sequence[Any] | NDArray[Any] | None = None,
    gap_width_m: float | None = None,
    allow_gaps: bool = False,
    to_metric: ToMetric | None = None,
    to_place: Place | None = None,
) -> list[Fault]:
    """Everything that keeps areas from covering their ground once and only once.

    Parameters
    ----------
    areas
        Array of n polygons or multipolygons, in the CRS that they are stored in: a corner on the middle of a
        neighbour's long side lies on that side in this CRS alone.
    codes, rows
        The code of each area, and its record number as the user counts it.
    parents
        Outline of each area of the level above, by its code, in the same CRS.
    parent_codes
        The parent of each area; without it, the areas share all parents together.
    gap_width_m
        A gap that is nowhere wider is rounding; without it, `OVERLAP_TOLERANCE_M`.
    allow_gaps
        Gaps and holes are no faults.
    to_metric
        Projects polygons to metres, to be measured; without it the CRS of the areas is in metres.
    to_place
        Turns x, y of the CRS into the lon, lat that a person is told; without it they are told x, y.

    Returns
    -------
    list
        Faults `area_shape_invalid`, `overlap`, `outside_parent`, `gap`, `hole`, by row. A corner of one area on the
        side of another without a corner there is no fault. Without parents, a gap is ground that areas enclose: the
        sea outside is none.

    Notes
    -----
    Only areas whose sides are not exactly their neighbour's (GEOS coverage validation, n log n) are overlaid in pairs.
    """
    checked = _Checked(
        shapes_of(areas),
        np.asarray(codes, dtype=object),
        np.asarray(rows),
        to_place or (lambda x, y: (x, y)),
        to_metric or (lambda shapes: shapes),
        OVERLAP_TOLERANCE_M if to_metric is None else TOUCHING_DEG,
    )
    faults = checked.invalid()
    faults += checked.overlaps()
    limit = OVERLAP_TOLERANCE_M if gap_width_m is None else gap_width_m
    if parents:
        families = checked.families(parents, parent_codes)
        for code, members in families:
            faults += checked.against_parent(parents, code, members, None if allow_gaps else limit)
    elif not allow_gaps:
        faults += checked.enclosed(limit)
    return sorted(faults, key=lambda fault: (fault.row is None, fault.row or 0))


@dataclass(slots=True)
class _Checked:
    shapes: Shapes
    codes: NDArray[Any]
    rows: NDArray[Any]
    to_place: Place
    to_metric: ToMetric
    touching: float

    def invalid(self) -> list[Fault]:
        """Faults of single shapes; the shapes are made valid, so that the other questions can be asked."""
        bad = np.flatnonzero(~shapely.is_valid(self.shapes) & ~shapely.is_missing(self.shapes))
        faults = [
            Fault("area_shape_invalid", self.row(i), "geometry", self.code(i), self._reason(reason))
            for i, reason in zip(bad.tolist(), shapely.is_valid_reason(self.shapes[bad]), strict=True)
        ]
        self.shapes[bad] = shapely.make_valid(self.shapes[bad], method="structure", keep_collapsed=False)
        return faults

    def _reason(self, text: str) -> dict[str, Any]:
        """GEOS's reason, "Self-intersection[x y]", as words and a place."""
        words, _, numbers = text.partition("[")
        try:
            x, y = self.to_place(*map(float, numbers.rstrip("]").split()[:2]))
        except (TypeError, ValueError):
            return {"reason": words.strip(), "at": "–"}
        return {"reason": words.strip(), "x": x, "y": y, "at": _shown(x, y)}

    def overlaps(self) -> list[Fault]:
        """Pairs of areas that lie over each other by more than rounding."""
        suspects = np.flatnonzero(shapely.length(shapely.coverage_invalid_edges(self.shapes)) > 0)
        first, second = shapely.STRtree(self.shapes).query(self.shapes[suspects], predicate="intersects")
        first = suspects[first]
        pairs = np.unique(np.sort(np.stack((first, second), axis=1), axis=1)[first != second], axis=0)
        common = shapely.intersection(self.shapes[pairs[:, 0]], self.shapes[pairs[:, 1]])
        parts, which = polygons(common)
        wide = ~thin(self.to_metric(parts), OVERLAP_TOLERANCE_M)
        parts, which = parts[wide], which[wide]
        return [
            self.fault("overlap", max(pairs[n], key=self.row), parts[which == n], self._other(pairs[n]))
            for n in np.unique(which)
        ]

    def _other(self, pair: NDArray[Any]) -> dict[str, Any]:
        other = min(pair, key=self.row)
        return {"other_row": self.row(other), "other_code": self.code(other)}

    def families(
        self, parents: Mapping[str, Any], parent_codes: Sequence[Any] | NDArray[Any] | None
    ) -> list[tuple[str | None, NDArray[np.intp]]]:
        """The indexes of the areas of each parent; an area whose parent is not there is in no family."""
        if parent_codes is None:
            return [(None, np.arange(len(self.shapes)))]
        own = np.asarray(parent_codes, dtype=object)
        return [(code, np.flatnonzero(own == code)) for code in parents]

    def against_parent(
        self,
        parents: Mapping[str, Any],
        code: str | None,
        members: NDArray[np.intp],
        gap_width: float | None,
    ) -> list[Fault]:
        """What sticks out of a parent, and what of it no area covers."""
        outline = shapely.union_all(list(parents.values())) if code is None else parents[code]
        known = {} if code is None else {"parent": code}
        parts, which = polygons(shapely.difference(self.shapes[members], outline))
        wide = ~thin(self.to_metric(parts), OVERLAP_TOLERANCE_M)
        parts, which = parts[wide], which[wide]
        faults = [
            self.fault("outside_parent", members[n], parts[which == n], {"parent": code or ""})
            for n in np.unique(which)
        ]
        if gap_width is not None:
            bare, _ = polygons(
                np.array([shapely.difference(outline, shapely.union_all(self.shapes[members]))])
            )
            faults += [self.gap(part, known) for part in bare[~thin(self.to_metric(bare), gap_width)]]
        return faults

    def enclosed(self, gap_width: float) -> list[Fault]:
        """Ground that areas enclose and none covers."""
        union = shapely.union_all(self.shapes)
        outlines = shapely.polygons(shapely.get_exterior_ring(polygons(np.array([union]))[0]))
        bare, _ = polygons(np.array([shapely.difference(shapely.union_all(outlines), union)]))
        return [self.gap(part, {}) for part in bare[~thin(self.to_metric(bare), gap_width)]]

    def gap(self, part: Any, facts: Mapping[str, Any]) -> Fault:
        """The fault of a piece of bare ground: a hole where one area alone lies around it."""
        near = np.flatnonzero(shapely.dwithin(self.shapes, part, self.touching))
        if not len(near):
            return Fault("gap", None, "geometry", None, {"neighbours": "", **self.size([part]), **facts})
        near = near[np.argsort(self.rows[near], kind="stable")]
        named = ", ".join(str(self.code(i)) for i in near[:NEIGHBOURS_NAMED])
        more = ", …" if len(near) > NEIGHBOURS_NAMED else ""
        code = "hole" if len(near) == 1 else "gap"
        return self.fault(code, near[0], [part], {"neighbours": named + more, **facts})

    def fault(self, code: str, area: int, parts: ArrayLike, facts: Mapping[str, Any]) -> Fault:
        """A fault of an area, with the size and the place of the polygons that show it."""
        return Fault(code, self.row(area), "geometry", self.code(area), {**facts, **self.size(parts)})

    def size(self, parts: ArrayLike) -> dict[str, Any]:
        """Area of all, mean width and place of the largest."""
        stored = np.asarray(parts, dtype=object)
        shapes = self.to_metric(stored)
        at = int(np.argmax(shapely.area(shapes)))
        x, y = self.to_place(*place(stored[at]))
        return {
            "area_m2": rounded(shapely.area(shapes).sum()),
            "width_m": rounded(width(shapes[[at]])[0]),
            "x": x,
            "y": y,
            "at": _shown(x, y),
        }

    def row(self, area: int) -> int:
        """The record number of an area."""
        return int(self.rows[area])

    def code(self, area: int) -> str:
        """The code of an area."""
        return str(self.codes[area])


def _shown(x: float, y: float) -> str:
    """A place as a person reads it: degrees with six digits, metres with one."""
    digits = 6 if abs(x) <= 180 and abs(y) <= 180 else 1
    return f"{x:.{digits}f}, {y:.{digits}f}"

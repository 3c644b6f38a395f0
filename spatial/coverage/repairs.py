"""Mending what drawing borders twice does to areas; a real overlap is left as it is, for `check` to find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.coverage.faces import GRID_M, Faces, Part, cut
from spatial.coverage.measure import SLIVER_WIDTH_M, Shapes, place, polygons, rounded, shapes_of, thin, width

EVEN = 0.01
"""Shared borders that differ by less than this share of the longer one count as equally long."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that was made.

    Parameters
    ----------
    kind
        `shape_mended`, `overlap_settled`, `gap_closed` or `corners_shared`; the catalogue has its sentence under
        `repair.<kind>`.
    rows, codes
        The areas concerned; of an overlap or a gap, the one that got the ground comes first.
    area_m2, width_m
        Ground that changed hands, and its mean width; of a mended shape, the change of its area, and 0.
    detail
        More facts for the sentence.
    """

    kind: str
    rows: tuple[int, ...]
    codes: tuple[str, ...]
    area_m2: float
    width_m: float
    detail: Mapping[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Everything that the sentence of this repair may name."""
        others = ", ".join(self.codes[1:])
        known = {"row": self.rows[0], "code": self.codes[0], "others": others}
        return {**known, "area_m2": self.area_m2, "width_m": self.width_m, **self.detail}


def repair(
    areas: ArrayLike,
    *,
    codes: Sequence[Any] | NDArray[Any],
    rows: Sequence[int] | NDArray[Any],
    sliver_width_m: float = SLIVER_WIDTH_M,
) -> tuple[Shapes, list[Repair]]:
    """Make areas valid, settle slivers of overlap, close slivers of gap, and let neighbours share their corners.

    Parameters
    ----------
    areas
        Array of n polygons or multipolygons in a CRS in metres.
    codes, rows
        The code of each area, and its record number as the user counts it.
    sliver_width_m
        An overlap or an enclosed gap is settled where it is nowhere much wider: mean width within it, no disc of
        that radius inside.

    Returns
    -------
    tuple
        The areas, and what was done to them. An area that nothing was done to is the same object.

    Notes
    -----
    A sliver goes to the area that it shares the longer border with, of those that covered it, or around a gap of all
    neighbours; equally long within 1 %, to the smaller code. An area that would vanish keeps its ground. The areas
    are cut into faces (`faces.cut`) and each is put together again from its own, so corners are shared exactly.
    """
    names = np.array([str(code) for code in codes], dtype=object)
    shapes, repairs = _mended(shapes_of(areas), names, np.asarray(rows))
    if len(shapes) == 0 or _nothing_to_do(shapes, sliver_width_m):
        return shapes, repairs
    work = _Assignment(shapes, names, np.asarray(rows), cut(shapes))
    repairs += work.settle(sliver_width_m)
    return work.assembled(repairs), repairs


def _mended(shapes: Shapes, codes: NDArray[Any], rows: NDArray[Any]) -> tuple[Shapes, list[Repair]]:
    repairs = []
    for i in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
        before = shapes[i]
        valid = shapely.make_valid(before, method="structure", keep_collapsed=False)
        kept, _ = polygons(np.array([valid]))
        if not len(kept):
            continue  # nothing of it has an area: it stays, and stays a fault
        shapes[i] = kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
        detail = {
            "reason": shapely.is_valid_reason(before),
            "before_m2": rounded(shapely.area(before)),
            "after_m2": rounded(shapely.area(shapes[i])),
            "dropped": len(_corners(before) - _corners(shapes[i])),
        }
        change = rounded(abs(shapely.area(shapes[i]) - shapely.area(before)))
        repairs.append(Repair("shape_mended", (int(rows[i]),), (codes[i],), change, 0.0, detail))
    return shapes, repairs


def _nothing_to_do(shapes: Shapes, sliver_width: float) -> bool:
    if not shapely.is_valid(shapes[~shapely.is_missing(shapes)]).all() or not shapely.coverage_is_valid(
        shapes
    ):
        return False
    union, _ = polygons(np.array([shapely.coverage_union_all(shapes)]))
    rings, _ = polygons(shapely.polygons(shapely.get_rings(union)))
    return not thin(rings, sliver_width).any()


class _Assignment:
    """Which faces make up which area."""

    def __init__(self, shapes: Shapes, codes: NDArray[Any], rows: NDArray[Any], faces: Faces) -> None:
        self.shapes, self.codes, self.rows, self.faces = shapes, codes, rows, faces
        self.owners = list(faces.owners)

    def settle(self, sliver_width: float) -> list[Repair]:
        """Give every sliver to one area; in rounds, since a sliver may lie among slivers."""
        parts = self.faces.parts()
        slim = thin(np.array([part.shape for part in parts], dtype=object), sliver_width)
        waiting = [part for part, is_thin in zip(parts, slim, strict=True) if is_thin]
        for part in waiting:
            self.give(part, ())
        repairs = []
        while waiting:
            winners = [self.winner(part) for part in waiting]
            if all(winner is None for winner in winners):
                break
            for part, winner in zip(waiting, winners, strict=True):
                if winner is not None:
                    self.give(part, (winner,))
                    repairs.append(self.described(part, winner))
            waiting = [part for part, winner in zip(waiting, winners, strict=True) if winner is None]
        for part in waiting:
            self.give(part, part.owners)
        self.keep_alive(parts)
        # What the grid can hardly show is rounding: it is told with the corners that it moved.
        return [r for r in repairs if r.width_m >= GRID_M]

    def give(self, part: Part, owners: tuple[int, ...]) -> None:
        """Make the faces of a part belong to some areas and to no other."""
        for face in part.faces:
            self.owners[face] = owners

    def winner(self, part: Part) -> int | None:
        """The area that gets a sliver; None where nobody around it has been settled yet."""
        around, length = self.faces.neighbours(part.faces)
        border: dict[int, float] = {}
        for face, metres in zip(around.tolist(), length.tolist(), strict=True):
            if len(self.owners[face]) == 1:
                (owner,) = self.owners[face]
                border[owner] = border.get(owner, 0.0) + metres
        if part.owners:
            border = {owner: border.get(owner, 0.0) for owner in part.owners}
        if not border:
            return None
        longest = max(border.values())
        return min((o for o in border if border[o] >= longest * (1 - EVEN)), key=lambda o: self.codes[o])

    def described(self, part: Part, winner: int) -> Repair:
        """The repair that giving a part to an area is."""
        others = part.owners or {o for f in self.faces.neighbours(part.faces)[0] for o in self.owners[f]}
        areas = [winner, *sorted(set(others) - {winner}, key=lambda o: self.codes[o])]
        x, y = place(part.shape)
        return Repair(
            "overlap_settled" if part.owners else "gap_closed",
            tuple(int(self.rows[o]) for o in areas),
            tuple(self.codes[o] for o in areas),
            rounded(shapely.area(part.shape)),
            rounded(width(np.array([part.shape]))[0]),
            {"x": x, "y": y},
        )

    def keep_alive(self, parts: list[Part]) -> None:
        """Give an area that lost everything its ground back; the overlap stays, and stays a fault."""
        alive = {owner for owners in self.owners for owner in owners}
        for part in parts:
            if lost := set(part.owners) - alive:
                for face in part.faces:
                    self.owners[face] = tuple(sorted({*self.owners[face], *lost}))

    def assembled(self, repairs: list[Repair]) -> Shapes:
        """The areas, each put together from its faces; repairs that moved corners alone are added to the list."""
        told = {row for repair in repairs for row in repair.rows}
        faces_of: list[list[int]] = [[] for _ in self.shapes]
        for face, owners in enumerate(self.owners):
            for owner in owners:
                faces_of[owner].append(face)
        for i, faces in enumerate(faces_of):
            if not faces:
                continue
            old, new = self.shapes[i], _joined(self.faces.shapes[faces], self.shapes[i])
            if shapely.equals_identical(shapely.normalize(old), shapely.normalize(new)):
                continue
            self.shapes[i] = new
            if int(self.rows[i]) not in told:
                repairs.append(self.moved(i, old, new))
        return self.shapes

    def moved(self, area: int, old: Any, new: Any) -> Repair:
        """The repair that giving an area the corners of its neighbours is."""
        before, after = _corners(old), _corners(new)
        change = rounded(abs(shapely.area(new) - shapely.area(old)))
        detail = {"corners": len(after - before), "dropped": len(before - after)}
        return Repair("corners_shared", (int(self.rows[area]),), (self.codes[area],), change, 0.0, detail)


def _corners(shape: Any) -> set[tuple[float, float]]:
    return {(x, y) for x, y in shapely.get_coordinates(shape).tolist()}


def _joined(faces: Shapes, like: Any) -> Any:
    shape = faces[0] if len(faces) == 1 else shapely.coverage_union_all(faces)
    parts, _ = polygons(np.array([shape]))
    if len(parts) > 1 or shapely.get_type_id(like) == shapely.GeometryType.MULTIPOLYGON:
        return shapely.multipolygons(parts)
    return parts[0]

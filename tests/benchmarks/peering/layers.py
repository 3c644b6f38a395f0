"""What the verbs are measured on: the district's cells, cases in clusters, a net of streets, visits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from tests.benchmarks.locate import AREAS, read_cells, scatter

METRIC, SEED = 4544, 20240101
SIDE_M, DAYS, WEEKS = 30_000, 1095, 52
NODES, SPACING_M = 100, 300
PLACES, SERVICES, VISITS = 60_000, 200, 20_000


def write_cases(into: Path, count: int) -> None:
    """Cases of a year in the district's cells, with their months."""
    shapes, codes = read_cells(AREAS)
    rng = np.random.default_rng(SEED)
    np.savez(
        into,
        xy=scatter(shapes, count),
        month=rng.integers(0, 12, count),
        shapes=shapely.to_wkb(shapes),
        codes=codes.astype(str),
        people=rng.integers(300, 500, len(shapes)),
    )


def write_cells(into: Path) -> None:
    """The district's cells in metres, some cut back from their neighbours or laid over them, and sixteen times over."""
    shapes, _ = read_cells(AREAS)
    plane = gpd.GeoSeries(shapes, crs=4490).to_crs(METRIC).to_numpy()
    # Where a corner lies on a neighbour's side in degrees, it does so in any power of two of them: 0.85 m here.
    broken = shapely.transform(shapes, lambda xy: xy * 2**17)
    chosen = np.random.default_rng(SEED).choice(len(plane), 12, replace=False)
    layers = {}
    for name, by in (("apart", -5), ("over", 5)):
        layers[name] = broken.copy()
        layers[name][chosen] = shapely.buffer(broken[chosen], by, join_style="mitre")
    many = [shapely.transform(plane, lambda xy, k=k: xy + np.array([k * 60_000, 0])) for k in range(16)]
    kinds = {"shapes": plane, "many": np.concatenate(many), **layers}
    np.savez(into, **{name: shapely.to_wkb(some) for name, some in kinds.items()})


def write_series(into: Path) -> None:
    """Rates of the cells in twenty-four months, some of them rising; which cells touch; cases, people, groups."""
    from spatial.neighbours import from_areas

    shapes, _ = read_cells(AREAS)
    near = from_areas(gpd.GeoSeries(shapes, crs=4490).to_crs(METRIC), gap_m=0.01)
    rng = np.random.default_rng(SEED)
    level, trend = rng.gamma(2, 20, (len(shapes), 1)), rng.normal(0, 0.02, (len(shapes), 1))
    mean = level * np.exp(trend * np.arange(24))
    once = near.rows < near.cell
    np.savez(
        into,
        series=rng.poisson(mean) / rng.uniform(300, 500, (len(shapes), 1)),
        pairs=np.column_stack((near.rows[once], near.cell[once])),
        cases=rng.poisson(1600, len(shapes)),
        people=rng.integers(500, 4000, len(shapes)),
        group=rng.integers(0, 12, len(shapes)),
    )


def write_scattered(into: Path, count: int) -> None:
    """Cases anywhere in a square, a third by chance, the others around two thousand seats; with days."""
    rng = np.random.default_rng(SEED)
    seats = rng.uniform(0.1 * SIDE_M, 0.9 * SIDE_M, (2000, 2))
    xy = seats[rng.integers(0, len(seats), count)] + rng.normal(0, 300, (count, 2))
    xy[::3] = rng.uniform(0, SIDE_M, xy[::3].shape)
    cells, people = rng.uniform(0, SIDE_M, (610, 2)), rng.integers(500, 4000, 610)
    np.savez(
        into,
        xy=np.clip(xy, 0.01 * SIDE_M, 0.99 * SIDE_M),
        day=rng.integers(0, DAYS, count).astype(float),
        cells=cells,
        people=people,
        flat=rng.poisson(people),
        deep=rng.poisson(people[:, None] / WEEKS, (610, WEEKS)),
    )


def write_streets(into: Path) -> None:
    """A net of bent streets, places and services at its junctions, and visits near it."""
    rng = np.random.default_rng(SEED)
    number = np.arange(NODES**2).reshape(NODES, NODES)
    node = np.stack(np.meshgrid(*[np.arange(NODES) * float(SPACING_M)] * 2), axis=-1).reshape(-1, 2)
    node += rng.uniform(-60, 60, node.shape)
    ends = np.concatenate(
        [
            np.column_stack((a.ravel(), b.ravel()))
            for a, b in ((number[:-1], number[1:]), (number[:, :-1], number[:, 1:]))
        ]
    )
    ends = ends[rng.random(len(ends)) < 0.85]
    bend = (node[ends[:, 0]] + node[ends[:, 1]]) / 2 + rng.uniform(-20, 20, (len(ends), 2))
    lines = shapely.linestrings(np.stack((node[ends[:, 0]], bend, node[ends[:, 1]]), axis=1))
    used = np.unique(ends)
    services = rng.choice(used, SERVICES, replace=False)
    street = lines[rng.integers(0, len(lines), VISITS)]
    visits = shapely.get_coordinates(
        shapely.line_interpolate_point(street, rng.random(VISITS), normalized=True)
    )
    np.savez(
        into,
        lines=shapely.to_wkb(lines),
        ends=ends,
        node=node,
        place=rng.choice(used, PLACES),
        service=services,
        people=rng.integers(1, 9, PLACES),
        capacity=rng.integers(20, 200, SERVICES),
        cell=rng.integers(0, 610, PLACES),
        visits=visits + rng.normal(0, 15, visits.shape),
        at=np.datetime64("2024-05-01") + rng.integers(0, 86_400 * 30, VISITS).astype("timedelta64[s]"),
    )


def geometries(wkb: Any) -> Any:
    """An array of shapes."""
    return shapely.from_wkb(wkb)

"""热点: where more was reported than chance would put there, by Gi* over the cells, adjusted for their number."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from app.reports.rules.blocks import Block, Failed, Words
from app.reports.rules.maps import Fill, Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context
from app.reports.service.sections import figures, grounds
from spatial.crs import STORAGE
from spatial.hotspots.control import adjusted
from spatial.hotspots.getis import gi_star
from spatial.neighbours import from_areas

LEAST_CELLS = 30
"""Of fewer cells the statistic is not near enough to the normal distribution."""

LEVEL = 0.05
PER = 1_000
MOST = 20


def blocks(context: Context) -> tuple[Block, ...]:
    """Hot cells in a table and on a map of the rate that they were found by; a sentence where there are none."""
    if context.scope.unit_id:
        return (Words("text", context.t("hotspots_unit")),)
    cells = figures.cells(context)
    households = np.array([row.households for row in cells.rows], dtype=np.int64)
    reported = [_reported(context, row.no) for row in cells.rows]
    settled = households > 0
    if settled.sum() < LEAST_CELLS:
        return (Failed("few", context.t("hotspots_few", count=int(settled.sum()), least=LEAST_CELLS)),)
    found = _hot(context, np.array(reported)[settled] / households[settled], settled)
    rates = tuple(Fraction(n * PER, int(h)) if h else None for n, h in zip(reported, households, strict=True))
    order = sorted(np.flatnonzero(found), key=lambda at: (-float(rates[at] or 0), cells.rows[at].code))
    said = context.t("hotspots_found" if order else "hotspots_none", count=len(order), level=f"{LEVEL:.0%}")
    rows = [_row(context, cells.rows[at], reported[at], rates[at]) for at in order]
    table = Table("hot", context.t("hotspots_cells"), _columns(context), tuple(rows), printed=MOST)
    return (Words("text", said), _map(context, rates, order), *((table,) if rows else ()))


def _hot(context: Context, rate: Any, settled: Any) -> Any:
    """Which of all cells are hot; shape (n,), of cells without households none."""
    there = [figures.cells(context).shapes[at] for at in np.flatnonzero(settled)]
    shapes = gpd.GeoSeries(there, crs=STORAGE).to_crs(context.srid)
    judged = gi_star(rate, from_areas(shapes), alternative="greater")
    q = adjusted(judged.p)
    found = np.zeros(len(settled), dtype=bool)
    with np.errstate(invalid="ignore"):
        found[np.flatnonzero(settled)[q <= LEVEL]] = True
    return found


def _reported(context: Context, no: int) -> int:
    return figures.now(context).places.get(no, {}).get("reported", 0)


def _columns(context: Context) -> tuple[Column, ...]:
    return (
        Column("code", context.t("code"), Kind.CODE),
        Column("name", context.word("level.cell")),
        Column("parent", context.word("level.community")),
        Column("reported", context.word("counted.reported"), Kind.COUNT),
        Column("households", context.t("households"), Kind.COUNT),
        Column("rate", context.t("per_thousand"), Kind.POINTS),
    )


def _row(context: Context, row: Any, reported: int, rate: Value) -> tuple[Value, ...]:
    return (
        row.code,
        context.called(row),
        context.named(row._mapping, "parent"),
        reported,
        row.households,
        rate,
    )


def _map(context: Context, rates: tuple[Fraction | None, ...], order: list[int]) -> Map:
    cells = figures.cells(context)
    names = tuple(context.called(row) for row in cells.rows)
    fill = Fill(
        context.t("per_thousand"),
        Kind.POINTS,
        tuple(row.code for row in cells.rows),
        names,
        rates,
        cells.shapes,
    )
    at = shapely.get_coordinates(
        shapely.point_on_surface(np.array([cells.shapes[one] for one in order], dtype=object))
    )
    marks = Marks(
        context.t("hotspots_marks"),
        tuple((float(x), float(y)) for x, y in at),
        tuple(names[one] for one in order),
        "diamond",
    )
    return Map(
        "hot", context.t("map_hotspots"), grounds.shown(context), context.srid,
        (fill, *((marks,) if order else ()), *grounds.borders(context)),
        note=context.t("map_hotspots_note"), inset=grounds.inset(context),
    )  # fmt: skip

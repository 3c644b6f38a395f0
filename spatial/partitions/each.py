"""One verb over every district, here or on a cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatial.errors import DataError, SpatialError
from spatial.given import SHOWN, one_crs
from spatial.partitions.parts import (
    DISTRICT,
    Part,
    by_district,
    dask,
    empty,
    is_lazy,
    refuse_other_columns,
    refuse_strangers,
)

Verb = Callable[..., pd.DataFrame]


def each(
    verb: Verb,
    cases: Any,
    cells: Any = None,
    *,
    by: str = DISTRICT,
    seed: int | None = None,
    meta: pd.DataFrame | None = None,
    **given: Any,
) -> Any:
    """Ask a verb of every district's cases and cells.

    The answer of a district is that of `verb(cases, cells, **given)` with the rows of this district and no others,
    wherever it is worked out. A case belongs to the district that it is recorded with: one that lies in another's
    cells lies in none of its own, and counts in none of the other's. Cells across the district's border are nobody's
    neighbours.

    Parameters
    ----------
    verb
        Takes a layer of cases, and of cells unless there are none here, and answers with a table or a layer. It has to
        answer of no cases, too: a district may have none.
    cases, cells
        Layers with a column or an index `by`, or Dask frames as `read` gives them, or one of each.
    seed
        For a verb that takes one: each district gets its own, `seed_of(seed, district)`, whichever other districts
        there are and in whatever order they come.
    meta
        No rows of what the verb answers. Without it, that of the first district's cells and no cases, which is
        worked out at once and here.
    given
        What else the verb takes.

    Returns
    -------
    DataFrame or GeoDataFrame, or the same of Dask where a layer is such
        The answers of all districts in bytewise order of their codes, which are the index.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_mixed`.
    SpatialError
        `cluster_missing`; what the verb raises, with its `district` among the facts.
    DataError
        `not_by_district`, `district_missing`, `cells_missing_for` (cases of districts without cells),
        `district_differs`, `not_a_table`, `columns_differ` (an answer has other columns than `meta`).
    """
    layers = {"cases": cases} if cells is None else {"cases": cases, "cells": cells}
    parts = {name: by_district(layer, name, by) for name, layer in layers.items()}
    one_crs(**{name: empty(layer, by) for name, layer in layers.items()})
    _refuse_without_cells(parts)
    nobody = empty(cases, by)
    tasks = {
        code: _Task(verb, code, by, given if seed is None else {**given, "seed": seed_of(seed, code)})
        for code in parts["cells" if "cells" in parts else "cases"]
    }
    rows = {code: [part.get(code, nobody) for part in parts.values()] for code in tasks}
    if not any(map(is_lazy, layers.values())):
        answers = [task(None, *rows[code]) for code, task in tasks.items()]
        return pd.concat(answers) if answers else nobody
    library, frames = dask()
    first, task = next(iter(tasks.items()))
    if meta is None:
        meta = task(None, nobody, *library.compute(*rows[first][1:])).iloc[:0]
    promised = [library.delayed(task)(meta, *rows[code]) for code, task in tasks.items()]
    with library.config.set({"dataframe.convert-string": False}):  # text stays what it is without Dask
        return frames.from_delayed(promised, meta=meta, divisions=(*tasks, [*tasks][-1]), verify_meta=False)


def seed_of(seed: int, *names: str) -> int:
    """A seed for each name, such as a district's code: others' do not change it, nor does the order.

    Notes
    -----
    NumPy's SeedSequence, fed with the bytes of the names; 64 bits, so that no two districts share one by chance.
    """
    words = [seed, *"\n".join(names).encode()]
    return int(np.random.SeedSequence(words).generate_state(1, np.uint64)[0])


class _Task:
    """A verb that is asked of one district."""

    def __init__(self, verb: Verb, district: str, by: str, given: dict[str, Any]) -> None:
        self._verb, self._district, self._by, self._given = verb, district, by, given

    def __call__(self, meta: pd.DataFrame | None, *layers: gpd.GeoDataFrame) -> pd.DataFrame:
        for name, layer in zip(("cases", "cells"), layers, strict=False):
            refuse_strangers(layer, self._district, name)
        try:
            found = self._verb(*layers, **self._given)
        except SpatialError as error:
            error.facts["district"] = self._district
            raise
        if not isinstance(found, pd.DataFrame):
            raise DataError("not_a_table", district=self._district, found=type(found).__name__)
        index = pd.Index([self._district] * len(found), name=self._by, dtype=str)
        answer = found.set_axis(index, axis=0)
        if meta is not None:
            refuse_other_columns(answer, meta, self._district)
        return answer


def _refuse_without_cells(parts: dict[str, dict[str, Part]]) -> None:
    without = [code for code in parts["cases"] if "cells" in parts and code not in parts["cells"]]
    if without:
        raise DataError("cells_missing_for", count=len(without), districts=tuple(without[:SHOWN]))

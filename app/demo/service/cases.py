"""Two years of simulated reports, with the rhythm and the clusters that real ones have; what becomes of them is played.

They come in weeks, each with its own dice, so that neither the size of a piece nor the memory depends on how
many there are. Everything invented here is data: `data/reference` says how often, when and where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from app.demo.service.draws import Indices
from app.demo.service.office import FIRST_MONDAY, to_utc
from app.demo.service.positions import draw_positions
from app.demo.service.town import Town, found
from app.demo.service.wording import references
from spatial.readers import CaseBatch

BLOCK_DAYS = 7
"""Days that share their dice."""

Columns = dict[str, NDArray[Any]]


def simulate_cases(
    cells: gpd.GeoDataFrame,
    categories: Sequence[Mapping[str, Any]],
    *,
    count: int,
    until: date,
    timezone: str,
    seed: int,
    chunk_rows: int = 50_000,
    now: datetime | None = None,
    ground: gpd.GeoDataFrame | None = None,
) -> Iterator[CaseBatch]:
    """Simulate what is reported in two years, `until` included, in the order in which it is.

    Parameters
    ----------
    cells
        `code`, `households`, geometry EPSG:4490.
    categories
        Rows with `code`; those without a rhythm in the reference data never come up.
    now
        With a zone, on the day `until`: nothing is reported after it. None: the end of that day.
    ground
        `kind`, `name`, geometry EPSG:4490 of streets, compounds and waters, which give addresses.

    Returns
    -------
    Batches of `chunk_rows` cases, the last one smaller; the same cases whatever `chunk_rows` is. They have no
    state yet.

    Notes
    -----
    About 4 s for 1,000,000 cases in 610 cells on one core; memory does not grow with `count`.
    """
    local = None if now is None else now.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    codes = [str(row["code"]) for row in categories]
    town = found(cells, codes, until=until, now=local, seed=seed, ground=ground)
    return _pieces(_weeks(town, count, seed, timezone), chunk_rows)


def _weeks(town: Town, count: int, seed: int, timezone: str) -> Iterator[Columns]:
    """The cases of one week after the other."""
    per_day = np.random.default_rng([seed, 1]).multinomial(count, town.rhythm.shares)
    starts = np.cumsum(per_day) - per_day
    dates = np.datetime64(FIRST_MONDAY, "D") + town.rhythm.first + np.arange(len(per_day))
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    first_of_year = starts[np.searchsorted(years, years)]
    for begin in range(0, len(per_day), BLOCK_DAYS):
        days = np.repeat(np.arange(begin, begin + BLOCK_DAYS), _padded(per_day[begin : begin + BLOCK_DAYS]))
        if not len(days):
            continue
        rows = starts[begin] + np.arange(len(days)) + 1
        columns = _cases(town, days, timezone, np.random.default_rng([seed, 2, begin]))
        refs = references(years[days], rows - first_of_year[days])
        yield {"row": rows, "external_ref": refs, **columns}


def _padded(counts: Indices) -> Indices:
    return np.pad(counts, (0, BLOCK_DAYS - len(counts)))


def _cases(town: Town, days: Indices, timezone: str, rng: np.random.Generator) -> Columns:
    """One case for each day given."""
    reported, category, source = town.rhythm.times(days, rng)
    found = draw_positions(town, category, days, rng)
    variant = rng.integers(0, town.texts.shape[2], len(days))
    never = np.full(len(days), np.datetime64("NaT", "us"))
    return {
        "category": town.categories[category],
        "state": np.full(len(days), None, dtype=object),
        "source": town.sources[source],
        "address": found.address,
        "description": town.texts[category, source, variant],
        "reported_at": to_utc(reported, timezone),
        "due_at": never,
        "closed_at": never,
        "lon": found.lon,
        "lat": found.lat,
    }


def _pieces(blocks: Iterator[Columns], chunk_rows: int) -> Iterator[CaseBatch]:
    """The same rows in batches of another size."""
    waiting: list[Columns] = []
    held = 0
    for block in blocks:
        waiting.append(block)
        held += len(block["row"])
        while held >= chunk_rows:
            whole = {name: np.concatenate([piece[name] for piece in waiting]) for name in block}
            yield _batch({name: values[:chunk_rows] for name, values in whole.items()})
            waiting = [{name: values[chunk_rows:] for name, values in whole.items()}]
            held -= chunk_rows
    if held:
        yield _batch({name: np.concatenate([piece[name] for piece in waiting]) for name in waiting[0]})


def _batch(columns: Columns) -> CaseBatch:
    return CaseBatch(**columns, faults=())

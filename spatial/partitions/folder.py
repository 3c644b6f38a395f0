"""A folder of GeoParquet, one file a district."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import geopandas as gpd

from spatial.crs import name_of
from spatial.errors import CrsError, DataError, SourceError
from spatial.given import one_crs
from spatial.partitions.parts import (
    DISTRICT,
    by_district,
    dask,
    is_lazy,
    refuse_other_columns,
    refuse_strangers,
)

SUFFIX = ".parquet"


def write(layer: Any, folder: str | Path, *, by: str = DISTRICT, replace: bool = False) -> tuple[str, ...]:
    """Write a layer as GeoParquet, one file for each of its districts.

    A folder may be filled bit by bit: each district's office writes its own, and a new day replaces that file alone.

    Parameters
    ----------
    layer
        A GeoDataFrame with a column `by` of text, or with an index of that name; or a Dask frame as `read` and `each`
        give it, whose partitions the workers write. The index is not written unless it is the district.
    folder
        Made where it is not there. On a cluster all workers have to see it under this path.
    replace
        Whether a file of the same district may be there already.

    Returns
    -------
    The codes of the districts that were written.

    Raises
    ------
    CrsError
        `crs_missing`; `crs_mixed`: the folder's other files have another.
    DataError
        `not_by_district`, `district_missing`, `partition_exists`.

    Notes
    -----
    A file appears whole or not at all. Its name is the district's code, percent-encoded.
    """
    place = Path(folder)
    parts = by_district(layer, "layer", by)
    known = _files(place)
    there = tuple(code for code in parts if code in known)
    if there and not replace:
        raise DataError("partition_exists", folder=str(place), districts=there)
    rest = [path for code, path in known.items() if code not in parts]
    one_crs(layer=layer, **({rest[0].name: _nothing_of(rest[0], by)} if rest else {}))
    place.mkdir(parents=True, exist_ok=True)
    if is_lazy(layer):
        library, _ = dask()
        library.compute([library.delayed(_save)(part, code, place, by) for code, part in parts.items()])
    else:
        for code, part in parts.items():
            _save(part, code, place, by)
    return tuple(parts)


def read(folder: str | Path, *, by: str = DISTRICT, columns: list[str] | None = None) -> Any:
    """A folder of districts as one Dask frame of geometries, of which nothing is loaded yet.

    Parameters
    ----------
    folder
        As `write` leaves it.
    by
        The column with the district.
    columns
        Only these, with the geometry; without them all.

    Returns
    -------
    dask_geopandas.GeoDataFrame
        One partition for each district, in bytewise order of their codes, which are the index and the divisions:
        `frame.loc["530103"]` loads one file.

    Raises
    ------
    SpatialError
        `cluster_missing`.
    SourceError
        `no_partitions`: there is no such file in the folder.
    CrsError
        `crs_mixed`: not all files have the same.
    DataError
        `not_by_district`: a file without that column; `columns_differ`: one with other columns than the first;
        once it is loaded, `district_differs`: one with rows of another district than its name says.
    """
    library, frames = dask()
    files = _files(Path(folder))
    if not files:
        raise SourceError("no_partitions", folder=str(folder))
    wanted = None if columns is None else list(dict.fromkeys([by, *columns, "geometry"]))
    first = _alike(files, by)
    meta = first.set_index(by) if wanted is None else first[wanted].set_index(by)
    codes = list(files)
    with library.config.set({"dataframe.convert-string": False}):  # text stays what it is without Dask
        return frames.from_map(
            _load, list(files.values()), codes, by=by, wanted=wanted, meta=meta, divisions=(*codes, codes[-1])
        )


def _files(folder: Path) -> dict[str, Path]:
    """The files of a folder by the code of their district, in order."""
    found = {unquote(path.name.removesuffix(SUFFIX)): path for path in folder.glob(f"*{SUFFIX}")}
    return dict(sorted(found.items()))


def _alike(files: dict[str, Path], by: str) -> gpd.GeoDataFrame:
    """No rows, with the columns and the reference system that all files have."""
    empty = {code: _nothing_of(path, by) for code, path in files.items()}
    first, *others = empty.values()
    apart = {code: one.crs for code, one in empty.items() if one.crs != first.crs}
    if apart:
        named = {code: name_of(crs) for code, crs in {next(iter(empty)): first.crs, **apart}.items()}
        raise CrsError("crs_mixed", crs=named)
    for code, other in zip(list(empty)[1:], others, strict=True):
        refuse_other_columns(other, first, code)
    return first


def _nothing_of(path: Path, by: str) -> gpd.GeoDataFrame:
    """A file's columns and reference system; by its statistics no row has to be read."""
    try:
        return gpd.read_parquet(path, filters=[(by, "==", "")])
    except ValueError as error:  # pyarrow's, of a field that is not there
        raise DataError("not_by_district", name=path.name, by=by) from error


def _load(path: Path, district: str, *, by: str, wanted: list[str] | None) -> gpd.GeoDataFrame:
    return refuse_strangers(gpd.read_parquet(path, columns=wanted).set_index(by), district, path.name)


def _save(part: gpd.GeoDataFrame, district: str, folder: Path, by: str) -> None:
    refuse_strangers(part, district, "layer")
    name = quote(district, safe="")
    made = folder / f".{name}.part"
    part.reset_index().to_parquet(made, index=False)
    made.replace(folder / f"{name}{SUFFIX}")

"""Files that appear whole or not at all, and what every format shares."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatial.errors import SourceError

DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG"}
KINDS = (".shp", ".zip", ".gpkg", ".geojson", ".parquet", ".csv", ".xlsx")

SHORT_NAMES = {
    "parent_code": "parent",
    "external_ref": "ext_ref",
    "description": "descr",
    "reported_at": "reported",
    "due_at": "due",
    "closed_at": "closed",
}
"""A shapefile's column names have ten characters at most; the readers know these."""


def kind_of(path: Path) -> str:
    """The ending that says how a file is to be written; an archive holds a shapefile.

    Raises
    ------
    SourceError
        `kind_unknown`.
    """
    ending = path.suffix.lower()
    if ending not in KINDS:
        raise SourceError("kind_unknown", file=path.name, kinds=" ".join(KINDS))
    return ".shp" if ending == ".zip" else ending


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to, beside the wanted one; what stands there takes its place when the block ends well.

    Raises
    ------
    SourceError
        `write_failed`: the folder is missing, full or not ours.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".panlong-", dir=path.parent) as folder:
            inside = Path(folder) / (path.name if path.suffix.lower() != ".zip" else f"{path.stem}.shp")
            yield inside
            _publish(Path(folder), path)
    except OSError as error:
        raise SourceError("write_failed", file=str(path), reason=error.strerror or str(error)) from error


def _publish(folder: Path, path: Path) -> None:
    if path.suffix.lower() == ".zip":
        packed = folder / path.name
        parts = sorted(part for part in folder.iterdir() if part != packed)
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.write(part, part.name)
            for part in parts:
                part.unlink()
    # The file that names the layer comes last, so that nobody finds it without its parts.
    for part in sorted(folder.iterdir(), key=lambda file: file.name == path.name):
        target = path.with_name(part.name)
        if target.is_dir():
            raise IsADirectoryError(f"{target}")
        part.replace(target)

"""Takes a snapshot 快照: the layers of an instant as GeoParquet, with a manifest that says whether they are whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from spatial.errors import PlatformError
from spatial.layers import LAYERS, VERSION
from spatial.platform.folder import FORMAT, INDICATORS, MANIFEST, Folder
from spatial.platform.source import Day, Platform

PACKED = "zstd"
COUNTED_OF = (
    ("district", "subdistrict"),
    ("area", "subdistrict"),
    ("area", "community"),
    ("unit", "subdistrict"),
)
"""Whose indicators are taken along, and of which level."""


def snapshot(
    platform: Platform,
    folder: Path | str,
    *,
    area: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    layers: Collection[str] | None = None,
) -> Folder:
    """Write what a platform gives into a folder, which `connect` reads like the platform.

    It is written beside and takes its place when it is whole; a snapshot that is there stays until then.

    Parameters
    ----------
    area, since, until
        Only what lies in an area; cases that were reported, and moves that were made, from a day to another.
    layers
        Names; by default all that are permitted, and the indicators where the platform gives them.

    Raises
    ------
    PlatformError
        `folder_taken`, and what the platform raises.
    """
    target = Path(folder).absolute()
    if target.exists() and not (
        (target / MANIFEST).is_file() or (target.is_dir() and not any(target.iterdir()))
    ):
        raise PlatformError("folder_taken", folder=str(target))
    told = platform.layers()
    names = (
        [n for n in told.loc[told["permitted"].astype(bool), "name"] if n in LAYERS]
        if layers is None
        else layers
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        asked = {"area": area, "since": since, "until": until}
        manifest = _written(platform, fresh, names, asked)
        if layers is None:
            manifest |= _counted(platform, fresh, since, until)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        _put(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Folder(target)


def _written(
    platform: Platform, fresh: Path, names: Collection[str], asked: dict[str, Any]
) -> dict[str, Any]:
    layers = {}
    for name in names:
        if name not in LAYERS:
            raise PlatformError("layer_unknown", name=name, known=tuple(LAYERS))
        narrowed = {key: value for key, value in asked.items() if key in LAYERS[name].narrowed}
        frame = platform.read(name, **narrowed)
        told = frame.attrs.pop("panlong")
        path = fresh / f"{name}.parquet"
        frame.to_parquet(path, index=False, compression=PACKED)
        layers[name] = {
            **_file(path, frame), "as_of": told["as_of"], "narrowed": told["narrowed"], "columns": list(frame.columns)
        }  # fmt: skip
    return {
        "format": FORMAT,
        "version": VERSION,
        "as_of": min((one["as_of"] for one in layers.values()), default=_now()),
        "district": asdict(platform.district),
        "layers": layers,
    }


def _counted(platform: Platform, fresh: Path, since: Day | None, until: Day | None) -> dict[str, Any]:
    """The indicators; none where the source works none out."""
    frames, attrs = [], {}
    try:
        for of, level in COUNTED_OF:
            frame = platform.indicators(of, level=level, since=since, until=until)
            attrs = frame.attrs
            frames.append(frame.assign(of=of, level=level))
    except PlatformError as error:
        if error.code not in {"server_only", "snapshot_lacks"}:
            raise
        return {}
    # A question without an answer has no counts, and would make others' numbers of another type.
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    whole.attrs = {}
    path = fresh / f"{INDICATORS}.parquet"
    whole.to_parquet(path, index=False, compression=PACKED)
    days = {
        "since_on": None if since is None else str(since),
        "until_on": None if until is None else str(until),
    }
    told = {**attrs["period"], **days, "formulas": attrs["formulas"], "asked": COUNTED_OF}
    return {INDICATORS: {**_file(path, whole), **told}}


def _file(path: Path, frame: pd.DataFrame) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "file": path.name,
            "rows": len(frame),
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _put(fresh: Path, target: Path) -> None:
    """Let a folder take the place of another one, which is put aside first and comes back if that fails."""
    aside = fresh.with_name(f"{fresh.name}.old")
    if target.exists():
        target.rename(aside)
    try:
        fresh.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

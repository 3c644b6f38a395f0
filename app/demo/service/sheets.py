"""Files of an invented registry, as somebody would hand in their own: what the importers are tried with.

Each element has a code by which the rows after it name it, and whatever lies in something comes in a later file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import compress
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

from app.demo.service.credit import credit_code
from app.demo.service.register import BASIS, KEPT, Residents
from app.interop.rules.elements import HEADERS
from app.interop.rules.relations import RELATION_HEADERS, RELATION_WORDS
from app.interop.rules.rosters import Names
from app.interop.store import district_outline
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.store.bulk import ElementRows, Ids
from spatial.crs import STORAGE
from spatial.writers import write_areas

FIELDS: Mapping[str, tuple[str, ...]] = {
    "grounds": ("type", "code", "name", "address", "lon", "lat"),
    "buildings": ("type", "code", "name", "address", "site", "floors", "floors_below", "height_m"),
    "organisations": ("type", "code", "name", "address", "site", "filed_on", "registered_on"),
    "objects": (
        "type", "code", "name", "address", "lon", "lat", "unit", "state", "department_code", "department", "owner",
        "custodian",
    ),
    "dwellings": ("type", "code", "name", "address", "site", "entrance", "floor", "room"),
    "residents": (
        "name", "identity", "phone", "born_on", "site", "household", "household_relation", "needs", "legal_basis",
        "retain_until_on",
    ),
    "relations": ("kind", "source", "target"),
}  # fmt: skip
"""The files in the order in which they go in, each with its columns."""

KINDS: Mapping[str, ElementKind] = {
    "organisations": ElementKind.ORGANISATION,
    "objects": ElementKind.OBJECT,
    "residents": ElementKind.PERSON,
}
"""What the rows of a file are, where they are no places."""

LAYER = "buildings"
"""Comes as a layer with its outlines; the others are tables."""

SERVING = "52"
UNCODED = 50_000
"""In a file whatever others name has a code, and so do organisations that have none in a register."""


class Sheets:
    """A folder of such files, open to be written."""

    def __init__(self, folder: Path, connection: Connection, district: Row[Any], today: date) -> None:
        self.folder, self.connection, self.district, self.today = folder, connection, district, today
        self.ids: dict[str, Ids] = {}
        self.rows = dict.fromkeys(FIELDS, 0)
        self._keys: list[str] = []
        units = connection.execute(
            text("SELECT id, name FROM units WHERE district_id = :id"), {"id": district.id}
        )
        self._units = {row.id: row.name for row in units}
        self._outline = district_outline(connection, district.id)
        self._stack = ExitStack()
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, fields in FIELDS.items():
            if name != LAYER:
                path = self.path(self.folder, name)
                file = self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                self._writers[name] = csv.writer(file)
                self._writers[name].writerow([self._names(name)[one][1] for one in fields])
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, name: str, rows: ElementRows) -> Ids:
        """Write elements into the file of that name."""
        codes = self._codes(name, rows)
        columns: dict[str, Sequence[Any]] = {
            "type": rows.types, "code": codes, "name": _column(rows.names), "address": _column(rows.addresses),
            "lon": _column(rows.lon), "lat": _column(rows.lat), **rows.details,
        }  # fmt: skip
        if rows.site_ids is not None:
            columns["site"] = [self._keys[one - 1] for one in rows.site_ids.tolist()]
        if rows.unit_ids is not None:
            columns["unit"] = [self._units.get(one) for one in rows.unit_ids.tolist()]
        if name == LAYER:
            self._draw(name, columns)
        else:
            inside = self._inside(rows)
            lines = zip(*(columns[one] for one in FIELDS[name]), strict=True)
            self._write(name, compress(lines, inside), sum(inside))
        return self._known(name, codes)

    def add_residents(self, residents: Residents) -> Ids:
        """Write people, one row each, with what they need."""
        made = residents.people
        needs: dict[int, list[str]] = {}
        for who, need in residents.needs:
            needs.setdefault(who, []).append(need)
        born = [date.fromordinal(day) for day in made.born.tolist()]
        rows = zip(
            made.names, residents.identities, residents.phones, born,
            (self._keys[one - 1] for one in residents.sites.tolist()),
            (residents.households[one] for one in made.homes.tolist()), made.relations,
            (",".join(needs.get(i, ())) for i in range(len(made))),
            (BASIS for _ in made.names), (self.today + KEPT for _ in made.names), strict=True,
        )  # fmt: skip
        self._write("residents", rows, len(made))
        return self._known("residents", residents.identities)

    def relate(self, kind: RelationKind, sources: Ids, targets: Ids) -> None:
        """Write relations, each end by its code or its number."""
        word = RELATION_WORDS[kind][0]
        pairs = zip(sources.tolist(), targets.tolist(), strict=True)
        rows = ((word, self._keys[source - 1], self._keys[target - 1]) for source, target in pairs)
        self._write("relations", rows, len(sources))

    def take_stock(self) -> None:
        """A file needs none."""

    def _inside(self, rows: ElementRows) -> list[bool]:
        """Whether each lies in the district: what stands at a street beyond its edge no importer takes."""
        if rows.lon is None or rows.lat is None or self._outline is None:
            return [True] * len(rows)
        return shapely.intersects_xy(self._outline, rows.lon, rows.lat).tolist()  # type: ignore[no-any-return]

    def _codes(self, name: str, rows: ElementRows) -> list[str]:
        first = len(self._keys) + 1
        if rows.codes is None:
            return [f"SIM-{first + n:08d}" for n in range(len(rows))]
        return [
            code or credit_code(SERVING, self.district.code, UNCODED + n) for n, code in enumerate(rows.codes)
        ]

    def _known(self, name: str, keys: Sequence[str]) -> Ids:
        first = len(self._keys) + 1
        self._keys += keys
        ids = np.arange(first, first + len(keys), dtype=np.int64)
        self.ids[name] = ids
        return ids

    @staticmethod
    def _names(name: str) -> Names:
        return RELATION_HEADERS if name == "relations" else HEADERS[KINDS.get(name, ElementKind.PLACE)]

    def _write(self, name: str, rows: Iterable[Sequence[Any]], count: int) -> None:
        self._writers[name].writerows(rows)
        self.rows[name] += count

    def _draw(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        told = {self._names(name)[one][1]: list(columns[one]) for one in FIELDS[name]}
        frame = gpd.GeoDataFrame(told, geometry=shapely.from_wkb(columns["shape"]), crs=STORAGE)
        write_areas(frame, self.path(self.folder, name))
        self.rows[name] += len(frame)

    @staticmethod
    def path(folder: Path, name: str) -> Path:
        """Where the file of a name is."""
        return folder / f"{name}.{'gpkg' if name == LAYER else 'csv'}"


def _column(values: Any) -> Sequence[Any]:
    return () if values is None else values.tolist()

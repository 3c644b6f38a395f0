"""How somebody says that a file is to be read: its columns, and what holds for all of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.errors import InvalidError
from app.interop.service.preparing.headers import missing
from app.writing import read_day
from spatial.crs import parse_crs
from spatial.errors import CrsError
from spatial.readers.source import AUTO

GIVEN = ("type", "legal_basis", "retain_until_on")
"""What may be said once for every row that says nothing itself."""

SYSTEMS = (AUTO, "EPSG:4490", "EPSG:4326", "gcj02", "bd09")
"""Reference systems that a page offers; the interface takes any that is known."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of a file.

    Parameters
    ----------
    fields
        Field and the column that holds it; no other column is read.
    given
        Texts by the names of `GIVEN`.
    source
        Where the data come from; None for the file's name.
    locale
        Language of the workbook of what is wrong.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    layer: str | None = None
    crs: str = AUTO
    locale: str = "zh_CN"

    @property
    def kept(self) -> Record:
        """As it is kept beside the file."""
        return {**asdict(self), "fields": dict(self.fields), "given": dict(self.given)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reading:
        """As it was kept."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})

    def of_layer(self, layer: str | None) -> Reading:
        """The same of the layer that was chosen."""
        return replace(self, layer=layer)

    def judge(self, kind: str, header: Mapping[str, Any], also: Sequence[tuple[str, str]] = ()) -> None:
        """Say all that is wrong with it at once, and `also` what was found wrong before.

        Raises
        ------
        InvalidError
            `import_columns`: faults with the field and the reason.
        """
        faults = [*also]
        faults += [(name, "field_unknown") for name in self.fields if name not in header.get("fields", ())]
        faults += [
            (name, "column_unknown")
            for name, column in self.fields.items()
            if column not in header.get("columns", ())
        ]
        faults += [(name, "column_needed") for name in missing(kind, self.fields)]
        several = list(self.fields.values())
        faults += [(name, "column_twice") for name, one in self.fields.items() if several.count(one) > 1]
        faults += [(name, "field_unknown") for name in self.given if name not in GIVEN]
        faults += self._judge_values(header)
        if faults:
            told = [{"field": name, "reason": why, "value": ""} for name, why in faults]
            fields = ", ".join(sorted({name for name, _ in faults}))
            raise InvalidError("import_columns", faults=told, fields=fields, count=len(faults))

    def _judge_values(self, header: Mapping[str, Any]) -> list[tuple[str, str]]:
        faults = []
        if self.given.get("retain_until_on"):
            try:
                read_day(self.given["retain_until_on"])
            except ValueError:
                faults.append(("retain_until_on", "day_unreadable"))
        if self.crs != AUTO:
            try:
                parse_crs(self.crs)
            except CrsError:
                faults.append(("crs", "crs_unknown"))
        elif header.get("shaped") and not header.get("declared"):
            faults.append(("crs", "crs_needed"))
        return faults

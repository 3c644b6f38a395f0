"""What the first look at a file shows: its columns, each with the field that it is read as, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.errors import InvalidError
from app.interop.rules.elements import refused
from app.interop.rules.preparing import hidden
from app.interop.rules.relations import RELATION
from app.interop.service.elements.lines import known_fields, readable
from app.interop.service.elements.remembering import fingerprint
from app.interop.store import mapping_of
from app.registry.rules.kinds import ElementKind
from app.web.i18n import LOCALES, translate
from spatial.errors import CrsError, LayerError, SourceError, SpatialError
from spatial.layers import resolve
from spatial.readers import SourceOptions
from spatial.readers.opening import opened
from spatial.readers.source import Opened

MOST_COLUMNS, LONGEST_NAME = 200, 120
Record = dict[str, Any]


def look(
    connection: Connection, district_id: int, kind: str, path: Path, options: SourceOptions
) -> tuple[Record, dict[str, str]]:
    """The header of a file, and the column of each field: as it was read before, else by its name.

    Of a file with several layers or sheets there are only their names, until one of them is chosen.

    Raises
    ------
    InvalidError
        `import_unreadable`, with the code of the reason and its facts.
    """
    try:
        with readable(path), opened(path, options) as source:
            _judge(kind, source.columns)
            known = mapping_of(connection, district_id, kind, fingerprint(source.columns))
            return _header(kind, source, known)
    except SourceError as error:
        if error.code == "layer_ambiguous":
            layers = [name.strip() for name in str(error.facts["layers"]).split(", ")]
            own = [name for name in layers if name not in _fault_sheets()]
            if len(own) == 1:
                # A marked workbook that was mended: what lists its faults is ours.
                header, fields = look(connection, district_id, kind, path, replace(options, layer=own[0]))
                return {**header, "layer": own[0]}, fields
            return {"columns": [], "layers": layers}, {}
        raise unreadable(error, kind) from error
    except (CrsError, LayerError) as error:
        raise unreadable(error, kind) from error


def _judge(kind: str, columns: Sequence[str]) -> None:
    """Names of columns are kept and shown: they are few and short, and no row of somebody's data.

    Raises
    ------
    InvalidError
        `import_unreadable`.
    """
    if len(columns) > MOST_COLUMNS or any(len(name) > LONGEST_NAME for name in columns):
        told = {"columns": MOST_COLUMNS, "letters": LONGEST_NAME}
        raise InvalidError("import_unreadable", reason="header_too_large", told=told)
    if any(hidden(kind, name) != name for name in columns):
        raise InvalidError("import_unreadable", reason="header_of_numbers", told={})


def unreadable(error: SpatialError, kind: str) -> InvalidError:
    """Why a file cannot be read, in what can be told of it."""
    code = error.faults[0].code if isinstance(error, LayerError) and error.faults else error.code
    facts = {name: hidden(kind, str(one)) for name, one in error.facts.items()}
    return InvalidError("import_unreadable", reason=code, told=facts)


def _fault_sheets() -> set[str]:
    return {translate(locale, "import.fault_sheet") for locale in LOCALES}


def _header(kind: str, source: Opened, known: Mapping[str, str]) -> tuple[Record, dict[str, str]]:
    dropped = refused(source.columns) if kind == ElementKind.PERSON else []
    columns = [one for one in source.columns if one not in dropped]
    shaped = source.geometry is not None and kind not in {ElementKind.PERSON, RELATION}
    offered = offered_fields(kind, shaped=shaped)
    names = {fingerprint([column]): column for column in columns}
    before = {
        field: names[fingerprint([column])]
        for field, column in known.items()
        if field in offered and fingerprint([column]) in names
    }
    guesses = resolve(columns, {name: known_fields(kind)[0][name] for name in offered}, (), {})
    guessed = {
        field: column
        for field, column in guesses.items()
        if field not in before and column not in before.values()
    }
    header = {
        "columns": columns,
        "refused": dropped,
        "remembered": sorted(before),
        "fields": offered,
        "shaped": shaped,
        "rows": source.rows,
        "declared": source.declared is not None,
    }
    return header, {**guessed, **before}


def offered_fields(kind: str, *, shaped: bool) -> list[str]:
    """The fields that a column can be read as: where a layer has shapes, nobody says longitude and latitude."""
    known, _ = known_fields(kind)
    return [name for name in known if not (shaped and name in {"lon", "lat"})]


def missing(kind: str, fields: Mapping[str, str]) -> list[str]:
    """Fields that a file has to have and no column holds."""
    _, required = known_fields(kind)
    return [name for name in required if name not in fields]

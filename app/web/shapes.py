"""JSON schemas in few words: what the interface takes and answers is stated with these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

MOST_ID = 2**31 - 1
MOST_CASE_ID = 2**63 - 1

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
YES: Schema = {"type": "boolean"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_ID}
CASE_ID: Schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MOST_CASE_ID}
DAY: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
LON: Schema = {"type": "number", "minimum": -180, "maximum": 180}
LAT: Schema = {"type": "number", "minimum": -90, "maximum": 90}


@dataclass(frozen=True, slots=True)
class Named:
    """A schema with a name of its own in the document; where it is used, it is referred to."""

    name: str
    schema: Schema


Shape = Schema | Named


def maybe(shape: Shape) -> Schema:
    """A shape, or null."""
    if isinstance(shape, dict) and isinstance(shape.get("type"), str) and "enum" not in shape:
        return {**shape, "type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]}


def optional(shape: Shape) -> Schema:
    """A field of what is sent that is as good as left out when it is null or empty, as a form sends it."""
    return {"anyOf": [shape, {"type": "null"}, {"const": ""}]}


def items(shape: Shape, *, least: int = 0, most: int | None = None) -> Schema:
    """A list."""
    found: Schema = {"type": "array", "items": shape}
    if least:
        found["minItems"] = least
    if most is not None:
        found["maxItems"] = most
    return found


def record(optional: Iterable[str] = (), /, *, only_these_: bool = False, **fields: Shape) -> Schema:
    """An object with fields, all of which are there but for the optional ones.

    Parameters
    ----------
    only_these_
        Whether it takes no other fields: for what is asked. An answer may gain fields.
    """
    left_out = set(optional)
    found: Schema = {"type": "object", "properties": fields}
    needed = [name for name in fields if name not in left_out]
    if needed:
        found["required"] = needed
    if only_these_:
        found["additionalProperties"] = False
    return found


def table(shape: Shape) -> Schema:
    """An object whose fields are data, each of one shape."""
    return {"type": "object", "additionalProperties": shape}


def words(known: type[StrEnum] | Iterable[str]) -> Schema:
    """One of some words: in the order of an enumeration, else of the alphabet."""
    listed = [word.value for word in known] if isinstance(known, type) else sorted(map(str, known))
    return {"type": "string", "enum": listed}


def page(shape: Shape, following: Shape, **more: Shape) -> Schema:
    """A page of a list: its items, and the `after` of the next page, null on the last."""
    return record(items=items(shape), next=maybe(following), **more)


def about(shape: Shape, said: str) -> Schema:
    """A shape with a description."""
    return (
        {**shape, "description": said} if isinstance(shape, dict) else {"allOf": [shape], "description": said}
    )

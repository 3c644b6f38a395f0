"""Which layer asks for what, and in which forms layers leave."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.accounts.rules import Permission


class Form(StrEnum):
    """What a layer is written as; the value is the ending of its address."""

    ARROW = "arrow"
    PARQUET = "parquet"


MEDIA: Mapping[Form, str] = MappingProxyType(
    {Form.ARROW: "application/vnd.apache.arrow.stream", Form.PARQUET: "application/vnd.apache.parquet"}
)

NEEDS: Mapping[str, Permission] = MappingProxyType(
    {
        "areas": Permission.VIEW_MAP,
        "cases": Permission.READ_CASES,
        "transitions": Permission.READ_CASES,
        "elements": Permission.READ_REGISTRY,
        "people": Permission.READ_REGISTRY,
        "units": Permission.READ_CASES,
        "posts": Permission.READ_CASES,
        "assignments": Permission.READ_CASES,
    }
)
"""What the one who asks for a layer has to hold; which of its rows, the database decides."""


def split(address: str) -> tuple[str, Form | None]:
    """The name of a layer and the form that its address ends in, if any: `cases.parquet`."""
    name, _, ending = address.rpartition(".")
    return (name, Form(ending)) if name and ending in set(Form) else (address, None)

"""What is wrong with an entry whose fields are right one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.registry.rules.kinds import ElementKind
from app.registry.service.entries.readers import born_on_of


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with one entry: the catalogue says it under `fault.<code>`."""

    field: str | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def _days(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    begin, end = values["valid_from_on"], values["valid_to_on"]
    if end is not None and end <= (begin or today):
        yield Wrong("valid_to_on", "days_reversed")


def _point(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    if (values["lon"] is None) != (values["lat"] is None):
        yield Wrong("lat" if values["lat"] is None else "lon", "point_half")


def _component(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    """A component's code has its class in it: six digits of the district, those of the class, six of a number."""
    code, type_code = values["code"], values["type"]
    if code is None or type_code is None or not type_code.isdigit():
        return
    if not code.isdigit() or len(code) != 12 + len(type_code) or not code[6:].startswith(type_code):
        yield Wrong("code", "component_code_wrong", {"type": type_code, "length": 12 + len(type_code)})


def _path(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    filed, registered = values["filed_on"], values["registered_on"]
    if filed is not None and registered is not None and registered < filed:
        yield Wrong("registered_on", "registered_before_filed")


def _born(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    born, identity = values["born_on"], values["identity"]
    if born is not None and born > today:
        yield Wrong("born_on", "born_later")
    if identity is not None and born_on_of(identity) > today:
        yield Wrong("identity", "identity_wrong")
    elif born is not None and identity is not None and born_on_of(identity) != born:
        yield Wrong("born_on", "born_otherwise")


def _kept(values: Mapping[str, Any], today: date) -> Iterator[Wrong]:
    if values["retain_until_on"] is not None and values["retain_until_on"] < today:
        yield Wrong("retain_until_on", "retention_over")


Check = Callable[[Mapping[str, Any], date], Iterator[Wrong]]
CHECKS: Mapping[ElementKind, tuple[Check, ...]] = {
    ElementKind.PLACE: (_days, _point),
    ElementKind.OBJECT: (_days, _point, _component),
    ElementKind.ORGANISATION: (_days, _point, _path),
    ElementKind.PERSON: (_days, _born, _kept),
}

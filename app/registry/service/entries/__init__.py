"""What is said of an element, read from texts: of a form, of the interface, of a file.

One home for what is right and what is wrong, so that no door takes what another refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.registry.rules.kinds import ElementKind
from app.registry.service.entries.checks import CHECKS, Wrong
from app.registry.service.entries.fields import FIELDS, SEALED, Field
from app.writing import plain, read_text

__all__ = ["FIELDS", "SEALED", "Field", "Words", "Wrong", "read_entry"]


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of some fields mean in this workspace: codes and names of types of elements, and of needs."""

    types: Mapping[ElementKind, Mapping[str, str]]
    needs: Mapping[str, str]


def read_entry(
    kind: ElementKind, said: Mapping[str, str | None], words: Words, today: date
) -> tuple[dict[str, Any], list[Wrong]]:
    """The values of an entry, None for what is not said, and everything that is wrong with it.

    Parameters
    ----------
    said
        Texts by the names of `FIELDS`; blanks around them say nothing, and other names are not looked at.
    """
    values: dict[str, Any] = {}
    faults: list[Wrong] = []
    for one in FIELDS[kind]:
        values[one.name] = _value(one, said, faults)
    if kind is ElementKind.PERSON:
        faults += _needs(values, words)
    elif values["type"] is not None:
        code = words.types[kind].get(plain(values["type"]).casefold())
        if code is None:
            faults.append(Wrong("type", "type_unknown"))
        values["type"] = code
    faults += [wrong for check in CHECKS[kind] for wrong in check(values, today)]
    return values, faults


def _value(one: Field, said: Mapping[str, str | None], faults: list[Wrong]) -> Any:
    raw = (said.get(one.name) or "").strip()
    if not raw:
        if one.needed:
            faults.append(Wrong(one.name, "value_missing"))
        return None
    if len(raw) > one.most:
        faults.append(Wrong(one.name, "text_too_long", {"length": len(raw), "most": one.most}))
        return None
    try:
        return one.read(read_text(raw))
    except (ValueError, OverflowError):
        faults.append(Wrong(one.name, one.wrong))
        return None


def _needs(values: dict[str, Any], words: Words) -> list[Wrong]:
    listed: Collection[str] = values["needs"] or ()
    unknown = [word for word in listed if word.casefold() not in words.needs]
    codes = dict.fromkeys(words.needs[word.casefold()] for word in listed if word not in unknown)
    values["needs"] = tuple(codes)
    return [Wrong("needs", "need_unknown", {"need": word}) for word in unknown]

"""Names and words that the platform's pages have already, in the language of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.reports.service.context import Context
from app.web.pages import instant

Record = Mapping[str, Any]

BETWEEN = " · "


def coded(context: Context, domain: str, code: str | None) -> str:
    """The word for a code of the district's own lists; the code itself where nobody has worded it."""
    if not code:
        return ""
    found = context.word(f"{domain}.{code}")
    return code if found == f"{domain}.{code}" else found


def named(context: Context, row: Record, key: str = "name") -> str:
    """What something is called in the language of the report; its own name where it has no other."""
    return context.named(row, key) or ""


def listed(context: Context, names: Iterable[str]) -> str:
    """Names one after another."""
    return context.t("listing").join(name for name in names if name)


def joined(*parts: str | None) -> str:
    """Parts of a line, those that are there."""
    return BETWEEN.join(part for part in parts if part)


def much(context: Context, amount: tuple[str, str]) -> str:
    """An amount of a limit, as `clock_faces.amount` tells it."""
    return context.word(f"limit_unit.{amount[0]}", n=amount[1])


def at(context: Context, when: datetime | None) -> str:
    """An instant within a sentence; nothing where there is none."""
    return "" if when is None else instant(when, context.timezone)


def path(context: Context, areas: Iterable[Record]) -> str:
    """Areas from the widest to the narrowest, the district left out."""
    return " › ".join(named(context, area) for area in areas if area["level"] != "district")


def mark(context: Context, row: Record) -> str:
    """What stands behind the name of something invented, as screens show it."""
    return context.word("map.simulated_mark") if row.get("simulated") else ""

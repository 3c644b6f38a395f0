"""What the log of a case says, as the sentences and words of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.reports.service.context import Context
from app.reports.service.sections.naming import at, coded, joined, listed, named

Record = Mapping[str, Any]


def who(context: Context, row: Record) -> str:
    """Who made a move, as far as the one who asks sees them, and in which post."""
    post = context.word(f"role.{row['role']}") if row["role"] else ""
    return joined(_person(context, row), post, row["of_unit"])


def _person(context: Context, row: Record) -> str:
    if row["person"]:
        return str(row["person"])
    if row["account_id"] is not None:
        return context.word(f"seat.{row['seats'][0]}" if row["seats"] else "whose.somebody")
    if row["move"] == "imported":
        return ""
    if row["move"] == "report":
        origin = row["facts"].get("source")
        return coded(context, "case_source", origin)
    return context.word("whose.platform")


def done(context: Context, row: Record) -> str:
    """What a move did, and whether it was taken back or written down later."""
    marks = [context.word(f"casework.{name}") for name in ("taken_back", "late_entry") if row[name]]
    return joined(context.word(f"done.{row['move']}"), *marks)


def said(context: Context, row: Record) -> str:
    """All that was given with a move, a thing after the other; pictures by how many there are."""
    colon, between = ("：", "；") if context.locale.startswith("zh") else (": ", "; ")
    parts = [f"{context.word('field.' + line['field'])}{colon}{value(context, line)}" for line in row["said"]]
    return between.join(parts)


def given(context: Context, row: Record, field: str) -> str | None:
    """One thing that was given with a move; None where it was not."""
    line = next((line for line in row["said"] if line["field"] == field), None)
    return None if line is None else value(context, line)


def value(context: Context, line: Record) -> str:
    """A thing that was given, with names for the ids in it."""
    raw = line["value"]
    match line["kind"]:
        case "unit" | "units":
            return listed(
                context, (named(context, it) if it else context.word("whose.unit") for it in line["names"])
            )
        case "account":
            return listed(
                context, (it["name"] if it else context.word("whose.somebody") for it in line["names"])
            )
        case "condition":
            return joined(str(raw), line["names"][0])
        case "case":
            return str(line["names"][0] or raw)
        case "yes":
            return context.word("move.yes" if raw else "move.no")
        case "place":
            return ", ".join(map(str, raw))
        case "instant":
            return at(context, line["at"])
        case "files":
            return context.t("n_files", n=len(raw))
        case "amount" if line["unit"]:
            return context.word(f"limit_unit.{line['unit']}", n=raw)
    return str(raw)


def last(rows: Sequence[Record], *moves: str) -> Record | None:
    """The last of some moves that was not taken back."""
    return next((row for row in reversed(rows) if row["move"] in moves and not row["taken_back"]), None)


def how_many(rows: Sequence[Record], *moves: str) -> int:
    """How many of some moves there are, those that were taken back left out."""
    return sum(row["move"] in moves and not row["taken_back"] for row in rows)


def after(rows: Sequence[Record], row: Record, *moves: str) -> Record | None:
    """The first of some moves after another one that was not taken back."""
    later = [one for one in rows if one["version"] > row["version"]]
    return next((one for one in later if one["move"] in moves and not one["taken_back"]), None)

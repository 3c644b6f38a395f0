"""交接班记录: a duty at its end. Who hands over to whom, what came in, what is open, and what the next ones must know.

The subject is a shift of the roster. What was signed on the platform for it is printed; else there are lines to write
on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.reports.rules.blocks import Block, Fact, Facts, Figure, Figures, Signatures, Words
from app.reports.rules.document import Section
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections.naming import joined, listed, named
from app.reports.store import cases, people
from app.reports.store.cases import Queue, Which
from app.web.shapes import MOST_ID

Record = Mapping[str, Any]

MOST_LISTED = 12
"""Cases of a list that is printed; a hand-over names what the next ones must look at first."""

BLANK_LINES = 3
TOLD = ("happened", "dangerous", "promised")


def shift_of(connection: Connection, district_id: int, subject: str) -> dict[str, Any]:
    """A planned duty by its id, as it is written down.

    Raises
    ------
    NotFoundError
        `shift_missing`: there is none of that number, or not for the one who asks.
    """
    written = subject.strip()
    number = int(written) if written.isdecimal() and len(written) <= 10 else 0
    found = people.shift(connection, district_id, number) if 0 < number <= MOST_ID else None
    if found is None:
        raise NotFoundError("shift_missing", id=written[:40])
    return found


def build(context: Context) -> tuple[Section, ...]:
    """The record of a duty that is handed over.

    Raises
    ------
    NotFoundError
        `shift_missing`.
    """
    found = shift_of(context.connection, context.district_id, context.subject)
    queue = Queue(found["unit_id"], min(found["ends_at"], context.known_at), found["starts_at"])
    counts = cases.counted(context.connection, queue)
    context.made["rows"] = {"cases": counts["open"]}
    signed = people.signed(context.connection, found)
    lists = tuple(_list(context, queue, which) for which in Which)
    return (
        Section(
            "duty", context.t("section_duty"), (_duty(context, found, signed), _figures(context, counts))
        ),
        Section("open", context.t("section_open"), (*lists, *_told(context, signed))),
        Section("signatures", context.t("section_signatures"), tuple(_signatures(context, signed))),
    )


def _duty(context: Context, found: Record, signed: Record | None) -> Facts:
    there = people.beside(context.connection, dict(found))
    later = people.following(context.connection, dict(found))
    to_unit = named(context, signed, "to_unit") if signed else named(context, found, "unit")
    begins = later[0]["starts_at"] if later else None
    facts = (
        Fact("unit", context.t("duty_unit"), named(context, found, "unit")),
        Fact("to_unit", context.t("duty_to_unit"), to_unit),
        Fact("starts", context.t("duty_starts"), found["starts_at"], Kind.INSTANT),
        Fact("ends", context.t("duty_ends"), found["ends_at"], Kind.INSTANT),
        Fact("from", context.t("duty_from"), _people(context, there), wide=True),
        Fact("to", context.t("duty_to"), _people(context, later) or context.t("duty_nobody_next"), wide=True),
        Fact("next", context.t("duty_next"), begins, Kind.INSTANT, wide=True),
    )
    return Facts("duty", facts)


def _people(context: Context, those: Sequence[Record]) -> str:
    """Names, each with whether they lead 带班."""
    leads, unseen = context.word("duty.leads"), context.word("whose.somebody")
    return listed(context, (joined(one["name"] or unseen, leads if one["leads"] else "") for one in those))


def _figures(context: Context, counts: Mapping[str, int]) -> Figures:
    late = {Which.OVERDUE.value}
    names = ("came", "closed", "open", "overdue", "near", "urgent", "waiting", "suspended")
    return Figures(
        "counts",
        tuple(
            Figure(name, context.t(f"duty_{name}"), counts[name], late=name in late and counts[name] > 0)
            for name in names
        ),
    )


def _list(context: Context, queue: Queue, which: Which) -> Block:
    rows = cases.listed(context.connection, queue, which, MOST_LISTED)
    title = context.t(f"duty_{which.value}")
    if not rows:
        return Words(which.value, context.t("duty_none"), title)
    columns = (
        Column("number", context.t("case_number"), Kind.CODE),
        Column("category", context.t("case_category")),
        Column("place", context.word("casework.place")),
        Column("unit", context.word("field.unit")),
        Column("state", context.t("case_state")),
        Column("due", context.t("case_due"), Kind.INSTANT),
    )
    told = tuple(_row(context, row) for row in rows)
    late = frozenset((at, "due") for at, row in enumerate(rows) if row["late"])
    more = rows[0]["of"] - len(rows)
    return Table(which.value, title, columns, told, context.t("list_more", n=more) if more else "", late)


def _row(context: Context, row: Record) -> tuple[Any, ...]:
    asked = (context.word(f"asked.{one}") for one in row["pending"])
    return (
        row["called"], named(context, row, "category"), joined(named(context, row, "area"), row["address"]),
        named(context, row, "unit"), joined(context.word(f"state.{row['state']}"), *asked), row["due_at"],
    )  # fmt: skip


def _told(context: Context, signed: Record | None) -> Iterator[Words]:
    """What happened, is dangerous, was promised: as it was signed, or lines to write it on."""
    for name in TOLD:
        title = context.word(f"handover.{name}")
        if signed is None:
            yield Words(name, "", title, blank_lines=BLANK_LINES)
        else:
            yield Words(name, signed[name] or context.word("handover.nothing"), title)


def _signatures(context: Context, signed: Record | None) -> Iterator[Block]:
    if signed is not None:
        facts = (
            Fact("no", context.word("handover.number"), str(signed["id"]), Kind.CODE, wide=True),
            Fact("given_by", context.word("handover.given_by"), signed["given_name"]),
            Fact("given_at", context.t("duty_given_at"), signed["given_at"], Kind.INSTANT),
            Fact("taken_by", context.word("handover.taken_by"), signed["taken_name"]),
            Fact("taken_at", context.t("duty_taken_at"), signed["taken_at"], Kind.INSTANT),
            Fact("remark", context.word("handover.remark"), signed["remark"], wide=True),
        )
        yield Facts("signed", facts, context.t("duty_signed"))
    places = (context.t("sign_giver"), context.t("sign_taker"), context.t("sign_duty_head"))
    yield Signatures("signatures", places)

"""交办单, 督办单, 延期审批表, 挂账表: an office's forms, filled from a case and its log, with places to write and sign.

A form's number is that of the case, the form's letter, and which of these acts it is: `盘-JB-20260930-0001-Y2` is the
second extension that was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.cases.rules.clocks import ClockReading
from app.cases.rules.moves import Asked, Move
from app.cases.rules.timing import Stage
from app.cases.service.clock_faces import amount
from app.errors import ConflictError
from app.reports.rules.blocks import Block, Fact, Facts, Signatures, Words
from app.reports.rules.document import Section
from app.reports.rules.kinds import ReportKind
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import telling
from app.reports.service.sections.case import (
    Opened,
    described,
    handlers,
    identity,
    lamp,
    opened,
    page_code,
    whereabouts,
)
from app.reports.service.sections.naming import coded, joined, much
from app.reports.service.sections.picturing import pictured

Record = Mapping[str, Any]

BLANK_LINES = 2
MOST_PHOTOS = 2


@dataclass(frozen=True, slots=True)
class Form:
    """What a form is filled from.

    Parameters
    ----------
    letter
        In its number: 交 J, 督 D, 延 Y, 挂 G.
    title
        Key of what its own lines are about.
    acts
        Moves of the log, the last of which it is about.
    missing
        Code of the error where there is none of them.
    facts
        The lines of its own, after those that name the case.
    by_hand
        Titles of what the office writes on it.
    signs
        Who signs, in their order.
    phases
        Of the pictures on it.
    """

    letter: str
    title: str
    acts: tuple[Move, ...]
    missing: str
    facts: Callable[[Context, Opened, Record], Iterator[Fact]]
    by_hand: tuple[str, ...]
    signs: tuple[str, ...]
    phases: tuple[str, ...] = ("before",)


def build(context: Context) -> tuple[Section, ...]:
    """The form of the report's kind about a case.

    Raises
    ------
    NotFoundError
        `case_missing`.
    ConflictError
        `report_not_dispatched`, `report_not_supervised`, `report_no_extension`, `report_no_suspension`: the case has
        nothing yet that the form could be about.
    """
    form, found = FORMS[context.kind], opened(context)
    act = telling.last(found.entries, *form.acts)
    if act is None:
        raise ConflictError(form.missing, number=found.called)
    context.made["number"] = form_number(form, found)
    number = Fact("form", context.t("form_number"), form_number(form, found), Kind.CODE)
    seen = described(context, found)
    facts = (number, *identity(context, found), Fact(seen.code, seen.title, seen.text, wide=True))
    of_its_own = Facts("act", tuple(form.facts(context, found, act)), context.t(form.title))
    by_hand = [Words(name, "", context.t(name), blank_lines=BLANK_LINES) for name in form.by_hand]
    signs = Signatures("signatures", tuple(context.t(f"sign_{name}") for name in form.signs))
    return (
        Section("order", context.t("section_order"), (Facts("facts", facts), of_its_own)),
        Section("place", context.t("section_place"), tuple(_place(context, found, form))),
        Section("signatures", context.t("section_signatures"), (*by_hand, signs)),
    )


def form_number(form: Form, found: Opened) -> str:
    """The number of a form: the case's, the form's letter, and the how manieth it is."""
    return f"{found.called}-{form.letter}{telling.how_many(found.entries, *form.acts)}"


def _place(context: Context, found: Opened, form: Form) -> Iterator[Block]:
    yield whereabouts(context, found)
    yield page_code(context, found)
    if any(one["phase"] in form.phases for one in found.sheet.files):
        yield from pictured(context, found.sheet.files, form.phases, MOST_PHOTOS)


def _order(context: Context, found: Opened, act: Record) -> Iterator[Fact]:
    head, late = found.head, found.sheet.face.mark == "overdue"
    yield Fact("unit", context.word("field.unit"), handlers(context, found) or None, wide=True)
    yield Fact("given_at", context.t("form_given_at"), act["at"], Kind.INSTANT)
    yield Fact("given_by", context.t("form_given_by"), telling.who(context, act))
    yield from _limits(context, found)
    yield Fact("risk", context.t("form_risk"), coded(context, "risk", head["risk"]) or None)
    yield Fact("lamp", context.t("case_lamp"), lamp(context, found), late=late)
    yield Fact("source", context.t("case_source"), coded(context, "case_source", head["source"]) or None)
    yield Fact("reported", context.t("case_reported"), head["reported_at"], Kind.INSTANT)
    words = joined(*(telling.given(context, act, name) for name in ("reason", "why", "opinion")))
    yield Fact("words", context.t("form_words"), words or None, wide=True)


def _supervision(context: Context, found: Opened, act: Record) -> Iterator[Fact]:
    late = found.sheet.face.mark == "overdue"
    yield Fact("unit", context.t("form_supervised"), handlers(context, found) or None, wide=True)
    yield Fact("given_at", context.t("form_supervised_at"), act["at"], Kind.INSTANT)
    yield Fact("given_by", context.t("form_supervised_by"), telling.who(context, act))
    yield Fact("reply_by", context.word("field.reply_by"), _day(act, "reply_by"), Kind.DAY)
    yield Fact("lamp", context.t("case_lamp"), lamp(context, found), late=late)
    yield from _limits(context, found)
    yield Fact("times", context.t("form_times"), telling.how_many(found.entries, Move.SUPERVISE), Kind.COUNT)
    yield Fact("reason", context.t("form_demand"), telling.given(context, act, "reason"), wide=True)
    answer = telling.after(found.entries, act, Move.REPLY_SUPERVISION)
    yield Fact("answered_at", context.t("form_answered_at"), answer and answer["at"], Kind.INSTANT)
    yield Fact("answered_by", context.t("form_answered_by"), answer and telling.who(context, answer))
    text = answer and telling.given(context, answer, "opinion")
    yield Fact("answer", context.t("form_answer"), text or context.t("form_unanswered"), wide=True)


def _extension(context: Context, found: Opened, act: Record) -> Iterator[Fact]:
    yield from _asking(context, found, act)
    yield from _limits(context, found)
    yield Fact("amount", context.t("form_amount"), telling.given(context, act, "amount"))
    yield Fact("was_due", context.t("form_was_due"), _due(act), Kind.INSTANT)
    yield Fact(
        "times", context.t("form_times"), telling.how_many(found.entries, Move.REQUEST_EXTENSION), Kind.COUNT
    )
    yield Fact("reason", context.t("form_reason"), telling.given(context, act, "reason"), wide=True)
    answer = telling.after(found.entries, act, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION)
    yield from _decided(context, found, answer, Asked.EXTENSION)
    granted = answer is not None and answer["move"] == Move.GRANT_EXTENSION
    yield Fact(
        "granted", context.t("form_granted"), telling.given(context, act, "amount") if granted else None
    )
    yield Fact(
        "new_due", context.t("form_new_due"), _due(answer) if answer and granted else None, Kind.INSTANT
    )


def _suspension(context: Context, found: Opened, act: Record) -> Iterator[Fact]:
    yield from _asking(context, found, act)
    yield from _limits(context, found)
    yield Fact("review_on", context.t("form_until"), _day(act, "review_on"), Kind.DAY)
    yield Fact("reason", context.t("form_reason"), telling.given(context, act, "reason"), wide=True)
    yield Fact("interim", context.word("field.interim"), telling.given(context, act, "interim"), wide=True)
    answer = telling.after(found.entries, act, Move.GRANT_SUSPENSION, Move.REFUSE_SUSPENSION)
    yield from _decided(context, found, answer, Asked.SUSPENSION)
    granted = answer is not None and answer["move"] == Move.GRANT_SUSPENSION
    resumed = telling.after(found.entries, answer, Move.RESUME) if answer and granted else None
    yield Fact(
        "stopped", context.t("form_stopped"), answer["at"] if answer and granted else None, Kind.INSTANT
    )
    yield Fact("resumed", context.t("form_resumed"), resumed and resumed["at"], Kind.INSTANT)


def _asking(context: Context, found: Opened, act: Record) -> Iterator[Fact]:
    yield Fact("unit", context.t("form_applicant"), handlers(context, found) or None, wide=True)
    yield Fact("asked_at", context.t("form_asked_at"), act["at"], Kind.INSTANT)
    yield Fact("asked_by", context.t("form_asked_by"), telling.who(context, act))


def _decided(context: Context, found: Opened, answer: Record | None, asked: Asked) -> Iterator[Fact]:
    waits = asked in found.sheet.found.case.pending
    undecided = context.t("form_waits" if waits else "form_undecided")
    decision = undecided if answer is None else context.word(f"move.{answer['move']}")
    yield Fact("decision", context.t("form_decision"), decision, wide=True)
    yield Fact("decided_at", context.t("form_decided_at"), answer and answer["at"], Kind.INSTANT)
    yield Fact("decided_by", context.t("form_decided_by"), answer and telling.who(context, answer))
    opinion = answer and telling.given(context, answer, "opinion")
    yield Fact("opinion", context.word("field.opinion"), opinion, wide=True)


def _handling(found: Opened) -> ClockReading | None:
    """The last handling clock of a case; None where it has none yet."""
    clocks = [clock for clock in found.sheet.found.clocks if clock.stage is Stage.HANDLING]
    return clocks[-1].read(found.sheet.found.now) if clocks else None


def _limits(context: Context, found: Opened) -> Iterator[Fact]:
    """How much time there is for handling, without extensions, and by when it is over with them."""
    shown = _handling(found)
    limit = None if shown is None else much(context, amount(shown.limit.amount, shown.limit.unit))
    yield Fact("limit", context.t("form_limit"), limit)
    due, late = (None, False) if shown is None else (shown.due_at, shown.overdue)
    yield Fact("due", context.t("case_due"), due, Kind.INSTANT, late=late)


def _day(act: Record, field: str) -> date | None:
    raw = act["given"].get(field)
    return date.fromisoformat(raw) if raw else None


def _due(act: Record) -> datetime | None:
    """By when a case was due after a move, as the log keeps it."""
    raw = act["facts"].get("due_at")
    return datetime.fromisoformat(raw) if raw else None


FORMS: Mapping[ReportKind, Form] = {
    ReportKind.DISPATCH_ORDER: Form(
        "J", "form_order", (Move.DISPATCH, Move.PHONE_ORDER, Move.ADJUDICATE), "report_not_dispatched", _order,
        ("form_result",), ("orderer", "receiver", "worker", "checker"),
    ),
    ReportKind.SUPERVISION_ORDER: Form(
        "D", "form_supervision", (Move.SUPERVISE,), "report_not_supervised", _supervision,
        ("form_measures",), ("supervisor", "supervised", "supervised_head"),
    ),
    ReportKind.EXTENSION_FORM: Form(
        "Y", "form_extension", (Move.REQUEST_EXTENSION,), "report_no_extension", _extension,
        ("form_remark",), ("applicant", "desk", "leader"),
    ),
    ReportKind.SUSPENSION_FORM: Form(
        "G", "form_suspension", (Move.REQUEST_SUSPENSION,), "report_no_suspension", _suspension,
        ("form_remark",), ("applicant", "desk", "leader"), ("before", "after"),
    ),
}  # fmt: skip

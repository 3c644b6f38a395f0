"""The form of a row of reference data: what was given, what is wrong with it, and writing it when nothing is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.cases.pages.reference.blueprint import english
from app.cases.rules.reference import TO, ReferenceTable, Wrong
from app.cases.rules.reference_kinds import Kind
from app.cases.rules.reference_plan import Fate, Held, Plan
from app.cases.service import reference_editing as editing
from app.cases.store import reference as store
from app.cases.store import stretches
from app.errors import AppError, ConflictError, NotFoundError
from app.grid.api import here
from app.web import acting
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import visible

LONG = 120
"""A text that may be longer is written in a box of several lines."""

MANY = 200
"""Where more may be named than this, it is written with suggestions and not chosen from a list."""

MOST_TEXT = 600


def given(names: Sequence[str]) -> dict[str, str]:
    """What was written into some fields."""
    return {name: visible_lines(request.form.get(name, ""))[:MOST_TEXT] for name in names}


def visible_lines(raw: str) -> str:
    """A text of one line: a browser writes line breaks into a box of several."""
    return visible(" ".join(raw.split()))


def held_row(table: ReferenceTable, row_id: int) -> Held:
    """A row by its id.

    Raises
    ------
    NotFoundError
        `reference_row_missing`.
    """
    with acting.reading() as connection:
        found = store.one(connection, here().district_id, table, row_id) if row_id < 2**31 else None
    if found is None:
        raise NotFoundError("reference_row_missing", id=row_id)
    return found


def open_row(table: ReferenceTable, row_id: int) -> tuple[Held, str]:
    """A row that is not over, and what day it is.

    Raises
    ------
    NotFoundError
        `reference_row_missing`.
    ConflictError
        `reference_row_over`.
    """
    held = held_row(table, row_id)
    with acting.reading() as connection:
        today = editing.today(connection, here().district_id).isoformat()
    if table.dated and held.end <= today:
        raise ConflictError("reference_row_over", on=held.until)
    return held, today


def save(
    table: ReferenceTable, held: Held | None, raw: dict[str, str], fates: set[Fate], prefix: str = ""
) -> Response:
    """Plan one row, and write it if nothing speaks against it; else the form again, with every fault at its field."""
    try:
        with acting.writing() as connection:
            plan = editing.plan(connection, here().district_id, table, [(0, raw)])
            faults = [Wrong(prefix + wrong.field, wrong.reason, wrong.value) for _, wrong in plan.faults]
            faults += _not_meant(table, plan, fates, prefix)
            if not faults:
                editing.carry_out(connection, here().district_id, table, plan)
                for step in plan.steps:
                    if step.fate is not Fate.UNCHANGED:
                        editing.log_change(connection, table, step, by=hand())
    except AppError as error:
        return form(table, held, raw, problem=error)
    if faults:
        return form(table, held, {prefix + name: value for name, value in raw.items()}, faults, status=422)
    fate = plan.steps[0].fate
    flash(f"reference.{fate.value}_now" if fate is not Fate.UNCHANGED else "reference.unchanged_now")
    return redirect(url_for("reference.rows", name=table.name), 303)


def _not_meant(table: ReferenceTable, plan: Plan, fates: set[Fate], prefix: str) -> list[Wrong]:
    """What was to be added is there already, or the like."""
    if plan.faults or not plan.steps or plan.steps[0].fate in fates:
        return []
    return [Wrong(prefix + (TO if prefix else table.key[0]), "there_already")]


def form(
    table: ReferenceTable,
    held: Held | None,
    given: Mapping[str, str] | None = None,
    faults: Sequence[Wrong] = (),
    *,
    problem: AppError | None = None,
    status: int = 200,
) -> Response:
    """The page of a row, or of one that is not there yet."""
    place = here()
    with acting.reading() as connection:
        today = editing.today(connection, place.district_id)
        named = editing.choices(connection, place.district_id, table, english=english())
        others = [] if held is None else _history(connection, table, held)
        drawn = stretches.drawing(connection, place.district_id, held.id) if held and table.by_file else None
    return page(
        "reference-row.html",
        status_of(problem) if problem is not None else status,
        me=me(),
        table=table,
        held=held,
        over=held is not None and held.end <= today.isoformat(),
        values=dict(held.values) if held is not None else _blank(table),
        given=dict(given or {}),
        faults=_by_field(faults),
        named=named,
        names={name: dict(pairs) for name, pairs in named.items()},
        history=others,
        today=today.isoformat(),
        measures={column.measured for column in table.columns},
        kinds=Kind,
        long=LONG,
        many=MANY,
        drawn=drawn,
        problem=problem,
    )


def _by_field(faults: Sequence[Wrong]) -> dict[str, list[Wrong]]:
    found: dict[str, list[Wrong]] = {}
    for wrong in faults:
        found.setdefault(wrong.field, []).append(wrong)
    return found


def _history(connection: Connection, table: ReferenceTable, held: Held) -> list[Held]:
    """All that held in a row's place, the last first; a row that never held is left out."""
    if not table.dated:
        return []
    key = table.key_of(held.values)
    found = store.of_key(connection, here().district_id, table, held)
    return [one for one in reversed(found) if table.key_of(one.values) == key and one.since < one.end]


def _blank(table: ReferenceTable) -> dict[str, str]:
    return {column.name: "no" if column.kind is Kind.YES_NO else "" for column in table.columns}

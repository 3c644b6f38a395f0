"""`/reference`: the tables of reference data, shown as they are on a day, edited and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, make_response, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.accounts.guard import me, seat
from app.accounts.rules import Permission
from app.accounts.service.managing import Hand
from app.cases.rules.reference import FROM, TO, ReferenceTable, Wrong
from app.cases.rules.reference_kinds import Kind
from app.cases.rules.reference_plan import Fate, Held, Plan
from app.cases.rules.reference_tables import TABLES
from app.cases.service import reference_editing as editing
from app.cases.store import reference as store
from app.errors import AppError, ConflictError, NotFoundError
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page, page_locale
from app.web.params import day as read_day
from app.web.params import number, parameter, visible, written

blueprint = Blueprint("reference", __name__)

ROWS = 60
LONG = 120
"""A text that may be longer is written in a box of several lines."""

MOST_TEXT = 600


def hand() -> Hand:
    """Who acts, as the access log names them."""
    return Hand(me().username, me().account_id, seat().address)


@blueprint.get("/reference")
@needs(Permission.EDIT_REFERENCE)
def tables() -> Response:
    """The tables that there are."""
    return page("reference.html", me=me(), tables=TABLES)


@blueprint.get("/reference/<name>")
@needs(Permission.EDIT_REFERENCE)
def rows(name: str) -> Response:
    """Rows of a table: today's, those of a day, or all that there ever were; a page of them."""
    table = editing.table_of(name)
    words = parameter("q", written(60), "")
    everything = parameter("when", str, "") == "all"
    with acting.reading() as connection:
        today = editing.today(connection, here().district_id)
        day = None if everything else parameter("on", read_day, today)
        wanted = store.Page(day, words, _after(), ROWS + 1)
        found = store.page(connection, here().district_id, table, wanted)
        names = _names(connection, table)
    last = store.cursor(table, found[ROWS - 1]) if len(found) > ROWS else None
    return page(
        "reference-rows.html",
        me=me(),
        table=table,
        columns=[column for column in table.columns if column.name in _shown(table)],
        rows=found[:ROWS],
        names=names,
        following=None if last is None else {"after": last[0], "id": last[1]},
        on=None if day is None else day.isoformat(),
        today=today.isoformat(),
        words=words,
    )


@blueprint.get("/reference/<name>/export.csv")
@needs(Permission.EDIT_REFERENCE)
def export(name: str) -> Response:
    """A table as CSV, with the columns that an import reads; of a day, or all of it."""
    table = editing.table_of(name)
    day = parameter("on", read_day, None)
    with acting.writing() as connection:
        found = store.held(connection, here().district_id, table)
        editing.log_export(connection, table, len(found), by=hand())
    if day is not None:
        found = [row for row in found if row.holds(day.isoformat())]
    answer = make_response(editing.exported(table, found))
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{table.name}.csv"'
    answer.cache_control.no_store = True
    return answer


@blueprint.get("/reference/<name>/new")
@needs(Permission.EDIT_REFERENCE)
def new(name: str) -> Response:
    """The form of a row that is not there yet."""
    return _form(editing.table_of(name), None)


@blueprint.post("/reference/<name>/new")
@needs(Permission.EDIT_REFERENCE)
def add(name: str) -> Response:
    """Add a row; another one of its key that holds at that time is refused."""
    table = editing.table_of(name)
    return _save(table, None, _given((*table.by_name, FROM, TO)), {Fate.ADDED})


@blueprint.get("/reference/<name>/<int:row_id>")
@needs(Permission.EDIT_REFERENCE)
def row(name: str, row_id: int) -> Response:
    """A row with what was and will be in its place, and the forms that change and end it."""
    table = editing.table_of(name)
    return _form(table, _held(table, row_id))


@blueprint.post("/reference/<name>/<int:row_id>")
@needs(Permission.EDIT_REFERENCE)
def change(name: str, row_id: int) -> Response:
    """Let another row follow from a day on; one of a table without history is changed itself."""
    table = editing.table_of(name)
    held, today = _open(table, row_id)
    changing = [column for column in table.by_name if column not in table.key and column not in table.fixed]
    wanted = _given(changing)
    key = {column: held.values[column] for column in table.key}
    dates = _given((FROM, TO) if table.dated else (TO,))
    if dates.get(FROM) == "" and held.since > today:
        dates[FROM] = held.since
    fates = {Fate.CHANGED, Fate.UNCHANGED} | (set() if table.dated else {Fate.ENDED})
    return _save(
        table, held, {**wanted, **key, **({} if table.dated else {FROM: held.since}), **dates}, fates
    )


@blueprint.post("/reference/<name>/<int:row_id>/end")
@needs(Permission.EDIT_REFERENCE)
def end(name: str, row_id: int) -> Response:
    """End a row on a day: the first on which it no longer holds."""
    table = editing.table_of(name)
    held, _ = _open(table, row_id)
    wanted = {column: held.values[column] for column in table.key}
    ends = _given((TO,))
    if not ends[TO]:
        return _form(table, held, {"ends_" + TO: ""}, [Wrong("ends_" + TO, "missing")], status=422)
    return _save(table, held, {**wanted, FROM: held.since, **ends}, {Fate.ENDED}, prefix="ends_")


def _english() -> bool:
    return page_locale() == "en"


def _after() -> tuple[str, int] | None:
    key, row_id = parameter("after", str, None), parameter("id", number(1, 2**31 - 1), None)
    return None if key is None or row_id is None else (key, row_id)


def _given(names: Sequence[str]) -> dict[str, str]:
    return {name: visible_lines(request.form.get(name, ""))[:MOST_TEXT] for name in names}


def visible_lines(raw: str) -> str:
    """A text of one line: a browser writes line breaks into a box of several."""
    return visible(" ".join(raw.split()))


def _held(table: ReferenceTable, row_id: int) -> Held:
    with acting.reading() as connection:
        found = store.one(connection, here().district_id, table, row_id) if row_id < 2**31 else None
    if found is None:
        raise NotFoundError("reference_row_missing", id=row_id)
    return found


def _open(table: ReferenceTable, row_id: int) -> tuple[Held, str]:
    """A row that is not over, and what day it is."""
    held = _held(table, row_id)
    with acting.reading() as connection:
        today = editing.today(connection, here().district_id).isoformat()
    if table.dated and held.end <= today:
        raise ConflictError("reference_row_over", on=held.until)
    return held, today


def _save(
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
        return _form(table, held, raw, problem=error)
    if faults:
        return _form(table, held, {prefix + name: value for name, value in raw.items()}, faults, status=422)
    fate = plan.steps[0].fate
    flash(f"reference.{fate.value}_now" if fate is not Fate.UNCHANGED else "reference.unchanged_now")
    return redirect(url_for("reference.rows", name=table.name), 303)


def _not_meant(table: ReferenceTable, plan: Plan, fates: set[Fate], prefix: str) -> list[Wrong]:
    """What was to be added is there already, or the like."""
    if plan.faults or not plan.steps or plan.steps[0].fate in fates:
        return []
    return [Wrong(prefix + (TO if prefix else table.key[0]), "there_already")]


def _form(
    table: ReferenceTable,
    held: Held | None,
    given: Mapping[str, str] | None = None,
    faults: Sequence[Wrong] = (),
    *,
    problem: AppError | None = None,
    status: int = 200,
) -> Response:
    place = here()
    with acting.reading() as connection:
        today = editing.today(connection, place.district_id)
        named = editing.choices(connection, place.district_id, table, english=_english())
        others = [] if held is None else _history(connection, table, held)
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


def _names(connection: Connection, table: ReferenceTable) -> dict[str, dict[str, str]]:
    found = editing.choices(connection, here().district_id, table, english=_english())
    return {name: dict(pairs) for name, pairs in found.items()}


def _shown(table: ReferenceTable) -> frozenset[str]:
    """Of a wide table, the columns that a list has room for."""
    wide = {
        "filing_conditions": (
            "number", "category", "condition", "limit", "control_limit", "unit", "lowest_loop", "risk", "verification",
        ),
        "units": (
            "code", "name", "kind", "opens_at", "closes_at", "calendar", "day_phone", "night_phone", "night_unit",
        ),
    }  # fmt: skip
    measures = {column.measured for column in table.columns}
    return frozenset(wide.get(table.name, table.by_name)) - measures

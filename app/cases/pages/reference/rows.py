"""`/reference`: the tables of reference data, shown as they are on a day, edited and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.cases.pages.reference.blueprint import blueprint, english
from app.cases.pages.reference.forms import form, given, held_row, open_row, save
from app.cases.rules.reference import FROM, TO, ReferenceTable, When, Wrong
from app.cases.rules.reference_plan import Fate
from app.cases.rules.reference_tables import TABLES
from app.cases.service import reference_editing as editing
from app.cases.store import reference as store
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.i18n import translate
from app.web.pages import page, page_locale
from app.web.params import day as read_day
from app.web.params import number, parameter, written

ROWS = 60


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
        named = editing.choices(connection, here().district_id, table, english=english())
        wanted = store.Page(day, words, _after(), ROWS + 1, _called(table, named, words))
        found = store.page(connection, here().district_id, table, wanted)
    last = store.cursor(table, found[ROWS - 1]) if len(found) > ROWS else None
    return page(
        "reference-rows.html",
        me=me(),
        table=table,
        columns=[column for column in table.columns if column.name in _shown(table)],
        rows=found[:ROWS],
        names={name: dict(pairs) for name, pairs in named.items()},
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
    """The form of a row that is not there yet; where a form cannot say all of it, that by which a file is sent."""
    table = editing.table_of(name)
    return (
        redirect(f"{url_for('reference.rows', name=name)}/import", 303)
        if table.by_file
        else form(table, None)
    )


@blueprint.post("/reference/<name>/new")
@needs(Permission.EDIT_REFERENCE)
def add(name: str) -> Response:
    """Add a row; another one of its key that holds at that time is refused."""
    table = editing.table_of(name)
    return save(table, None, given((*table.by_name, FROM, TO)), {Fate.ADDED})


@blueprint.get("/reference/<name>/<int:row_id>")
@needs(Permission.EDIT_REFERENCE)
def row(name: str, row_id: int) -> Response:
    """A row with what was and will be in its place, and the forms that change and end it."""
    table = editing.table_of(name)
    return form(table, held_row(table, row_id))


@blueprint.post("/reference/<name>/<int:row_id>")
@needs(Permission.EDIT_REFERENCE)
def change(name: str, row_id: int) -> Response:
    """Let another row follow from a day on; one of a table without history is changed itself."""
    table = editing.table_of(name)
    held, today = open_row(table, row_id)
    wanted = given(table.changing)
    key = {column: held.values[column] for column in table.key}
    dates = given((FROM, TO) if table.dated else (TO,))
    if dates.get(FROM) == "" and held.since > today:
        dates[FROM] = held.since
    fates = {Fate.CHANGED, Fate.UNCHANGED} | (set() if table.dated else {Fate.ENDED})
    return save(table, held, {**wanted, **key, **({} if table.dated else {FROM: held.since}), **dates}, fates)


@blueprint.post("/reference/<name>/<int:row_id>/end")
@needs(Permission.EDIT_REFERENCE)
def end(name: str, row_id: int) -> Response:
    """End a row on a day: the first on which it no longer holds."""
    table = editing.table_of(name)
    held, _ = open_row(table, row_id)
    wanted = {column: held.values[column] for column in table.key}
    ends = given((TO, *(column.name for column in table.on_end)))
    if not ends[TO]:
        return form(table, held, {"ends_" + TO: ""}, [Wrong("ends_" + TO, "missing")], status=422)
    return save(table, held, {**wanted, FROM: held.since, **ends}, {Fate.ENDED}, prefix="ends_")


def _after() -> tuple[str, int] | None:
    key, row_id = parameter("after", str, None), parameter("id", number(1, 2**31 - 1), None)
    return None if key is None or row_id is None else (key, row_id)


def _called(
    table: ReferenceTable, named: Mapping[str, Sequence[tuple[str, str]]], words: str
) -> dict[str, list[str]]:
    """The keys that each column may have whose name holds the words, as the reader is shown it."""
    found: dict[str, list[str]] = {}
    for column in table.columns if words else ():
        choices = [
            (one, translate(page_locale(), column.words + one)) for one in column.choices if one != "*"
        ]
        pairs = [*choices, *named.get(column.refers, ())]
        found[column.name] = [key for key, said in pairs if words.casefold() in said.casefold()]
    return found


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
    left_out = {column.measured for column in table.columns}
    left_out |= {column.name for column in table.columns if column.when is When.WITH_END}
    return frozenset(wide.get(table.name, table.by_name)) - left_out

"""`/reports/<id>`: one report, how far it is, its files and editions, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.grid.api import here
from app.grid.service import the_district
from app.reports.pages.blueprint import blueprint, client_id, given, one_more
from app.reports.rules.acts import Act
from app.reports.service import editing, placing, signing, telling
from app.reports.store import runs as store
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.forms import needed
from app.web.pages import page, page_locale
from app.web.params import number
from app.web.shapes import MOST_ID

WORDS = "words:"
"""How the fields of an edited report begin; section and paragraph follow."""


@blueprint.get("/reports/<int:run_id>")
@needs(Permission.MAKE_REPORTS)
def report(run_id: int) -> Response:
    """One report."""
    return _show(run_id)


def _show(run_id: int, problem: AppError | None = None, said: dict[str, str] | None = None) -> Response:
    with acting.reading() as connection:
        one = telling.one(connection, run_id, me().permissions, page_locale())
        run = store.one(connection, run_id)
        assert run is not None
        found = editing.paragraphs(connection, run) if Act.EDIT in one["acts"] else []
    drafts = {
        (word["section"], word["paragraph"]): word["text"]
        for word in (one["unwritten"] or {}).get("words", ())
    }
    kept = said or {}
    paragraphs = []
    for each in found:
        name = f"{WORDS}{each.section}/{each.code}"
        paragraphs.append((name, each, kept.get(name, drafts.get((each.section, each.code), each.text))))
    standing = [one_signed for one_signed in one["signatures"] if one_signed["edition"] == one["edition"]]
    return page(
        "report.html",
        status_of(problem),
        me=me(),
        district=here().record,
        one=one,
        working=one["state"] in {"waiting", "making"} or one["rewording"],
        paragraphs=paragraphs,
        objecting=[each for each in standing if not each["agreed"]],
        problem=problem,
        given=kept,
        ids=(one_more(), one_more()),
    )


def _do(
    run_id: int, told: str, step: Callable[[Connection], Any], said: dict[str, str] | None = None
) -> AnyResponse:
    """Take a step and show the report; what speaks against it stands above it, and nothing that was written is lost."""
    try:
        with acting.writing() as connection:
            step(connection)
    except NotFoundError:
        raise
    except AppError as error:
        return _show(run_id, error, said)
    flash(told)
    return redirect(url_for("reports.report", run_id=run_id), 303)


def _edition() -> int:
    return needed("edition", number(0, MOST_ID))


@blueprint.post("/reports/<int:run_id>/cancel")
@needs(Permission.MAKE_REPORTS)
def cancel(run_id: int) -> AnyResponse:
    """Want it no longer."""
    return _do(run_id, "reports.told_cancelled", lambda connection: placing.cancel(connection, run_id))


@blueprint.post("/reports/<int:run_id>/again")
@needs(Permission.MAKE_REPORTS)
def again(run_id: int) -> AnyResponse:
    """Ask for the same report again, as it was known then or as it is now."""
    said = given("client_id", "as_of")
    try:
        with acting.writing() as connection:
            made = placing.again(
                connection, the_district(connection), run_id, client_id(said["client_id"]), me().account_id,
                as_of_now=said["as_of"] == "now",
            )  # fmt: skip
    except NotFoundError as error:
        if error.code == "report_missing":
            raise
        return _show(run_id, error)
    except AppError as error:
        return _show(run_id, error)
    return redirect(url_for("reports.report", run_id=made), 303)


@blueprint.post("/reports/<int:run_id>/words")
@needs(Permission.MAKE_REPORTS)
def reword(run_id: int) -> AnyResponse:
    """Keep other words for its paragraphs; the worker writes another edition."""
    said = {name: text[:8000] for name, text in request.form.items() if name.startswith(WORDS)}
    words = []
    for name, text in said.items():
        section, _, code = name.removeprefix(WORDS).partition("/")
        words.append((section, code, text))
    return _do(
        run_id,
        "reports.told_edited",
        lambda connection: editing.reword(connection, run_id, _edition(), words, hand()),
        said,
    )


@blueprint.post("/reports/<int:run_id>/circulate")
@needs(Permission.MAKE_REPORTS)
def circulate(run_id: int) -> AnyResponse:
    """送签."""
    return _do(
        run_id,
        "reports.told_circulated",
        lambda connection: signing.circulate(connection, run_id, _edition(), hand(), me().name),
    )


@blueprint.post("/reports/<int:run_id>/sign")
@needs(Permission.MAKE_REPORTS)
def sign(run_id: int) -> AnyResponse:
    """会签."""
    said = given("agreed", "remark")
    agreed = said["agreed"] == "yes"

    def step(connection: Connection) -> None:
        signing.sign(connection, run_id, _edition(), hand(), me().name, agreed=agreed, remark=said["remark"])

    return _do(run_id, "reports.told_signed", step, said)


@blueprint.post("/reports/<int:run_id>/issue")
@needs(Permission.ISSUE_REPORTS)
def issue(run_id: int) -> AnyResponse:
    """签发."""
    said = given("reason")

    def step(connection: Connection) -> None:
        signing.issue(
            connection, run_id, _edition(), hand(), me().name, may_issue=True, reason=said["reason"]
        )

    return _do(run_id, "reports.told_issued", step, said)

"""Two records of one thing beside each other, made one, and parted again."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError, NotFoundError
from app.grid.api import here
from app.registry.pages.blueprint import blueprint, faults_of, number, reason
from app.registry.pages.element import show
from app.registry.rules.kinds import ElementKind
from app.registry.service import looking, tying
from app.registry.store import reading
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.forms import needed
from app.web.pages import page
from app.web.params import parameter

Record = dict[str, Any]

LIKE = 10
"""Records of a like name that are offered."""


@blueprint.get("/registry/elements/<int:element_id>/merge")
@needs(Permission.EDIT_REGISTRY)
def merge_form(element_id: int) -> Response:
    """Both records beside each other; before the other is chosen, those that are called alike."""
    return _show(element_id, parameter("into", number, None))


def _show(element_id: int, into: int | None, problem: AppError | None = None) -> Response:
    district_id = here().district_id
    with acting.reading() as connection:
        gone = looking.one(connection, looking.id_of(element_id))
        kept = None if into is None else looking.one(connection, looking.id_of(into))
        alike = [] if kept else _alike(connection, district_id, gone["element"])
    if (
        problem is None
        and kept
        and (into == element_id or kept["element"]["kind"] != gone["element"]["kind"])
    ):
        problem = InvalidError("records_unlike", id=into)
    return page(
        "element-merge.html", status_of(problem), me=me(), gone=gone, kept=kept, alike=alike, problem=problem,
        faults=faults_of(problem), given=request.form,
    )  # fmt: skip


def _alike(connection: Connection, district_id: int, one: Record) -> list[Record]:
    """Others of its kind that are called like it. People are not offered: whoever means one knows the number."""
    if one["kind"] == ElementKind.PERSON or not one["name"]:
        return []
    found = reading.found(
        connection, district_id, words=one["name"][:60], kinds=[one["kind"]], types=None, area_no=None, box=None,
        after=None, limit=LIKE + 1,
    )  # fmt: skip
    return looking.told(connection, [each for each, _ in found if each != one["id"]][:LIKE])


@blueprint.post("/registry/elements/<int:element_id>/merge")
@needs(Permission.EDIT_REGISTRY)
def merge_element(element_id: int) -> AnyResponse:
    """Make it one with the other record, which is kept."""
    into = needed("into", number)
    try:
        with acting.writing() as connection:
            tying.merge(connection, looking.id_of(element_id), into, reason())
    except NotFoundError:
        raise
    except AppError as error:
        return _show(element_id, into, error)
    flash("registry.merged_done")
    return redirect(url_for("registry.element", element_id=into), 303)


@blueprint.post("/registry/elements/<int:element_id>/merges/<int:merge_id>/undo")
@needs(Permission.EDIT_REGISTRY)
def undo_merge(element_id: int, merge_id: int) -> AnyResponse:
    """Undo a merger: what hung on the record that went hangs on it again."""
    if not 0 < merge_id <= looking.MOST_ID:
        raise NotFoundError("merge_missing", id=merge_id)
    try:
        with acting.writing() as connection:
            _, gone = tying.part(connection, merge_id)
    except NotFoundError:
        raise
    except AppError as error:
        return show(element_id, error)
    flash("registry.parted")
    return redirect(url_for("registry.element", element_id=gone), 303)

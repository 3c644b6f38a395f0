"""找居民: a resident is looked for deliberately, by one whole number or the beginning of a name, and for a purpose."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, InvalidError
from app.grid.api import here
from app.registry.pages.blueprint import ROWS, blueprint, faults_of, number
from app.registry.service import looking, persons
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page

Record = dict[str, Any]

MOST = 60
"""Characters of a name or a number that is looked for."""


class By(StrEnum):
    """What a resident is looked for by."""

    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"


@blueprint.get("/registry/persons")
@needs(Permission.READ_PERSONS)
def person_form() -> Response:
    """The question; nothing of it is ever in an address."""
    return _show(By.NAME, "", "")


@blueprint.post("/registry/persons")
@needs(Permission.READ_PERSONS)
def find_persons() -> Response:
    """Residents in sight, masked; who asks what for is logged. Without `find` the form is only filled in."""
    problem: AppError | None = None
    found: list[Record] | None = None
    by, said, purpose = By.NAME, "", ""
    try:
        by = forms.optional("by", By) or By.NAME
        said, purpose = forms.written("said", MOST), forms.written("purpose", persons.MOST_PURPOSE)
        if forms.written("find", 10):
            found = _found(by, said, purpose, forms.optional("after", number))
    except AppError as error:
        problem = error
    return _show(by, said, purpose, found, problem)


def _found(by: By, said: str, purpose: str, after: int | None) -> list[Record]:
    """One more than there is room for, where there are more."""
    if not said:
        raise InvalidError("field_needed", field="said")
    district_id = here().district_id
    wanted = {one.value: said if one is by else None for one in By}
    with acting.writing() as connection:
        found = persons.find(
            connection, district_id, **wanted, purpose=purpose, after=after, limit=ROWS + 1, by=hand()
        )
        homes = {one["site_id"] for one in found} - {None}
        named = {one["id"]: one for one in looking.told(connection, sorted(homes))}
    return [{**one, "home": named.get(one["site_id"])} for one in found]


def _show(
    by: By, said: str, purpose: str, found: list[Record] | None = None, problem: AppError | None = None
) -> Response:
    rows = (found or [])[:ROWS]
    return page(
        "person-find.html", status_of(problem), me=me(), by=by, ways=list(By), said=said, purpose=purpose,
        rows=rows, asked=found is not None, following=rows[-1]["id"] if found and len(found) > ROWS else None,
        problem=problem, faults=faults_of(problem), least=persons.LEAST_PURPOSE, most=persons.MOST_PURPOSE,
    )  # fmt: skip

"""`/api/v1/persons`: found for a purpose, shown for a minute, and who has looked."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import hand
from app.accounts.rules import Permission
from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.blueprint import blueprint
from app.registry.api.elements import BEFORE, LIMIT, MISSING, PAST_ID
from app.registry.service import persons as service
from app.registry.service.looking import id_of
from app.web import acting, answers
from app.web.body import json_object, texts
from app.web.doors import needs
from app.web.shapes import COUNT, TEXT, optional, page, record, words
from app.web.stating import states

PURPOSE = {**TEXT, "minLength": service.LEAST_PURPOSE, "maxLength": service.MOST_PURPOSE}
MOST = 60
"""Characters of a name or a number that is looked for."""

SHORT = optional({**TEXT, "maxLength": MOST})


@blueprint.post("/persons/search")
@needs(Permission.READ_PERSONS)
@states(
    page(shapes.LISTED, shapes.ELEMENT_ID),
    query=(LIMIT, PAST_ID),
    body=record(
        ("name", "identity", "phone"),
        only_these_=True,
        purpose=PURPOSE,
        name=SHORT,
        identity=SHORT,
        phone=SHORT,
    ),
    kept=False,
    fails={NotFoundError: ["district_missing"], InvalidError: ["fields_invalid", "purpose_needed"]},
)
def search() -> Response:
    """Persons in sight by the beginning of their name, or by a whole number that one has; just one of the three.

    It takes a purpose and is logged; what was looked for is not.
    """
    said = texts(
        json_object(), {"purpose": service.MOST_PURPOSE}, {"name": MOST, "identity": MOST, "phone": MOST}
    )
    limit, place = LIMIT.read(), here()
    with acting.writing() as connection:
        found = service.find(
            connection, place.district_id, name=said["name"], identity=said["identity"], phone=said["phone"],
            purpose=said["purpose"], after=PAST_ID.read(), limit=limit + 1, by=hand(),
        )  # fmt: skip
    following = found[limit - 1]["id"] if len(found) > limit else None
    return answers.private({"items": found[:limit], "next": following})


@blueprint.post("/persons/<int:person_id>/reveal")
@needs(Permission.READ_PERSONS)
@states(
    record(field=words(service.Field), value=TEXT, seconds=COUNT),
    body=record(only_these_=True, field=words(service.Field), purpose=PURPOSE),
    kept=False,
    fails={
        InvalidError: ["fields_invalid", "purpose_needed"],
        NotFoundError: ["element_missing", "number_missing"],
        ConflictError: ["person_restricted"],
    },
)
def reveal(person_id: int) -> Response:
    """查看: what is masked of a person, to be shown for a minute; the purpose is logged, for the person to be told."""
    said = texts(json_object(), {"field": MOST, "purpose": service.MOST_PURPOSE})
    known = {field.value for field in service.Field}
    if said["field"] not in known:
        fault = {"field": "field", "reason": "unknown_choice", "value": said["field"][:60]}
        raise InvalidError("fields_invalid", faults=[fault], fields="field", count=1)
    field = service.Field(said["field"])
    with acting.writing() as connection:
        value = service.reveal(connection, id_of(person_id), field, said["purpose"], by=hand())
    return answers.private({"field": field.value, "value": value, "seconds": service.SHOWN_S})


@blueprint.get("/persons/<int:person_id>/looks")
@needs(Permission.KEEP_PERSONS)
@states(page(shapes.LOOK, shapes.ELEMENT_ID), query=(LIMIT, BEFORE), kept=False, fails=MISSING)
def looks(person_id: int) -> Response:
    """Who has looked at a person's record, when and what for, the newest first: for whoever has to tell that person."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        found = service.looks(connection, id_of(person_id), before=BEFORE.read(), limit=limit + 1)
    following = found[limit - 1]["no"] if len(found) > limit else None
    return answers.private({"items": found[:limit], "next": following})

"""What is kept of a person, for that person: on paper, or as a file."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError, NotFoundError
from app.registry.pages.blueprint import blueprint
from app.registry.pages.caring import show
from app.registry.service import caring, looking
from app.web import acting, answers, forms
from app.web.doors import needs
from app.web.pages import page


@blueprint.post("/registry/persons/<int:person_id>/export")
@needs(Permission.KEEP_PERSONS)
def export_person(person_id: int) -> Response:
    """Everything that is kept of a person, numbers in clear, to be handed over; it is logged with its purpose.

    Relations name their other end as the one who exports may see it, other people masked.
    """
    try:
        purpose = forms.written("purpose", 200)
        with acting.writing() as connection:
            found = caring.export(connection, looking.id_of(person_id), purpose, by=hand())
            ends = {row[end] for row in found["relations"] for end in ("source_id", "target_id")}
            others = {one["id"]: one for one in looking.told(connection, sorted(ends - {None, person_id}))}
    except NotFoundError:
        raise
    except AppError as error:
        return show(person_id, error)
    if request.form.get("form") == "json":
        answer = answers.private(found)
        answer.headers["Content-Disposition"] = f'attachment; filename="person-{person_id}.json"'
        return answer
    return page(
        "person-export.html", me=me(), found=found, one=found["element"], others=others, purpose=purpose,
        most=caring.MOST,
    )  # fmt: skip

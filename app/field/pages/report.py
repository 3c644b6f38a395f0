"""`/m/report`: a problem is reported from where it is, with what the camera and the position say."""

from __future__ import annotations

import uuid

import segno
from flask import Response, url_for
from flask_wtf.csrf import generate_csrf

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.cases.rules.moves import Move
from app.cases.service import moving
from app.cases.service.watching import watched
from app.cases.store import heading
from app.errors import NotFoundError
from app.field import store
from app.field.pages.blueprint import blueprint, words
from app.grid.api import here
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter
from app.web.shapes import MOST_CASE_ID


@blueprint.get("/m/report")
@needs(Permission.REPORT_CASES)
def report() -> Response:
    """上报: the form. It is sent by the interface, once, however often the key is pressed."""
    place = here()
    with acting.reading() as connection:
        categories = store.categories(connection, place.district_id)
    return page(
        "m-report.html",
        me=me(),
        district=place.record,
        categories=categories,
        csrf_token=generate_csrf(),
        client_id=str(uuid.uuid4()),
        words=words(),
    )


@blueprint.get("/m/reported/<int:case_id>")
@needs(Permission.REPORT_CASES)
def reported(case_id: int) -> Response:
    """What was reported has a number: shown large, with the code that leads to its receipt."""
    if not 0 < case_id <= MOST_CASE_ID:
        raise NotFoundError("case_missing", id=case_id)
    with acting.writing() as connection:
        found = watched(connection, case_id, acting.actor())
        head = heading.head(connection, case_id)
        if head is None or not store.reported_by_me(connection, case_id):
            raise NotFoundError("case_missing", id=case_id)
        keys = (
            [edge.move for edge in moving.moves_for(connection, found)]
            if me().may(Permission.MOVE_CASES)
            else []
        )
    address = url_for("residents.look_up", n=head["number"], _external=True)
    return page(
        "m-reported.html",
        me=me(),
        district=here().record,
        one=head,
        self_handling=Move.SELF_HANDLE in keys,
        with_receipt=parameter("receipt", number(0, 1), 0) == 1,
        receipt_at=address,
        code=segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    )

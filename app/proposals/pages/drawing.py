"""`/grid/proposals/<id>`: a proposal on the map and in forms; what is drawn is sent to the interface."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.grid.api import here
from app.proposals.pages.blueprint import blueprint, words
from app.proposals.service import telling
from app.web import acting
from app.web.doors import needs
from app.web.pages import page


@blueprint.get("/grid/proposals/<int:proposal_id>")
@needs(Permission.DRAW_GRID)
def proposal(proposal_id: int) -> Response:
    """One proposal: present borders and proposed ones, the figures of each cell, and what is wrong with it."""
    place = here()
    with acting.reading() as connection:
        one = telling.one(connection, proposal_id, me().permissions, me().account_id)
    return page(
        "proposal.html",
        me=me(),
        district=place.record,
        one=one,
        words=words(),
    )

"""`/live`: a screen stays open and hears of every move of the cases that it may see."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.accounts.service.secrets import digest
from app.errors import UnavailableError
from app.notify.service import HAND_OVER, Screen
from app.web.doors import needs

blueprint = Blueprint("live", __name__)

LONGEST_ID = 4096


@blueprint.get("/live")
@needs(Permission.READ_CASES)
def live() -> Response:
    """Let a screen in; from there on the front of the server looks after it, and no thread waits.

    Raises
    ------
    UnavailableError
        `live_unserved`: what serves the application keeps no screens open.
    """
    take = request.environ.get(HAND_OVER)
    if take is None:
        raise UnavailableError("live_unserved")
    found = me()
    # A browser that opens a new stream cannot send the header, so it says the id in the address.
    since = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    take(Screen(found.actor, digest(found.token), since if len(since) <= LONGEST_ID else "too long"))
    response = Response(mimetype="text/event-stream")
    response.cache_control.no_store = True
    response.headers["X-Accel-Buffering"] = "no"  # a proxy before the server passes each frame on at once
    return response

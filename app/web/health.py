"""`/healthz`: this process answers. `/readyz`: so does the database, and its migrations are this program's."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from app.db import head, revision, transaction
from app.errors import UnavailableError
from app.web import answers
from app.web.doors import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """Whether the process is alive; asks nobody else."""
    return answers.document({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Whether requests can be served.

    Raises
    ------
    UnavailableError
        `database_unreachable`, `migrations_pending`.
    """
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=3) as connection:
        found = revision(connection)
    if found != head():
        raise UnavailableError("migrations_pending", found=found or "-", known=head())
    return answers.document({"status": "ready", "revision": found})

"""Puts the web application together: one blueprint a door, nothing else."""

from __future__ import annotations

from flask import Flask

from app.cases.api import blueprint as cases
from app.console.api import blueprint as console_api
from app.console.pages import blueprint as console
from app.grid.api import blueprint as grid
from app.settings import settings
from app.tiles.api import blueprint as tiles
from app.web import errors, headers
from app.web.health import blueprint as health

LARGEST_REQUEST = 1 << 20


def create_app(database_url: str | None = None) -> Flask:
    """The application on a database, by default that of the settings."""
    app = Flask("app", template_folder="web/templates", static_folder="web/static")
    app.config.update(
        DATABASE_URL=database_url or settings().database_url, MAX_CONTENT_LENGTH=LARGEST_REQUEST
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in (health, grid, cases, console_api, tiles, console):
        app.register_blueprint(blueprint)
    errors.register(app)
    headers.register(app)
    return app

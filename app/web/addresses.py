"""Numbers in addresses: one that no row of the database can have leads nowhere, and never reaches the database."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

MOST_DIGITS = 18


class BoundedConverter(IntegerConverter):
    """`<int:…>` of at most 18 digits: every id has fewer, and PostgreSQL's bigint holds them."""

    regex = rf"[0-9]{{1,{MOST_DIGITS}}}"


def register(app: Flask) -> None:
    """Bound the numbers of every address; before the first route is added."""
    app.url_map.converters["int"] = BoundedConverter

"""How often an address may ask: counted before anything else is done with a request."""

from __future__ import annotations

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(
    key_func=get_remote_address, storage_uri="memory://", strategy="moving-window", headers_enabled=True
)
"""Counted in each process: locks, which two servers must agree on, are rows of the database."""

SIGN_IN_RATE = "3/second;120/minute"
"""How often an address may try to be let in, before any password is looked at: what an office with one address needs,
and little enough that hashing for whoever floods leaves the cores to the others."""

RECEIPT_RATE = "1/second;20/minute"
"""How often an address may look up a receipt or rate one. Beside it every number and address has its tries a day in the
database, which counts them over all processes."""


def look_ups() -> str:
    """The limit of the application that is asked."""
    return str(current_app.config["RECEIPT_RATE"])


def attempts() -> str:
    """The limit of the application that is asked."""
    return str(current_app.config["SIGN_IN_RATE"])


def register(app: Flask) -> None:
    """Let the limits that stand on the views hold."""
    app.config.setdefault("SIGN_IN_RATE", SIGN_IN_RATE)
    app.config.setdefault("RECEIPT_RATE", RECEIPT_RATE)
    limiter.init_app(app)

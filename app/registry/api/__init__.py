"""`/api/v1/elements` and `/api/v1/persons`: the registry's door."""

from app.registry.api import (  # noqa: F401  (the routes hang themselves in)
    addresses,
    caring,
    editing,
    elements,
    persons,
    tying,
)
from app.registry.api.blueprint import blueprint

__all__ = ["blueprint"]

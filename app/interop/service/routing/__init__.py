"""Ownership and routing rules from outside come in, and go out again."""

from app.interop.service.routing.exports import export_ownership, export_routes, ownership_features
from app.interop.service.routing.ownership import import_ownership
from app.interop.service.routing.routes import import_routes

__all__ = ["export_ownership", "export_routes", "import_ownership", "import_routes", "ownership_features"]

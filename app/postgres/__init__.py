"""The project's own PostGIS: found or fetched, started, stopped."""

from app.postgres.cluster import Cluster
from app.postgres.databases import create_database, databases, drop_database
from app.postgres.find import Binaries, find_binaries, reasons
from app.postgres.place import Place, place_of
from app.postgres.unpack import unpack

__all__ = [
    "Binaries",
    "Cluster",
    "Place",
    "create_database",
    "databases",
    "drop_database",
    "find_binaries",
    "place_of",
    "reasons",
    "unpack",
]

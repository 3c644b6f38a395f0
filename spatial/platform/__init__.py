"""The platform as an analyst's source: over HTTP with a token, by a login of the database, or from a snapshot.

All three give the same frames. `connect` and `snapshot` are also `spatial.connect` and `spatial.snapshot`.
"""

from spatial.platform.connecting import connect
from spatial.platform.database import Database
from spatial.platform.folder import Folder
from spatial.platform.server import Server
from spatial.platform.source import District, Platform
from spatial.platform.taking import snapshot

__all__ = ["Database", "District", "Folder", "Platform", "Server", "connect", "snapshot"]

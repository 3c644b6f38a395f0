"""What a page's script imports, all the way down: named in the page itself, so that a browser asks for all at once.

Otherwise it finds the next module only in the last one that came, a dozen times over.
"""

from __future__ import annotations

import posixpath
import re
from collections import deque
from functools import cache
from pathlib import Path

from flask import Flask

IMPORTED = re.compile(
    r"""^(?:import\s+(?:[\w$\s{},*]+?\s+from\s+)?|export\s+[\w$\s{},*]+?\s+from\s+)['"](\.[^'"]+)['"]""",
    re.MULTILINE,
)
"""A static import of another file; what is imported when it is needed is left to wait."""


@cache
def imported(folder: Path, entry: str) -> tuple[str, ...]:
    """Files that a module imports, directly or not, by their paths in a folder: the nearest first, itself left out."""
    found: dict[str, None] = {}
    waiting = deque([entry])
    while waiting:
        here = waiting.popleft()
        path = folder / here
        if not path.is_file():
            continue
        for said in IMPORTED.findall(path.read_text(encoding="utf-8")):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(here), said))
            if target not in found and target != entry:
                found[target] = None
                waiting.append(target)
    return tuple(found)


def register(app: Flask) -> None:
    """Let templates ask for `imported_by(entry)`."""
    folder = Path(app.static_folder or "")
    app.jinja_env.globals["imported_by"] = lambda entry: imported(folder, entry)

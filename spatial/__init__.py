"""The analyst's library: layers in, layers out. It knows nothing of Flask, of the database or of `app`.

    import spatial as sp

    platform = sp.connect("https://grid.example.cn", token)
    cases = platform.cases(since="2026-09-01")
    sp.hotspots.gi_star(…)

Modules come when they are first asked for.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spatial.platform import connect as connect
    from spatial.platform import snapshot as snapshot

_VERBS = ("connect", "snapshot")


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        return getattr(import_module("spatial.platform"), name)
    if name in _modules():
        return import_module(f"spatial.{name}")
    raise AttributeError(f"module 'spatial' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_VERBS, *_modules()})


def _modules() -> frozenset[str]:
    return frozenset(
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    )

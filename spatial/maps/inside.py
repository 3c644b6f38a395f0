"""What a map holds within itself in place of what folium would link, and names that are the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import count
from typing import Any

from spatial.errors import PlatformError


@dataclass(frozen=True, slots=True)
class Assets:
    """Styles and scripts of a package, each whole."""

    styles: tuple[str, ...]
    scripts: tuple[str, ...]

    def tags(self) -> str:
        """All of them as elements of a page's head."""
        return "".join(
            [f"<style>{one}</style>" for one in self.styles]
            + [f"<script>{one}</script>" for one in self.scripts]
        )


def assets(name: str) -> Assets:
    """The styles and scripts of a package in `spatial/assets`, where set-up has copied it.

    Raises
    ------
    PlatformError
        `assets_missing`.
    """
    return _read(name, files("spatial") / "assets" / name)


def own() -> Assets:
    """Our own styles and scripts of maps within a page.

    Raises
    ------
    PlatformError
        `assets_missing`.
    """
    return _read("browser", files("spatial") / "maps" / "browser")


def _read(name: str, folder: Traversable) -> Assets:
    """What a folder holds, in the order of the files' names."""
    try:
        texts = {
            one.name: one.read_text("utf-8") for one in sorted(folder.iterdir(), key=lambda one: one.name)
        }
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PlatformError("assets_missing", name=name) from error
    return Assets(
        tuple(text for one, text in texts.items() if one.endswith(".css")),
        tuple(_within(text) for one, text in texts.items() if one.endswith(".js")),
    )


def numbered(drawn: Any, no: str) -> Any:
    """A map whose elements are called by their number, in the order in which they were added, not by chance.

    Parameters
    ----------
    drawn
        An element of folium, before it is rendered.
    no
        What tells it from other maps of the same page.
    """
    numbers = count(1)
    drawn._id = no
    for one in _below(drawn):
        one._id = f"{no}_{next(numbers)}"
    return drawn


def _below(element: Any) -> Iterator[Any]:
    for child in element._children.values():
        yield child
        yield from _below(child)


def _within(script: str) -> str:
    """A script without the note of where its source map lies, which a browser's tools would ask for."""
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))

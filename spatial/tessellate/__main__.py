"""Make a simulated district from its recipe: `python -m spatial.tessellate RECIPE --out FOLDER`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from spatial.errors import SpatialError
from spatial.tessellate import build, read_recipe, write

WIDTH = 30


class Bar:
    """A line per stage on the error stream, rewritten while the stage goes on."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._stage not in ("", stage):
            sys.stderr.write("\n")
        self._stage = stage
        full = WIDTH * done // max(total, 1)
        seconds = time.monotonic() - self._started
        sys.stderr.write(f"\r{stage:<16} {'█' * full:<{WIDTH}} {done:>4}/{total:<4} {seconds:5.0f} s")
        sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, build, write; the exit status.

    Raises
    ------
    SpatialError
        The recipe cannot be read, or its outline cannot be divided so.
    """
    parser = argparse.ArgumentParser(prog="python -m spatial.tessellate", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    ground = build(read_recipe(given.recipe), Bar())
    sys.stderr.write("\n" + "\n".join(str(path) for path in write(ground, given.out)) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SpatialError as problem:
        sys.stderr.write(f"\n{problem}\n")
        sys.exit(2)

"""What starts the sides of a comparison: the peers installed for a run, each side in a process of its own.

Each side has imported and loaded all it needs before the clock starts. A first call is the first of a fresh process, a
peer's compilation among it; a warm call is any later one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.locate import ROOT
from tests.benchmarks.tiling.serving import UV


def install(folder: Path, packages: Sequence[str]) -> Path | None:
    """An interpreter with the peers, of these versions; None where they cannot be installed, and why."""
    python, uv = folder / "peer" / "bin" / "python", Path(sys.executable).with_name("uv")
    for step in (
        [uv, "venv", "--quiet", "--python", sys.executable, folder / "peer"],
        [uv, "pip", "install", "--quiet", "--python", python, *packages],
    ):
        done = subprocess.run(step, env={**os.environ, **UV}, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"the peers cannot be installed: {done.stderr.strip() or done.returncode}")
            return None
    return python


class Side:
    """A process that answers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.hear()

    def hear(self) -> str:
        """The next line that it says."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a side of the comparison has ended; what it said stands above")
        return line

    def ask(self, verb: str, answer: Path | None = None, **given: Any) -> dict[str, float]:
        """Seconds and MiB of a call; `answer` is the file that takes what it gave."""
        assert self._process.stdin
        asked = {"verb": verb, "given": given, "answer": answer and str(answer)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self.hear())


@contextmanager
def start(what: str, who: str, python: Path, file: Path) -> Iterator[Side]:
    """A fresh process of one side of `what`, a module here, ready to be asked."""
    command = [python, "-W", "ignore", "-m", f"tests.benchmarks.peering.{what}", who, file]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Side(process)
        assert process.stdin
        process.stdin.close()


def start_both(stack: ExitStack, what: str, peer: str, python: Path, file: Path) -> tuple[Side, Side]:
    """A fresh process of each side, ours and the peer's of that name."""
    ours = stack.enter_context(start(what, "ours", Path(sys.executable), file))
    return ours, stack.enter_context(start(what, peer, python, file))

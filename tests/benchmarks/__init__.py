"""Benchmarks: each runs its peers beside the project in the same run, checks the answer first, prints the ratios.

A benchmark is a module here with `main(argv) -> int`; the exit status is 1 where a bar is missed.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison.

    Parameters
    ----------
    work
        What was done.
    ours, peer
        The two figures, in `unit`; less is better.
    bar
        The peer's figure must be at least so many times ours; None where the line only informs.
    """

    work: str
    ours: float
    peer: float
    unit: str
    bar: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the peer's figure is ours."""
        return self.peer / self.ours if self.ours else float("inf")

    @property
    def passed(self) -> bool:
        """Whether the bar is reached."""
        return self.bar is None or self.ratio >= self.bar


def run(name: str, args: Sequence[str]) -> int:
    """Run a benchmark by its name."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    if name not in known:
        print(f"no benchmark {name!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    return int(importlib.import_module(f"tests.benchmarks.{name}").main(list(args)))


def report(title: str, lines: Sequence[Line]) -> int:
    """Print a table of comparisons; the answer is the exit status."""
    print(title)
    print(f"{'work':44} {'ours':>12} {'peer':>12} {'ratio':>8} {'bar':>6}  pass")
    for line in lines:
        bar = "" if line.bar is None else f"{line.bar:g}"
        verdict = "" if line.bar is None else "yes" if line.passed else "NO"
        ours, peer = (f"{value:.4g} {line.unit}" for value in (line.ours, line.peer))
        print(f"{line.work:44} {ours:>12} {peer:>12} {line.ratio:>8.2f} {bar:>6}  {verdict}")
    return int(not all(line.passed for line in lines))


def interleaved(ours: Callable[[], float], peer: Callable[[], float], repeat: int) -> tuple[float, float]:
    """The medians of two measures that are taken in turn, so that a busy moment of the machine meets both."""
    figures = [(ours(), peer()) for _ in range(repeat)]
    return statistics.median(a for a, _ in figures), statistics.median(b for _, b in figures)


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes, on the clock."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def reset_peak() -> float:
    """Begin to watch the peak of this process's memory anew; MiB in use now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return memory("VmRSS")


def memory(key: str) -> float:
    """A memory figure of this process, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))

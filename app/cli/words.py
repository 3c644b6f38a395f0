"""How the command line speaks: one line a step, in the person's language, and a bar for what takes long."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from tqdm import tqdm

from app.settings import settings
from app.web.faults import sentence
from app.web.i18n import translate
from spatial.errors import Fault

SHOWN = 20
"""Faults printed on the screen; `--errors` has them all."""


def words(message: str, /, **facts: Any) -> str:
    """A sentence of the catalogues."""
    return translate(settings().locale, message, **facts)


def say(message: str, /, **facts: Any) -> None:
    """Print a sentence."""
    click.echo(words(message, **facts))


def complain(message: str, /, **facts: Any) -> None:
    """Print a sentence about what went wrong, with the remedy, to the error channel."""
    click.secho(words(message, **facts), fg="red", err=True)


def explain(faults: Sequence[Fault], *, count: int | None = None, skipped: bool = False) -> None:
    """Print faults, the first ones of many."""
    total = len(faults) if count is None else count
    complain("cli.faults_skipped" if skipped else "cli.faults", count=total)
    for fault in faults[:SHOWN]:
        click.echo(f"  {sentence(settings().locale, fault)}", err=True)
    if total > SHOWN:
        complain("cli.more_faults", count=total - SHOWN)


class Steps:
    """Tells each step of a long start: what it does, how far it is, how long it took."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.shown = ""

    @contextmanager
    def step(self, message: str, /, **facts: Any) -> Iterator[Callable[[str], None]]:
        """One step; what it is given is called with how far it is."""
        title = words(message, **facts)
        begun = time.perf_counter()
        live = sys.stdout.isatty()
        last = [0.0]

        def progress(detail: str) -> None:
            now = time.perf_counter()
            if now - last[0] < (0.2 if live else 5.0):
                return
            last[0] = now
            click.echo(f"\r\033[K  {title} … {detail}" if live else f"  {title} … {detail}", nl=not live)

        if live:
            click.echo(f"  {title} …", nl=False)
        yield progress
        took = time.perf_counter() - begun
        click.echo(f"{chr(13) + chr(27) + '[K' if live else ''}✓ {title} ({took:.1f} s)")


@contextmanager
def bar(message: str = "cli.rows") -> Iterator[Callable[[int, int, int], None]]:
    """A bar with rate and time left; what it gives is called with rows done, bytes done, bytes in all.

    The time left follows the bytes where a file says how long it is, since nobody knows its rows before the end.
    """
    unit = words(message)
    began = time.perf_counter()
    with tqdm(unit=unit, unit_scale=True, leave=True, dynamic_ncols=True, mininterval=0.3) as drawn:

        def progress(rows: int, done: int, total: int) -> None:
            drawn.update(rows - drawn.n)
            if total and done:
                left = (time.perf_counter() - began) * (total - done) / done
                drawn.set_postfix_str(
                    words("cli.progress", percent=round(100 * done / total), seconds=round(left))
                )

        yield progress

"""`panlong import staff`, `import shifts`: rosters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from app.accounts.service.managing import CONSOLE
from app.cli.layers import _fields, tell
from app.cli.preparing import workspace_url
from app.db import transaction
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.staff import import_shifts, import_staff, log_import
from app.settings import settings
from spatial.readers import SourceOptions


def roster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that both rosters share: those of a layer, without what only places have."""
    shared = [
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--layer"),
        click.option("--encoding", default="auto", show_default=True),
        click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN"),
        click.option("--dry-run", is_flag=True),
        click.option("--skip-bad", is_flag=True),
        click.option("--errors", type=click.Path(dir_okay=False, path_type=Path)),
    ]
    for option in reversed(shared):
        command = option(command)
    return command


@click.command("staff")
@roster_options
def staff(
    file: Path,
    layer: str | None,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    """Put the people of FILE at work in their cells."""
    source = SourceOptions(layer=layer, encoding=encoding, fields=_fields(mapping))

    def read(connection: Connection, log: FaultLog) -> ImportReport:
        return import_staff(connection, file, skip_bad=skip_bad, dry_run=dry_run, log=log, source=source)

    _take_in("staff", file, errors, read, dry_run=dry_run)


@click.command("shifts")
@roster_options
def shifts(
    file: Path,
    layer: str | None,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    """Put the shifts of FILE on the duty roster."""
    source = SourceOptions(layer=layer, encoding=encoding, fields=_fields(mapping))

    def read(connection: Connection, log: FaultLog) -> ImportReport:
        return import_shifts(connection, file, skip_bad=skip_bad, dry_run=dry_run, log=log, source=source)

    _take_in("shifts", file, errors, read, dry_run=dry_run)


def _take_in(
    kind: str,
    file: Path,
    errors: Path | None,
    read: Callable[[Connection, FaultLog], ImportReport],
    *,
    dry_run: bool,
) -> None:
    with FaultLog(errors, settings().locale) as log, transaction(workspace_url()) as connection:
        report = read(connection, log)
        if not dry_run:
            log_import(connection, kind, file.name, report, by=CONSOLE)
    tell(report)

"""`panlong import ownership`, `import routes`, `export ownership`, `export routes`: who gets which cases, as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from app.accounts.service.managing import CONSOLE
from app.cli.layers import _fields, _told, source_options, tell
from app.cli.preparing import workspace_url
from app.cli.staff import roster_options
from app.db import transaction
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.routing import export_ownership, export_routes, import_ownership, import_routes
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.settings import settings
from spatial.readers import SourceOptions


@click.command("ownership")
@click.argument("file", type=click.Path(path_type=Path))
@source_options
def ownership(file: Path, crs: str, dry_run: bool, skip_bad: bool, errors: Path | None, **given: Any) -> None:
    """Take in the maintenance areas 管养区段 of FILE."""
    source = SourceOptions(given["layer"], crs, given["encoding"], _fields(given["mapping"]))

    def read(connection: Connection, log: FaultLog) -> ImportReport:
        return import_ownership(connection, file, skip_bad=skip_bad, dry_run=dry_run, log=log, source=source)

    _take_in("ownership", file, errors, read, dry_run=dry_run)


@click.command("routes")
@roster_options
def routes(file: Path, dry_run: bool, skip_bad: bool, errors: Path | None, **given: Any) -> None:
    """Take in the routing rules 派遣规则 of FILE."""
    source = SourceOptions(layer=given["layer"], encoding=given["encoding"], fields=_fields(given["mapping"]))

    def read(connection: Connection, log: FaultLog) -> ImportReport:
        return import_routes(connection, file, skip_bad=skip_bad, dry_run=dry_run, log=log, source=source)

    _take_in("routes", file, errors, read, dry_run=dry_run)


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
            facts = {"file": file.name[-120:], "rows": report.rows_read, "added": report.added,
                     "changed": report.changed}  # fmt: skip
            ledger.add(connection, Entry("routing.import", "done", None, CONSOLE.name, kind, facts=facts))
    tell(report)


@click.command("ownership")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def ownership_out(file: Path) -> None:
    """Write the maintenance areas 管养区段 and rulings 裁定 to FILE as GeoJSON."""
    _told("ownership", file, export_ownership(workspace_url(), file))


@click.command("routes")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def routes_out(file: Path) -> None:
    """Write the routing rules 派遣规则 to FILE as CSV."""
    _told("routes", file, export_routes(workspace_url(), file))

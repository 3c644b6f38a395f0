"""`panlong import reference`, `export reference`: tables of reference data."""

from __future__ import annotations

from pathlib import Path

import click

from app.accounts.service.managing import CONSOLE
from app.cases.rules.reference_tables import BY_NAME
from app.cli.layers import _fields, tell
from app.cli.preparing import workspace_url
from app.cli.words import say, words
from app.db import transaction
from app.interop.service.reference import export_reference, import_reference
from app.interop.service.report import FaultLog
from app.settings import settings
from spatial.readers import SourceOptions

TABLES = click.Choice(list(BY_NAME))
SHOWN = 40
"""Rows that are told one by one."""


@click.command("reference")
@click.argument("table", type=TABLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layer")
@click.option("--encoding", default="auto", show_default=True)
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN")
@click.option("--dry-run", is_flag=True)
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path))
def reference(
    table: str,
    file: Path,
    layer: str | None,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    errors: Path | None,
) -> None:
    """Add, change and end rows of a TABLE of reference data as FILE says."""
    source = SourceOptions(layer=layer, encoding=encoding, fields=_fields(mapping))
    with FaultLog(errors, settings().locale) as log, transaction(workspace_url()) as connection:
        found = import_reference(connection, table, file, dry_run=dry_run, log=log, source=source, by=CONSOLE)
    tell(found.report)
    for step in found.steps[:SHOWN]:
        row = step.new or step.old
        assert row is not None  # a step is about a row
        key = " ".join(part for part in found.table.key_of(row.values) if part)
        click.echo(f"  {words(f'reference.{step.fate.value}')}: {key}")
    if len(found.steps) > SHOWN:
        click.echo(f"  … {len(found.steps) - SHOWN}")


@click.command("reference")
@click.argument("table", type=TABLES)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def reference_out(table: str, file: Path) -> None:
    """Write a TABLE of reference data to FILE, as CSV."""
    with transaction(workspace_url()) as connection:
        content = export_reference(connection, table, by=CONSOLE)
    file.write_bytes(content)
    say("cli.exported", count=content.count(b"\r\n") - 1, file=file)

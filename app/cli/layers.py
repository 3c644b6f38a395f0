"""`panlong district`, `import`, `export`: a place's own layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from app.accounts.service.managing import CONSOLE
from app.cli.preparing import workspace_url
from app.cli.words import bar, explain, say, words
from app.db import transaction
from app.grid.rules import ALL_LEVELS, Level
from app.grid.service import create_district
from app.interop.service import (
    AreaImport,
    CaseImport,
    ImportReport,
    export_areas,
    export_cases,
    import_areas,
    import_cases,
)
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.settings import settings
from spatial.crs import parse_crs
from spatial.readers import SourceOptions

LEVELS = click.Choice([level.value for level in Level])


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that both imports share."""
    shared = [
        click.option("--layer"),
        click.option("--crs", default="auto", show_default=True),
        click.option("--encoding", default="auto", show_default=True),
        click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN"),
        click.option("--dry-run", is_flag=True),
        click.option("--skip-bad", is_flag=True),
        click.option("--errors", type=click.Path(dir_okay=False, path_type=Path)),
    ]
    for option in reversed(shared):
        command = option(command)
    return command


def _fields(mapping: Sequence[str], **named: str | None) -> dict[str, str]:
    fields = {name: column for name, column in named.items() if column}
    for pair in mapping:
        name, found, column = pair.partition("=")
        if not (found and name.strip() and column.strip()):
            raise click.BadParameter(pair, param_hint="--map")
        fields[name.strip()] = column.strip()
    return fields


def tell(report: ImportReport) -> None:
    """Print how an import ended."""
    say(
        "cli.imported_dry" if report.dry_run else "cli.imported",
        read=report.rows_read,
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        skipped=report.skipped,
    )
    for code, facts in report.notes:
        click.echo(f"  · {words(f'note.{code}', **facts)}")
    for repair in report.repairs:
        click.echo(f"  ~ {words(f'repair.{repair.kind}', **repair.facts())}")
    if report.fault_count:
        explain(report.faults, count=report.fault_count, skipped=True)


@click.group()
def district() -> None:
    """The district of this workspace."""


@district.command("create")
@click.option("--code", required=True)
@click.option("--name", required=True)
@click.option("--name-en")
@click.option("--timezone", required=True, metavar="Area/City")
@click.option("--metric-crs", default="auto", show_default=True)
@click.option("--levels", default=",".join(ALL_LEVELS), show_default=True)
def create(code: str, name: str, name_en: str | None, timezone: str, metric_crs: str, levels: str) -> None:
    """Make an empty district."""
    chosen = [level.strip() for level in levels.split(",")]
    unknown = [level for level in chosen if level not in list(Level)]
    if unknown:
        raise click.BadParameter(", ".join(unknown), param_hint="--levels")
    srid = None if metric_crs == "auto" else parse_crs(metric_crs).srid
    with transaction(workspace_url()) as connection:
        create_district(
            connection,
            code=code,
            name=name,
            name_en=name_en,
            timezone=timezone,
            metric_srid=srid,
            levels=[Level(level) for level in chosen],
        )
    say("cli.district_created", code=code, name=name)


@click.group("import")
def import_group() -> None:
    """Read a layer or a table from a file."""


@import_group.command("areas")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--level", type=LEVELS, required=True)
@click.option("--code")
@click.option("--name")
@click.option("--parent")
@click.option("--repair", is_flag=True)
@click.option("--allow-gaps", is_flag=True)
@source_options
def import_areas_command(
    file: Path,
    level: str,
    code: str | None,
    name: str | None,
    parent: str | None,
    repair: bool,
    allow_gaps: bool,
    layer: str | None,
    crs: str,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    """Make the areas of a level be those of FILE."""
    fields = _fields(mapping, code=code, name=name, parent_code=parent)
    source = SourceOptions(layer=layer, crs=crs, encoding=encoding, fields=fields)
    options = AreaImport(
        Level(level), source, repair=repair, allow_gaps=allow_gaps, skip_bad=skip_bad, dry_run=dry_run
    )
    tell(import_areas(workspace_url(), file, options, errors=errors, locale=settings().locale))


@import_group.command("cases")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code")
@click.option("--timezone", metavar="Area/City")
@source_options
def import_cases_command(
    file: Path,
    code: str | None,
    timezone: str | None,
    layer: str | None,
    crs: str,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    """Add the cases of FILE."""
    source = SourceOptions(
        layer=layer, crs=crs, encoding=encoding, fields=_fields(mapping, external_ref=code)
    )
    options = CaseImport(source, timezone=timezone, skip_bad=skip_bad, dry_run=dry_run)
    with bar() as progress:
        report = import_cases(
            workspace_url(), file, options, errors=errors, locale=settings().locale, progress=progress
        )
    tell(report)


@click.group("export")
def export_group() -> None:
    """Write a layer or a table to a file."""


@export_group.command("areas")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--level", type=LEVELS, default=Level.CELL.value, show_default=True)
def export_areas_command(file: Path, level: str) -> None:
    """Write the areas of a level to FILE."""
    count = export_areas(workspace_url(), file, Level(level))
    _told(level, file, count)


@export_group.command("cases")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_cases_command(file: Path) -> None:
    """Write every case to FILE."""
    with bar() as progress:
        count = export_cases(workspace_url(), file, progress)
    _told("cases", file, count)


def _told(what: str, file: Path, count: int) -> None:
    """Write in the access log that something left the platform, and say so."""
    with transaction(workspace_url()) as connection:
        facts = {"file": file.name, "rows": count}
        ledger.add(connection, Entry("export", "done", None, CONSOLE.name, what, facts=facts))
    say("cli.exported", count=count, file=file)

"""`panlong registry`: what comes in, the key under which personal numbers are sealed, what is kept no longer."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from app.accounts.service.managing import CONSOLE
from app.cli.layers import _fields, source_options, tell
from app.cli.preparing import workspace_url
from app.cli.words import Steps, bar, say
from app.db import transaction
from app.demo.service import SIZES, write_files
from app.demo.service.sheets import Sheets
from app.grid import store as grid
from app.grid.service import the_district
from app.interop.rules.relations import RELATION
from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.report import ImportReport
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.registry.rules.kinds import ElementKind
from app.registry.service import retention
from app.seals.service import rotating
from app.seals.service.ciphers import CIPHERS, USUAL
from app.settings import seal_keys_file, settings
from spatial.readers import SourceOptions


@click.group()
def registry() -> None:
    """Persons, places, objects, organisations: import, keys and retention."""


@registry.command("rotate-key")
@click.option("--cipher", type=click.Choice(sorted(CIPHERS)), default=USUAL, show_default=True)
def rotate_key(cipher: str) -> None:
    """Make a new key and seal every number anew under it; reading goes on meanwhile.

    The old key stays beside it until you take it away: a backup of the database needs the key of its time.
    """
    url = workspace_url()
    with Steps().step("cli.registry_sealing") as told:
        no = rotating.rotate(url, cipher, lambda done: told(str(done)))
    say("cli.registry_sealed", no=no, cipher=cipher, file=str(seal_keys_file(settings())))


@registry.command("retention")
@click.option("--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), help="as of this day; today by default")
@click.option("--dry-run", is_flag=True, help="only say what would be deleted")
def delete_over(on_day: datetime | None, dry_run: bool) -> None:
    """Delete what is kept of people longer than its last day, and everything that was remembered of it."""
    with transaction(workspace_url()) as connection:
        district = the_district(connection)
        today: date = grid.today(connection, district.id)
        day = min(on_day.date(), today) if on_day else today
        if dry_run:
            found = retention.due(connection, district.id, day)
        else:
            found = retention.delete(connection, district.id, day, by=CONSOLE)
    word = "cli.registry_would_delete" if dry_run else "cli.registry_deleted"
    say(word, persons=len(found.persons), needs=len(found.needs), day=str(day))


@registry.command("invent")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True)
def invent(folder: Path, size: str) -> None:
    """Write files of an invented registry into FOLDER, to try the importers with: nothing is registered.

    They lie in the workspace's simulated district, and are to be imported with --simulated in the order they are told.
    """
    with Steps().step("cli.registry_inventing"):
        rows = write_files(workspace_url(), folder, SIZES[size])
    for name, count in rows.items():
        say("cli.registry_invented", file=str(Sheets.path(folder, name)), count=count)


@registry.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice([*(kind.value for kind in ElementKind), RELATION]), required=True)
@click.option("--type", "type_", help="type of all elements whose row names none")
@click.option("--source", help="where the data come from; the file's name by default")
@click.option("--legal-basis", help="of persons whose row names none")
@click.option("--retain-until", metavar="YYYY-MM-DD", help="of persons whose row names none")
@click.option(
    "--decisions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="table of rows that may be known already; fill it in and run again",
)
@click.option("--simulated", is_flag=True, help="invented data, which say so wherever they are shown")
@source_options
def import_command(
    file: Path,
    kind: str,
    type_: str | None,
    source: str | None,
    legal_basis: str | None,
    retain_until: str | None,
    decisions: Path | None,
    simulated: bool,
    layer: str | None,
    crs: str,
    encoding: str,
    mapping: tuple[str, ...],
    dry_run: bool,
    skip_bad: bool,
    errors: Path | None,
) -> None:
    """Register the elements or relations of FILE; --errors takes a workbook with every faulty cell marked."""
    given = {"type": type_, "legal_basis": legal_basis, "retain_until_on": retain_until}
    options = ElementImport(
        kind,
        SourceOptions(layer=layer, crs=crs, encoding=encoding, fields=_fields(mapping)),
        origin=source,
        given={name: value for name, value in given.items() if value},
        skip_bad=skip_bad,
        dry_run=dry_run,
        simulated=simulated,
    )
    with bar() as progress:
        report = import_elements(
            workspace_url(),
            file,
            options,
            errors=errors,
            decisions=decisions,
            locale=settings().locale,
            progress=progress,
        )
    _note_import(kind, file, report)
    tell(report)


def _note_import(kind: str, file: Path, report: ImportReport) -> None:
    """Write in the access log that elements came in."""
    if not report.dry_run:
        facts = {
            "file": file.name,
            "rows": report.rows_read,
            "added": report.added,
            "changed": report.changed,
        }
        with transaction(workspace_url()) as connection:
            ledger.add(connection, Entry("registry.import", "done", None, CONSOLE.name, kind, facts=facts))

"""`panlong report`: makes reports without a browser, lists them, and says whether a file is one of them."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app.accounts import store as accounts
from app.cli.preparing import workspace_url
from app.cli.words import bar, say, words
from app.db import transaction
from app.errors import InvalidError, NotFoundError, UnavailableError
from app.grid.service import the_district
from app.reports.rules.kinds import KINDS
from app.reports.service import reprinting, shelving
from app.reports.service.asking import Wanted, definitions_of, plan
from app.reports.service.running import OPERATOR, carry_out
from app.reports.service.verifying import verify
from app.reports.store import runs
from app.settings import settings

MOST_LISTED = 100
UNKNOWN = 1
"""Exit status where a file is none of the platform's."""


class Reports(click.Group):
    """A group whose first word may be a kind of report, too: `panlong report quarterly` makes one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


@click.group("report", cls=Reports)
def report() -> None:
    """Reports with maps: `report KIND` makes one, `report verify FILE` says whether a file is one of ours."""


@report.command("make", hidden=True)
@click.argument("kind")
@click.option("--scope", default="", help="code of an area or unit, number of a case, id of a place")
@click.option(
    "--period", default="", help="2026Q3, 2026-09, 2026-W39, 2026-09-30; by default the last one that is over"
)
@click.option(
    "--format", "formats", default="", help="pdf, html, xlsx, docx, png, svg, gpkg, geojson, between commas"
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="folder for the files"
)
@click.option(
    "--as", "username", help="with the eyes of an account; by default with those of the whole district"
)
@click.option("--locale", type=click.Choice(["zh_CN", "en"]), default=None)
@click.option(
    "--known-at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="as of which instant; by default now"
)
@click.option("--url", "base_url", default="", help="where people reach the platform, for codes on paper")
def make(
    kind: str,
    scope: str,
    period: str,
    formats: str,
    out: Path,
    username: str | None,
    locale: str | None,
    known_at: datetime | None,
    base_url: str,
) -> None:
    """Make a report of KIND and put its files into a folder; `report kinds` says which there are."""
    url = workspace_url()
    names = tuple(name.strip().lower() for name in formats.split(",") if name.strip())
    wanted = Wanted(kind, scope, period, names, locale or settings().locale, known_at, base_url)
    with transaction(url) as connection:
        account_id = None if username is None else _account(connection, username)
        actor = OPERATOR if account_id is None else accounts.actor_of(connection, account_id)
    with transaction(url, actor=actor, read_only=True) as connection:
        planned = plan(connection, the_district(connection), wanted)
    with transaction(url) as connection:
        run_id = runs.add(connection, **planned, client_id=uuid.uuid4(), account_id=account_id, queued=True)
        runs.begin(connection, run_id)
        record = runs.one(connection, run_id)
    assert record is not None
    with _shown() as told:
        carry_out(url, record, told)
    with transaction(url, read_only=True) as connection:
        _deliver(connection, run_id, out)


def _account(connection: Any, username: str) -> int:
    found = accounts.find_account(connection, username)
    if found is None:
        raise NotFoundError("account_missing", username=username[:60])
    return int(found.id)


@contextmanager
def _shown() -> Iterator[Any]:
    """A bar for how far it is."""
    with bar("report.cli_percent") as progress:
        yield lambda part, doing: progress(round(part * 100), round(part * 100), 100)


def _deliver(connection: Any, run_id: int, out: Path) -> None:
    """Put the files of a run where they are wanted, and tell of them; or raise what went wrong."""
    run = runs.one(connection, run_id)
    assert run is not None
    if run["state"] != "done":
        problem = run["problem"] or {"code": "report_cancelled", "facts": {}}
        missing = problem["code"] in {"letters_missing", "font_missing", "files_unwritable", "s3_missing"}
        raise (UnavailableError if missing else InvalidError)(problem["code"], **problem["facts"])
    for one in runs.files(connection, run_id, run["edition"]):
        _put(out / one["name"], one["sha256"])
        click.echo(f"{out / one['name']}  {one['size_bytes']:,}  {one['sha256'].hex()}")
    if run["failed"]:
        say("report.cli_failed_sections", sections=", ".join(run["failed"]))
    say("report.cli_made", title=run["title"], id=run_id)


def _put(path: Path, sha256: bytes) -> None:
    """Copy a file from the shelf: it has its name when it is whole.

    Raises
    ------
    UnavailableError
        `files_unwritable`: names the path, and why.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            shelving.opened(sha256) as content,
            tempfile.NamedTemporaryFile(
                dir=path.parent, prefix=f".{path.name}-", suffix=".part", delete=False
            ) as target,
        ):
            part = Path(target.name)
            try:
                shutil.copyfileobj(content, target)
                target.flush()
                part.chmod(0o644)
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnavailableError("files_unwritable", path=str(error.filename or path), reason=reason) from error


@report.command("kinds")
def kinds() -> None:
    """Which reports there are: code, version, sections."""
    with transaction(workspace_url(), read_only=True) as connection:
        found = definitions_of(connection, the_district(connection).id)
    for one in found:
        called = one.called(settings().locale) or words(f"report.kind_{one.kind.value}")
        grain = KINDS[one.kind].grain
        click.echo(f"{one.code:<20} v{one.version}  {called}  {grain or '–'}  {', '.join(one.sections)}")


@report.command("list")
def listing() -> None:
    """Runs, the newest first."""
    with transaction(workspace_url(), read_only=True) as connection:
        district = the_district(connection)
        found = runs.page(connection, district.id, kind=None, before=None, limit=MOST_LISTED)
    for one in found:
        said = words(f"report.state_{one['state']}")
        click.echo(f"{one['id']:>6}  {one['asked_at']:%Y-%m-%d %H:%M}  {said}  {one['title']}")
    if not found:
        say("report.cli_none")


@report.command("outdated")
def outdated_signs() -> None:
    """Signs to print again: what they say is not so any more."""
    with transaction(workspace_url()) as connection:
        found = reprinting.outdated(connection)
    for one in found:
        click.echo(f"{one['id']:>6}  {one['scope']}  {one['title']}")
    if not found:
        say("report.cli_none_outdated")


@report.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is what the platform made, to the byte, and of which run."""
    with file.open("rb") as stream:
        sha256 = shelving.hash_of(stream)
    with transaction(workspace_url(), read_only=True) as connection:
        found = verify(connection, sha256)
    click.echo(sha256.hex())
    if not found:
        say("report.verify_no", name=file.name)
        raise SystemExit(UNKNOWN)
    for one in found:
        say("report.verify_yes", **one)

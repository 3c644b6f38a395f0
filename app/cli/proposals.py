"""`panlong grid proposals`, `propose`, `compare`, `apply`: proposals for the grid without a browser."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import click
from sqlalchemy import Connection

from app.accounts.service.managing import CONSOLE
from app.cli.comparing import tell_compared
from app.cli.grid import tell_redrawn
from app.cli.preparing import workspace_url
from app.cli.words import say, words
from app.db import transaction
from app.grid.service import the_district
from app.proposals import store
from app.proposals.rules import HOUSEHOLDS, Doing, State
from app.proposals.service import applying, drafting, working
from app.proposals.service.editing import edit
from app.proposals.service.telling import seen
from app.proposals.store import drawing

MOST_LISTED = 100
ALL = "all"
"""Said instead of a code: every community of the area."""


@click.command("proposals")
@click.option("--state", type=click.Choice([state.value for state in State]))
def proposals(state: str | None) -> None:
    """Proposals for the grid, the newest first."""
    with transaction(workspace_url(), read_only=True) as connection:
        district = the_district(connection)
        found = store.page(connection, district.id, state=state, before=None, limit=MOST_LISTED)
    for one in found:
        said = words(f"proposal.state_{one['state']}")
        click.echo(f"{one['id']:>6}  {one['effective_on']}  {said}  {one['area']}  {one['name']}")
    if not found:
        say("proposal.none")


@click.command("propose")
@click.argument("area")
@click.option("--name", required=True)
@click.option(
    "--on", "on_day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="the day on which it is to hold"
)
@click.option(
    "--balance",
    "communities",
    multiple=True,
    metavar="CODE",
    help=f"take balanced cells for a community, or for {ALL} of the area",
)
@click.option(
    "--households", type=(int, int), default=HOUSEHOLDS, show_default=True, help="least and most of a cell"
)
def propose(
    area: str, name: str, on_day: datetime, communities: tuple[str, ...], households: tuple[int, int]
) -> None:
    """Draw up a proposal for the cells of AREA; a draft, to be looked at on the map and proposed there."""
    url = workspace_url()
    with transaction(url) as connection:
        made = _begun(connection, area, name, on_day.date(), households)
        _worked(connection, made)
        for community in communities:
            _balanced(connection, made, area if community == ALL else community)
    with transaction(url, read_only=True) as connection:
        cells = [cell for cell in drawing.cells(connection, made) if not cell["same"]]
    say("proposal.drawn_up", id=made, count=len(cells))
    for cell in cells:
        click.echo(f"  + {words('proposal.cell_line', key=cell['key'], **cell['figures'])}")


def _begun(connection: Connection, area: str, name: str, on_day: date, bounds: tuple[int, int]) -> int:
    return drafting.begin(
        connection, the_district(connection), client_id=uuid.uuid4(), name=name, area=area, effective_on=on_day,
        note=None, bounds=bounds, by=CONSOLE,
    )  # fmt: skip


def _worked(connection: Connection, proposal_id: int) -> None:
    """Do at once what a worker would do, and raise what it would have written down."""
    working.do(connection, seen(connection, proposal_id))


def _balanced(connection: Connection, proposal_id: int, community: str) -> None:
    version = seen(connection, proposal_id)["version"]
    asked = {"community": community}
    drafting.ask(connection, proposal_id, version, Doing.BALANCE, asked, by=CONSOLE)
    _worked(connection, proposal_id)
    edit(connection, the_district(connection), proposal_id, version, "take", {}, by=CONSOLE)


@click.command("compare")
@click.argument("proposal_id", type=click.IntRange(1, 2**31 - 1), metavar="PROPOSAL")
def compare(proposal_id: int) -> None:
    """Hold PROPOSAL beside the cells of today: load, ways, who changes cell, last year's cases replayed on both."""
    with transaction(workspace_url()) as connection:
        version = seen(connection, proposal_id)["version"]
        drafting.ask(connection, proposal_id, version, Doing.COMPARE, {}, by=CONSOLE)
        _worked(connection, proposal_id)
        compared = seen(connection, proposal_id)
    tell_compared(compared)


@click.command("apply")
@click.argument("proposal_id", type=click.IntRange(1, 2**31 - 1), metavar="PROPOSAL")
@click.option("--dry-run", is_flag=True, help="only say what would become of everything")
def apply(proposal_id: int, dry_run: bool) -> None:
    """Let an approved PROPOSAL take effect whose day has come; the worker does so by itself at midnight."""
    with transaction(workspace_url()) as connection:
        report = applying.put_in_force(connection, proposal_id, by=CONSOLE, early=dry_run)
        if dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    tell_redrawn(report, dry_run=dry_run)

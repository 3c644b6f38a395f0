"""`panlong registry`: the key under which personal numbers are sealed, and what is kept no longer."""

from __future__ import annotations

from datetime import date, datetime

import click

from app.accounts.service.managing import CONSOLE
from app.cli.preparing import workspace_url
from app.cli.words import Steps, say
from app.db import transaction
from app.grid import store as grid
from app.grid.service import the_district
from app.registry.service import retention, rotating
from app.registry.service.ciphers import CIPHERS, USUAL
from app.settings import seal_keys_file, settings


@click.group()
def registry() -> None:
    """Persons, places, objects, organisations: keys and retention."""


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

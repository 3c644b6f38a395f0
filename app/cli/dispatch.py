"""`panlong dispatch explain`, `simulate`, `policy`: who gets a case and why, and what other rules would change."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection, Row

from app.cases.rules.replaying import LEAST
from app.cases.service.replaying import Replay, replay
from app.cases.service.routing import Place, Suggestion, suggest, suggest_for_case
from app.cases.service.wording import outcome, said
from app.cases.store import finding, routing
from app.cli.preparing import workspace_url
from app.cli.words import bar, say
from app.db import transaction
from app.errors import InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.service import the_district
from app.interop.service.routing.trials import read_staff, read_trial
from app.web.i18n import LOCALES

DAY = click.DateTime(["%Y-%m-%d"])
MOST_PAIRS = 12


@click.group()
def dispatch() -> None:
    """Who gets a case, and why."""


@dispatch.command("explain")
@click.argument("case", required=False)
@click.option("--category", metavar="C34")
@click.option("--lon", type=click.FloatRange(-180, 180))
@click.option("--lat", type=click.FloatRange(-90, 90))
def explain(case: str | None, category: str | None, lon: float | None, lat: float | None) -> None:
    """Say line by line why CASE (its number or id), or a category at a position, goes where it goes."""
    with transaction(workspace_url(), read_only=True) as connection:
        district = the_district(connection)
        if case is not None:
            number = finding.case_named(connection, district.id, case)
            found = None if number is None else suggest_for_case(connection, number)
            if found is None:
                raise NotFoundError("case_missing", id=case)
        elif category is None or lon is None or lat is None:
            raise InvalidError("explain_what")
        else:
            found = _at(connection, district, category, lon, lat)
    for number, line in enumerate(found.decision.lines, start=1):
        for locale in LOCALES:
            click.echo(f"{number if locale == LOCALES[0] else '':>3} {said(locale, line, found)}")
    for locale in LOCALES:
        click.secho(f"  → {outcome(locale, found)}", bold=True)


def _at(connection: Connection, district: Row[Any], category: str, lon: float, lat: float) -> Suggestion:
    place = finding.place_named(connection, district.id, category, lon, lat)
    if place is None:
        raise InvalidError("category_unknown", category=category)
    return suggest(
        connection,
        Place(district.id, place.category_id, place.area_no, place.loop, place.today, position=(lon, lat)),
    )


@dispatch.command("simulate")
@click.option("--from", "since", type=DAY, required=True)
@click.option("--to", "until", type=DAY, required=True)
@click.option("--rules", type=click.Path(path_type=Path))
@click.option("--staff", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("simulated-dispatch.csv"),
    show_default=True,
)
def simulate(since: datetime, until: datetime, rules: Path | None, staff: Path | None, out: Path) -> None:
    """Replay the cases reported from a day to a day, both included, under other rules or with other people."""
    if until < since:
        raise InvalidError("period_reversed", since=since.date(), until=until.date())
    with transaction(workspace_url(), read_only=True) as connection:
        district = the_district(connection)
        zone = ZoneInfo(district.timezone)
        begin, end = (
            datetime.combine(day.date(), time(), zone) for day in (since, until + timedelta(days=1))
        )
        tried = [] if rules is None else read_trial(connection, rules)
        people = {} if staff is None else read_staff(connection, staff)
        day = grid.today(connection, district.id)
        with bar() as progress:
            found = replay(
                connection, district, begin, end, day, out, tried=tried, staff=people, progress=progress
            )
    _tell(found, out)


def _tell(found: Replay, out: Path) -> None:
    say("dispatch.replayed", cases=found.cases, moved=found.moved, rules=found.by_rules, nobody=found.nobody)
    for (was, would), count in found.pairs.most_common(MOST_PAIRS):
        say("dispatch.pair", was=was or "–", would=would or "–", count=count)
    if len(found.pairs) > MOST_PAIRS:
        say("dispatch.more_pairs", count=len(found.pairs) - MOST_PAIRS)
    say(
        "dispatch.late",
        was=found.late_was,
        would=found.late_would,
        newly=found.newly_late,
        gone=found.no_longer_late,
    )
    loads = sorted(found.loads.items(), key=lambda item: (-abs(item[1].factor - 1), item[0]))
    for unit, load in loads[:MOST_PAIRS]:
        if load.factor != 1:
            say("dispatch.load", unit=unit, was=load.was, would=load.would, people_was=load.people_was,
                people_would=load.people_would, factor=f"{load.factor:.2f}")  # fmt: skip
    say("dispatch.assumed", least=LEAST, without_due=found.without_due, **{
        basis: found.bases[basis] for basis in ("own", "unit_category", "unit", "category", "unknown")
    })  # fmt: skip
    say("cli.exported", count=found.written, file=out)


@dispatch.command("policy")
@click.option("--automatic", type=click.Choice(["on", "off"]))
@click.option("--sample-share", type=click.FloatRange(0, 1))
@click.option("--ruling-radius-m", type=click.FloatRange(1, 200))
def policy(automatic: str | None, sample_share: float | None, ruling_radius_m: float | None) -> None:
    """Say, or set, whether officers' plain reports go out at once, which share is checked, how far a ruling reaches."""
    with transaction(workspace_url()) as connection:
        district = the_district(connection)
        if (automatic, sample_share, ruling_radius_m) != (None, None, None):
            routing.set_policy(
                connection,
                district.id,
                automatic=None if automatic is None else automatic == "on",
                sample_share=sample_share,
                ruling_radius_m=ruling_radius_m,
            )
        now = routing.policy(connection, district.id)
    say(
        "dispatch.policy_on" if now.automatic else "dispatch.policy_off",
        share=f"{now.sample_share:.1%}",
        radius=f"{now.ruling_radius_m:g}",
    )

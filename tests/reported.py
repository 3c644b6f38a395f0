"""Reports of a town: a context as the engine makes it, with the eyes of somebody, in a transaction that only reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.accounts import store as accounts
from app.db import transaction
from app.grid.service import the_district
from app.reports.rules.blocks import Facts, Figures
from app.reports.rules.document import Section
from app.reports.rules.kinds import ReportKind
from app.reports.rules.tabular import Table
from app.reports.service.context import Context
from app.reports.service.subjects import whole_district
from tests.casework import Casework

TODAY = (datetime.now(UTC) + timedelta(hours=8)).date()
"""Of Kunming."""


@contextmanager
def context(work: Casework, who: str, kind: ReportKind, subject: str = "", **other: Any) -> Iterator[Context]:
    """What the sections of a report are made from, of the days of this year, as known in a moment."""
    with transaction(work.url) as own:
        actor = accounts.actor_of(own, work.account(who))
    with transaction(work.url, actor=actor, read_only=True) as connection:
        district = the_district(connection)
        scope = whole_district(connection, district)
        given: dict[str, Any] = {
            "since_on": date(TODAY.year, 1, 1), "until_on": date(TODAY.year, 12, 31),
            "known_at": datetime.now(UTC) + timedelta(seconds=1), "locale": "zh_CN",
        }  # fmt: skip
        yield Context(
            connection, district.id, district.name, district.timezone, district.metric_srid, kind, scope, subject,
            simulated=False, base_url="https://town.example/", **{**given, **other},
        )  # fmt: skip


def blocks(sections: Sequence[Section]) -> dict[str, Any]:
    """Blocks by their section and code."""
    return {f"{section.code}/{block.code}": block for section in sections for block in section.blocks}


def facts(block: Facts) -> dict[str, Any]:
    """Values of a form by the codes of its lines."""
    return {fact.code: fact.value for fact in block.facts}


def figures(block: Figures) -> dict[str, Any]:
    """Values of figures by their codes."""
    return {figure.code: figure.value for figure in block.figures}


def rows(table: Table) -> list[dict[str, Any]]:
    """Rows of a table by the codes of its columns."""
    names = [column.code for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def words(sections: Sequence[Section]) -> str:
    """All that a report says, to look for what it must not say."""
    return repr([(one.title, one.blocks) for one in sections])

"""`panlong grid split`, `merge`: cells are drawn anew, with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Connection

from app.accounts.service.managing import CONSOLE
from app.cli.preparing import workspace_url
from app.cli.words import say, words
from app.db import transaction
from app.errors import InvalidError
from app.interop.service.holdings import Holding
from app.interop.service.pieces import pieces_along, pieces_drawn
from app.interop.service.redrawing import RedrawReport, merge_cells, split_cell
from app.staffing.rules.carrying import Held
from spatial.readers import SourceOptions

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def grid() -> None:
    """The cells in force."""


@grid.command("split")
@click.argument("cell")
@click.option("--line", type=FILE, help="a layer of lines along which the cell is cut")
@click.option("--parts", type=FILE, help="a layer of areas: the parts, with names and, if wanted, codes")
@click.option("--name", "names", multiple=True, help="with --line: one for each part, from north to south")
@click.option("--layer")
@click.option("--crs", default="auto", show_default=True)
@click.option("--dry-run", is_flag=True, help="only say what would become of everything")
def split(
    cell: str,
    line: Path | None,
    parts: Path | None,
    names: tuple[str, ...],
    layer: str | None,
    crs: str,
    dry_run: bool,
) -> None:
    """Split CELL from today on: its parts get codes that no cell ever had."""
    options = SourceOptions(layer=layer, crs=crs)
    if line is not None and parts is None:
        pieces = partial(pieces_along, line, options, names)
    elif parts is not None and line is None and not names:
        pieces = partial(pieces_drawn, parts, options)
    else:
        raise InvalidError("split_how")
    _draw(lambda connection: split_cell(connection, cell, pieces, by=CONSOLE), dry_run=dry_run)


@grid.command("merge")
@click.argument("cells", nargs=-1, required=True)
@click.option("--code", help="of the new cell; by default the next free one")
@click.option("--name", help="of the new cell; by default that of the one with the most households")
@click.option("--officer", metavar="CODE", help="who goes on as its full-time officer")
@click.option("--dry-run", is_flag=True, help="only say what would become of everything")
def merge(
    cells: tuple[str, ...], code: str | None, name: str | None, officer: str | None, dry_run: bool
) -> None:
    """Make one cell out of CELLS, neighbours of one community, from today on."""
    _draw(
        lambda connection: merge_cells(connection, cells, code=code, name=name, officer=officer, by=CONSOLE),
        dry_run=dry_run,
    )


def _draw(drawing: Callable[[Connection], RedrawReport], *, dry_run: bool) -> None:
    with transaction(workspace_url()) as connection:
        report = drawing(connection)
        if dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    tell_redrawn(report, dry_run=dry_run)


def tell_redrawn(report: RedrawReport, *, dry_run: bool) -> None:
    """Say what was drawn and what became of everything."""
    say("redraw.would" if dry_run else "redraw.done", edition=report.edition)
    for mark, cells in (("-", report.gone), ("+", report.made)):
        for cell in cells:
            click.echo(f"  {mark} {_cell(cell)}")
    for one, cell_code in report.staff:
        click.echo(f"  → {words('redraw.staff', cell=cell_code, **_person(one))}")
    for one, why in report.ended:
        click.secho(f"  × {words(f'redraw.ended_{why.value}', **_person(one))}", fg="yellow")
    if report.vacant:
        click.secho(f"  ! {words('redraw.vacant', codes=', '.join(report.vacant))}", fg="yellow")
    for note, facts in report.notes:
        click.echo(f"  · {words(f'redraw.{note}', **facts)}")


def _person(one: Held) -> dict[str, str]:
    return {"code": one.code, "name": one.name, "duty": words(f"board.duty_{one.duty}")}


def _cell(cell: Holding) -> str:
    known = {kind: cell.elements.get(kind, 0) for kind in ("person", "place", "object", "organisation")}
    return words(
        "redraw.cell",
        code=cell.code,
        name=cell.name,
        households="–" if cell.households is None else cell.households,
        hectares=f"{cell.area_m2 / 10_000:.1f}",
        open=cell.cases_open,
        over=cell.cases_over,
        **known,
    )

"""The command line of `./panlong`."""

from __future__ import annotations

import sys

import click
from psycopg import Error as PsycopgError
from sqlalchemy.exc import DBAPIError

from app.cli import (
    accounts,
    auditing,
    develop,
    dispatch,
    doctor,
    grid,
    layers,
    lifecycle,
    notebooks,
    proposals,
    reference,
    registry,
    reports,
    routing,
    staff,
)
from app.cli.words import complain, explain
from app.errors import AppError, UnavailableError
from app.settings import choose_workspace
from spatial.errors import LayerError, SpatialError

BAD_INPUT = 2
MISSING = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--workspace", metavar="NAME", help="区的名字 / which district's database to use")
def panlong(workspace: str | None) -> None:
    """盘龙一张图 · one map, one network for grid governance."""
    if workspace:
        choose_workspace(workspace)


for command in (
    lifecycle.run,
    lifecycle.stop,
    lifecycle.status,
    lifecycle.reset,
    lifecycle.setup,
    doctor.doctor,
    develop.test,
    develop.bench,
    develop.docs,
    develop.tessellate,
    develop.screenshot,
    notebooks.notebooks,
    layers.district,
    layers.import_group,
    layers.export_group,
    accounts.account,
    accounts.token,
    accounts.kiosk,
    auditing.audit,
    dispatch.dispatch,
    registry.registry,
    reports.report,
    grid.grid,
):
    panlong.add_command(command)
for command in (proposals.proposals, proposals.propose, proposals.compare, proposals.apply):
    grid.grid.add_command(command)
for command in (staff.staff, staff.shifts, routing.ownership, routing.routes, reference.reference):
    layers.import_group.add_command(command)
for command in (routing.ownership_out, routing.routes_out, reference.reference_out):
    layers.export_group.add_command(command)


def main() -> None:
    """Run a command; what a person can mend is told in their language, with an exit status that scripts can use."""
    arguments = _workspace_first(sys.argv[1:])
    try:
        panlong.main(args=arguments, prog_name="panlong", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except LayerError as error:
        explain(error.faults, count=error.count)
        sys.exit(BAD_INPUT)
    except SpatialError as error:
        complain(f"source.{error.code}", **error.facts)
        sys.exit(BAD_INPUT)
    except UnavailableError as error:
        complain(f"error.{error.code}", **error.facts)
        sys.exit(MISSING)
    except (DBAPIError, PsycopgError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        complain("error.database_lost", reason=reason)
        sys.exit(MISSING)
    except AppError as error:
        complain(f"error.{error.code}", **error.facts)
        sys.exit(BAD_INPUT)


def _workspace_first(arguments: list[str]) -> list[str]:
    """Let `--workspace NAME` stand anywhere in the line, since every command knows it."""
    for i, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--workspace":
            return [*arguments[i : i + 2], *arguments[:i], *arguments[i + 2 :]]
        if argument.startswith("--workspace="):
            return [argument, *arguments[:i], *arguments[i + 1 :]]
    return arguments

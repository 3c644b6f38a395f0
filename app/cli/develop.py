"""`panlong test`, `bench`, `tessellate`, `screenshot`: for those who work on the platform."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from app.errors import InvalidError
from app.settings import ROOT

FAST = "not db and not browser and not long and not network"
FULL = "not long"


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--fast", is_flag=True)
@click.option("--long", "everything", is_flag=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(fast: bool, everything: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests: --fast without database and browser, --long with those that take long too."""
    chosen = FAST if fast else "" if everything else FULL
    two = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *two, "-q"]
    command += ["-m", chosen] if chosen else []
    sys.exit(subprocess.run([*command, *arguments], cwd=ROOT, check=False).returncode)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(name: str, arguments: tuple[str, ...]) -> None:
    """Measure something against its peers, in one run; `bench x` says what there is."""
    known = sorted(path.stem for path in (ROOT / "tests/benchmarks").glob("[a-z]*.py"))
    if name not in known:
        raise InvalidError("bench_unknown", name=name, known=", ".join(known))
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", *arguments]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


@click.command()
def docs() -> None:
    """Write anew the documents that are made from the code."""
    from app.accounts.service.matrix import document
    from app.cases.rules import workflow
    from app.factory import create_app, routes
    from app.web import openapi

    app = create_app("postgresql+psycopg://")
    made = {
        "permissions.md": document(routes(app)),
        "workflow.md": workflow.document(),
        "openapi.json": openapi.written(app),
    }
    for name, content in made.items():
        path = ROOT / "docs" / name
        path.write_text(content, encoding="utf-8")
        click.echo(path.relative_to(ROOT))


@click.command()
@click.option("--recipe", type=click.Path(path_type=Path), default=ROOT / "data/panlong/recipe.json")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "data/panlong")
def tessellate(recipe: Path, out: Path) -> None:
    """Make the simulated district again, byte for byte, from its recipe."""
    from spatial.tessellate.__main__ import main

    sys.exit(main([str(recipe), "--out", str(out)]))


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "docs/images",
    show_default=True,
)
@click.argument("names", nargs=-1)
def screenshot(out: Path, names: tuple[str, ...]) -> None:
    """Draw every screen of the demo that runs, or those whose names begin with NAMES."""
    sys.path.insert(0, str(ROOT))
    from tests.browser.screenshot import shoot

    shoot(out, names)

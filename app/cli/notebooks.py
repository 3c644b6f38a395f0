"""`panlong notebooks`: the analyses run on this workspace's data, and their figures drawn for the documents."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import click
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server

import spatial as sp
from app.accounts.rules import Permission, Role
from app.accounts.service import managing
from app.cli.preparing import workspace_url
from app.cli.words import say
from app.db import transaction
from app.errors import NotFoundError
from app.factory import create_app

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SCOPES = (Permission.VIEW_MAP.value, Permission.READ_CASES.value, Permission.READ_REGISTRY.value)


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Nothing: who runs notebooks reads what they say."""


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """An application at an address of this machine, for as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def take(url: str, folder: Path) -> None:
    """Take a snapshot as one of the analysts of a database.

    Raises
    ------
    NotFoundError
        `analyst_missing`: nobody is an analyst there.
    """
    with transaction(url) as connection:
        found = connection.execute(
            text(
                "SELECT a.username FROM accounts a WHERE a.state = 'active'"
                " AND :role = ANY ((account_view(a.id)).roles) ORDER BY a.id LIMIT 1"
            ),
            {"role": Role.ANALYST.value},
        ).scalar()
        if found is None:
            raise NotFoundError("analyst_missing")
        token, _ = managing.create_token(connection, found, "notebooks", SCOPES, timedelta(hours=1))
    with served(create_app(url)) as address:
        sp.snapshot(sp.connect(address, token), folder)


def sources(notebook: Path) -> list[str]:
    """The code of a notebook, cell by cell."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(notebook: Path, folder: Path, names: dict[str, Any] | None = None) -> Iterator[Any]:
    """Run a notebook where a snapshot lies, as its reader would, cell by cell; the figures that it draws.

    Parameters
    ----------
    names
        Takes all that the notebook names.
    """
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    names = {} if names is None else names
    names["__name__"] = "__main__"
    for number, source in enumerate(sources(notebook)):
        with contextlib.chdir(folder):
            exec(compile(source, f"{notebook.name}[{number}]", "exec"), names)
        yield from map(plt.figure, plt.get_fignums())
        plt.close("all")


@click.command("notebooks")
@click.option("--out", type=click.Path(path_type=Path), help="Where the figures are put, as PNG.")
@click.option("--only", default="", help="Only notebooks whose name begins so.")
def notebooks(out: Path | None, only: str) -> None:
    """Run the notebooks on this workspace's data, and draw their figures."""
    with tempfile.TemporaryDirectory() as place:
        take(workspace_url(), Path(place) / "snapshot")
        for notebook in sorted(NOTEBOOKS.glob(f"{only}*.ipynb")):
            say("cli.notebook", name=notebook.stem)
            for number, figure in enumerate(run(notebook, Path(place)), 1):
                if out is not None:
                    out.mkdir(parents=True, exist_ok=True)
                    figure.savefig(out / f"{notebook.stem}-{number}.png", metadata={"Software": None})

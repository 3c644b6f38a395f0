"""Every notebook runs on the demo's data from a snapshot, cell by cell, and each of its figures says what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import spatial as sp
from app.cli.notebooks import NOTEBOOKS, run, take
from app.demo.service import staff
from app.postgres import Cluster
from tests.browser.conftest import SMALL, fill
from tests.cluster import clone

pytestmark = pytest.mark.db

SOME = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture(scope="module")
def folder(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a snapshot of the demo lies; once for all of them."""
    place = tmp_path_factory.mktemp("notebooks")
    with clone(cluster, SMALL, fill) as url:
        staff(url)
        take(url, place / "snapshot")
    yield place


@pytest.mark.parametrize("notebook", SOME, ids=lambda path: path.stem)
def test_it_runs_and_its_figures_are_signed(notebook: Path, folder: Path) -> None:
    count = 0
    for figure in run(notebook, folder):
        count += 1
        said = words(figure)
        assert "模拟数据" in said and "数据时间" in said
        for axes in figure.axes:
            if axes.get_label() != "<colorbar>":
                assert axes.get_title(loc="left"), "it has a title"
                assert axes.get_xlabel() or not axes.axison, "it has a unit"
        figure.canvas.draw()  # with warnings for errors: a letter that the font lacks is one
    assert count


def words(figure: Any) -> str:
    return " ".join(one.get_text() for one in figure.texts)


def test_the_platforms_share_is_made_of_the_log(folder: Path) -> None:
    """What notebook 06 says is asserted here: done again from the log, the counts are the platform's."""
    names: dict[str, Any] = {}
    for _ in run(next(path for path in SOME if path.name.startswith("06")), folder, names):
        pass
    told, own = names["told"], names["own"]
    assert told and own["handled"] > 0
    assert {name: own[name] for name in told} == told
    assert sp.connect(folder / "snapshot").district.simulated

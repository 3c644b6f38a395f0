"""Notebooks hold prose and code and nothing that a run left in them; they ask the library alone, for any district."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
IMPORTED = {"spatial", "numpy", "pandas", "geopandas", "shapely", "scipy", "matplotlib"}
OF_THE_DEMO = re.compile(r"盘龙|5301\d\d|昆明")


def cells(notebook: Path, kind: str) -> list[dict[str, object]]:
    return [one for one in json.loads(notebook.read_text("utf-8"))["cells"] if one["cell_type"] == kind]


def text(cell: dict[str, object]) -> str:
    return "".join(cell["source"])  # type: ignore[arg-type]


def test_they_are_numbered() -> None:
    assert [path.name[:3] for path in NOTEBOOKS] == [f"{n:02d}_" for n in range(1, len(NOTEBOOKS) + 1)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_of_a_run_is_kept(notebook: Path) -> None:
    whole = json.loads(notebook.read_text("utf-8"))
    assert set(whole["metadata"]) == {"kernelspec", "language_info"}
    for cell in cells(notebook, "code"):
        assert (cell["outputs"], cell["execution_count"], cell["metadata"]) == ([], None, {})


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_ask_the_library_alone(notebook: Path) -> None:
    found: set[str] = set()
    for cell in cells(notebook, "code"):
        for node in ast.walk(ast.parse(text(cell))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).split(".")[0])
        assert not OF_THE_DEMO.search(text(cell)), "it has to run for any district"
    assert "spatial" in found
    assert found <= IMPORTED


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_ask_and_answer(notebook: Path) -> None:
    """A question first, in both languages; an English line under every heading; an answer at the end."""
    prose = [text(cell) for cell in cells(notebook, "markdown")]
    assert re.match(r"# \d\d　.+？\n", prose[0])
    assert re.search(r"\*\*[A-Z][^*]+\?\*\*", prose[0])
    for section in prose[1:]:
        assert re.match(r"## .+\n", section)
        assert re.search(r"\*[A-Z][^*]+[.?]\*", section), section
    assert prose[-1].startswith("## 结论")

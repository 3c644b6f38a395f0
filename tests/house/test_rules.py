"""The house rules that no tool knows: where things may be, what they may be called, how long they may grow."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "base", "core"}

LONGEST = {"app": 500, "spatial": 500, "tests": 450, "migrations": 500}
"""Nothing is good at 500 lines; what is over the aims below is printed."""

AIMS = {"app": (80, 250), "spatial": (200, 400)}
"""Lines of a file: the median, and what nineteen of twenty keep to."""

ONLY_HERE = [
    (r"\bos\.environ\b", "app", {"app/settings.py"}),
    (r"^\s*(from|import) folium\b", "spatial", {"spatial/maps/saved.py", "spatial/maps/embedded.py"}),
    (r"\bTransformer\b", "spatial", {"spatial/crs.py"}),
    (r"^\s*(from|import) matplotlib\b", "spatial", {"spatial/figures.py"}),
    (r"^\s*(from|import) dask", "spatial", {"spatial/partitions/parts.py"}),
]


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, or all that are there where git is not."""
    command = ["git", "ls-files", "-co", "--exclude-standard", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]
    return [ROOT / name for name in names]


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize(("pattern", "folder", "rooms"), ONLY_HERE)
def test_has_one_room(pattern: str, folder: str, rooms: set[str]) -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in sources(folder)
        if re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found <= rooms


def test_browser_has_one_voice_and_one_map() -> None:
    scripts = (ROOT / "app/web/static/js").rglob("*.js")
    text = {
        str(path.relative_to(ROOT / "app/web/static/js")): path.read_text(encoding="utf-8")
        for path in scripts
    }
    assert {name for name, source in text.items() if re.search(r"\bfetch\(", source)} == {"api/client.js"}
    assert {name for name, source in text.items() if "vendor/maplibre-gl" in source} == {"map/map.js"}
    assert {name for name, source in text.items() if "vendor/cytoscape" in source} == {"ui/network/graph.js"}


def test_names_say_something() -> None:
    stems = {path.stem for folder in ("app", "spatial", "tests") for path in sources(folder)}
    assert not stems & FORBIDDEN


def test_every_module_says_what_it_is() -> None:
    silent = []
    for folder in ("app", "spatial", "migrations"):
        for path in sources(folder):
            text = path.read_text(encoding="utf-8")
            if text.strip() and not ast.get_docstring(ast.parse(text)):
                silent.append(str(path.relative_to(ROOT)))
    assert not silent


def test_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    over: list[str] = []
    for folder, most in LONGEST.items():
        lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(folder)}
        lengths = {path: n for path, n in lengths.items() if n}
        if folder in AIMS:
            median, rare = AIMS[folder]
            with capsys.disabled():
                print(
                    f"\n{folder}: median {statistics.median(lengths.values()):.0f} lines (aim {median})",
                    end="",
                )
                for path in sorted(path for path, n in lengths.items() if n > rare):
                    print(f"\n  over {rare}: {path.relative_to(ROOT)} {lengths[path]}", end="")
        over += [f"{path.relative_to(ROOT)} {n}" for path, n in lengths.items() if n > most]
    assert not over


def test_sql_and_templates_stay_readable() -> None:
    most = {"*.html": 160, "*.js": 260}
    over = [
        f"{path.relative_to(ROOT)} {lines}"
        for pattern, limit in most.items()
        for path in tracked(pattern)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > limit
    ]
    assert not over


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_functions_fit_a_screen() -> None:
    long = [
        f"{name} {lines}"
        for folder in ("app", "spatial")
        for path in sources(folder)
        for name, lines in _functions(path)
        if lines > 75
    ]
    assert not long


def test_repository_speaks_of_the_project_alone() -> None:
    """No path of a developer's machine, no registry's address, no secret."""
    pattern = re.compile(
        rb"/home/(?!newcomer|user)[a-z]+/|/Users/[a-z]+/|_authToken|BEGIN (RSA |EC )?PRIVATE KEY"
    )
    texts = [p for p in tracked() if p.suffix not in {".png", ".svg"} and p.name != Path(__file__).name]
    assert not [str(p.relative_to(ROOT)) for p in texts if pattern.search(p.read_bytes())]
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_locks_pin_every_package_by_its_hash() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        packages = re.findall(r"^([a-z0-9_.\[\]-]+)==", text, re.MULTILINE | re.IGNORECASE)
        assert packages, lock.name
        assert text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text

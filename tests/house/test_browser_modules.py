"""The browser's modules: types checked by the TypeScript compiler, pure ones tried by Node.js."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "var/tools/node_modules"
ENVIRONMENT = {**os.environ, "PATH": f"{os.environ['PATH']}:{ROOT / 'var/node/bin'}"}


def node(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node", path=ENVIRONMENT["PATH"])
    assert program is not None, "no Node.js: remove var/tools and run ./panlong test again"
    command = [program, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_types() -> None:
    done = node(TOOLS / "typescript/bin/tsc", "-p", "tests/js/tsconfig.json")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_pure_modules() -> None:
    files = sorted((ROOT / "tests/js").glob("*.test.mjs"))
    assert files
    done = node("--test", *files)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]

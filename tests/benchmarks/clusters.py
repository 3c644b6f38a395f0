"""Densities, rates, concentration and clusters, beside scipy, scikit-learn, esda, inequality and pointpats.

Answers are compared before anything is timed, in an environment of its own with the peers of the versions below, where
ours needs no more than they do (`tests.benchmarks.peering.clusters`); with --python it is taken from elsewhere.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.locate import ROOT
from tests.benchmarks.peering.sides import install

PEER = (
    "esda==2.9.0", "inequality==1.1.2", "libpysal==4.14.1", "numba==0.68.1", "pointpats==2.5.5",
    "scikit-learn==1.9.1",
)  # fmt: skip


def main(argv: list[str]) -> int:
    """Compare answers, then speed and memory."""
    parser = argparse.ArgumentParser(prog="bench clusters", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--fewer", type=int, default=5_000, help="what the slow peers are given")
    parser.add_argument("--python", type=Path, help="an interpreter that has the peers")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        python = options.python or install(Path(name), PEER)
        if python is None:
            return 1
        command = [python, "-m", "tests.benchmarks.peering.clusters", str(options.cases), str(options.fewer)]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

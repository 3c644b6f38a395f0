"""One side of a comparison, in a process of its own: `python -m tests.benchmarks.peering.… WHO FILE`.

It imports and loads what it needs, says so, and then answers one request a line: the verb, with what, and where the
answer goes. The peer's interpreter has no package of this project but this folder.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from tests.benchmarks import memory, reset_peak

Answer = dict[str, Any]
Verb = Callable[..., Answer | Callable[[], Answer]]
"""Where the answer has to be brought into the form that is compared, a function does so after the clock has stopped."""
Sides = Mapping[str, Callable[[Any], Mapping[str, Verb]]]


def serve(sides: Sides) -> None:
    """Be the side that the command line names, with the file that it names; what a library prints is lost."""
    who, file = sys.argv[1:]
    with os.fdopen(os.dup(1), "w") as said, Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        answer(sides[who](np.load(file, allow_pickle=True)), said)


def answer(verbs: Mapping[str, Verb], said: TextIO = sys.stdout) -> None:
    """Answer until there are no more requests: seconds and MiB of each call."""
    print("ready", file=said, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = reset_peak()
        begin = time.perf_counter()
        found = verbs[asked["verb"]](**asked["given"])
        elapsed = time.perf_counter() - begin
        mib = max(memory("VmHWM") - before, 0.1)
        if asked["answer"]:
            np.savez(asked["answer"], **(found() if callable(found) else found))
        print(json.dumps({"seconds": elapsed, "mib": mib}), file=said, flush=True)

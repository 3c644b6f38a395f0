"""One side of a comparison, in a process of its own: `python -m tests.benchmarks.peering.… WHO FILE`.

It imports and loads what it needs, says so, and then answers one request a line: the verb, with what, and where the
answer goes. The peer's interpreter has no package of this project but this folder.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks import memory, reset_peak

Answer = dict[str, Any]
Verb = Callable[..., Answer]


def answer(verbs: Mapping[str, Verb]) -> None:
    """Answer until there are no more requests: seconds and MiB of each call."""
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = reset_peak()
        begin = time.perf_counter()
        found = verbs[asked["verb"]](**asked["given"])
        elapsed = time.perf_counter() - begin
        mib = max(memory("VmHWM") - before, 0.1)
        if asked["answer"]:
            np.savez(asked["answer"], **found)
        print(json.dumps({"seconds": elapsed, "mib": mib}), flush=True)

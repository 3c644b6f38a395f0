"""One side of the comparison of siting: `python -m tests.benchmarks.peering.siting WHO FILE`."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from tests.benchmarks.peering.answering import Answer, Verb, answer


def ours(away: Any, people: Any, count: int, limit: float) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.siting import maximal_cover, p_median, set_cover

    def told(plan: Any) -> Answer:
        assert plan.proved
        return {"value": plan.value}

    return {
        "p_median": lambda: told(p_median(away, people, count)),
        "maximal_cover": lambda: told(maximal_cover(away <= limit, people, count)),
        "set_cover": lambda: told(set_cover(away <= limit)),
    }


def spopt(away: Any, people: Any, count: int, limit: float) -> dict[str, Verb]:
    """The peer's, with the solver that it brings."""
    import pulp
    from spopt.locate import LSCP, MCLP, PMedian

    def solved(made: Any) -> Any:
        return made.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective.value()

    return {
        "p_median": lambda: {"value": solved(PMedian.from_cost_matrix(away, people, count))},
        "maximal_cover": lambda: {"value": solved(MCLP.from_cost_matrix(away, people, limit, count))},
        "set_cover": lambda: {"value": solved(LSCP.from_cost_matrix(away, limit))},
    }


def main(who: str, file: str) -> None:
    """Answer until there are no more requests."""
    given = np.load(file)
    asked = given["away"], given["people"], int(given["count"]), float(given["limit"])
    answer({"ours": ours, "spopt": spopt}[who](*asked))


if __name__ == "__main__":
    main(*sys.argv[1:])

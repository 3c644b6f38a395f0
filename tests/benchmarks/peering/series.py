"""Sides of emerging hot spots, rates and concentration: ours, and esda, pymannkendall and inequality."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.peering.answering import Answer, Verb, serve


def ours(given: Any) -> dict[str, Verb]:
    """This project's verbs."""
    from spatial.concentration import gini, theil
    from spatial.hotspots import emerging
    from spatial.neighbours import from_pairs
    from spatial.rates import crude, smooth_globally, smooth_locally

    series, cases, people = given["series"], given["cases"], given["people"]
    binary = from_pairs(range(len(series)), given["pairs"].tolist())
    groups = given["group"].tolist()

    def found() -> Answer:
        answer = emerging(series, binary, against="near")
        return {"z": answer.z, "s": answer.trend.s, "p": answer.trend.p}

    def by_group() -> Answer:
        answer = theil(cases, groups)
        return {"total": answer.total, "between": answer.between}

    def limits() -> Answer:
        answer = crude(cases, people)
        return {"rate": answer.per_1000, "lower": answer.lower, "upper": answer.upper}

    return {
        "emerging": found,
        "crude": limits,
        "global": lambda: {"rate": smooth_globally(cases, people).per_1000 / 1000},
        "local": lambda: {"rate": smooth_locally(cases, people, binary.start, binary.cell).per_1000 / 1000},
        "gini": lambda: {"value": gini(cases)},
        "theil": by_group,
    }


def pysal(given: Any) -> dict[str, Verb]:
    """The peers'. A series of scores is tested as pymannkendall tests one: each by itself."""
    import pymannkendall
    from esda import G_Local
    from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes
    from inequality.gini import Gini
    from inequality.theil import Theil, TheilD
    from libpysal.weights import W
    from scipy.stats import chi2

    series, cases, people = given["series"], given["cases"], given["people"]
    near: dict[int, list[int]] = {row: [] for row in range(len(series))}
    for one, other in given["pairs"].tolist():
        near[one].append(other)
        near[other].append(one)
    weights = W(near, id_order=list(near))

    def found() -> Answer:
        scores = [
            G_Local(column, weights, transform="B", star=True, permutations=0).Zs for column in series.T
        ]
        z = np.column_stack(scores)
        tests = [pymannkendall.original_test(row) for row in z]
        return {"z": z, "s": [test.s for test in tests], "p": [test.p for test in tests]}

    def limits() -> Answer:
        low, high = chi2.ppf(0.025, 2 * cases) / 2, chi2.ppf(0.975, 2 * cases + 2) / 2
        return {"rate": 1000 * cases / people, "lower": 1000 * low / people, "upper": 1000 * high / people}

    def by_group() -> Answer:
        return {
            "total": Theil(cases.astype(float)).T,
            "between": TheilD(cases.astype(float), given["group"]).bg[0],
        }

    return {
        "emerging": found,
        "crude": limits,
        "global": lambda: {"rate": np.squeeze(Empirical_Bayes(cases, people).r)},
        "local": lambda: {"rate": np.squeeze(Spatial_Empirical_Bayes(cases, people, weights).r)},
        "gini": lambda: {"value": Gini(cases).g},
        "theil": by_group,
    }


if __name__ == "__main__":
    serve({"ours": ours, "peer": pysal})

"""On a cluster of two workers: bit by bit the answer of one process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from distributed import Client, LocalCluster
from pandas.testing import assert_frame_equal

from spatial.errors import DataError
from spatial.partitions import each, find_emerging, find_hot_spots, locate_cases, rate_cells, read, write
from tests.spatial.partitions.provinces import CODES, YEAR, province


@pytest.fixture(scope="module")
def layers():
    """Cases and cells in memory."""
    return province()


@pytest.fixture(scope="module")
def frames(layers, tmp_path_factory) -> Iterator[tuple[Any, Any, Client]]:
    """The same, read by two processes on this machine, which end with the module."""
    folder = tmp_path_factory.mktemp("province")
    for layer, name in zip(layers, ("cases", "cells"), strict=True):
        write(layer, folder / name)
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    with cluster, Client(cluster) as client:
        yield read(folder / "cases"), read(folder / "cells"), client


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        (locate_cases, {}),
        (rate_cells, {}),
        (find_hot_spots, {**YEAR, "permutations": 199, "seed": 5}),
        (find_emerging, YEAR),
    ],
)
def test_two_workers_answer_as_one_process_does(layers, frames, verb, asked):
    cases, cells, _ = frames
    frame = each(verb, cases, cells, **asked)
    assert frame.divisions == (*CODES, CODES[-1])
    answer, expected = frame.compute(), each(verb, *layers, **asked)
    assert_frame_equal(answer, expected, check_exact=True)
    assert_frame_equal(frame._meta, expected.iloc[:0])


def test_both_workers_worked(frames):
    cases, cells, client = frames
    found = client.persist(each(locate_cases, cases, cells))
    found.compute()
    assert len(client.scheduler_info()["workers"]) == 2
    assert all(client.has_what().values())


def test_what_a_worker_refuses_is_told_here_with_its_district(frames):
    cases, cells, _ = frames
    frame = each(find_hot_spots, cases, cells, since="2024-01-01", until="2024-12-31", level=0.05)
    broken = each(find_hot_spots, cases, cells, meta=frame._meta, **{**YEAR, "until": "2023-01-01"})
    with pytest.raises(DataError) as caught:
        broken.compute()
    assert caught.value.code == "not_a_period"
    assert caught.value.facts["district"] in CODES

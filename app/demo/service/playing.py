"""Blocks of simulated cases, played and written as COPY takes them: by two processes where there are two cores."""

from __future__ import annotations

import os
import pathlib
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import forkserver, get_context
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from app.cases.rules.deciding import MoveError
from app.cases.rules.folding import to_stand
from app.cases.rules.states import CaseState
from app.cases.rules.timing import Running
from app.cases.store.bulk import CaseRows, Standing
from app.demo.service.game import SALT, Game, NotYetError, Report
from app.demo.service.lines import Lines, compact
from app.demo.service.paths import Path
from app.demo.service.shares import LATE, LATE_BY, ON_TIME, ON_TIME_SIGMA
from app.demo.service.world import World

DRAWS, SALTS = 64, 24
"""Numbers and salts of a case: more than the longest path takes."""

PROCESSES = 2
UNHANDLED = frozenset({CaseState.DECLINED, CaseState.VOID, CaseState.MERGED})

AHEAD = 2
"""Blocks that wait for each process: memory does not grow with the number of cases."""


@dataclass(frozen=True, slots=True)
class Block:
    """Reports in their order, with their ids and the codes of their categories; `cases.rows` count on without a gap."""

    cases: CaseRows
    ids: NDArray[np.int64]
    categories: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Played:
    """What became of the cases of a block, and the text of their logs and of what lies beside it."""

    cases: CaseRows
    standing: Standing
    log: bytes
    beside: Mapping[str, bytes]


def play(world: World, block: Block, xid: int) -> Played:
    """Play a block.

    Notes
    -----
    About 0.6 ms a case, of which half is deciding and a quarter reading clocks.
    """
    now = int(world.now.timestamp())
    draws = _generator(world, 3, block, DRAWS).random((len(block.ids), DRAWS))
    salts = _generator(world, 4, block, SALTS * SALT // 8).bytes(len(block.ids) * SALTS * SALT)
    shares = _shares(draws[:, :3]).tolist()
    lines = Lines(int(world.remembered_from.timestamp()), xid)
    games = []
    twins: dict[str, Report] = {}
    for i, (report, category) in enumerate(_reports(block)):
        own = salts[i * SALTS * SALT : (i + 1) * SALTS * SALT]
        game = Game(
            report, now, Running(world.table), iter([own[k : k + SALT] for k in range(0, len(own), SALT)])
        )
        path = Path(world, game, iter(draws[i, 3:].tolist()), shares[i], twins.get(category), category)
        # Conditions and limits are edited: what the rules refuse then is not done, and the case stands where it is.
        with suppress(NotYetError, MoveError):
            path.walk()
        if game.case.state not in UNHANDLED:
            twins[category] = report
        lines.add(game)
        game.rows.clear()
        games.append(game)
    return Played(
        cases=replace(
            block.cases,
            states=np.array([game.case.state.value for game in games], dtype=object),
            due_at=_instants([game.due_at for game in games]),
            closed_at=_seconds([game.closed_at for game in games]),
        ),
        standing=_standing(games),
        log=lines.log,
        beside=lines.beside,
    )


def _standing(games: Sequence[Game]) -> Standing:
    def numbers(found: Iterable[int | None]) -> NDArray[np.int32]:
        return np.array([number or 0 for number in found], dtype=np.int32)

    cases = [game.case for game in games]
    units = [
        "{" + ",".join(map(str, sorted(case.co_units))) + "}" if case.co_units else None for case in cases
    ]
    return Standing(
        versions=numbers(case.version for case in cases),
        loops=np.array([case.loop.value for case in cases], dtype=object),
        stands=np.array([compact(to_stand(case)) for case in cases], dtype=object),
        unit_ids=numbers(case.unit for case in cases),
        handler_ids=numbers(case.crew for case in cases),
        co_units=np.array(units, dtype=object),
        condition_ids=numbers(game.condition_id for game in games),
        reporter_ids=numbers(case.reporter for case in cases),
        near_at=_instants([game.near_at() for game in games]),
    )


def _instants(values: Sequence[Any]) -> NDArray[np.datetime64]:
    return np.array(
        [None if at is None else at.replace(tzinfo=None) for at in values], dtype="datetime64[us]"
    )


def _seconds(values: Sequence[int | None]) -> NDArray[np.datetime64]:
    found = [None if at is None else np.datetime64(at, "s") for at in values]
    return np.array(found, dtype="datetime64[us]")


def _reports(block: Block) -> Iterator[tuple[Report, str]]:
    cases = block.cases
    columns = (
        block.ids, cases.refs, cases.category_ids, cases.sources, cases.area_nos,
        cases.reported_at.astype("datetime64[s]").astype(np.int64), cases.descriptions,
    )  # fmt: skip
    for category, *values in zip(block.categories, *(column.tolist() for column in columns), strict=True):
        yield Report(*values), category


def _shares(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of its limit that each case takes."""
    late, how, less = draws.T
    in_time = np.minimum(
        ON_TIME * np.exp(ON_TIME_SIGMA * ndtri(np.clip(how, 1e-9, 1 - 1e-9))), 0.995 - 0.2 * less
    )
    return np.where(late < LATE, 1.0 - LATE_BY * np.log(1.0 - how), in_time)


def _generator(world: World, purpose: int, block: Block, words: int) -> np.random.Generator:
    """Dice that fall for a case as they do whatever block it is in."""
    dice = np.random.PCG64(np.random.SeedSequence([world.seed, purpose]))
    dice.advance((int(block.cases.rows[0]) - 1) * words)
    return np.random.Generator(dice)


class Players:
    """Processes that play, as many as there are cores to use; they get ready while there is nothing to play yet.

    What they all need of the world comes to them once, in a file: it is larger than what they play.
    """

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if min(PROCESSES, os.cpu_count() or 1) > 1:
            context = get_context("forkserver")
            # The server that all are forked from: it imports what playing takes while nobody waits for it.
            context.set_forkserver_preload([__name__])
            forkserver.ensure_running()
            self._folder = TemporaryDirectory()
            self._pool = ProcessPoolExecutor(PROCESSES, context)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def each(self, world: World, blocks: Iterable[Block], xid: int) -> Iterator[tuple[Block, Played]]:
        """Play blocks, in their order."""
        if self._pool is None or self._folder is None:
            for block in blocks:
                yield block, play(world, block, xid)
            return
        known = pathlib.Path(self._folder.name) / "world"
        known.write_bytes(pickle.dumps(world))
        waiting: deque[tuple[Block, Future[Played]]] = deque()
        for block in blocks:
            waiting.append((block, self._pool.submit(_play_there, known, block, xid)))
            if len(waiting) >= PROCESSES * AHEAD:
                done, result = waiting.popleft()
                yield done, result.result()
        while waiting:
            done, result = waiting.popleft()
            yield done, result.result()


@lru_cache(1)
def _world(path: pathlib.Path) -> World:
    return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]


def _play_there(world: pathlib.Path, block: Block, xid: int) -> Played:
    return play(_world(world), block, xid)

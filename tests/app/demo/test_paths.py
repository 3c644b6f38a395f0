"""Paths of simulated cases: played by the real rules, with the shares that were meant, standing where they stand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from app.cases.rules import OPEN_STATES
from app.cases.rules.conditions import limit_of
from app.cases.rules.deciding import REOPENING
from app.cases.service import categories
from app.demo.service.cases import simulate_cases
from app.demo.service.playing import Played, Players, play
from app.demo.service.world import World
from tests.app.demo.conftest import NOW, UNTIL, block

COUNT = 3_000
ENDED = {"closed", "archived", "declined", "void", "merged"}
LOG = ("case", "version", "move", "source", "target", "loop", "unit", "area", "account", "post", "seats", "given",
       "facts", "at", "recorded", "xid", "previous", "hash")  # fmt: skip


def reports(cells: gpd.GeoDataFrame, count: int, chunk_rows: int = 100_000) -> list:
    batches = simulate_cases(
        cells,
        categories(),
        count=count,
        until=UNTIL,
        timezone="Asia/Shanghai",
        seed=20,
        chunk_rows=chunk_rows,
    )
    return [block(batch) for batch in batches]


@pytest.fixture(scope="module")
def played(cells: gpd.GeoDataFrame, world: World) -> Played:
    (whole,) = reports(cells, COUNT)
    return play(world, whole, 9)


@pytest.fixture(scope="module")
def log(played: Played) -> pd.DataFrame:
    rows = [line.split("\t") for line in played.log.decode().splitlines()]
    table = pd.DataFrame(rows, columns=LOG)
    table["at"] = pd.to_datetime(table["at"])
    for name in ("given", "facts"):
        table[name] = [json.loads(text.replace("\\\\", "\\")) for text in table[name]]
    return table


@pytest.fixture(scope="module")
def stands(played: Played) -> pd.DataFrame:
    cases = played.cases
    return pd.DataFrame(
        {
            "case": cases.rows + 1000, "state": cases.states, "reported_at": cases.reported_at,
            "due_at": cases.due_at, "closed_at": cases.closed_at, "version": played.standing.versions,
            "near_at": played.standing.near_at,
        }
    )  # fmt: skip


def test_most_are_closed_and_the_open_ones_are_in_the_open_states(stands: pd.DataFrame) -> None:
    shares = stands["state"].value_counts(normalize=True)
    assert shares["archived"] > 0.8 and shares["closed"] < 0.12
    standing = stands[stands["state"].isin(OPEN_STATES)]
    assert 0.005 < len(standing) / len(stands) < 0.05
    assert {"handling", "handled", "suspended"} <= set(standing["state"]) <= OPEN_STATES
    now = pd.Timestamp(NOW).tz_localize(None)
    running = standing[standing["state"] != "suspended"]
    assert running["reported_at"].median() > now - pd.Timedelta(days=10)
    assert 0.05 < (standing["state"] == "suspended").mean() < 0.5


def test_most_are_handled_in_time(log: pd.DataFrame) -> None:
    handled = log[log["move"] == "give_feedback"].groupby("case")["at"].last()
    closed = log[(log["move"] == "close") & log["case"].isin(handled.index)].groupby("case")["facts"].last()
    due = pd.Series(
        pd.to_datetime([facts["due_at"] for facts in closed], format="ISO8601"), index=closed.index
    )
    assert 0.9 < (handled.loc[due.index] <= due).mean() < 0.97


def test_some_open_cases_are_overdue(stands: pd.DataFrame) -> None:
    standing = stands[stands["state"].isin(OPEN_STATES - {"suspended"})]
    overdue = standing["due_at"] < pd.Timestamp(NOW).tz_localize(None)
    assert 0.01 < overdue.mean() < 0.25
    assert standing["due_at"].notna().all() and (standing["near_at"] <= standing["due_at"]).all()


def test_ends_and_times_follow_each_other(stands: pd.DataFrame, log: pd.DataFrame) -> None:
    ended = stands["closed_at"].notna()
    assert set(stands.loc[ended, "state"]) == ENDED
    assert set(stands.loc[~ended, "state"]) <= OPEN_STATES
    assert (stands.loc[ended, "closed_at"] > stands.loc[ended, "reported_at"]).all()
    assert log["at"].max() <= pd.Timestamp(NOW)
    assert (log.groupby("case")["at"].diff().dropna() > pd.Timedelta(0)).all()
    age = pd.Timestamp(NOW).tz_localize(None) - stands["closed_at"]
    assert (age[stands["state"] == "archived"] > REOPENING).all()
    assert (age[stands["state"] == "closed"] < REOPENING + timedelta(minutes=10)).all()


def test_versions_count_and_every_kind_of_way_is_there(stands: pd.DataFrame, log: pd.DataFrame) -> None:
    log = log.assign(case=log["case"].astype(int), version=log["version"].astype(int))
    last = log.groupby("case")["version"].max()
    assert (last.loc[stands["case"]].to_numpy() == stands["version"].to_numpy()).all()
    moves = Counter(log["move"])
    assert set(moves) >= {
        "report", "accept", "request_confirmation", "confirm_true", "confirm_false", "register", "decline", "void",
        "merge", "dispatch", "phone_order", "acknowledge", "assign_inside", "co_handle", "co_feedback", "control",
        "give_feedback", "send_back", "uphold_return", "refuse_return", "request_extension", "grant_extension",
        "refuse_extension", "request_suspension", "grant_suspension", "resume", "verify_pass", "verify_fail", "close",
        "reopen", "archive", "appeal", "reply_source", "call_back", "escalate", "delegate", "remind", "self_handle",
    }  # fmt: skip
    assert 0.02 < moves["send_back"] / COUNT < 0.06
    assert 0.03 < moves["verify_fail"] / COUNT < 0.06
    satisfied = [given["satisfied"] for given in log.loc[log["move"] == "call_back", "given"]]
    assert 0.8 < np.mean(satisfied) < 0.95
    assert set(log["loop"]) == {"community", "subdistrict", "district"}


def test_no_case_is_stuck(stands: pd.DataFrame, log: pd.DataFrame) -> None:
    """Whatever the rules had refused would stand where it was for ever."""
    last = log.groupby("case")["at"].last()
    age = pd.Timestamp(NOW) - last.loc[stands["case"].astype(str)].to_numpy()
    waiting = stands["state"].isin(OPEN_STATES).to_numpy() & (age > pd.Timedelta(days=400))
    assert not stands.loc[waiting].to_dict("records")


def test_who_checks_did_not_handle(log: pd.DataFrame) -> None:
    handled = log[log["move"].isin(["give_feedback", "self_handle"])].groupby("case")["account"].agg(set)
    checked = log[log["move"].isin(["verify_pass", "verify_fail", "close"])]
    assert not [row for row in checked.itertuples() if row.account in handled.get(row.case, set())]


def test_the_limit_of_a_season_replaces_the_other(log: pd.DataFrame) -> None:
    under = log[log["given"].map(lambda given: given.get("condition") == "C37")]
    rain = under["at"].dt.tz_convert("Asia/Shanghai").dt.month.between(5, 10)
    seasonal = {str(limit_of(facts, "limit").amount) for facts in under.loc[rain, "facts"]}
    usual = {str(limit_of(facts, "limit").amount) for facts in under.loc[~rain, "facts"]}
    assert len(under) > 10 and len(seasonal) == 1 and seasonal != usual


def test_no_word_is_in_the_log_and_old_ones_are_forgotten(
    played: Played, log: pd.DataFrame, world: World
) -> None:
    assert not [text for text in played.log.decode() if "\u4e00" <= text <= "\u9fff" and text != "演"]
    (remarks,) = (rows for table, rows in played.beside.items() if table.startswith("case_remarks"))
    kept = {line.split("\t")[0] for line in remarks.decode().splitlines()}
    last = log.groupby("case")[["at", "target"]].last()
    old = last[(last["at"] < pd.Timestamp(world.remembered_from)) & ~last["target"].isin(OPEN_STATES)]
    assert kept and not kept & set(old.index)


def test_a_case_is_the_same_in_any_block_and_any_process(cells: gpd.GeoDataFrame, world: World) -> None:
    (whole,) = reports(cells, 200)
    pieces = reports(cells, 200, 50)
    # A case that is merged goes into one of its own block, so its twin may be another.
    here = [line for line in play(world, whole, 9).log.splitlines() if b"into" not in line]
    with Players() as players:
        parts = [part for _, part in players.each(world, pieces, 9)]
    there = [line for part in parts for line in part.log.splitlines() if b"into" not in line]
    assert len(set(here) ^ set(there)) < 20 and len(here) > 1200

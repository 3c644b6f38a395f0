"""How simulated cases end, and what stands open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from app.cases.rules import OPEN_STATES
from app.cases.service import reference
from app.demo.service.office import DAY, HOUR

NOW = pd.Timestamp("2026-06-30 16:00")
ENDED = {"closed", "archived", "declined", "void", "merged"}


def test_most_are_closed_and_the_open_ones_are_in_every_open_state(cases: pd.DataFrame) -> None:
    shares = cases["state"].value_counts(normalize=True)
    assert shares["archived"] > 0.8 and shares["closed"] < 0.1
    standing = cases[cases["state"].isin(OPEN_STATES)]
    assert 0.005 < len(standing) / len(cases) < 0.03
    assert set(standing["state"]) == OPEN_STATES
    running = standing[standing["state"] != "suspended"]
    assert running["reported_at"].median() > NOW - pd.Timedelta(days=10)
    assert 0.1 < (standing["state"] == "suspended").mean() < 0.4


def test_some_open_cases_are_overdue(cases: pd.DataFrame) -> None:
    standing = cases[cases["state"].isin(OPEN_STATES)]
    overdue = (standing["due_at"] < NOW) & (standing["state"] != "suspended")
    assert 0.03 < overdue.mean() < 0.07


def test_most_are_closed_in_time(cases: pd.DataFrame) -> None:
    closed = cases[cases["state"].isin({"closed", "archived"})]
    assert 0.92 < (closed["closed_at"] <= closed["due_at"]).mean() < 0.96


def test_times_follow_each_other(cases: pd.DataFrame) -> None:
    assert (cases["due_at"] > cases["reported_at"]).all()
    ended = cases["closed_at"].notna()
    assert (cases.loc[ended, "closed_at"] > cases.loc[ended, "reported_at"]).all()
    assert (cases.loc[ended, "closed_at"] <= NOW).all()
    assert set(cases.loc[ended, "state"]) == ENDED
    assert set(cases.loc[~ended, "state"]) == OPEN_STATES


def test_archived_after_the_time_for_reopening(cases: pd.DataFrame) -> None:
    age = NOW - cases["closed_at"]
    assert (age[cases["state"] == "archived"] >= pd.Timedelta(days=15)).all()
    assert (age[cases["state"] == "closed"] < pd.Timedelta(days=15)).all()


def test_a_limit_in_working_time_ends_in_working_time(cases: pd.DataFrame) -> None:
    units = {
        row["category"]: row["limit_unit"] for row in reference("filing_conditions") if not row["season"]
    }
    unit = cases["category"].map(units)
    working = unit.isin({"working_hours", "working_days"}) & (cases["state"] == "declined")
    due = cases.loc[working, "due_at"] + pd.Timedelta(hours=8)
    second = due.dt.hour * HOUR + due.dt.minute * 60 + due.dt.second
    assert (due.dt.day_of_week < 5).all() and len(due) > 500
    assert (second.between(8 * HOUR, 12 * HOUR) | second.between(14 * HOUR, 18 * HOUR)).all()


def test_an_urgent_limit_runs_through_the_night(cases: pd.DataFrame) -> None:
    limits = {row["category"]: row for row in reference("filing_conditions")}
    urgent = cases[cases["category"].map(lambda code: limits[code]["limit_unit"] == "urgent_hours")]
    hours = urgent["category"].map(lambda code: int(limits[code]["limit"]))
    allowed = (urgent["due_at"] - urgent["reported_at"]).dt.total_seconds()
    np.testing.assert_array_equal(allowed, hours * HOUR)
    assert max(hours) * HOUR < DAY


def test_the_limit_of_a_season_replaces_the_other(cases: pd.DataFrame) -> None:
    grates = cases[(cases["category"] == "C37") & (cases["state"] == "archived")]
    allowed = grates["due_at"] - grates["reported_at"]
    rain = grates["local"].dt.month.between(5, 10)
    assert (allowed[rain] == pd.Timedelta(hours=4)).all() and rain.sum() > 100
    assert (allowed[~rain] > pd.Timedelta(hours=8)).all() and (~rain).sum() > 20

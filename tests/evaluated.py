"""The evaluation once more, by pandas and another way: who comes after whom, where the database counts turns.

Takes plain tables of the log, so that tests and benchmarks hold the database's figures against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from app.evaluation.rules import COUNTED, SECONDS

GIVING = ["dispatch", "phone_order", "adjudicate"]
HANDED_IN = ["give_feedback", "pass_inside"]
DONE = [*HANDED_IN, "self_handle"]
LOOKS = ["verify_pass", "verify_fail"]
ENDS = ["close", "force_close"]
OPEN = ["reported", "confirming", "registered", "dispatched", "handling", "suspended", "handled"]
TIMES = ["at", "recorded_at", "due_at", "ordered_at"]

RAW = """
SELECT case_id, version, move, source, target, seats, area_no, unit_id, post_id, account_id, at, recorded_at,
    facts ->> 'due_at' AS due_at, given ->> 'ordered_at' AS ordered_at, given ->> 'root' AS root,
    given ->> 'satisfied' AS satisfied FROM case_transitions ORDER BY case_id, version
"""


def read(connection: Connection) -> pd.DataFrame:
    """All rows of the log as a table: a column for each that matters, instants in UTC, NaN for nothing."""
    rows = connection.execute(text(RAW))
    moves = pd.DataFrame(rows.all(), columns=list(rows.keys()))
    for name in TIMES:
        moves[name] = pd.to_datetime(moves[name], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    for name in ("unit_id", "post_id", "account_id", "root"):
        moves[name] = pd.to_numeric(moves[name])
    return moves


def told(moves: pd.DataFrame, known_at: datetime) -> pd.DataFrame:
    """The log as known at an instant, without what was taken back, each row with what it came after and came to."""
    known = moves[moves["recorded_at"] <= known_at].sort_values(["case_id", "version"], kind="stable")
    undone = known.groupby("case_id", sort=False)["move"].shift(-1).eq("undo")
    t = known[~undone & known["move"].ne("undo")].reset_index(drop=True)
    case = t.groupby("case_id", sort=False)
    late_entry = t["recorded_at"] - t["at"] > pd.Timedelta(minutes=1)
    t["entered_at"] = t["recorded_at"].where(late_entry, t["at"])
    t["late"] = t["entered_at"] > case["due_at"].shift(1)
    t["whose_id"] = t["unit_id"].fillna(case["unit_id"].shift(1))
    t["extended"] = t["move"].eq("grant_extension").groupby(t["case_id"]).cumsum() > 0
    given = t["at"].where(t["move"].isin([*GIVING, "verify_fail"]))
    earlier = t["move"].isin(GIVING) & (t["ordered_at"] < t["at"])
    given = given.where(~earlier, t["ordered_at"])
    begun = given.groupby(t["case_id"]).cummax().groupby(t["case_id"]).ffill()
    t["seconds"] = (t["at"] - begun).dt.total_seconds().apply(np.floor)
    t["misdirected"] = _comes_to(t, GIVING, "uphold_return")
    t["groundless"] = _comes_to(t, ["send_back"], "refuse_return", also=[*GIVING, "uphold_return"])
    t["failed"] = _comes_to(t, DONE, "verify_fail")
    t["undone"] = _comes_to(t, ENDS, "reopen")
    upheld = _comes_to(t, ENDS, "uphold_appeal")
    next_end = upheld.astype(float).where(t["move"].isin(ENDS)).groupby(t["case_id"]).bfill()
    t["excused"] = t["move"].isin(HANDED_IN) & next_end.eq(1)
    done_late = (t["late"] & ~t["excused"] & t["move"].isin(HANDED_IN)).astype(float)
    t["was_late"] = done_late.where(t["move"].isin(DONE)).groupby(t["case_id"]).ffill().eq(1)
    watched = t[t["move"].isin([*DONE, *LOOKS])]
    after = watched.groupby("case_id")["move"].shift(1)
    t["first_look"] = False
    t.loc[watched.index, "first_look"] = watched["move"].isin(LOOKS) & ~after.isin(LOOKS)
    return t


def _comes_to(t: pd.DataFrame, first: list[str], then: str, also: Iterable[str] = ()) -> pd.Series:
    """Whether a move is answered by another one before it is made again, or something else ends it."""
    watched = t[t["move"].isin([*first, then, *also])]
    following = watched.groupby("case_id")["move"].shift(-1)
    found = pd.Series(False, index=t.index)
    found.loc[watched.index] = watched["move"].isin(first) & following.eq(then)
    return found


def counted(t: pd.DataFrame, since: datetime, until: datetime, known_at: datetime) -> pd.DataFrame:
    """A row for each thing that is counted in a period: name, case, version, where, whose, by whom, how long.

    Parameters
    ----------
    t
        What `told` gives for the same instant.
    """
    m = t[(t["at"] >= since) & (t["at"] < until)]
    move = m["move"]
    registers = move.isin(["register", "self_handle"]) | (move.eq("phone_order") & m["source"].eq("reported"))
    misfiled = set(
        t.loc[t["move"].eq("reclassify") | (t["move"].eq("void") & t["source"].eq("registered")), "case_id"]
    )
    filed = set(t.loc[t["move"].isin(["register", "self_handle", "phone_order"]), "case_id"])
    merging = t["move"].map({"merge": 1, "unmerge": -1}).fillna(0).groupby(t["case_id"]).sum()
    well = filed | set(merging[merging > 0].index)
    confirms, given = move.isin(["confirm_true", "confirm_false"]), move.isin(GIVING)
    handled, looks, ends = move.isin(HANDED_IN), m["first_look"], move.isin(ENDS)
    report, ends_late = (
        move.eq("report"),
        m["was_late"] | (move.eq("force_close") & m["source"].ne("handled") & m["late"]),
    )
    which = {
        "reported": report, "by_patrol": report & m["seats"].apply(lambda seats: "patrol" in seats),
        "well_founded": report & m["case_id"].isin(well), "confirmed": confirms,
        "confirmed_in_time": confirms & ~m["late"], "registered": registers,
        "registered_in_time": registers & ~m["late"],
        "registered_rightly": registers & ~m["case_id"].isin(misfiled), "declined": move.eq("decline"),
        "dispatched": given, "dispatched_in_time": given & ~(m["late"] & m["source"].eq("registered")),
        "dispatched_rightly": given & ~m["misdirected"], "returned": move.eq("send_back"),
        "returns_refused": move.eq("send_back") & m["groundless"], "handled": handled,
        "handled_in_time": handled & (~m["late"] | m["excused"]), "handled_late": handled & m["late"],
        "exempted": handled & m["late"] & m["excused"], "handled_extended": handled & m["extended"],
        "reworked": handled & m["failed"], "extensions": move.eq("grant_extension"),
        "suspensions": move.eq("grant_suspension"), "repeated": move.eq("link_root"), "checked": looks,
        "checked_in_time": looks & ~m["late"], "passed": looks & move.eq("verify_pass"), "closed": ends,
        "closed_in_time": ends & ~ends_late, "closed_late": ends & ends_late, "reopened": ends & m["undone"],
        "asked_satisfied": m["satisfied"].notna(), "satisfied": m["satisfied"].eq("true"),
    }  # fmt: skip
    rows = m.assign(unit_id=m["whose_id"], seconds=m["seconds"].where(handled))
    rows["unit_id"] = rows["unit_id"].fillna(_root_units(t, m))
    return pd.concat([_named(rows, which), _standing(t, until, known_at)], ignore_index=True)


COLUMNS = ["case_id", "version", "at", "area_no", "unit_id", "post_id", "account_id", "seconds"]


def _named(rows: pd.DataFrame, which: dict[str, pd.Series]) -> pd.DataFrame:
    parts = [rows.loc[holds, COLUMNS].assign(name=name) for name, holds in which.items()]
    return pd.concat(parts, ignore_index=True)


def _root_units(t: pd.DataFrame, m: pd.DataFrame) -> pd.Series:
    """Of what comes again, the unit that had the first of its kind last before."""
    ties = m[m["move"].eq("link_root") & m["whose_id"].isna()]
    found = {}
    for index, row in ties.iterrows():
        had = t[t["case_id"].eq(row["root"]) & t["unit_id"].notna() & (t["at"] < row["at"])]
        found[index] = had["unit_id"].iloc[-1] if len(had) else np.nan
    return pd.Series(found, index=ties.index, dtype=float).reindex(m.index)


def _standing(t: pd.DataFrame, until: datetime, known_at: datetime) -> pd.DataFrame:
    before = t[t["at"] < until]
    looked = before.loc[before["first_look"], ["case_id", "version"]].groupby("case_id")["version"].max()
    done = before.loc[before["move"].isin(DONE)].groupby("case_id")["version"].max()
    last = before.groupby("case_id").tail(1)
    last = last[last["target"].isin(OPEN)]
    late = last["due_at"] < min(pd.Timestamp(until), pd.Timestamp(known_at))
    seen = last["case_id"].map(looked).fillna(0) > last["case_id"].map(done).fillna(0)
    state, at_unit = last["target"], last["target"].isin(["dispatched", "handling"])
    rows = last.assign(post_id=np.nan, account_id=np.nan, seconds=np.nan)
    which = {
        "unfiled_late": state.eq("reported") & late, "unconfirmed_late": state.eq("confirming") & late,
        "undispatched_late": state.eq("registered") & late, "late_open": at_unit & late,
        "late_open_extended": at_unit & late & last["extended"], "suspended_open": state.eq("suspended"),
        "unchecked_late": state.eq("handled") & late & ~seen, "unclosed": state.eq("handled"),
    }  # fmt: skip
    return _named(rows, which)


def by_key(rows: pd.DataFrame, keys: pd.Series) -> dict[str, dict[str, int]]:
    """Counts by a key and a name, and the seconds of what was handled.

    Parameters
    ----------
    keys
        The key of each row of `rows`; NaN where it has none.
    """
    found: dict[str, dict[str, int]] = {}
    for (key, name), group in rows.groupby([keys, "name"]):
        counts = found.setdefault(str(key), {})
        counts[str(name)] = len(group)
        if name == "handled":
            counts["handling_seconds"] = int(group["seconds"].sum())
    return found


def keys_of(connection: Connection, rows: pd.DataFrame, of: str) -> pd.Series:
    """The key of each row, worked out from the plain tables: of an area that of its subdistrict."""

    def table(statement: str) -> list[Any]:
        return list(connection.execute(text(statement)))

    if of == "area":
        found = table("SELECT no, last_no, code FROM area_numbers WHERE level = 'subdistrict'")
        index = pd.IntervalIndex.from_tuples([(one.no, one.last_no) for one in found], closed="both")
        at = index.get_indexer(rows["area_no"])
        return pd.Series([found[n].code if n >= 0 else None for n in at], index=rows.index)
    statement, column = {
        "unit": ("SELECT id, code FROM units", "unit_id"),
        "post": ("SELECT id, CAST(id AS text) AS code FROM posts", "post_id"),
        "person": ("SELECT account_id AS id, code FROM staff_members WHERE account_id IS NOT NULL", "account_id"),
    }[of]  # fmt: skip
    return rows[column].map({one.id: one.code for one in table(statement)})


def complete(found: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """The same with every count, nought where nothing was counted."""
    nothing = dict.fromkeys((*COUNTED, SECONDS), 0)
    return {key: nothing | counts for key, counts in found.items()}

"""一页: what a leader has to know now, of all that they see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from app.cases.service.clock_faces import row_face
from app.evaluation import store as evaluation
from app.evaluation.rules import INDICATORS, Of
from app.grid import store as grid
from app.screens import store
from app.screens.rules.brief import DAYS, LEAST_CASES, trend, worst

Record = dict[str, Any]

MOST_DANGERS = 8
RATE_DAYS = 30
ON_TIME = next(one for one in INDICATORS if one.code == "on_time_handling_rate")


def brief(connection: Connection, district_id: int, zone: str, places: list[Record], now: datetime) -> Record:
    """What is dangerous, what waits, what is worst, and how the last days went.

    Parameters
    ----------
    places
        The parts of the territory with their counts.
    """
    dangers = store.dangers(connection, district_id, MOST_DANGERS)
    for row in dangers:
        row["face"] = row_face(row["state"], row["due_at"], row["near_at"], now)
    bad = worst(places)
    answers_for = store.answerable(connection, [place["id"] for place in bad])
    return {
        "dangers": dangers,
        "danger_of": dangers[0]["of"] if dangers else 0,
        "severe": dangers[0]["severe"] if dangers else 0,
        "undecided": store.undecided_counts(connection, district_id),
        "worst_places": [{**place, "desk": answers_for.get(place["id"])} for place in bad],
        "worst_units": worst(store.units(connection, district_id, now)),
        "least": LEAST_CASES,
        "rate": _on_time(connection, district_id, now),
        "trend": trend(store.days(connection, district_id, zone, grid.today(connection, district_id), DAYS)),
    }


def _on_time(connection: Connection, district_id: int, now: datetime) -> Record:
    """按期处置率 of the last thirty days, with what stands above and below its line."""
    question = evaluation.Question(
        district_id,
        Of.DISTRICT,
        now - timedelta(days=RATE_DAYS),
        now + timedelta(minutes=1),
        datetime.now(UTC),
    )
    rows = evaluation.counted(connection, question, limit=1)
    counts = rows[0].counts if rows else None
    above, below = (ON_TIME.above(counts), ON_TIME.below(counts)) if counts else (0, 0)
    return {"above": above, "below": below, "share": above / below if below else None}

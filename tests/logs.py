"""A case held against its log, past every wall."""

from __future__ import annotations

from sqlalchemy import text

from app.cases.rules.folding import LoggedMove, fold, from_stand
from app.db import transaction


def folded(url: str, case: int) -> None:
    """The row is what its log gives, and the chain holds."""
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT * FROM case_transitions WHERE case_id = :case ORDER BY version"), {"case": case}
        ).all()
        row = connection.execute(text("SELECT * FROM cases WHERE id = :case"), {"case": case}).one()
        broken = connection.execute(
            text(
                "SELECT count(*) FROM case_transitions t WHERE case_id = :case AND hash <> transition_hash(t)"
            ),
            {"case": case},
        ).scalar()
    log = [LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows]
    columns = {"state": row.state, "loop": row.loop, "version": row.version, "unit": row.unit_id}
    assert fold(log) == from_stand(columns, row.stand)
    assert [r.version for r in rows] == list(range(1, len(rows) + 1)) and broken == 0

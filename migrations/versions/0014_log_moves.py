"""The log of moves, append-only and chained, and the doors by which a case is moved."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0014_log_moves.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0014_down.sql").read_text("utf-8").replace("%", "%%"))

"""网格调整方案: how cells could be drawn anew, proposed by one, approved by another, in force on a day."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0045"
down_revision = "0044"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0045_propose_cells.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0045_down.sql").read_text("utf-8").replace("%", "%%"))

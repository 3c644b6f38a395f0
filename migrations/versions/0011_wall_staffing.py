"""Who may see and write what of staffing; the 1+1+1+N of those who are there."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0011_staffing_doors.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0011_down.sql").read_text("utf-8").replace("%", "%%"))

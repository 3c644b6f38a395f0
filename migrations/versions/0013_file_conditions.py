"""Filing conditions as data with a validity, and the numbers that cases are called by."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0013_filing_conditions.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0013_down.sql").read_text("utf-8").replace("%", "%%"))

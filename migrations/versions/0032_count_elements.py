"""How many elements of each kind somebody has in sight, counted within the wall of rows."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0032"
down_revision = "0030"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0032_count_elements.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0032_down.sql").read_text("utf-8").replace("%", "%%"))

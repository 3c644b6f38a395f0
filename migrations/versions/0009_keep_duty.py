"""Leave, stand-ins, the duty roster, whose desk it is at night, the signed hand-over."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0009_leave_and_duty.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0009_down.sql").read_text("utf-8").replace("%", "%%"))

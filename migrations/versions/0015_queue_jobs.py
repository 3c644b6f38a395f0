"""Jobs that run after the commit: timers, seals of the log."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0015"
down_revision = "0014"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    own = (SQL / "0015_queue_jobs.sql").read_text("utf-8")
    whole = own.replace("-- procrastinate --", SchemaManager.get_schema())
    op.get_bind().exec_driver_sql(whole.replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0015_down.sql").read_text("utf-8").replace("%", "%%"))

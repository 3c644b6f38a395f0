"""Resident groups and their leaders, councils with terms, security teams."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0010_neighbourhood.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0010_down.sql").read_text("utf-8").replace("%", "%%"))

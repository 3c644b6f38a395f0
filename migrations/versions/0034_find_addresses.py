"""Addresses that are found however they are written, and mappings of imports that are remembered."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0032"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0034_find_addresses.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0034_down.sql").read_text("utf-8").replace("%", "%%"))

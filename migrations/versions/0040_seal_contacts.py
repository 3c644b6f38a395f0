"""Telephones of people who report are sealed; those that are there already are sealed by the next start."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0040"
down_revision = "0039"

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0040_seal_contacts.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0040_down.sql").read_text("utf-8").replace("%", "%%"))

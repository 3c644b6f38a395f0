"""The registry at its full scale: counted by area, persons and codes found by an index; a grid adds up first."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"

SQL = Path(__file__).parents[1] / "sql"
PARTS = ("count_in_areas", "check_editions", "find_elements", "find_persons")


def upgrade() -> None:
    for part in PARTS:
        op.get_bind().exec_driver_sql((SQL / f"0037_{part}.sql").read_text("utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0037_down.sql").read_text("utf-8").replace("%", "%%"))

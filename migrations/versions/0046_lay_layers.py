"""Layers for analysts: views that row security walls in, for the interface and for logins of the database alike."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0046"
down_revision = "0045"

SQL = Path(__file__).parents[1] / "sql"


def _run(name: str) -> None:
    op.get_bind().exec_driver_sql((SQL / name).read_text("utf-8").replace("%", "%%"))


def upgrade() -> None:
    _run("0046_lay_layers.sql")
    _run("0046_count_people.sql")


def downgrade() -> None:
    _run("0046_down.sql")

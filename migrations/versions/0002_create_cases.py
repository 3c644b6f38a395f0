"""Cases, their categories, the imports they come from."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parents[1] / "sql" / "0002_cases.sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE cases, imports, case_categories;
        DROP FUNCTION place_case(), open_state(text), new_case_id(), new_case_block();
        DROP SEQUENCE case_id_seq, case_block_seq;
        """
    )

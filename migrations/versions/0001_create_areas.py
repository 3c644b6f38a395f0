"""Districts, their levels, the area tree, grid editions, the ground."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parents[1] / "sql" / "0001_areas.sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SQL.read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.execute(
        """
        DROP FUNCTION cell_at(integer, geometry), cells_below(integer), grid_edition_faults(integer);
        DROP FUNCTION areas_on(integer, date), district_today(integer);
        DROP TABLE data_versions, ground_features, area_borders, areas, grid_editions;
        DROP TABLE area_levels, districts;
        DROP FUNCTION check_district(), measure_area(), check_area_code(), check_edition(), keep_edition();
        """
    )

"""Migrations go up, down and up again, and leave what the mapped tables say."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app import db
from app.errors import UnavailableError

pytestmark = pytest.mark.db


def test_up_down_up(database: str) -> None:
    db.check(database)
    db.migrate(database, "base")
    with db.transaction(database) as connection:
        left = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        left += " AND tablename NOT IN ('spatial_ref_sys', 'alembic_version')"
        assert connection.execute(text(left)).scalar_one() == 0
        functions = (
            "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace LEFT JOIN pg_depend d"
        )
        functions += " ON d.objid = p.oid AND d.deptype = 'e' WHERE n.nspname = 'public' AND d.objid IS NULL"
        assert connection.execute(text(functions)).scalar_one() == 0
    db.migrate(database)
    db.check(database)


def test_a_newer_database_is_left_alone(database: str) -> None:
    with db.transaction(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnavailableError, match="database_newer"):
        db.migrate(database)

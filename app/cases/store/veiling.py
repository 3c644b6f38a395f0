"""限知 in bulk: what the trigger `cases_veil` does to one case, where no trigger is or none for a change."""

from __future__ import annotations

from app.cases.store.partitions import Run

RESTRICTED = "t.category_id = ANY (ARRAY(SELECT id FROM case_categories WHERE restricted))"

KEPT = """
VALUES ('kept_place', format('%s, %s', round(ST_X(t.geom)::numeric, 6),
        round(ST_Y(t.geom)::numeric, 6)), t.geom IS NOT NULL),
    ('kept_address', t.address, true), ('kept_description', t.description, true)
"""


def veil(run: Run, table: str, which: str = "true") -> None:
    """Put text and place of cases that are told in confidence with their remarks, and leave only the cell.

    Parameters
    ----------
    table, which
        Name of the table, and a condition on its rows `t`: text of ours.
    """
    told = f"SELECT EXISTS (SELECT FROM {table} t WHERE {RESTRICTED} AND {which})"
    if not run(told).scalar_one():
        return
    run(
        "INSERT INTO case_remarks (case_id, version, field, body, salt)"
        " SELECT t.id, greatest(t.version, 1), f.field, f.body, uuid_send(gen_random_uuid())"
        f" FROM {table} t CROSS JOIN LATERAL ({KEPT}) AS f (field, body, there)"
        f" WHERE {RESTRICTED} AND {which} AND f.there AND f.body IS NOT NULL ON CONFLICT DO NOTHING"
    )
    middle = "(SELECT ST_PointOnSurface(a.geom) FROM areas a WHERE a.id = t.cell_id)"
    run(
        f"UPDATE {table} t SET address = NULL, description = NULL, geom = {middle},"
        f" geom_3857 = ST_Transform({middle}, 3857) WHERE {RESTRICTED} AND {which}"
    )

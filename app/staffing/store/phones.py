"""Telephones of work: whose number is one, and what it is."""

from __future__ import annotations

from sqlalchemy import Connection, text

AT_WORK = (
    "(EXISTS (SELECT FROM post_holders h JOIN posts p ON p.id = h.post_id WHERE h.staff_id = s.id"
    "   AND p.role NOT IN ('reporter', 'group_leader')"
    "   AND daterange(h.from_on, h.until_on) @> district_today(s.district_id))"
    " OR EXISTS (SELECT FROM assignments x WHERE x.staff_id = s.id AND x.kind <> 'part_time'"
    "   AND daterange(x.from_on, x.until_on) @> district_today(s.district_id)))"
)
"""Condition on `staff_members s`: today they hold a post, or look after a cell other than part-time 兼职."""


def work_phone(connection: Connection, staff_id: int, *, on_duty: bool) -> dict[str, str] | None:
    """Name and work telephone of somebody; None where there is none. Who is on duty is at work, whoever they are."""
    found = connection.execute(
        text(
            "SELECT s.name, s.phone FROM staff_members s"
            f" WHERE s.id = :id AND s.phone IS NOT NULL AND (:on_duty OR {AT_WORK})"
        ),
        {"id": staff_id, "on_duty": on_duty},
    ).one_or_none()
    return None if found is None else dict(found._mapping)

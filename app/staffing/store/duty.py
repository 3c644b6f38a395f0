"""Reads and writes the duty roster, who is on duty, desks taken over, and hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, text

from app.staffing.tables import DutySpell, Handover, Shift, Takeover

Record = dict[str, Any]


def add_shifts(
    connection: Connection,
    unit_id: int,
    rows: Sequence[tuple[int, datetime, datetime, bool]],
    *,
    simulated: bool = False,
) -> None:
    """Plan people to be on duty at a unit.

    Parameters
    ----------
    rows
        Staff member, beginning, end, whether they lead.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `shifts_once`: somebody would be in two places at a time; `shifts_length`: longer than 36 hours.
    """
    names = ("staff_id", "starts_at", "ends_at", "leads")
    values = [
        {"unit_id": unit_id, "simulated": simulated, **dict(zip(names, row, strict=True))} for row in rows
    ]
    if values:
        connection.execute(insert(Shift), values)


def remove_shift(connection: Connection, shift_id: int) -> bool:
    """Take a shift that has not ended off the roster; whether there was such a one."""
    gone = connection.execute(text("DELETE FROM shifts WHERE id = :id AND ends_at > now()"), {"id": shift_id})
    return bool(gone.rowcount)


def shifts(connection: Connection, unit_id: int, since: datetime, until: datetime) -> list[Record]:
    """The roster of a unit between two instants, the earliest first; at most 500 rows."""
    rows = connection.execute(
        text(
            "SELECT h.id, h.starts_at, h.ends_at, h.leads, h.simulated, s.code, s.name,"
            " EXISTS (SELECT FROM leaves l JOIN districts d ON d.id = s.district_id WHERE l.staff_id = s.id"
            "   AND daterange(l.from_on, l.until_on) @> (h.starts_at AT TIME ZONE d.timezone)::date) AS away"
            " FROM shifts h JOIN staff_members s ON s.id = h.staff_id"
            " WHERE h.unit_id = :unit AND h.starts_at < :until AND h.ends_at > :since"
            " ORDER BY h.starts_at, h.leads DESC, s.code LIMIT 500"
        ),
        {"unit": unit_id, "since": since, "until": until},
    )
    return [dict(row._mapping) for row in rows]


def begin_spell(connection: Connection, staff_id: int, unit_id: int) -> int:
    """上岗: begin a spell of duty now, ending one that was forgotten; its id. What is older than 92 days is deleted."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('duty_spells'), :staff)"), {"staff": staff_id}
    )
    end_spell(connection, staff_id)
    connection.execute(text("SELECT forget_spells(:staff)"), {"staff": staff_id})
    values = {"staff_id": staff_id, "unit_id": unit_id}
    return int(connection.execute(insert(DutySpell).values(**values).returning(DutySpell.id)).scalar_one())


def end_spell(connection: Connection, staff_id: int) -> bool:
    """下岗: end somebody's spell of duty now; whether they were on duty."""
    done = connection.execute(
        text("UPDATE duty_spells SET ended_at = now() WHERE staff_id = :staff AND ended_at IS NULL"),
        {"staff": staff_id},
    )
    return bool(done.rowcount)


def spell_of(connection: Connection, staff_id: int) -> Record | None:
    """The spell of duty that somebody is in."""
    found = connection.execute(
        text(
            "SELECT d.id, d.unit_id, d.began_at, u.name, u.name_en FROM duty_spells d"
            " JOIN units u ON u.id = d.unit_id"
            " WHERE d.staff_id = :staff AND d.ended_at IS NULL"
        ),
        {"staff": staff_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def on_duty(connection: Connection, unit_id: int) -> list[Record]:
    """Who is on duty at a unit now, the longest there first; at most 200."""
    rows = connection.execute(
        text(
            "SELECT s.code, s.name, s.simulated, d.began_at FROM duty_spells d"
            " JOIN staff_members s ON s.id = d.staff_id WHERE d.unit_id = :unit AND d.ended_at IS NULL"
            " ORDER BY d.began_at, s.code LIMIT 200"
        ),
        {"unit": unit_id},
    )
    return [dict(row._mapping) for row in rows]


def me_at_work(connection: Connection, account_id: int) -> Record | None:
    """The staff member of an account."""
    found = connection.execute(
        text("SELECT id, code, name, district_id FROM staff_members WHERE account_id = :account"),
        {"account": account_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def desks_of(connection: Connection, staff_id: int) -> list[Record]:
    """The units in which somebody holds a post today: where they can go on duty."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT u.id, u.code, u.name, u.name_en, u.kind FROM post_holders h"
            " JOIN posts p ON p.id = h.post_id JOIN units u ON u.id = p.unit_id"
            " JOIN staff_members s ON s.id = h.staff_id"
            " WHERE h.staff_id = :staff AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)"
            " ORDER BY u.code"
        ),
        {"staff": staff_id},
    )
    return [dict(row._mapping) for row in rows]


def desks(connection: Connection, at: datetime) -> list[Record]:
    """The desks of the loops that the reader may see: their hours, who serves them at an instant, who is there."""
    rows = connection.execute(
        text(
            "SELECT u.id, u.code, u.name, u.name_en, u.kind, u.opens_at, u.closes_at, x.id AS served_by_id,"
            " x.name AS served_by, x.id <> u.id AS elsewhere, t.id AS takeover_id, t.reason, t.began_at AS taken_at,"
            " (SELECT count(*) FROM duty_spells d WHERE d.unit_id = u.id AND d.ended_at IS NULL) AS there,"
            " (SELECT coalesce(string_agg(s.name, '、' ORDER BY h.leads DESC, s.code), '') FROM shifts h"
            "   JOIN staff_members s ON s.id = h.staff_id WHERE h.unit_id = u.id"
            "   AND h.starts_at <= :at AND h.ends_at > :at) AS planned"
            " FROM units u LEFT JOIN units x ON x.id = desk_at(u.id, :at)"
            " LEFT JOIN takeovers t ON t.unit_id = u.id"
            "   AND tstzrange(t.began_at, t.ended_at) @> CAST(:at AS timestamptz)"
            " WHERE u.kind IN ('command', 'sub_centre') AND unit_in_sight(u.id)"
            " ORDER BY u.kind <> 'command', u.code LIMIT 200"
        ),
        {"at": at},
    )
    return [dict(row._mapping) for row in rows]


def served_from(connection: Connection, unit_id: int, at: datetime) -> list[Record]:
    """The other desks whose queues a unit serves at an instant."""
    rows = connection.execute(
        text(
            "SELECT u.id, u.code, u.name FROM units u WHERE u.kind IN ('command', 'sub_centre') AND u.id <> :unit"
            " AND desk_at(u.id, :at) = :unit ORDER BY u.code LIMIT 200"
        ),
        {"unit": unit_id, "at": at},
    )
    return [dict(row._mapping) for row in rows]


def take_over(
    connection: Connection, unit_id: int, by_unit_id: int, reason: str, account_id: int | None
) -> int:
    """Let a desk be served by another from now on; the id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `takeovers_once`: somebody serves it already.
    """
    values = {"unit_id": unit_id, "by_unit_id": by_unit_id, "reason": reason, "began_by": account_id}
    return int(connection.execute(insert(Takeover).values(**values).returning(Takeover.id)).scalar_one())


def give_back(connection: Connection, unit_id: int, account_id: int | None) -> bool:
    """Give a desk back to those whose it is; whether it was taken over."""
    done = connection.execute(
        text(
            "UPDATE takeovers SET ended_at = now(), ended_by = :account WHERE unit_id = :unit AND ended_at IS NULL"
        ),
        {"unit": unit_id, "account": account_id},
    )
    return bool(done.rowcount)


HANDOVERS = (
    "SELECT h.id, h.unit_id, h.to_unit_id, u.name AS unit, x.name AS to_unit, h.happened, h.dangerous, h.promised,"
    " h.facts, h.given_by, h.given_name, h.given_at, h.content_hash, h.taken_by, h.taken_name, h.taken_at, h.remark"
    " FROM handovers h JOIN units u ON u.id = h.unit_id JOIN units x ON x.id = h.to_unit_id"
)


def add_handover(connection: Connection, **values: Any) -> int:
    """Write a signed hand-over; its id."""
    return int(connection.execute(insert(Handover).values(**values).returning(Handover.id)).scalar_one())


def take_handover(connection: Connection, handover_id: int, **values: Any) -> bool:
    """Countersign a hand-over; whether it still waited for that."""
    done = connection.execute(
        text(
            "UPDATE handovers SET taken_by = :taken_by, taken_name = :taken_name, taken_at = :taken_at,"
            " remark = :remark"
            " WHERE id = :id AND taken_by IS NULL"
        ),
        {"id": handover_id, **values},
    )
    return bool(done.rowcount)


def handovers(connection: Connection, unit_id: int | None, before: int | None, limit: int) -> list[Record]:
    """Hand-overs from or to a unit, the newest first."""
    rows = connection.execute(
        text(
            HANDOVERS + " WHERE (CAST(:unit AS int) IS NULL OR :unit IN (h.unit_id, h.to_unit_id))"
            " AND (CAST(:before AS int) IS NULL OR h.id < :before) ORDER BY h.id DESC LIMIT :limit"
        ),
        {"unit": unit_id, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def handover(connection: Connection, handover_id: int) -> Record | None:
    """One hand-over, where the reader may see it."""
    found = connection.execute(text(HANDOVERS + " WHERE h.id = :id"), {"id": handover_id}).one_or_none()
    return None if found is None else dict(found._mapping)


def last_given_at(connection: Connection, unit_id: int) -> datetime | None:
    """When a unit was last handed over."""
    return connection.execute(
        text("SELECT max(given_at) FROM handovers WHERE unit_id = :unit"), {"unit": unit_id}
    ).scalar()


def queue(connection: Connection, unit_id: int, at: datetime) -> Record:
    """How many cases of a desk's area are open, overdue, nearly due and suspended, as far as the reader sees them."""
    found = connection.execute(
        text(
            "SELECT count(*) AS open, count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at < :at) AS overdue,"
            " count(*) FILTER (WHERE c.state <> 'suspended' AND c.due_at >= :at"
            "   AND near_from(c.near_at, c.due_at) <= CAST(:at AS timestamptz)) AS near,"
            " count(*) FILTER (WHERE c.state = 'suspended') AS suspended"
            " FROM units u JOIN area_numbers n ON n.no = u.area_no"
            " JOIN cases c ON c.area_no BETWEEN n.no AND n.last_no AND open_state(c.state) WHERE u.id = :unit"
        ),
        {"unit": unit_id, "at": at},
    ).one()
    return dict(found._mapping)


def overdue(connection: Connection, unit_id: int, at: datetime, limit: int) -> list[int]:
    """Numbers of the cases of a desk's area that are overdue, the longest first."""
    rows = connection.execute(
        text(
            "SELECT c.id FROM units u JOIN area_numbers n ON n.no = u.area_no"
            " JOIN cases c ON c.area_no BETWEEN n.no AND n.last_no AND open_state(c.state)"
            " WHERE u.id = :unit AND c.state <> 'suspended' AND c.due_at < :at ORDER BY c.due_at, c.id LIMIT :limit"
        ),
        {"unit": unit_id, "at": at, "limit": limit},
    )
    return list(rows.scalars())


def logged_digests(connection: Connection) -> dict[tuple[int, str], str]:
    """What the access log says was signed first, by the number of the hand-over and the action."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (subject_id, action) subject_id, action, facts ->> 'digest' AS digest FROM access_log"
            " WHERE action IN ('handover.give', 'handover.take') AND subject_kind = 'handover'"
            " ORDER BY subject_id, action, no"
        )
    )
    return {(int(row.subject_id), row.action): row.digest for row in rows}


def at_desk(connection: Connection, unit_id: int) -> bool:
    """Whether the one who acts holds a post in a unit today; the platform itself does."""
    statement = text("SELECT acting_account() IS NULL OR at_desk(:unit)")
    return bool(connection.execute(statement, {"unit": unit_id}).scalar_one())


def narrower(connection: Connection, unit_id: int, other_id: int) -> int:
    """Of two desks the one whose area lies in that of the other; the first where neither does."""
    found = connection.execute(
        text(
            "SELECT b.id FROM units a JOIN area_numbers n ON n.no = a.area_no JOIN units b ON b.id = :other"
            " WHERE a.id = :unit AND b.area_no > n.no AND b.area_no <= n.last_no"
        ),
        {"unit": unit_id, "other": other_id},
    ).scalar()
    return unit_id if found is None else int(found)


def night_desk(connection: Connection, unit_id: int) -> Record | None:
    """The desk that serves a unit outside its hours, also where the reader may not see what lies in it."""
    found = connection.execute(
        text("SELECT id, code, name, kind FROM night_desk(:unit)"), {"unit": unit_id}
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def away(connection: Connection, staff_id: int, first: date, last: date) -> bool:
    """Whether somebody is on leave on one of some days, the last exclusive."""
    statement = text(
        "SELECT EXISTS (SELECT FROM leaves WHERE staff_id = :staff"
        " AND daterange(from_on, until_on) && daterange(:first, :last))"
    )
    return bool(connection.execute(statement, {"staff": staff_id, "first": first, "last": last}).scalar_one())

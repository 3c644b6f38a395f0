"""The toy town with people in it: everything about somebody carries the code of the place where they work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from app.accounts.service.managing import Hand
from app.db import transaction
from app.staffing import store
from app.staffing.rules import Duty
from app.staffing.service import handing_over, sub_centre_code
from app.staffing.service.handing_over import Told
from app.staffing.store import cells, duty, leave
from tests import town

START = date(2026, 1, 1)


def staff(url: str) -> None:
    """Give every cell an officer, one of two of them on leave, every desk a shift, a takeover and a hand-over.

    The code and the name of an officer are `ref-` and the code of the cell; what is told at a desk names a cell of it.
    """
    with transaction(url) as connection:
        numbers = {area.code: area.no for area in store.named_areas(connection, 1, "cell")}
        units, today = store.unit_ids(connection, 1), store.today(connection)
        people = {
            code: store.add_staff(
                connection, district_id=1, code=f"ref-{code}", name=f"ref-{code}", phone="13900000000"
            )
            for code in town.CELLS
        }
        rows = [(people[code], numbers[code], Duty.GRID_OFFICER) for code in town.CELLS]
        cells.assign(connection, rows, START)
        for code in town.CELLS:
            cells.place_of(connection, people[code], numbers[code], Duty.GRID_OFFICER, f"ref-{code}")
        for code in sorted(town.CELLS)[::2]:
            leave.add_leave(connection, people[code], today, today + timedelta(days=9))
        now = datetime.now(UTC)
        for letter in "ab":
            unit, place = units[sub_centre_code(town.subdistrict(letter))], f"ref-{_cell(letter)}"
            somebody = people[_cell(letter)]
            duty.add_shifts(connection, unit, [(somebody, now, now + timedelta(hours=8), True)])
            duty.begin_spell(connection, somebody, unit)
            duty.take_over(connection, unit, units["command_centre"], place, None)
            hand = Hand(place, None)
            handing_over.give(connection, unit, unit, Told(place, place, place), place, by=hand)
        for letter in town.COMMUNITIES:
            _council(connection, letter, people[_cell(letter)])


def _cell(letter: str) -> str:
    """A cell of a community."""
    return f"{town.community(letter)}001"


def _council(connection: object, letter: str, staff_id: int) -> None:
    insert = (
        "WITH unit AS (INSERT INTO units (district_id, code, name, kind, area_no)"
        "   SELECT 1, 'council-' || a.code, 'council-' || a.code, 'council', a.no FROM areas a WHERE a.code = :code"
        "   RETURNING id),"
        " term AS (INSERT INTO unit_terms (unit_id, no, from_on) SELECT id, 1, :day FROM unit RETURNING id)"
        " INSERT INTO unit_members (term_id, staff_id, standing, from_on) SELECT id, :staff, 'chair', :day FROM term"
    )
    values = {"code": town.community(letter), "staff": staff_id, "day": START}
    connection.execute(text(insert), values)  # type: ignore[attr-defined]

"""The people of a roster: who is known, who is new, who has another name or telephone number."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.interop.service.staff.rows import Reading
from app.staffing.store import bulk

LONGEST_CODE, LONGEST_NAME = 40, 60


@dataclass(slots=True)
class Said:
    """What a file says of somebody, and in which row it says so first."""

    row: int
    name: str
    phone: str | None


@dataclass(slots=True)
class Crowd:
    """The people of a file beside those of the database."""

    known: dict[str, bulk.Person]
    out_of_sight: set[str] = field(default_factory=set)
    said: dict[str, Said] = field(default_factory=dict)

    def hear(self, line: Reading, code: str, name: str, phone: str | None) -> None:
        """Take note of what a line says of its person; what does not fit an earlier line is a fault."""
        person = self.known.get(code)
        if code in self.out_of_sight or (person is not None and not person.within):
            line.wrong("person_elsewhere", "code")
        before = self.said.setdefault(code, Said(line.row, name, phone))
        if before.name != name:
            line.wrong("person_two_names", "name", first_row=before.row, first=before.name, code=code)
        if phone is not None and before.phone not in {None, phone}:
            line.wrong("person_two_phones", "phone", first_row=before.row, first=before.phone, code=code)
        before.phone = before.phone or phone

    def new(self, codes: Iterable[str]) -> list[tuple[str, str, str | None]]:
        """Those of these people who are not known: code, name, telephone number."""
        unknown = [code for code in dict.fromkeys(codes) if code not in self.known]
        return [(code, self.said[code].name, self.said[code].phone) for code in unknown]

    def changed(self, codes: Iterable[str]) -> dict[str, tuple[str, str | None]]:
        """Those of these people of whom the file says something else; a number is never taken away."""
        found = {}
        for code in dict.fromkeys(codes):
            person = self.known.get(code)
            if person is None:
                continue
            said = self.said[code]
            wanted = (said.name, said.phone or person.phone)
            if wanted != (person.name, person.phone):
                found[code] = wanted
        return found


def gather(
    connection: Connection, district_id: int, lines: Collection[tuple[str, str]], entered_by: int | None
) -> Crowd:
    """Who of these people is known; and which codes belong to somebody whom the one who acts may not see.

    Row security hides such a person from every read, so the new ones are entered for a try: whoever is not there
    afterwards was in the way of a row that cannot be seen.

    Parameters
    ----------
    lines
        Code and name.
    """
    names = dict(lines)
    crowd = Crowd(bulk.people(connection, district_id, names))
    new = [(code, name, None) for code, name in names.items() if code not in crowd.known]
    if new and bulk.acting(connection):
        attempt = connection.begin_nested()
        made = bulk.add_people(connection, district_id, new, entered_by=entered_by, simulated=False)
        if made < len(new):
            codes = {code for code, _, _ in new}
            crowd.out_of_sight = codes - set(bulk.ids(connection, district_id, codes))
        attempt.rollback()
    return crowd

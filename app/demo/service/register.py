"""What a simulated registry is written into: the tables, or the files that somebody would import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
from sqlalchemy import Connection, Row

from app.demo.service.residents import People
from app.registry.rules.kinds import RESIDENT, ElementKind, RelationKind
from app.registry.store import bulk
from app.registry.store import types as kinds
from app.registry.store.bulk import ElementRows, Ids, Origin
from app.seals.service import Column, Sealer, sealer

SOURCE = "模拟"
BASIS = "《中华人民共和国个人信息保护法》第十三条"
KEPT = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Residents:
    """People with what a register says of them beside who they are.

    Parameters
    ----------
    sites
        The dwelling of each.
    households
        Codes, by the number that `people.homes` gives.
    identities, phones
        Numbers in clear; nobody has these.
    needs
        The position of a person, and what they need.
    """

    people: People
    sites: Ids
    households: Sequence[str]
    identities: Sequence[str]
    phones: Sequence[str | None]
    needs: Sequence[tuple[int, str]]


class Register(Protocol):
    """Takes elements in; whatever lies in something comes after it."""

    connection: Connection
    district: Row[Any]
    today: date
    ids: dict[str, Ids]

    def add(self, name: str, rows: ElementRows) -> Ids:
        """Take elements, and keep their ids under a name."""

    def add_residents(self, residents: Residents) -> Ids:
        """Take people with their households and needs."""

    def relate(self, kind: RelationKind, sources: Ids, targets: Ids) -> None:
        """Tie elements to each other."""

    def take_stock(self) -> None:
        """Much has been taken in since the last time."""


@dataclass(slots=True)
class Tables:
    """The tables of the registry, written many rows at once."""

    connection: Connection
    district: Row[Any]
    today: date
    origin: Origin
    cells: bulk.Cells
    sealer: Sealer
    ids: dict[str, Ids] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, district: Row[Any], today: date) -> Tables:
        """Those of a district.

        Raises
        ------
        UnavailableError
            As `sealer`.
        """
        origin = Origin(district.id, SOURCE, date(today.year - 1, 1, 1), simulated=True)
        cells = bulk.Cells.of(connection, district.id)
        return cls(connection, district, today, origin, cells, sealer(connection))

    def add(self, name: str, rows: ElementRows) -> Ids:
        """Write elements and keep their ids under a name."""
        ids = bulk.reserve(self.connection, "elements", len(rows))
        bulk.add_elements(self.connection, self.origin, rows, ids, self.cells)
        self.ids[name] = ids
        return ids

    def add_residents(self, residents: Residents) -> Ids:
        """Write people, their numbers sealed."""
        made = residents.people
        households = bulk.add_households(self.connection, self.origin, residents.households)
        identities = [self.sealer.seal(Column.IDENTITY, one) for one in residents.identities]
        phones = [one and self.sealer.seal(Column.PERSON_PHONE, one) for one in residents.phones]
        ids = self.add("residents", ElementRows(
            ElementKind.PERSON, np.full(len(made), RESIDENT, dtype=object), site_ids=residents.sites,
            details={
                "name": made.names,
                "identity": np.array([one.value for one in identities], dtype=object),
                "identity_index": np.array([one.index for one in identities], dtype=object),
                "phone": np.array([one and one.value for one in phones], dtype=object),
                "phone_index": np.array([one and one.index for one in phones], dtype=object),
                "born_on": np.array([date.fromordinal(day) for day in made.born.tolist()], dtype=object),
                "household_id": households[made.homes].astype(object),
                "household_relation": made.relations,
                "legal_basis": np.full(len(made), BASIS, dtype=object),
                "retain_until_on": np.full(len(made), self.today + KEPT, dtype=object),
            },
        ))  # fmt: skip
        self._need(residents.needs, ids)
        return ids

    def _need(self, needs: Sequence[tuple[int, str]], ids: Ids) -> None:
        if not needs:
            return
        terms = {
            row["code"]: (row["legal_basis"], row["keep_months"]) for row in kinds.needs(self.connection)
        }
        who, what = (np.array(column, dtype=object) for column in zip(*needs, strict=True))
        bulk.add_needs(
            self.connection, self.origin, ids[who.astype(np.int64)], what,
            np.array([terms[need][0] for need in what], dtype=object),
            np.array([self.today + timedelta(days=30 * terms[need][1]) for need in what], dtype=object),
        )  # fmt: skip

    def relate(self, kind: RelationKind, sources: Ids, targets: Ids) -> None:
        """Tie elements to each other."""
        bulk.add_relations(self.connection, self.origin, kind, sources, targets)

    def take_stock(self) -> None:
        """Tell the planner."""
        bulk.take_stock(self.connection)

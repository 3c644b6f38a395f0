"""What the fields of a move's form are made of: choices, phrases, bounds, each list read once a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Role
from app.cases.rules.fields import FIELDS, REVIEW_DAYS, WEEK, Kind
from app.cases.rules.loops import Seat, roles_of
from app.cases.rules.moves import Move
from app.cases.rules.timing import Stage
from app.cases.service.moving import ACCEPT_REGISTER_DISPATCH
from app.cases.service.routing import Suggestion, suggest_for_move
from app.cases.service.situation import Situation
from app.cases.store import choices, conditions, story

PHRASES: Mapping[tuple[str, str], tuple[str, str]] = {
    (Move.DECLINE, "reason"): ("decline_reason", ""),
    (Move.SEND_BACK, "reason"): ("return_reason", ""),
    (Move.REQUEST_EXTENSION, "reason"): ("extension_reason", ""),
    (Move.REQUEST_SUSPENSION, "reason"): ("suspension_reason", ""),
    (Move.VERIFY_FAIL, "reason"): ("verification_failure", ""),
    (Move.REGISTER, "opinion"): ("phrase", "accept"),
    (Move.REPLY_SOURCE, "opinion"): ("phrase", "accept"),
    (Move.DISPATCH, "opinion"): ("phrase", "dispatch"),
    (ACCEPT_REGISTER_DISPATCH, "opinion"): ("phrase", "dispatch"),
    (Move.GIVE_FEEDBACK, "opinion"): ("phrase", "feedback"),
    (Move.SUBMIT_INSIDE, "opinion"): ("phrase", "feedback"),
    (Move.CO_FEEDBACK, "opinion"): ("phrase", "feedback"),
    (Move.VERIFY_PASS, "opinion"): ("phrase", "verify"),
    (Move.CALL_BACK, "opinion"): ("phrase", "call_back"),
}
"""Which list of reasons and phrases is at hand where."""

NEAR_METRES, NEAR_DAYS, NEAR_MOST = 50.0, 7, 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a field, with what is read of it; `note` holds facts for a second line."""

    value: str
    name: str
    name_en: str | None = None
    note: Mapping[str, Any] = field(default_factory=dict)
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a form.

    Parameters
    ----------
    least, most
        Bounds of days, instants and amounts, as inputs write them.
    unit
        The unit of an amount.
    suggestion
        For the unit that gets the case: which one is suggested, and why.
    """

    name: str
    kind: str
    needed: bool
    choices: Sequence[Choice] = ()
    phrases: Sequence[str] = ()
    least: str = ""
    most: str = ""
    unit: str = ""
    suggestion: Suggestion | None = None


class Asking:
    """What fields are made of, each list read once a page."""

    def __init__(self, connection: Connection, found: Situation) -> None:
        self.connection, self.found = connection, found
        self.known: dict[Any, list[Choice]] = {}
        self.suggested: Suggestion | None = None
        self.all_phrases: list[choices.Record] | None = None

    def field(self, move: str, name: str, needed: bool) -> Asked:
        """A field of a move's form."""
        kind, found = FIELDS[name], self.found
        least = most = unit = ""
        if name == "review_on":
            least, most = (_day(found, timedelta(days=days)) for days in (1, REVIEW_DAYS))
        elif kind is Kind.DATE:
            least = _day(found, timedelta())
        elif kind is Kind.INSTANT:
            least, most = (f"{found.local - ago:%Y-%m-%dT%H:%M}" for ago in (WEEK, timedelta()))
        elif kind is Kind.AMOUNT:
            most, unit = self.handling_limit()
        listed = LISTED.get(kind)
        return Asked(
            name,
            kind.value,
            needed,
            () if listed is None else listed(self, move, name),
            self.phrases(move, name),
            least,
            most,
            unit,
            self.suggestion() if kind is Kind.UNIT else None,
        )

    def once(self, key: Any, make: Callable[[], list[Choice]]) -> list[Choice]:
        """A list that is made when it is first asked for."""
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def phrases(self, move: str, name: str) -> Sequence[str]:
        """What can be said with a key where a move asks for a text."""
        wanted = PHRASES.get((move, name))
        if wanted is None:
            return []
        if self.all_phrases is None:
            self.all_phrases = choices.phrases(self.connection, self.found.row.district_id)
        return [row["text"] for row in self.all_phrases if (row["kind"], row["of"]) == wanted]

    def handling_limit(self) -> tuple[str, str]:
        """The amount and the unit that the handling clock began with; empty where none runs."""
        running = [clock for clock in self.found.clocks if clock.stage is Stage.HANDLING and not clock.ended]
        limit = running[-1].events[0].limit if running else None
        return ("", "") if limit is None else (f"{float(limit.amount):g}", limit.unit.value)

    def conditions(self, move: str, name: str) -> list[Choice]:
        """Those of the category; where it may change, all of them, those of the category first."""
        row = self.found.row
        anywhere = move in {Move.RECLASSIFY, Move.PHONE_ORDER}

        def make() -> list[Choice]:
            rows = conditions.conditions(
                self.connection, row.district_id, None if anywhere else row.category_id
            )
            rows.sort(key=lambda one: one.category_id != row.category_id)
            only = sum(one.category_id == row.category_id for one in rows) == 1
            return [_condition(one, only and one.category_id == row.category_id) for one in rows]

        return self.once(("conditions", anywhere), make)

    def units(self, move: str, name: str) -> list[Choice]:
        """Every unit that could have it: the suggested one first, then those that something else speaks for."""
        row = self.found.row

        def make() -> list[Choice]:
            suggestion = self.suggestion()
            wanted = suggestion.decision.unit
            also = [line.unit for line in suggestion.decision.others]
            rows = choices.units(self.connection, row.district_id, row.area_no)
            if wanted is not None and all(one["id"] != wanted for one in rows):
                unit = suggestion.units[wanted]
                rows.append({"id": unit.id, "name": unit.name, "name_en": unit.name_en})
            rows.sort(key=lambda one: (one["id"] != wanted, one["id"] not in also))
            return [
                Choice(str(one["id"]), one["name"], one["name_en"], {}, one["id"] == wanted) for one in rows
            ]

        return self.once("units", make)

    def suggestion(self) -> Suggestion:
        """Whom it goes to, under its condition; before that, under the only one of its category."""
        if self.suggested is None:
            row = self.found.row
            rows = conditions.conditions(self.connection, row.district_id, row.category_id)
            facts = {"condition_id": rows[0].id} if row.condition_id is None and len(rows) == 1 else {}
            self.suggested = suggest_for_move(self.connection, self.found, facts)
        return self.suggested

    def people(self, move: str, name: str) -> list[Choice]:
        """Who fits: in the unit for a crew, over the place for a task; who handled it does not check it."""
        case, area_no = self.found.case, self.found.row.area_no

        def make() -> list[Choice]:
            if name == "crew":
                roles = [str(role) for role in roles_of(Seat.CREW, case.loop)]
                rows = choices.people_in(self.connection, case.unit, roles)
            else:
                seat = Seat.PATROL if name == "confirmer" else Seat.CHECKER
                roles = [str(role) for role in roles_of(seat, case.loop) | {Role.GRID_OFFICER}]
                rows = choices.people_at(self.connection, area_no, roles)
            if name == "checker":
                rows = [one for one in rows if one["id"] not in case.handled_by]
            return [Choice(str(one["id"]), one["name"], None, one) for one in rows]

        return self.once(name, make)

    def similar(self, move: str, name: str) -> list[Choice]:
        """Cases near by, for merging and for coming again; any other is named by its number."""

        def make() -> list[Choice]:
            rows = story.similar(
                self.connection, self.found.row.id, metres=NEAR_METRES, days=NEAR_DAYS, limit=NEAR_MOST
            )
            return [
                Choice(one["number"] or one["ref"] or str(one["id"]), one["state"], None, one) for one in rows
            ]

        return self.once("similar", make)


LISTED: Mapping[Kind, Callable[[Asking, str, str], list[Choice]]] = {
    Kind.CONDITION: Asking.conditions,
    Kind.UNIT: Asking.units,
    Kind.UNITS: Asking.units,
    Kind.ACCOUNT: Asking.people,
    Kind.CASE: Asking.similar,
}


def _condition(row: Any, suggested: bool) -> Choice:
    note = {
        "amount": f"{float(row.limit_amount):g}",
        "unit": row.limit_unit,
        "closing": row.closing_condition,
        "risk": row.risk,
    }
    return Choice(row.number, row.condition, None, note, suggested)


def _day(found: Situation, ahead: timedelta) -> str:
    return (found.local.date() + ahead).isoformat()

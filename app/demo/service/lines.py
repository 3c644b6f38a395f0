"""The logs of played cases as the text of COPY, hashed and chained, with what lies beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.cases.rules.states import OPEN_STATES
from app.cases.store import chaining
from app.cases.store.bulk_log import HISTORY
from app.copying import ESCAPES, NULL
from app.demo.service.game import Game, Row, instant

compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

BESIDE = {
    "remarks": "case_remarks (case_id, version, field, body, salt)",
    "attachments": "case_attachments (case_id, file_id, version, field)",
    "links": "case_links (case_id, kind, other_id, version)",
}


class Lines:
    """Collects rows.

    Parameters
    ----------
    remembered_from
        Seconds since 1970: of cases that ended before, texts and pictures are not kept.
    xid
        The number of the transaction that will write the last row of each log.
    """

    def __init__(self, remembered_from: int, xid: int) -> None:
        self.remembered_from, self.xid = remembered_from, xid
        self._log: list[str] = []
        self._beside: dict[str, list[str]] = {name: [] for name in BESIDE}

    @property
    def log(self) -> bytes:
        """The rows of `case_transitions`."""
        return "".join(self._log).encode()

    @property
    def beside(self) -> Mapping[str, bytes]:
        """The rows of other tables, by table and columns."""
        return {BESIDE[name]: "".join(rows).encode() for name, rows in self._beside.items() if rows}

    def add(self, game: Game) -> None:
        """The log of a case."""
        case_id, last = game.report.id, len(game.rows)
        previous = chaining.first_link(case_id)
        for row in game.rows:
            xid = self.xid if row.version == last else HISTORY
            previous = self._add_row(game, row, previous, xid)
        if game.case.state in OPEN_STATES or game.at >= self.remembered_from:
            self._add_beside(game)
        self._beside["links"] += [
            f"{case_id}\t{kind}\t{other}\t{version}\n" for kind, other, version in game.links
        ]

    def _add_row(self, game: Game, row: Row, previous: bytes, xid: int) -> bytes:
        report, person = game.report, row.person
        given, facts = chaining.canonical(row.given), chaining.canonical(row.facts)
        seats = '", "'.join(row.seats)
        micros = row.at * 1_000_000
        body = (
            f'[{report.id}, {row.version}, "{row.move}", {_quoted(row.source)}, "{row.target}", "{row.loop}",'
            f" {_number(row.unit)}, {report.area_no}, {_number(person.account)}, {_number(person.post)},"
            f' ["{seats}"], {given}, {facts}, {micros}, {micros}, null]'
        )
        hashed = chaining.link(previous, body)
        at = instant(row.at).isoformat()
        fields = (
            str(report.id), str(row.version), row.move, row.source or NULL, row.target, row.loop,
            _field(row.unit), str(report.area_no), _field(person.account), _field(person.post),
            "{" + ",".join(row.seats) + "}", escaped(given), escaped(facts), at, at, str(xid),
            rf"\\x{previous.hex()}", rf"\\x{hashed.hex()}",
        )  # fmt: skip
        self._log.append("\t".join(fields) + "\n")
        return hashed

    def _add_beside(self, game: Game) -> None:
        case_id = game.report.id
        for row in game.rows:
            for name, body, salt in row.texts:
                line = f"{case_id}\t{row.version}\t{name}\t{escaped(body)}\t\\\\x{salt.hex()}\n"
                self._beside["remarks"].append(line)
            for file, name in row.files:
                self._beside["attachments"].append(f"{case_id}\t{file}\t{row.version}\t{name}\n")


def escaped(value: str) -> str:
    """A text as a field of COPY."""
    for plain, written in ESCAPES:
        if plain in value:
            value = value.replace(plain, written)
    return value


def _quoted(value: str | None) -> str:
    return "null" if value is None else f'"{value}"'


def _number(value: Any) -> str:
    return "null" if value is None else str(value)


def _field(value: Any) -> str:
    return NULL if value is None else str(value)

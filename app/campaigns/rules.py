"""专项任务: when a campaign runs, what a place on its list is, how a list is read. Pure: the day is handed in."""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.cases.rules.deciding import Reason
from app.errors import ConflictError, InvalidError

MOST_PLACES = 2_000
MOST_DAYS = 366
"""From the first day to the last: what goes on for longer is no campaign."""

LONGEST_NAME = 120
MOST_TOLD = 200
"""Faults that are listed; all are counted."""

AREAS = ("district", "subdistrict", "community", "cell")
"""Levels of the areas for which campaigns are opened."""


class Phase(StrEnum):
    """Where a campaign is in its life."""

    COMING = "coming"
    OPEN = "open"
    OVER = "over"


class PlaceState(StrEnum):
    """How it stands at a place, by its last visit and by what has become of the case since."""

    UNVISITED = "unvisited"
    CLEAR = "clear"
    FOUND = "found"
    ON_THE_SPOT = "on_the_spot"
    HANDED_ON = "handed_on"


class Outcome(StrEnum):
    """What a visit came to."""

    CLEAR = "clear"
    FOUND = "found"


NOT_ADMITTED = Reason.NOT_ADMITTED.value
"""没有准入编号: the same word as for a case that is to be pushed down without a number."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a request to open a campaign: a field, and of a place its row, counted from 1.

    In a table the row is that of the file, so that whoever mends it finds it.
    """

    field: str
    reason: str
    value: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a list; degrees, EPSG:4490."""

    row: int
    label: str
    lon: float
    lat: float


Rows = Sequence[tuple[int, Mapping[str, Any]]]


def refuse(faults: Sequence[Wrong]) -> None:
    """Say all faults at once, if there are any.

    Raises
    ------
    InvalidError
        `fields_invalid`, with at most 200 of them and how many there are.
    """
    if faults:
        told = [
            {"field": fault.field, "row": fault.row, "reason": fault.reason, "value": fault.value}
            for fault in faults[:MOST_TOLD]
        ]
        fields = ", ".join(sorted({fault.field for fault in faults}))
        raise InvalidError("fields_invalid", faults=told, fields=fields, count=len(faults))


def phase(first_on: date, last_on: date, ended: bool, today: date) -> Phase:
    """Where a campaign is on a day of the district; its last day is one of its days."""
    if ended or today > last_on:
        return Phase.OVER
    return Phase.COMING if today < first_on else Phase.OPEN


def days_left(last_on: date, today: date) -> int:
    """Days on which it can still be visited, today among them."""
    return max(0, (last_on - today).days + 1)


def must_run(first_on: date, last_on: date, ended: bool, today: date) -> None:
    """Refuse what can only be done while a campaign runs.

    Raises
    ------
    ConflictError
        `campaign_over`: it was ended, or its last day is gone; `campaign_not_begun`.
    """
    found = phase(first_on, last_on, ended, today)
    if found is Phase.OVER:
        raise ConflictError(
            "campaign_over", reason="ended" if ended else "last_day_gone", last_on=str(last_on)
        )
    if found is Phase.COMING:
        raise ConflictError("campaign_not_begun", first_on=str(first_on))


def day_faults(first_on: date | None, last_on: date | None, today: date) -> list[Wrong]:
    """What is wrong with the days of a new campaign."""
    if last_on is None:
        return []
    if last_on < today:
        return [Wrong("last_on", "over_already", str(last_on))]
    if first_on is None:
        return []
    if last_on < first_on:
        return [Wrong("last_on", "before_first", str(last_on))]
    return [Wrong("last_on", "too_long", str(last_on))] if last_on - first_on > timedelta(MOST_DAYS) else []


def read_places(rows: Rows) -> tuple[list[Place], list[Wrong]]:
    """The places of a list, and all that is wrong with its rows."""
    if not rows:
        return [], [Wrong("places", "missing")]
    if len(rows) > MOST_PLACES:
        return [], [Wrong("places", "too_many_places", str(len(rows)))]
    found: list[Place] = []
    faults: list[Wrong] = []
    seen: set[tuple[str, float, float]] = set()
    for row, raw in rows:
        label, lon, lat = raw.get("label"), _degrees(raw.get("lon"), 180), _degrees(raw.get("lat"), 90)
        wrong = _label_faults(row, label)
        wrong += [
            Wrong(
                name, "missing" if raw.get(name) in (None, "") else "not_degrees", _shown(raw.get(name)), row
            )
            for name, value in (("lon", lon), ("lat", lat))
            if value is None
        ]
        wrong += [Wrong(_shown(name), "unknown_field", "", row) for name in raw if name not in COLUMNS]
        faults += wrong
        if wrong or lon is None or lat is None:
            continue
        place = Place(row, str(label).strip(), lon, lat)
        if (key := (place.label, lon, lat)) in seen:
            faults.append(Wrong("label", "twice", place.label, row))
        seen.add(key)
        found.append(place)
    return found, faults


def _label_faults(row: int, label: Any) -> list[Wrong]:
    if label is None or label == "":
        return [Wrong("label", "missing", "", row)]
    if not isinstance(label, str) or not label.strip():
        return [Wrong("label", "text_empty" if isinstance(label, str) else "not_text", _shown(label), row)]
    if len(label) > LONGEST_NAME:
        return [Wrong("label", "name_too_long", _shown(label), row)]
    # A half of a surrogate pair is no character and cannot be stored.
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in label):
        return [Wrong("label", "text_controls", _shown(label), row)]
    return []


def _degrees(raw: Any, most: int) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return round(float(raw), 7) if math.isfinite(raw) and abs(raw) <= most else None


def _written_degrees(raw: str) -> float | str:
    """A number as an input method may write it, full-width; what is none stays as it is, to be told."""
    try:
        return float(unicodedata.normalize("NFKC", raw).rstrip("°"))
    except ValueError:
        return raw


def _shown(raw: Any) -> str:
    shown = "" if raw is None else str(raw)[:60]
    return "".join(letter if letter.isprintable() else "?" for letter in shown)


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "label": ("label", "名称", "地点", "点位", "点位名称", "楼栋", "name", "place"),
    "lon": ("lon", "经度", "lng", "longitude", "x"),
    "lat": ("lat", "纬度", "latitude", "y"),
}
"""What people call the columns of a list, our word first; without headings they stand in this order."""


DEGREES = ("lon", "lat")


def rows_of_table(text: str) -> Rows:
    """The rows of a table that was pasted or sent, with their numbers in it; commas, semicolons or tabs between.

    Columns that nobody knows are passed over: a list comes from a register that has more of them.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    between = max(",;\t，", key=first.count)
    found: list[tuple[int, Mapping[str, Any]]] = []
    order: list[str] | None = None
    for number, cells in enumerate(_records(lines, between), 1):
        if not any(cells):
            continue
        if order is None:
            order = _headings(cells) or []
            if order:
                continue
            order = list(COLUMNS)
        named = {name: cell for name, cell in zip(order, cells, strict=False) if name}
        found.append((number, {**named, **{d: _written_degrees(named[d]) for d in DEGREES if named.get(d)}}))
        if len(found) > MOST_PLACES:
            break
    return found


def _records(lines: Iterable[str], between: str) -> Iterable[list[str]]:
    """Line by line, so that an open quotation mark spoils its own row and not the rest of the list."""
    for line in lines:
        try:
            yield [
                cell.strip()
                for cell in next(csv.reader([line], delimiter=between, skipinitialspace=True), [])
            ]
        except csv.Error:
            yield [line]


def _headings(cells: Sequence[str]) -> list[str] | None:
    """The field of each column; None where the row is no heading."""
    known = {word: name for name, words in COLUMNS.items() for word in words}
    order = [known.get(cell.casefold(), "") for cell in cells]
    return order if any(order) else None

"""Times as people write them, to instants in UTC; whole columns at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from spatial.errors import SourceError

Instants = NDArray[np.datetime64]
Mask = NDArray[np.bool_]
Spans = NDArray[np.timedelta64]

WRITTEN = (
    r"^(?P<y>\d{4})[-/.年](?P<o>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:[T\s]\s*(?P<h>\d{1,2})[:时点](?P<m>\d{1,2})(?:[:分](?P<s>\d{1,2})?(?:[.,](?P<f>\d{1,9}))?秒?|分)?)?"
    r"\s*(?P<z>Z|z|[+-]\d{2}(?::?\d{2})?)?(?P<p>)$"
)
AMERICAN = (
    r"^(?P<o>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\s+(?P<h>\d{1,2}):(?P<m>\d{1,2})(?::(?P<s>\d{1,2})"
    r"(?:\.(?P<f>\d{1,9}))?)?\s*(?P<p>AM|PM|am|pm)(?P<z>)$"
)
"""Month before day is understood only where AM or PM leaves no doubt whose custom it is."""

EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")


@dataclass(frozen=True, slots=True)
class Read:
    """A column of times: instants in UTC, NaT where there is none or it is bad, and masks; shape (n,) each."""

    values: Instants
    bad: Mask
    repeated: Mask
    skipped: Mask


def zone(name: str) -> ZoneInfo:
    """A time zone by its name.

    Raises
    ------
    SourceError
        `timezone_unknown`.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourceError("timezone_unknown", value=name[:60]) from error


def read(column: pa.Array, timezone: ZoneInfo) -> Read:
    """Instants of a column of texts, dates or timestamps.

    A time without an offset is local in `timezone`. In an hour that the clocks repeat it is taken as the first of the
    two; one that the clocks skip becomes the instant at which they were put forward.
    """
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        values = _plain(column.cast(pa.timestamp("us", "UTC")))
        return _whole(values, np.zeros(len(values), bool))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _located(_plain(column.cast(pa.timestamp("us"), safe=False)), None, timezone)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        given = column.is_valid().to_numpy(zero_copy_only=False)
        return _whole(np.full(len(column), np.datetime64("NaT", "us")), given)
    text = pc.utf8_trim_whitespace(column)
    text = pc.if_else(pc.equal(text, ""), None, text)
    for kind in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            values = _plain(text.cast(kind))
        except pa.ArrowInvalid:
            continue
        nowhere = np.full(len(values), np.timedelta64(0, "us")) if kind.tz else None
        return _located(values, nowhere, timezone)
    return _parsed(text, timezone)


def _plain(column: pa.Array) -> Instants:
    return column.to_numpy(zero_copy_only=False).astype("datetime64[us]")  # type: ignore[no-any-return]


def _whole(values: Instants, bad: Mask) -> Read:
    none = np.zeros(len(values), bool)
    return Read(values, bad, none, none)


def _parsed(text: pa.Array, timezone: ZoneInfo) -> Read:
    """The long way, for columns of which not every text is plain ISO 8601 without an offset."""
    local = np.full(len(text), np.datetime64("NaT", "us"))
    offset = np.full(len(text), np.timedelta64("NaT", "us"))
    for pattern in (WRITTEN, AMERICAN):
        found = pc.extract_regex(text, pattern)
        at = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False) & np.isnat(local))
        if len(at):
            local[at], offset[at] = _built(found.take(pa.array(at)))
    done = _located(local, offset, timezone)
    given = text.is_valid().to_numpy(zero_copy_only=False)
    return Read(done.values, (given & np.isnat(done.values)) | done.bad, done.repeated, done.skipped)


def _built(parts: pa.StructArray) -> tuple[Instants, Spans]:
    """Local times and offsets of matched texts; NaT where a part is out of its range."""

    def digits(name: str, width: int = 0) -> NDArray[np.int64]:
        piece = parts.field(name)
        if width:
            piece = pc.utf8_slice_codeunits(pc.utf8_rpad(piece, width, "0"), 0, width)
        return pc.if_else(pc.equal(piece, ""), "0", piece).cast(pa.int64()).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]

    year, month, day = digits("y"), digits("o"), digits("d")
    hour, minute, second = digits("h"), digits("m"), digits("s")
    half = np.char.lower(parts.field("p").to_numpy(zero_copy_only=False).astype(str))
    good = (month >= 1) & (month <= 12) & (day >= 1) & (minute < 60) & (second < 60) & (hour < 24)
    good &= (half == "") | ((hour >= 1) & (hour <= 12))
    hour = np.where(half == "", hour, hour % 12 + np.where(half == "pm", 12, 0))
    first = (np.where(good, year, 1970) - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    first = first + (np.where(good, month, 1) - 1).astype("timedelta64[M]")
    date = first.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    good &= date.astype("datetime64[M]") == first
    micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + digits("f", 6)
    local = date.astype("datetime64[us]") + micros.astype("timedelta64[us]")
    local[~good] = np.datetime64("NaT")
    return local, _offsets(parts.field("z"))


def _offsets(zones: pa.Array) -> Spans:
    texts = zones.to_numpy(zero_copy_only=False).astype(str)
    minutes: dict[str, Any] = {}
    for text in np.unique(texts):
        if text in {"Z", "z"}:
            minutes[text] = np.timedelta64(0, "us")
        elif text:
            figures = text[1:].replace(":", "").ljust(4, "0")
            amount = np.timedelta64(int(figures[:2]) * 60 + int(figures[2:]), "m").astype("timedelta64[us]")
            minutes[text] = -amount if text[0] == "-" else amount
        else:
            minutes[text] = np.timedelta64("NaT", "us")
    return np.array([minutes[text] for text in texts], dtype="timedelta64[us]")


def _located(local: Instants, offset: Spans | None, timezone: ZoneInfo) -> Read:
    naive = ~np.isnat(local) if offset is None else ~np.isnat(local) & np.isnat(offset)
    strange = ~np.isnat(local) & ~((local >= EARLIEST) & (local < LATEST))
    values, repeated, skipped = to_utc(
        np.where(naive & ~strange, local, np.datetime64("NaT", "us")), timezone
    )
    if offset is not None:
        values = np.where(naive, values, local - offset)
    values[strange] = np.datetime64("NaT")
    return Read(values, strange, repeated, skipped)


def to_utc(local: Instants, timezone: ZoneInfo) -> tuple[Instants, Mask, Mask]:
    """Local times as instants in UTC, and which of them the clocks repeat or skip; NaT stays NaT."""
    nothing = np.zeros(len(local), bool)
    known = local[~np.isnat(local)]
    if not len(known):
        return local.astype("datetime64[us]"), nothing, nothing
    years = known.astype("datetime64[Y]").astype(int) + 1970
    changes, before, after = changes_of(timezone, int(years.min()), int(years.max()))
    offsets = np.append(before[:1] if len(before) else [_offset(timezone, known[0])], after)
    # Until the later of the two readings of a change, local times count by the offset before it.
    begins = changes + np.maximum(before, after)
    values = local - offsets[np.searchsorted(begins, local, side="right")]
    repeated, skipped = nothing.copy(), nothing.copy()
    for change, old, new in zip(changes, before, after, strict=True):
        twice = (local >= change + new) & (local < change + old)
        gap = (local >= change + old) & (local < change + new)
        repeated |= twice
        skipped |= gap
        values[gap] = change
    return values, repeated, skipped


@lru_cache(maxsize=64)
def changes_of(timezone: ZoneInfo, first: int, last: int) -> tuple[Instants, Spans, Spans]:
    """The instants between two years at which a zone's clocks change, and the offsets before and after each."""
    begin, end = datetime(first - 1, 12, 1, tzinfo=UTC), datetime(last + 1, 2, 1, tzinfo=UTC)
    found: list[tuple[datetime, timedelta, timedelta]] = []
    day = begin
    while day < end:
        following = day + timedelta(days=1)
        old, new = _at(timezone, day), _at(timezone, following)
        if old != new:
            found.append((_edge(timezone, day, following), old, new))
        day = following
    instants = np.array([edge.replace(tzinfo=None) for edge, _, _ in found], dtype="datetime64[us]")
    return (
        instants,
        np.array([old for _, old, _ in found], dtype="timedelta64[us]"),
        np.array([new for _, _, new in found], dtype="timedelta64[us]"),
    )


def _at(timezone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(timezone).utcoffset() or timedelta(0)


def _edge(timezone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The second between two instants at which the offset changes."""
    old = _at(timezone, low)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if _at(timezone, middle) == old:
            low = middle
        else:
            high = middle
    return high


def _offset(timezone: ZoneInfo, local: np.datetime64) -> np.timedelta64:
    when: datetime = local.astype("datetime64[us]").item()
    return np.timedelta64(when.replace(tzinfo=timezone).utcoffset() or timedelta(0), "us")

"""公示牌 of a cell, a courtyard or a building: who looks after it, what for, whom to call, and a code to report with.

It hangs where everybody reads it: it names people by their posts, with the service telephone of the post's unit where
one is written down, and never with a number of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import NotFoundError
from app.reports.rules.blocks import Block, Code, Fact, Facts, Words
from app.reports.rules.document import Section
from app.reports.rules.maps import Marks
from app.reports.service.context import Context
from app.reports.service.sections.locating import locators
from app.reports.service.sections.naming import joined, named
from app.reports.service.sections.placing import Place, places
from app.reports.service.sections.posting import Holder, holders, roster
from app.reports.store import people
from app.staffing.rules import Part

Record = Mapping[str, Any]

HOTLINE = "12345"
"""政务服务便民热线, the same in all of China."""

MOST_PART_TIME = 4
"""Part-time people whose names can be read from afar; how many more there are stands below them."""

FINGERPRINT = "fingerprint"
"""Under which what is made has it, for who keeps the run."""

EDITION = 8
"""Characters of the fingerprint that stand on the sign."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sign says.

    Parameters
    ----------
    more
        How many part-time people there are beside those who are named.
    desks
        Names and telephones of the desks that answer for the place.
    address
        Where its code leads.
    """

    name: str
    code: str
    lies_in: str
    holders: tuple[Holder, ...]
    more: int
    desks: tuple[tuple[str, str], ...]
    address: str
    locale: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that it says, as hexadecimal: another one as soon as a post or a telephone changes."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


def build(context: Context) -> tuple[Section, ...]:
    """The sign of a cell by its code, or of a courtyard or building by its id.

    Raises
    ------
    NotFoundError
        `sign_place_missing`: there is none, or not for the one who asks.
    """
    subject = context.subject.strip()
    place = _found(context, {subject}).get(subject)
    if place is None:
        raise NotFoundError("sign_place_missing", subject=subject[:40])
    sign = _signs(context, {subject: place})[subject]
    context.made[FINGERPRINT] = sign.fingerprint
    marks = [] if place.element is None else [Marks(sign.name, (place.at,), (sign.name,), "square")]
    drawn = locators(context, {0: place.area}, {0: marks}, _today(context))[0]
    return (
        Section(
            "people", context.t("section_people"), (*_blocks(context, sign), replace(drawn, code="place_map"))
        ),
    )


def fingerprints(context: Context, subjects: Collection[str]) -> dict[str, str]:
    """What signs of some places would say today, by a fingerprint each; places that are gone are left out.

    A printed sign is out of date where its own fingerprint is another one, or its place is gone.
    """
    return {subject: sign.fingerprint for subject, sign in _signs(context, _found(context, subjects)).items()}


def outdated(context: Context, printed: Mapping[str, str]) -> list[str]:
    """Those of some printed signs that say what is not so any more.

    Parameters
    ----------
    printed
        Fingerprints by subject, as they were when the signs were printed.
    """
    now = fingerprints(context, printed)
    return [subject for subject, fingerprint in printed.items() if now.get(subject) != fingerprint]


def _found(context: Context, subjects: Collection[str]) -> dict[str, Place]:
    return places(context.connection, context.district_id, _today(context), subjects)


def _today(context: Context) -> date:
    return context.known_at.astimezone(ZoneInfo(context.timezone)).date()


def _signs(context: Context, found: Mapping[str, Place]) -> dict[str, Sign]:
    ids, day = {place.area["id"] for place in found.values()}, _today(context)
    posted = people.posted(context.connection, ids, day)
    desks = people.desks(context.connection, ids, day)
    return {
        subject: _sign(context, place, posted[place.area["id"]], desks[place.area["id"]])
        for subject, place in found.items()
    }


def _sign(context: Context, place: Place, posted: Sequence[Record], desks: Sequence[Record]) -> Sign:
    area, element = place.area, place.element
    above = (named(context, area, key) if area[key] else None for key in ("above", "parent"))
    cell = None if element is None else named(context, area)
    named_here, more = holders(context, posted, None if element is None else element["name"], MOST_PART_TIME)
    lon, lat = place.at
    return Sign(
        place.called(context.locale),
        area["code"] if element is None else str(element["code"] or element["id"]),
        joined(*above, cell),
        named_here,
        more,
        tuple((named(context, desk), desk["phone"]) for desk in desks),
        f"{context.base_url.rstrip('/')}/cases/new?lon={lon:.6f}&lat={lat:.6f}",
        context.locale,
    )


def _blocks(context: Context, sign: Sign) -> Iterator[Block]:
    """What it says, the people first: their posts and names are what is read from afar."""
    yield Words("place", joined(sign.lies_in, context.t("sign_code", code=sign.code)))
    yield roster(context, sign.holders, sign.more)
    duties = (context.t(f"sign_duty_{part.value}") for part in Part)
    yield Words("duties", "\n".join(duties), context.t("sign_duties"))
    desks = tuple(Fact(f"desk-{place}", *desk) for place, desk in enumerate(sign.desks))
    hotline = Fact("hotline", context.t("sign_hotline"), HOTLINE)
    yield Facts("desks", (*desks, hotline), context.t("sign_desks"))
    yield Words("danger", context.t("sign_danger"))
    yield Code("report", sign.address, context.t("sign_code_caption"))
    facts = {"day": _today(context).isoformat(), "edition": sign.fingerprint[:EDITION]}
    yield Words("edition", context.t("sign_printed", **facts))

"""The maps of a report as pictures: each on a sheet of its own, with all that a map needs, as PNG and as SVG."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from itertools import chain, count
from math import cos, radians
from pathlib import Path
from typing import Any

from lxml import etree

from app.reports.rules.document import Report, Section
from app.reports.rules.formats import Format
from app.reports.rules.maps import Map
from app.reports.service.fonts import Family, family
from app.reports.service.formats.captions import credit, keys
from app.reports.service.formats.outlines import SVG, outlined
from app.reports.service.formats.setting import pictures
from app.reports.service.keeping import digest
from app.reports.service.mapping import Picture, draw
from app.web.i18n import translate
from app.web.pages import instant
from spatial.writers.files import whole

TEMPLATE = Path(__file__).with_name("map.typ")
A4_MM = (297.0, 210.0)
MARGIN_MM = 10.0
HEAD_MM = 19.0
SIDE_MM = 60.0
"""Beside the map of a page that lies stand its legend and facts; on one that stands, below it."""

BELOW_MM = 36.0
SMALLER_MM = (0.0, 8.0, 20.0, 40.0, 70.0)
"""By how much a map is less high where its title or its legend need more room than they mostly do."""

PER_INCH = 300
DIGEST_SHOWN = 16
HREF = "{http://www.w3.org/1999/xlink}href"
INLINE = "data:image/svg+xml;base64,"


def write_png(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write each map as PNG, 300 dots an inch; nothing where there are no maps.

    Raises
    ------
    SourceError
        `write_failed`.
    UnavailableError
        `font_missing`, `letters_missing`.
    """
    return _write(report, folder, stem, Format.PNG)


def write_svg(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write each map as SVG that needs no other file and no face; nothing where there are no maps.

    Raises
    ------
    SourceError
        `write_failed`.
    UnavailableError
        `font_missing`, `letters_missing`.
    """
    return _write(report, folder, stem, Format.SVG)


def sheet(report: Report, section: Section, one: Map, faces: Family, form: Format) -> bytes:
    """A map on a sheet of its own, PNG or SVG.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    known_at = report.provenance.known_at
    for smaller in SMALLER_MM:
        drawn = pictures(
            TEMPLATE, _told(report, section, one, faces, smaller), faces, form, known_at, PER_INCH
        )
        if len(drawn) == 1:
            break
    return inlined(drawn[0]) if form is Format.SVG else drawn[0]


def _write(report: Report, folder: Path, stem: str, form: Format) -> tuple[Path, ...]:
    """Write all maps, or none: what was written is taken away where a later one fails."""
    made: list[Path] = []
    try:
        for name, section, one in named_maps(report):
            content = sheet(report, section, one, family(), form)
            path = folder / f"{stem}-{name}.{form}"
            with whole(path) as target:
                target.write_bytes(content)
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return tuple(made)


def named_maps(report: Report) -> Iterator[tuple[str, Section, Map]]:
    """Every map with a name of its own: its code, with its section's before it where several have the same."""
    maps = [(section, one) for section, one in report.blocks() if isinstance(one, Map)]
    often = Counter(one.code for _, one in maps)
    taken: set[str] = set()
    for section, one in maps:
        stem = one.code if often[one.code] == 1 else f"{section.code}-{one.code}"
        name = next(free for free in chain([stem], (f"{stem}-{at}" for at in count(2))) if free not in taken)
        taken.add(name)
        yield name, section, one


def inlined(svg: bytes) -> bytes:
    """An SVG with the pictures in it drawn where they stand, and not packed into addresses that few programs open."""
    root = etree.fromstring(svg)
    for number, image in enumerate(list(root.iter(f"{{{SVG}}}image"))):
        address = image.get(HREF)
        if not address.startswith(INLINE):
            continue
        inner = etree.fromstring(base64.b64decode(address.removeprefix(INLINE)))
        _rename(inner, f"m{number}-")
        for name in ("width", "height", "preserveAspectRatio"):
            inner.set(name, image.get(name))
        group = etree.Element(f"{{{SVG}}}g", {"transform": image.get("transform", "")})
        group.append(inner)
        image.getparent().replace(image, group)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _rename(svg: Any, prefix: str) -> None:
    """Let no name of a picture be one of another's."""
    for one in svg.iter(etree.Element):
        for name, value in one.attrib.items():
            if name == "id":
                one.set(name, prefix + value)
            elif name in {"href", HREF} and value.startswith("#"):
                one.set(name, f"#{prefix}{value[1:]}")
            elif value.startswith("url(#"):
                one.set(name, f"url(#{prefix}{value[5:]}")


def _told(report: Report, section: Section, one: Map, faces: Family, smaller: float) -> dict[str, Any]:
    locale, of = report.locale, report.provenance
    lying = _lies(one)
    page = A4_MM if lying else A4_MM[::-1]
    window = (
        page[0] - 2 * MARGIN_MM - (SIDE_MM + 6 if lying else 0),
        page[1] - 2 * MARGIN_MM - HEAD_MM - (0 if lying else BELOW_MM) - smaller,
    )
    drawn = draw(one, *window, faces.name, of.timezone, locale)
    language, _, region = locale.partition("_")
    return {
        "title": one.title or section.title,
        "subtitle": f"{report.title} · {report.since_on} – {report.until_on}",
        "lang": language,
        "region": region.lower() or None,
        "page": page,
        "margin": MARGIN_MM,
        "window": window,
        "lying": lying,
        "svg": outlined(drawn.svg, faces),
        "legend": keys(drawn),
        "legend-columns": 1 if lying else 2,
        "facts": facts(report, one, drawn),
        "simulated": of.simulated,
        "words": {
            "legend": translate(locale, "office.legend"),
            "simulated": translate(locale, "report.simulated"),
        },
    }


def facts(report: Report, one: Map, drawn: Picture) -> list[str]:
    """What a map says of itself: its note, its scales and projection, whose numbers they are, as of when."""
    return [line for line in (one.note, credit(one, report, drawn), imprint(report)) if line]


def imprint(report: Report) -> str:
    """As of when a report is, by which definition, and the beginning of its digest."""
    of = report.provenance
    facts = {"at": instant(of.known_at, of.timezone), "definition": of.definition, "version": of.version}
    return translate(report.locale, "report.imprint", **facts, digest=digest(report)[:DIGEST_SHOWN])


def _lies(one: Map) -> bool:
    """Whether the ground is wider than it is high, and so is the page."""
    west, south, east, north = one.shown
    return (east - west) * cos(radians((south + north) / 2)) > north - south

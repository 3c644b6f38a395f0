"""Reports as one page of HTML that asks nobody for anything: from a stick, on a telephone, by night and in print.

The same report gives the same bytes. A policy within the page forbids whatever is not in the page itself.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from app.reports.rules.blocks import (
    Block,
    Code,
    Facts,
    Failed,
    Figures,
    Photo,
    Photos,
    Signatures,
    Trend,
    Words,
)
from app.reports.rules.document import Report
from app.reports.rules.maps import Map
from app.reports.rules.tabular import Table
from app.reports.service.charting import chart
from app.reports.service.formats.page_maps import embedded, grounds, legend, numbers
from app.reports.service.formats.page_tables import exact, tabled, trend_table
from app.reports.service.formats.telling import provenance
from app.reports.service.keeping import digest
from app.reports.service.palette import themes
from app.reports.service.wording import shown
from app.web.i18n import translate
from spatial.writers.files import whole

Record = dict[str, Any]

HERE = Path(__file__).parent
CHARTS_MM = {"wide": (165.0, 48.0), "narrow": (72.0, 54.0)}
"""A trend is drawn for a screen and for a telephone: letters of one drawing would be too small on the other."""

CONTENTS_DEEP = 12
"""Of more sections than this the table of contents names the sections alone."""


def write(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write a report as `<stem>.html`, whole or not at all.

    Raises
    ------
    SourceError
        `write_failed`: the folder is missing, full or not ours.
    """
    made = page(report).encode()
    path = folder / f"{stem}.html"
    with whole(path) as part:
        part.write_bytes(made)
    return (path,)


def page(report: Report) -> str:
    """A report as HTML."""
    found = [one for _, one in report.blocks() if isinstance(one, Map)]
    drawn = embedded(grounds(found, report), report)
    boxes = iter(zip(drawn.names, drawn.boxes, strict=True))
    style = "\n".join([_tokens(), *map(_unix, drawn.styles), _text("page.css")])
    scripts = [*map(_unix, drawn.scripts), _text("page.js")]
    of = report.provenance
    return _environment().get_template("page.html").render(
        report=report,
        lang=report.locale.replace("_", "-"),
        t=lambda name, **facts: translate(report.locale, name, **facts),
        w=lambda name, **facts: translate(report.locale, f"report_page.{name}", **facts),
        digest=digest(report),
        known_at=f"{of.known_at.astimezone(ZoneInfo(of.timezone)):%Y-%m-%d %H:%M}",
        provenance=provenance(report),
        sections=_sections(report, boxes),
        deep=len(report.sections) <= CONTENTS_DEEP,
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
    )  # fmt: skip


def _sections(report: Report, boxes: Iterator[tuple[str, str]]) -> list[Record]:
    """Every section with its blocks; a code may stand twice in a report, what a link leads to may not."""
    return [
        {
            "id": f"s{no}",
            "code": section.code,
            "title": section.title,
            "fresh": section.fresh,
            "blocks": [
                {"id": f"s{no}-{at}", **_block(one, report, boxes)}
                for at, one in enumerate(section.blocks, 1)
            ],
        }
        for no, section in enumerate(report.sections, 1)
    ]


def _block(one: Block, report: Report, boxes: Iterator[tuple[str, str]]) -> Record:
    zone = report.provenance.timezone
    return {
        "block": type(one).__name__.lower(),
        "code": one.code,
        "title": one.title,
        "note": one.note,
        **_said(one, report, zone, boxes),
    }


def _said(one: Block, report: Report, zone: str, boxes: Iterator[tuple[str, str]]) -> Record:
    match one:
        case Words():
            return {"paragraphs": one.text.split("\n\n"), "blank_lines": one.blank_lines}
        case Failed():
            return {"text": one.text}
        case Figures():
            return {"figures": [_fact(figure, zone) | {"beside": figure.beside} for figure in one.figures]}
        case Facts():
            return {"facts": [_fact(fact, zone) | {"wide": fact.wide} for fact in one.facts]}
        case Table():
            return {"table": tabled(one, report)}
        case Trend():
            return {"charts": _charts(one, zone), "table": tabled(trend_table(one), report)}
        case Map():
            name, box = next(boxes)
            return {
                "name": name,
                "box": Markup(box),
                "srid": one.srid,
                "legend": legend(one, report),
                "tables": [tabled(table, report) for table in numbers(one, report)],
            }
        case Code():
            drawn = segno.make_qr(one.content, error="m").svg_inline(border=4, omitsize=True)
            link = one.content if one.content.startswith(("https://", "http://")) else ""
            return {"svg": Markup(drawn), "content": one.content, "link": link, "caption": one.caption}
        case Photos():
            return {"photos": [_photo(photo, report.locale) for photo in one.photos]}
        case Signatures():
            return {"places": one.places}


def _fact(one: Any, zone: str) -> Record:
    return {
        "title": one.title,
        "shown": shown(one.value, one.kind, zone),
        "exact": exact(one.value),
        "late": one.late,
        "code": one.code,
        "kind": one.kind,
    }


def _charts(one: Trend, zone: str) -> list[tuple[str, Markup]]:
    inks = {name: f"var(--{name})" for name in themes()[0]}
    return [
        (name, Markup(chart(one, width, height, "inherit", zone, inks)))
        for name, (width, height) in CHARTS_MM.items()
    ]


def _photo(photo: Photo, locale: str) -> Record:
    """A picture, its bytes unchanged; one that cannot be shown is said to be there."""
    try:
        Image.open(io.BytesIO(photo.data)).verify()
        with Image.open(io.BytesIO(photo.data)) as picture:
            kind = (picture.format or "").lower()
            picture.load()
    except (OSError, SyntaxError):  # Pillow raises the latter for a damaged PNG
        return {"src": "", "caption": f"{photo.caption} {translate(locale, 'report.photo_unreadable')}"}
    inside = base64.b64encode(photo.data).decode()
    return {"src": f"data:image/{kind};base64,{inside}", "caption": photo.caption}


def _policy(style: str, scripts: Sequence[str]) -> str:
    """What a browser may use: these styles and these scripts, letter by letter, and pictures that are in the page."""

    def known(texts: Iterable[str]) -> str:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)

    return (
        f"default-src 'none'; style-src {known([style])}; script-src {known(scripts)}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


@cache
def _tokens() -> str:
    """Colours of both themes; paper is always light."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in theme.items()) for theme in themes())
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


@cache
def _text(name: str) -> str:
    return _unix((HERE / name).read_text("utf-8"))


def _unix(text: str) -> str:
    """A browser reads every end of a line as this one before it takes the digest."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

"""Maps of a report for the template of paper, and the line that stands below each."""

from __future__ import annotations

from typing import Any

from app.reports.rules.document import Report
from app.reports.rules.maps import Map
from app.reports.service.mapping import Picture, draw, height_for
from app.web.i18n import translate
from app.web.pages import instant
from spatial.crs import central_meridian

Record = dict[str, Any]

GAUSS_KRUEGER = range(4534, 4555)
"""EPSG numbers of the zones of three degrees of CGCS2000."""


def map_record(one: Map, report: Report, font: str, width_mm: float, most_mm: float) -> Record:
    """A map with its legend; its scales stand in the line below as places, as the template may draw it smaller."""
    of, locale = report.provenance, report.locale
    height = height_for(one, width_mm, most_mm)
    picture = draw(one, width_mm, height, font, of.timezone, locale)
    return {
        "svg": picture.svg,
        "legend": keys(picture),
        "scale": picture.scale,
        "inset": picture.inset_scale,
        "credit": _credit(one, report, picture, "{scale}", "{inset}"),
    }


def keys(picture: Picture) -> list[Record]:
    """The legend of a map: of each layer its title, how it was classed, and its signs with what they stand for."""
    return [
        {
            "title": key.title,
            "note": key.note,
            "signs": [
                {"sign": sign.svg, "shown": sign.shown, "height": sign.height_mm} for sign in key.signs
            ],
        }
        for key in picture.legend
    ]


def credit(one: Map, report: Report, picture: Picture) -> str:
    """What stands below a map: its scales, its projection, whose numbers they are and as of when."""
    inset = "" if picture.inset_scale is None else f"{picture.inset_scale:,.0f}"
    return _credit(one, report, picture, f"{picture.scale:,.0f}", inset)


def _credit(one: Map, report: Report, picture: Picture, scale: str, inset: str) -> str:
    of, locale = report.provenance, report.locale
    words = translate(locale, "report.map_scale", scale=scale)
    if picture.inset_scale is not None:
        words += translate(locale, "report.map_scale_inset", scale=inset)
    parts = [
        words,
        translate(
            locale,
            "report.map_projection" if one.srid in GAUSS_KRUEGER else "report.map_projection_other",
            srid=one.srid,
            meridian=f"{central_meridian(one.srid):g}",
        ),
        translate(locale, "report.map_source", issuer=report.issuer, at=instant(of.known_at, of.timezone)),
    ]
    if of.simulated:
        parts.append(translate(locale, "report.map_simulated"))
    if picture.unnamed:
        parts.append(translate(locale, "report.map_unnamed", count=picture.unnamed))
    return " · ".join(parts)

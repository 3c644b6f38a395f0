"""Maps of a report for a page: what `spatial.maps` draws, the legend beside it, and the same numbers as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.reports.rules.document import Report
from app.reports.rules.maps import LINES, Borders, Features, Fill, Layer, Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.mapping import classes_of, legend_words, numbers_of
from app.reports.service.palette import steps
from app.reports.service.wording import shown
from app.web.i18n import translate
from spatial import maps
from spatial.cartography import SIGNS
from spatial.classes import NOTHING, Classes

Record = dict[str, Any]

LEVELS = ("district", "subdistrict", "community", "cell")
"""Names of the first are placed first."""

NO_DATA = "fill-none"

UNITS = frozenset({Kind.SHARE, Kind.HOURS})
"""Kinds that say in what they are measured; what else is counted, the title says."""

MARKS_LISTED = 200
"""So many marks are listed below a map; a file of places has all of them."""


def grounds(found: Sequence[Map], report: Report) -> list[maps.Ground]:
    """What `spatial.maps` draws, in the order of the maps."""
    return [
        maps.Ground(one.title or report.title, one.shown, _layers(one, report), one.inset) for one in found
    ]


def embedded(drawn: Sequence[maps.Ground], report: Report) -> maps.Embedded:
    """The maps of a page, with controls in the language of the report."""
    return maps.embed(drawn, {word: _word(report, word) for word in maps.WORDS})


def legend(one: Map, report: Report) -> list[Record]:
    """Of each layer its title, how it is parted into classes, and its signs with what they stand for."""
    return [_entry(layer, report) for layer in one.layers]


def numbers(one: Map, report: Report) -> list[Table]:
    """What a map says, as tables: it is read where it cannot be seen."""
    return [
        _fill_table(layer, report, f"{one.code}-{place}")
        if isinstance(layer, Fill)
        else _marks_table(layer, report, f"{one.code}-{place}")
        for place, layer in enumerate(one.layers)
        if isinstance(layer, Fill | Marks)
    ]


def _word(report: Report, name: str, **facts: Any) -> str:
    return translate(report.locale, f"report_page.{name}", **facts)


def _sign(layer: Marks) -> str:
    """What is late is no circle: it is told apart without colour, too."""
    return "triangle" if layer.late and layer.sign == "circle" else layer.sign


def _look(layer: Marks) -> str:
    return f"{'late' if layer.late else 'usual'} {_sign(layer)}"


def _styles(classes: Classes | None) -> list[str]:
    """Of each class its style."""
    return [] if classes is None else [f"fill-{token}" for token in steps(len(classes.counts))]


def _kinds(layer: Fill) -> list[str]:
    """Of each area its style."""
    classes = classes_of(layer)
    if classes is None:
        return [NO_DATA] * len(layer.values)
    styles = _styles(classes)
    return [styles[at] if at != NOTHING else NO_DATA for at in classes.of(numbers_of(layer)).tolist()]


def _layers(one: Map, report: Report) -> list[maps.Areas | maps.Borders | maps.Points]:
    """What is drawn; where nothing fills the areas, the lowest of their borders are drawn as land."""
    filled = any(isinstance(layer, Fill) for layer in one.layers)
    land = None if filled else next((layer for layer in one.layers if isinstance(layer, Borders)), None)
    return [_drawn(layer, report, land=layer is land) for layer in one.layers]


def _drawn(layer: Layer, report: Report, *, land: bool) -> maps.Areas | maps.Borders | maps.Points:
    if isinstance(layer, Fill):
        said = [_value(layer, value, report) for value in layer.values]
        return maps.Areas(layer.shapes, _kinds(layer), layer.names, said)
    if isinstance(layer, Marks):
        return maps.Points(layer.places, layer.names, _sign(layer), _look(layer), layer.title)
    if isinstance(layer, Features):
        return _features(layer)
    rank = LEVELS.index(layer.level) if layer.level in LEVELS else len(LEVELS)
    return maps.Borders(layer.shapes, f"border-{layer.level}", layer.names if layer.named else (), rank, land)


def _features(layer: Features) -> maps.Areas | maps.Borders:
    """Outlines as areas that say their names, lines as they are."""
    if layer.kind in LINES:
        return maps.Borders(layer.shapes, f"border-{layer.kind}", rank=len(LEVELS))
    count = len(layer.shapes)
    return maps.Areas(layer.shapes, [f"fill-{layer.kind}"] * count, layer.names, [""] * count)


def _value(layer: Fill, value: Value, report: Report) -> str:
    if value is None:
        return _word(report, "no_data")
    said = shown(value, layer.kind, report.provenance.timezone)
    return _word(report, "value_of", title=layer.title, value=said)


def _entry(layer: Layer, report: Report) -> Record:
    if isinstance(layer, Fill):
        return _fill_entry(layer, report)
    if isinstance(layer, Marks):
        count = _word(report, "places", count=f"{len(layer.places):,}")
        return {"title": layer.title, "beside": count, "path": SIGNS[_sign(layer)], "look": _look(layer)}
    if isinstance(layer, Features):
        if layer.kind in LINES:
            return {"title": layer.title, "beside": "", "line": f"border-{layer.kind}"}
        return {"title": layer.title, "beside": "", "rows": [(f"fill-{layer.kind}", layer.title)]}
    return {"title": layer.title, "beside": "", "line": f"border-{layer.level}"}


def _fill_entry(layer: Fill, report: Report) -> Record:
    classes = classes_of(layer)
    words = [] if classes is None else legend_words(classes, layer.kind, report.provenance.timezone)
    rows = list(zip(_styles(classes), words, strict=True))
    if lost := sum(value is None for value in layer.values):
        rows.append((NO_DATA, _word(report, "no_data_count", count=f"{lost:,}")))
    method = "" if classes is None else _word(report, f"method_{classes.method}")
    unit = _word(report, f"unit_{layer.kind}") if layer.kind in UNITS else ""
    return {"title": layer.title, "beside": " · ".join(filter(None, (unit, method))), "rows": rows}


def _fill_table(layer: Fill, report: Report, code: str) -> Table:
    columns = (
        Column("name", _word(report, "name")),
        Column("code", _word(report, "code"), Kind.CODE),
        Column("value", layer.title, layer.kind),
    )
    rows = tuple(zip(layer.names, layer.codes, layer.values, strict=True))
    return Table(code, layer.title, columns, rows)


def _marks_table(layer: Marks, report: Report, code: str) -> Table:
    columns = (
        Column("name", layer.title),
        Column("lon", _word(report, "lon"), Kind.CODE),
        Column("lat", _word(report, "lat"), Kind.CODE),
    )
    rows = tuple(
        (name, f"{lon:.6f}", f"{lat:.6f}") for name, (lon, lat) in zip(layer.names, layer.places, strict=True)
    )
    return Table(code, layer.title, columns, rows, printed=MARKS_LISTED)

"""A map as a file of its own, for notebooks: title, legend, source and scale lie upon it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import branca.element
import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from spatial import crs, given
from spatial.classes import NOTHING, Classes, classify
from spatial.errors import CrsError, DataError
from spatial.maps.inside import assets, numbered

RAMP = ("#fff2d6", "#fdcb8b", "#f4925a", "#d4512f", "#8f1d14")
"""From little to much: each darker than the one before, so that a grey print says the same."""

VOID = "#f4f4f1"
BORDER = "#8a8a84"
HOT = {
    "hot_99": ("热点 99%", "#8f1d14"),
    "hot_95": ("热点 95%", "#d4512f"),
    "hot_90": ("热点 90%", "#f4a27a"),
    "none": ("不显著", VOID),
    "cold_90": ("冷点 90%", "#cfe3f2"),
    "cold_95": ("冷点 95%", "#9cc4e4"),
    "cold_99": ("冷点 99%", "#5b95c8"),
}
"""Hot and cold spots by how sure they are; the hottest is the darkest."""

METHODS = {
    "quantiles": "分位数",
    "equal_intervals": "等间距",
    "natural_breaks": "自然断点",
    "given": "给定断点",
}

STYLE = """
html,body{margin:0;height:100%;font-family:"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#222}
.sheet{position:absolute;inset:0}.sheet.half{right:50%}
.sheet.half+.sheet.half{left:50%;right:0;border-left:2px solid #fff}
.folium-map{background:#e9ecee}
.told{position:absolute;z-index:900;background:rgba(255,255,255,.94);padding:8px 12px;border-radius:4px;font-size:13px;
line-height:1.5;box-shadow:0 1px 3px rgba(0,0,0,.25);max-width:44%}
.told h1{font-size:17px;margin:0}.told.title{top:10px;left:54px}.told.legend{bottom:34px;right:10px}
.told.called{bottom:34px;left:10px}
.told.source{bottom:4px;left:130px;padding:2px 8px;font-size:12px}
.told i{display:inline-block;width:22px;height:13px;margin-right:7px;border:1px solid #777;vertical-align:-1px}
.mark{color:#8f1d14;border:1px solid #8f1d14;border-radius:3px;padding:0 5px;margin-left:8px;font-size:13px}
"""


@dataclass(frozen=True, slots=True)
class Map:
    """A map as one page of HTML that asks nobody for anything."""

    html: str

    def save(self, path: Path | str) -> Path:
        """Write it; a file that is there is replaced when the new one is whole."""
        target = Path(path)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self.html)
        return Path(name).replace(target)

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self.html)}" style="width:100%;height:560px;border:0"></iframe>'


def choropleth(
    areas: gpd.GeoDataFrame,
    values: ArrayLike,
    *,
    title: str,
    unit: str,
    method: str = "quantiles",
    count: int = 5,
    breaks: Sequence[float] | None = None,
    source: str | None = None,
) -> Map:
    """Areas coloured by a number.

    Parameters
    ----------
    areas
        With a reference system; `name` or `code` is shown under the pointer.
    values
        Shape (n,); NaN for an area without a number.
    unit
        What the numbers count, such as "件 / 千户".
    method, count, breaks
        How the numbers are put into classes, see `spatial.classes.classify`.
    source
        Where the data come from; by default what a frame of the platform says of itself.

    Raises
    ------
    CrsError
        `crs_missing`.
    DataError
        `other_count`, `source_missing`, and those of `classify`.
    PlatformError
        `assets_missing`.
    """
    numbers = _fitting(areas, values)
    classes = classify(numbers, method, min(count, len(RAMP)), breaks=breaks)
    colours = _colours(classes, numbers)
    drawn = _ground(areas, colours, [_number(value, unit) for value in numbers])
    return _page([(drawn, "")], title, _legend(classes, unit, numbers), _source(areas, source))


def pair(
    areas: gpd.GeoDataFrame,
    before: ArrayLike,
    after: ArrayLike,
    *,
    title: str,
    unit: str,
    called: tuple[str, str] = ("之前", "之后"),
    method: str = "quantiles",
    count: int = 5,
    breaks: Sequence[float] | None = None,
    source: str | None = None,
) -> Map:
    """Two maps side by side in the same classes, which are made of both; moved together.

    Raises
    ------
    CrsError, DataError, PlatformError
        As `choropleth`.
    """
    both = [_fitting(areas, values) for values in (before, after)]
    whole = np.concatenate(both)
    classes = classify(whole, method, min(count, len(RAMP)), breaks=breaks)
    maps = [
        (_ground(areas, _colours(classes, numbers), [_number(v, unit) for v in numbers]), name)
        for numbers, name in zip(both, called, strict=True)
    ]
    return _page(maps, title, _legend(classes, unit, whole), _source(areas, source))


def categories(
    areas: gpd.GeoDataFrame,
    kinds: Sequence[str],
    *,
    title: str,
    called: Mapping[str, tuple[str, str]],
    unit: str = "",
    source: str | None = None,
) -> Map:
    """Areas coloured by what they are.

    Parameters
    ----------
    kinds
        A word for each area.
    called
        Of each word its name and its colour, in the order of the legend.

    Raises
    ------
    CrsError, DataError, PlatformError
        As `choropleth`; `not_one_of` for a word that has no name.
    """
    if len(kinds) != len(areas):
        raise DataError("other_count", name="kinds", count=len(kinds), wanted=len(areas))
    for kind in set(kinds):
        given.one_of("kinds", kind, called)
    drawn = _ground(areas, [called[kind][1] for kind in kinds], [called[kind][0] for kind in kinds])
    counts = pd.Series(list(kinds)).value_counts()
    rows = [(colour, f"{name}（{counts.get(kind, 0)}）") for kind, (name, colour) in called.items()]
    return _page([(drawn, "")], title, _rows(unit, rows), _source(areas, source))


def hotspots(
    cells: gpd.GeoDataFrame, z: ArrayLike, p: ArrayLike, *, title: str, source: str | None = None
) -> Map:
    """Hot and cold spots by how sure they are.

    Parameters
    ----------
    z, p
        Shape (n,): standard scores, whose sign says hot or cold, and p-values, adjusted for as many cells as are asked
        about (`spatial.hotspots.adjusted`); NaN for a cell that cannot be judged.

    Raises
    ------
    CrsError, DataError, PlatformError
        As `choropleth`.
    """
    return categories(
        cells, sureness(_fitting(cells, z), _fitting(cells, p)), title=title, called=HOT, unit="置信水平（网格数）",
        source=source,
    )  # fmt: skip


def sureness(z: ArrayLike, p: ArrayLike) -> list[str]:
    """Of each cell the word of `HOT` that its standard score and its p-value give."""
    z, p = np.asarray(z, dtype=np.float64), np.asarray(p, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        level = np.select([p <= 0.01, p <= 0.05, p <= 0.10], ["99", "95", "90"], "")
        side = np.where(z > 0, "hot", "cold")
    return [f"{s}_{n}" if n else "none" for s, n in zip(side, level, strict=True)]


def points(
    areas: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    *,
    title: str,
    called: str,
    label: str | None = None,
    clustered: bool = True,
    source: str | None = None,
) -> Map:
    """Points above the areas, near ones gathered into a number.

    Parameters
    ----------
    places
        Points with a reference system; those without a place are left out, and the legend says how many.
    called
        What a point is.
    label
        Column that is shown under the pointer.

    Raises
    ------
    CrsError, DataError, PlatformError
        As `choropleth`; `not_points`.
    """
    drawn = _ground(areas, [VOID] * len(areas), [""] * len(areas))
    there = places[places.geometry.notna()]
    xy = crs.transform(given.point_coordinates("places", there.geometry), _srid(there), crs.STORAGE)
    layer: Any = folium.FeatureGroup()
    if clustered:
        options = {"maxClusterRadius": 44, "showCoverageOnHover": False}
        layer = folium.plugins.MarkerCluster(options=options)  # type: ignore[no-untyped-call]
        layer.default_js, layer.default_css = [], []
    labels = [""] * len(there) if label is None else there[label].astype("str").tolist()
    for (lon, lat), text in zip(xy.tolist(), labels, strict=True):
        folium.CircleMarker(
            (lat, lon), radius=4, color="#3d1410", weight=1, fill=True, fill_color=RAMP[3], fill_opacity=0.9,
            tooltip=folium.Tooltip(escape(text)) if text else None,
        ).add_to(layer)  # fmt: skip
    layer.add_to(drawn)
    rows = [(RAMP[3], f"{called}（{len(there):,}）")]
    if lost := len(places) - len(there):
        rows.append((VOID, f"没有位置（{lost:,}）"))
    return _page([(drawn, "")], title, _rows("", rows), _source(areas, source))


def _srid(frame: gpd.GeoDataFrame) -> int:
    if frame.crs is None:
        raise CrsError("crs_missing", name="areas")
    found = frame.crs.to_epsg()
    if found is None:
        raise CrsError("crs_unknown", value=frame.crs.to_string()[:80])
    return int(found)


def _fitting(areas: gpd.GeoDataFrame, values: ArrayLike) -> Any:
    return given.numbers("values", values, count=len(areas), gaps=True)


def _ground(areas: gpd.GeoDataFrame, colours: Sequence[str], said: Sequence[str]) -> Any:
    srid = _srid(areas)
    shapes = shapely.transform(areas.geometry.to_numpy(), lambda xy: crs.transform(xy, srid, crs.STORAGE))
    rounded = [json.loads(text) for text in shapely.to_geojson(shapely.set_precision(shapes, 1e-6))]
    names = (
        areas["name"] if "name" in areas else areas["code"] if "code" in areas else areas.index.astype("str")
    )
    features = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"name": escape(str(name)), "said": escape(text), "colour": colour},
        }
        for shape, name, text, colour in zip(rounded, names, said, colours, strict=True)
    ]
    drawn = folium.Map(tiles=None, prefer_canvas=True, maxZoom=19, zoomSnap=0.25, attributionControl=False)
    drawn.default_js, drawn.default_css = [], []
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda one: {
            "fillColor": one["properties"]["colour"], "fillOpacity": 1, "color": BORDER, "weight": 0.6,
        },
        tooltip=folium.GeoJsonTooltip(["name", "said"], aliases=["", ""], labels=False),
    )  # fmt: skip
    layer.add_to(drawn)
    west, south, east, north = shapely.total_bounds(shapes)
    if np.isfinite(west):
        drawn.fit_bounds([[south, west], [north, east]], padding=(24, 24))
    return drawn


def _colours(classes: Classes, numbers: Any) -> list[str]:
    ramp = _ramp(len(classes.counts))
    return [VOID if one == NOTHING else ramp[one] for one in classes.of(numbers)]


def _ramp(count: int) -> list[str]:
    return [RAMP[round(i * (len(RAMP) - 1) / max(1, count - 1))] for i in range(count)]


def _number(value: float, unit: str) -> str:
    return "没有数据" if np.isnan(value) else f"{value:,.4g} {unit}"


def _legend(classes: Classes, unit: str, numbers: Any) -> str:
    ramp, ends = _ramp(len(classes.counts)), classes.breaks
    rows = [
        (colour, f"{low:,.4g} – {high:,.4g}（{many}）" if low <= high else f"≤ {high:,.4g}（{many}）")
        for colour, low, high, many in zip(ramp, ends, ends[1:], classes.counts, strict=False)
    ]
    if lost := int(np.isnan(numbers).sum()):
        rows.append((VOID, f"没有数据（{lost}）"))
    return _rows(f"{unit}　{METHODS[classes.method]}分级（个数）", rows)


def _rows(head: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f'<div><i style="background:{colour}"></i>{escape(text)}</div>' for colour, text in rows)
    return f"<div><b>{escape(head)}</b></div>{lines}" if head else lines


def _source(areas: gpd.GeoDataFrame, source: str | None) -> tuple[str, bool]:
    """The line of the source, and whether the data are invented."""
    told = areas.attrs.get("panlong")
    simulated = bool(areas["simulated"].any()) if "simulated" in areas and len(areas) else False
    if told is None:
        if source is None:
            raise DataError("source_missing")
        return source, simulated
    zone = told["district"]["timezone"]
    at = pd.Timestamp(told["as_of"]).tz_convert(zone)
    return (
        f"来源：{source or told['district']['name'] + '网格平台'}　数据时间：{at:%Y-%m-%d %H:%M}",
        simulated or bool(told["district"]["simulated"]),
    )


def _page(maps: Sequence[tuple[Any, str]], title: str, legend: str, source: tuple[str, bool]) -> Map:
    figure = branca.element.Figure()
    clusters = any(
        isinstance(child, folium.plugins.MarkerCluster) for one, _ in maps for child in one._children.values()
    )
    for name, of in (("leaflet", True), ("leaflet.markercluster", clusters)):
        if of:
            figure.header.add_child(branca.element.Element(assets(name).tags()))
    figure.header.add_child(
        branca.element.Element(f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>')
    )
    half = " half" if len(maps) > 1 else ""
    for no, (one, _) in enumerate(maps, start=1):
        figure.add_child(numbered(one, f"{no}"))
    html: str = figure.render()
    # Each map takes its part of the sheet, with the words around it.
    for one, name in maps:
        drawn = f'<div class="folium-map" id="{one.get_name()}" ></div>'
        called = f'<div class="told called">{escape(name)}</div>' if name else ""
        html = html.replace(drawn, f'<div class="sheet{half}">{drawn}{called}</div>')
    line, simulated = source
    mark = '<span class="mark">模拟数据</span>' if simulated else ""
    words = (
        f'<div class="told title"><h1>{escape(title)}{mark}</h1></div><div class="told legend">{legend}</div>'
        f'<div class="told source">{escape(line)}</div>'
    )
    names = [one.get_name() for one, _ in maps]
    scales = "".join(f"L.control.scale({{imperial: false}}).addTo({name});" for name in names)
    script = f"<script>{scales}{_together(names) if half else ''}</script>"
    html = html.replace("</body>", f"{words}</body>", 1).replace("</html>", f"{script}</html>", 1)
    return Map(html)


def _together(names: Sequence[str]) -> str:
    """Two maps that go where the other one goes."""
    left, right = names
    return (
        f"for (const [a, b] of [[{left}, {right}], [{right}, {left}]])"
        " a.on('moveend', () => { if (!a.getCenter().equals(b.getCenter(), 1e-9) || a.getZoom() !== b.getZoom())"
        " b.setView(a.getCenter(), a.getZoom(), {animate: false}); });"
    )

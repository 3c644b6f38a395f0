"""Maps within a page that says title, legend and source itself: several share their scripts, styles and shapes.

A map starts when the reader comes near it. Colours are the page's: what is drawn carries classes of its style sheet.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import branca.element
import folium
import folium.plugins
import numpy as np
import shapely
from folium.utilities import JsCode

from spatial import given
from spatial.cartography import SIGNS, inside_points
from spatial.errors import DataError
from spatial.maps.coding import Heap
from spatial.maps.inside import assets, numbered, own

WORDS = ("zoom_in", "zoom_out", "whole", "detail", "close")
"""What the controls of a map are called."""

GATHERED_PX = 52
"""Marks nearer to each other than this are drawn as one, with their number."""

DIGITS = 6

MOVING: Any = JsCode("!embedded.still")
"""Maps glide, but not where the reader has asked that nothing moves."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Filled areas.

    Parameters
    ----------
    shapes
        Polygons in degrees of EPSG:4490.
    kinds
        Of each the class of the page's style sheet that fills it.
    names, said
        What each is called where somebody points at it, and the line below that.
    """

    shapes: Sequence[Any]
    kinds: Sequence[str]
    names: Sequence[str]
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class Borders:
    """Areas by their borders, or lines.

    Parameters
    ----------
    shapes
        Polygons or lines in degrees of EPSG:4490.
    kind
        Class of the page's style sheet.
    names
        Written within the areas where there is room; none for no names.
    rank
        Names of a lower rank are placed first.
    filled
        Whether they are the land that everything else lies upon.
    """

    shapes: Sequence[Any]
    kind: str
    names: Sequence[str] = ()
    rank: int = 0
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """Marks, near ones gathered into one with their number.

    Parameters
    ----------
    places
        Longitude and latitude of each, EPSG:4490.
    names
        What each is called where somebody points at it.
    sign
        One of `spatial.cartography.SIGNS`.
    kind
        Class of the page's style sheet.
    called
        What they are, for a reader who hears the page.
    """

    places: Sequence[tuple[float, float]]
    names: Sequence[str]
    sign: str
    kind: str
    called: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A map.

    Parameters
    ----------
    shown, detail
        West, south, east, north of what it shows first, and of a part that can be gone to, in degrees.
    layers
        The first lies below.
    """

    called: str
    shown: tuple[float, float, float, float]
    layers: Sequence[Areas | Borders | Points]
    detail: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a page takes over.

    Parameters
    ----------
    names, boxes
        Of each map the name of its element, and the element.
    styles, scripts
        To be put inside in this order, once; the scripts after the boxes.
    """

    names: tuple[str, ...]
    boxes: tuple[str, ...]
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


def embed(maps: Sequence[Ground], words: Mapping[str, str]) -> Embedded:
    """Draw maps for a page.

    Parameters
    ----------
    words
        The words of `WORDS`, in the page's language.

    Raises
    ------
    DataError
        `other_count`, `not_one_of`, `places_unusable`.
    PlatformError
        `assets_missing`.

    Notes
    -----
    A layer's switch is a checkbox of the page with `data-map` and `data-layer`, its place in the map, from 0 on.
    """
    if not maps:
        return Embedded((), (), (), ())
    heap = Heap()
    names, boxes, starts = [], [], []
    for no, one in enumerate(maps, start=1):
        drawn = numbered(_drawn(one, heap), f"{no}")
        figure = branca.element.Figure()
        figure.add_child(drawn)
        figure.render()
        name = drawn.get_name()
        names.append(name)
        boxes.append(figure.html.render().strip())
        start = f"function () {{\n{figure.script.render()}\nreturn {name};\n}}"
        starts.append(f"embedded.add({_said(name)}, {_said(one.called)}, {start});")
    kept = [assets("leaflet"), assets("leaflet.markercluster"), own()]
    said = f"embedded.words = {_said({word: words[word] for word in WORDS})};\nembedded.coded = {_said(heap.coded)};"
    return Embedded(
        tuple(names),
        tuple(boxes),
        tuple(style for one in kept for style in one.styles),
        (
            *(script for one in kept for script in one.scripts),
            "\n".join([said, *starts, "embedded.watch();"]),
        ),
    )


class _Call(folium.MacroElement):
    """One call of a function of `spatial/maps/browser`, of a map and what is said."""

    _template = folium.template.Template(
        "{% macro script(this, kwargs) %}"
        "embedded.{{ this.function }}({{ this._parent.get_name() }}, {{ this.said }}"
        "{% if this.of %}, {{ this.of.get_name() }}{% endif %});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, said: Any, of: Any = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "call"
        self.function, self.said, self.of = function, _said(said), of


def _drawn(one: Ground, heap: Heap) -> Any:
    drawn = folium.Map(
        tiles=None,
        zoom_control=False,
        zoomSnap=0.25,
        minZoom=_least_zoom(one.shown),
        maxZoom=19,
        attributionControl=False,
        scrollWheelZoom=False,
        zoomAnimation=MOVING,
        fadeAnimation=MOVING,
    )
    drawn.default_js, drawn.default_css = [], []
    drawn.add_child(_Call("frame", {"shown": one.shown, "detail": one.detail}))
    for layer in one.layers:
        if isinstance(layer, Areas):
            drawn.add_child(_areas(layer, heap))
        elif isinstance(layer, Borders):
            drawn.add_child(_borders(layer, heap))
        else:
            _points(drawn, layer)
    drawn.add_child(_Call("name", {}))
    return drawn


def _least_zoom(shown: tuple[float, float, float, float]) -> int:
    """The zoom at which a map is about 128 pixels: from farther nobody looks at it, and no marks need be gathered."""
    west, south, east, north = shown
    return max(0, math.floor(math.log2(360 / max(east - west, north - south, 1e-4))) - 1)


def _areas(layer: Areas, heap: Heap) -> _Call:
    for name in ("kinds", "names", "said"):
        _one_each(name, getattr(layer, name), layer.shapes)
    kinds = list(dict.fromkeys(layer.kinds))
    return _Call(
        "areas",
        {
            "shapes": [heap.place(shape) for shape in layer.shapes],
            "kinds": kinds,
            "kind": [kinds.index(kind) for kind in layer.kinds],
            "names": list(layer.names),
            "said": list(layer.said),
        },
    )


def _borders(layer: Borders, heap: Heap) -> _Call:
    shapes = list(layer.shapes)
    land = [heap.place(shape) for shape in shapes] if layer.filled else []
    said: dict[str, Any] = {"shape": heap.edges(shapes), "land": land, "kind": layer.kind, "rank": layer.rank}
    if layer.names:
        _one_each("names", layer.names, layer.shapes)
        said["names"] = list(layer.names)
        said["places"] = [_inside(shape) for shape in layer.shapes]
    return _Call("borders", said)


def _inside(shape: Any) -> list[float]:
    """Latitude and longitude of a place well within an area."""
    fine = max(float(np.sqrt(shapely.area(shape))) / 20, 1e-6)
    lon, lat = inside_points([shape], tolerance=fine)[0].tolist()
    return [round(lat, DIGITS), round(lon, DIGITS)]


def _points(drawn: Any, layer: Points) -> None:
    _one_each("names", layer.names, layer.places)
    given.one_of("sign", layer.sign, SIGNS)
    xy = given.places("places", np.asarray(layer.places, dtype=np.float64).reshape(-1, 2))
    said = {"sign": SIGNS[layer.sign], "kind": layer.kind, "called": layer.called}
    cluster = folium.plugins.FastMarkerCluster(  # type: ignore[no-untyped-call]
        [[lat, lon, name] for (lon, lat), name in zip(xy.round(DIGITS).tolist(), layer.names, strict=True)],
        callback=f"embedded.mark({_said(said)})",
        icon_create_function=f"embedded.gathered({_said(said)})",
        maxClusterRadius=GATHERED_PX,
        showCoverageOnHover=False,
        animate=MOVING,
    )
    cluster.default_js, cluster.default_css = [], []
    drawn.add_child(cluster)
    drawn.add_child(_Call("points", {}, cluster))


def _one_each(name: str, values: Sequence[Any], rows: Sequence[Any]) -> None:
    if len(values) != len(rows):
        raise DataError("other_count", name=name, count=len(values), wanted=len(rows))


def _said(thing: Any) -> str:
    """A thing as a script says it; no text of it can end the script."""
    said = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        said = said.replace(letter, f"\\u{ord(letter):04x}")
    return said

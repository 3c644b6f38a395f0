"""Figures 插图 for notebooks and reports: areas and bars with a title, a unit, a source and 模拟, in Chinese.

The only room that asks matplotlib, which the extra `analysis` installs. Colours are those of `spatial.maps` in
meaning: darker is more, so that a grey print says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from spatial.classes import NOTHING, Classes, classify
from spatial.errors import DataError, PlatformError

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei", "SimHei", "Noto Sans CJK JP",
)  # fmt: skip
"""Fonts that have the characters, the best first."""

RAMP = ("#fff2d6", "#fdcb8b", "#f4925a", "#d4512f", "#8f1d14")
INK, QUIET, VOID = "#222222", "#6b6b66", "#ecece8"
FEW = 100
"""Fewer areas than these have borders that are seen between areas of one colour."""

CLOSE = 0.12
"""Where most areas share less of the box of all of them, they are drawn again, larger."""

METHODS = {
    "quantiles": "分位数",
    "equal_intervals": "等间距",
    "natural_breaks": "自然断点",
    "given": "给定断点",
}


def style() -> str:
    """Let matplotlib write Chinese; the font that it found.

    Raises
    ------
    PlatformError
        `font_missing`: none of `FONTS` is installed.
    """
    import matplotlib
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in FONTS if name in known), None)
    if found is None:
        raise PlatformError("font_missing", wanted=FONTS)
    matplotlib.rcParams.update({
        "font.family": "sans-serif", "font.sans-serif": [found, "DejaVu Sans"], "axes.unicode_minus": False,
        "font.size": 10, "axes.titlesize": 12, "axes.titleweight": "bold", "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False, "axes.edgecolor": QUIET, "text.color": INK, "axes.labelcolor": INK,
        "figure.dpi": 110, "savefig.dpi": 110, "legend.frameon": False, "figure.constrained_layout.use": True,
    })  # fmt: skip
    return found


def sheet(
    frame: pd.DataFrame, columns: int = 1, *, width: float = 7.6, height: float = 4.4
) -> tuple[Any, Any]:
    """A figure with axes, signed with where the data of a frame of the platform come from.

    Parameters
    ----------
    frame
        Of the platform: its `attrs` say district and instant.
    columns
        How many axes beside each other.
    width, height
        Inches.

    Returns
    -------
    The figure, and one or an array of axes.

    Raises
    ------
    DataError
        `source_missing`: the frame does not say where it comes from.
    """
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, columns, figsize=(width, height))
    told = frame.attrs.get("panlong")
    if told is None:
        raise DataError("source_missing")
    at = pd.Timestamp(told["as_of"]).tz_convert(told["district"]["timezone"])
    mark = "　·　模拟数据" if told["district"]["simulated"] else ""
    words = f"来源：{told['district']['name']}网格平台　·　数据时间 {at:%Y-%m-%d %H:%M}{mark}"
    figure.supxlabel(words, x=0.01, ha="left", fontsize=8, color=QUIET)
    return figure, axes


def choropleth(
    axes: Any,
    areas: gpd.GeoDataFrame,
    values: ArrayLike,
    *,
    title: str,
    unit: str,
    method: str = "quantiles",
    count: int = 5,
    breaks: Sequence[float] | None = None,
) -> Classes:
    """Draw areas coloured by a number into axes, with the legend of its classes.

    Parameters
    ----------
    areas
        In a projection, or the shapes come out too wide.
    values, unit, method, count, breaks
        As for `spatial.maps.choropleth`.

    Raises
    ------
    DataError
        Those of `spatial.classes.classify`.
    """
    numbers = np.asarray(values, dtype=np.float64)
    classes = classify(numbers, method, min(count, len(RAMP)), breaks=breaks)
    many = len(classes.counts)
    ramp = [RAMP[round(i * (len(RAMP) - 1) / max(1, many - 1))] for i in range(many)]
    colours = [VOID if one == NOTHING else ramp[one] for one in classes.of(numbers)]
    rows = {
        f"{low:,.3g} – {high:,.3g}" if low < high else f"≤ {high:,.3g}": ramp[i]
        for i, (low, high) in enumerate(pairwise(classes.breaks))
        if classes.counts[i]
    }
    if np.isnan(numbers).any():
        rows["没有数据"] = VOID
    _drawn(axes, areas, colours, title)
    legend(axes, rows, f"{unit}（{METHODS[method]}）")
    return classes


def categories(
    axes: Any,
    areas: gpd.GeoDataFrame,
    kinds: Sequence[str],
    *,
    title: str,
    called: Mapping[str, tuple[str, str]],
    unit: str = "网格数",
) -> None:
    """Draw areas coloured by what they are into axes: `called` gives each word its name and its colour."""
    _drawn(axes, areas, [called[kind][1] for kind in kinds], title)
    counts = pd.Series(list(kinds)).value_counts()
    rows = {
        f"{name}（{counts.get(kind, 0)}）": colour
        for kind, (name, colour) in called.items()
        if kind in counts
    }
    legend(axes, rows, unit)


def legend(axes: Any, rows: Mapping[str, str], head: str) -> None:
    """A legend of colours, beside the drawing, below."""
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=colour, edgecolor=QUIET, linewidth=0.5, label=text) for text, colour in rows.items()
    ]
    axes.legend(
        handles=patches, title=head, loc="lower left", bbox_to_anchor=(1.0, 0.0), fontsize=8.5, title_fontsize=8.5,
        alignment="left",
    )  # fmt: skip


def bar_of_scale(axes: Any) -> None:
    """A bar of a round length below the drawing, whose axes are in metres."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    length = 10 ** np.floor(np.log10((east - west) / 3))
    length *= max(n for n in (1, 2, 5) if n * length <= (east - west) / 3)
    y = south - 0.02 * (north - south)
    axes.plot([west, west + length], [y, y], color=INK, linewidth=2, solid_capstyle="butt", clip_on=False)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(west + length, y, f" {words}", ha="left", va="center", fontsize=8)


def close_up(areas: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    """The box of where most areas are, where they would be too small to be told apart in the whole; else None.

    West, south, east, north: around the middle seven tenths of the areas in either direction.
    """
    middles = areas.geometry.representative_point()
    xs, ys = (np.quantile(some, [0.15, 0.85]) for some in (middles.x, middles.y))
    west, south, east, north = areas.total_bounds
    if (xs[1] - xs[0]) * (ys[1] - ys[0]) > CLOSE * (east - west) * (north - south):
        return None
    half = 0.7 * max(xs[1] - xs[0], ys[1] - ys[0])
    x, y = xs.mean(), ys.mean()
    return float(x - half), float(y - half), float(x + half), float(y + half)


def _drawn(axes: Any, areas: gpd.GeoDataFrame, colours: Sequence[str], title: str) -> None:
    few = len(areas) < FEW
    edges = {"edgecolor": "#4d4d48" if few else "#a3a39c", "linewidth": 0.8 if few else 0.2}
    areas.plot(ax=axes, color=colours, **edges)
    axes.set_axis_off()
    axes.set_title(title, loc="left")
    bar_of_scale(axes)
    box = close_up(areas) if len(areas) else None
    if box is not None:
        west, south, east, north = box
        near = axes.inset_axes((1.02, 0.44, 0.75, 0.56))
        areas.plot(ax=near, color=colours, **edges)
        near.set(
            xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], xlabel="", ylabel="", aspect="equal"
        )
        near.spines[:].set_visible(True)
        axes.indicate_inset((west, south, east - west, north - south), edgecolor=INK, alpha=0.8)

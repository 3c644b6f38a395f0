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
        "font.size": 10, "axes.titlesize": 12, "axes.titleweight": "bold", "axes.spines.top": False,
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
    ends = classes.breaks
    rows = {f"{low:,.3g} – {high:,.3g}": ramp[i] for i, (low, high) in enumerate(pairwise(ends))}
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
    """A legend of colours, beside the drawing."""
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=colour, edgecolor=QUIET, linewidth=0.5, label=text) for text, colour in rows.items()
    ]
    axes.legend(
        handles=patches,
        title=head,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        fontsize=8.5,
        title_fontsize=8.5,
    )


def bar_of_scale(axes: Any) -> None:
    """A bar of a round length below the drawing, whose axes are in metres."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    length = 10 ** np.floor(np.log10((east - west) / 3))
    length *= max(n for n in (1, 2, 5) if n * length <= (east - west) / 3)
    y = south + 0.015 * (north - south)
    axes.plot([east - length, east], [y, y], color=INK, linewidth=2, solid_capstyle="butt")
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(east - length / 2, y + 0.012 * (north - south), words, ha="center", va="bottom", fontsize=8)


def _drawn(axes: Any, areas: gpd.GeoDataFrame, colours: Sequence[str], title: str) -> None:
    areas.plot(ax=axes, color=colours, edgecolor="#a3a39c", linewidth=0.25)
    axes.set_axis_off()
    axes.set_title(title, loc="left")
    bar_of_scale(axes)

"""What every way to the platform offers: its layers as frames, checked before anybody works with them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from spatial.errors import PlatformError
from spatial.layers import LAYERS, VERSION, Layer, typed, validate

Day = date | str


@dataclass(frozen=True, slots=True)
class District:
    """The district that a platform is of.

    Parameters
    ----------
    metric_srid
        EPSG number of the projection that it measures in; None where none is set.
    simulated
        Whether its data are invented 模拟.
    """

    code: str
    name: str
    timezone: str
    metric_srid: int | None
    simulated: bool


class Platform(ABC):
    """A source of layers. Each method gives a frame of its own, in EPSG:4490, with instants in UTC.

    `frame.attrs["panlong"]` says where it comes from: the layer, its version, the district, the instant of which it
    tells.

    Days are days in the district's zone, both of them included, as `datetime.date` or as `"2026-11-23"`.

    Raises
    ------
    PlatformError
        All of them: `layer_unknown`, `filter_unknown`, `area_unknown`, and what its way to the platform raises.
    LayerError
        All of them: what came is not such a layer.
    """

    district: District

    @abstractmethod
    def layers(self) -> pd.DataFrame:
        """What can be had: name, what it is, whether it is `permitted`, by what it can be narrowed, its columns."""

    @abstractmethod
    def indicators(
        self,
        of: str = "district",
        *,
        level: str = "subdistrict",
        since: Day | None = None,
        until: Day | None = None,
    ) -> pd.DataFrame:
        """指标 of a period with the counts that they are made of, as the platform works them out.

        Parameters
        ----------
        of
            "district", "area" or "unit".
        level
            Of the areas.
        since, until
            By default the last 30 days.

        Returns
        -------
        A row for each `key`, a column for each count and each indicator; `attrs["formulas"]` says which counts stand
        above and below the line of each.
        """

    @abstractmethod
    def _rows(self, layer: Layer, narrowed: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
        """The rows of a layer, and the instant of which they tell as ISO 8601; values are as they were given."""

    def read(self, name: str, **narrowed: Any) -> pd.DataFrame:
        """A layer by its name, narrowed by what it can be narrowed by; None leaves it open."""
        if name not in LAYERS:
            raise PlatformError("layer_unknown", name=name, known=tuple(LAYERS))
        layer = LAYERS[name]
        asked = {key: value for key, value in narrowed.items() if value is not None}
        unknown = sorted(set(asked) - set(layer.narrowed))
        if unknown:
            raise PlatformError("filter_unknown", layer=name, unknown=tuple(unknown), known=layer.narrowed)
        rows, as_of = self._rows(layer, {key: _plain(value) for key, value in asked.items()})
        frame = typed(rows, layer)
        validate(frame, layer)
        frame.attrs["panlong"] = {
            "layer": name,
            "version": VERSION,
            "as_of": as_of,
            "district": asdict(self.district),
            "narrowed": {key: str(value) for key, value in asked.items()},
        }
        return frame

    def areas(
        self, level: str | None = None, *, area: str | None = None, on: Day | None = None
    ) -> gpd.GeoDataFrame:
        """区划与网格 of a day, today by default: of a `level`, in the area of a code."""
        return self.read("areas", level=level, area=area, on=on)

    def cells(self, *, area: str | None = None, on: Day | None = None) -> gpd.GeoDataFrame:
        """单元网格 of a day."""
        return self.areas("cell", area=area, on=on)

    def cases(
        self, *, area: str | None = None, since: Day | None = None, until: Day | None = None
    ) -> gpd.GeoDataFrame:
        """案件 as they stand, of an area, reported from a day to another."""
        return self.read("cases", area=area, since=since, until=until)

    def transitions(
        self,
        *,
        area: str | None = None,
        since: Day | None = None,
        until: Day | None = None,
        as_of: datetime | None = None,
    ) -> pd.DataFrame:
        """办理记录: moves made from a day to another; `as_of` as they had been recorded at an instant."""
        return self.read("transitions", area=area, since=since, until=until, as_of=as_of)

    def elements(
        self, kind: str | None = None, of_type: str | None = None, *, area: str | None = None
    ) -> gpd.GeoDataFrame:
        """地、物、组织 of a kind (`place`, `object`, `organisation`) and a type, such as `community_canteen`."""
        found = self.read("elements", area=area)
        for column, wanted in (("kind", kind), ("type", of_type)):
            if wanted is not None:
                found = found[found[column] == wanted]
        return found.reset_index(drop=True)

    def people(self, *, area: str | None = None) -> pd.DataFrame:
        """How many registered people of each need live in each cell."""
        return self.read("people", area=area)

    def units(self) -> pd.DataFrame:
        """单位."""
        return self.read("units")

    def posts(self) -> pd.DataFrame:
        """岗位, counted."""
        return self.read("posts")

    def assignments(self, *, area: str | None = None, on: Day | None = None) -> pd.DataFrame:
        """Who looks after the cells, counted; on a day, or ever."""
        return self.read("assignments", area=area, on=on)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


def midnight(day: str, zone: str, *, after: bool = False) -> datetime:
    """The instant at which a day begins in a zone, or at which it is over.

    Raises
    ------
    PlatformError
        `question_refused`: it is no day.
    """
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise PlatformError("question_refused", problem=f"no day: {day[:40]}") from error
    return datetime.combine(found + timedelta(days=after), time(), ZoneInfo(zone))

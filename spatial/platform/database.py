"""The platform by an analyst's own login of its database: the same layers, walled in by the same row security."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import shapely

from spatial.errors import PlatformError
from spatial.layers import LAYERS, Layer
from spatial.layers.asking import INTERVAL, question
from spatial.platform.source import Day, District, Platform, midnight

DISTRICT = "SELECT id, code, name, timezone, metric_srid, simulated FROM districts ORDER BY id LIMIT 1"
TOLD = "SELECT to_regclass('layers.cases') IS NOT NULL AS there, now() AS at"
HELD = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'layers'"


class Database(Platform):
    """The platform behind a connection of the caller's: this library brings no toolkit for databases, and closes none.

    Parameters
    ----------
    connectable
        An engine or a connection of SQLAlchemy on psycopg, of a login that `panlong account analyst` has made.

    Raises
    ------
    PlatformError
        `version_differs`: the database has no layers; `not_a_platform`: it holds no district.
    """

    def __init__(self, connectable: Any) -> None:
        self._connectable = connectable
        if not self._ask(TOLD)["there"].iloc[0]:
            raise PlatformError("version_differs", server=None)
        rows = self._ask(DISTRICT)
        if rows.empty:
            raise PlatformError("not_a_platform")
        row = rows.astype(object).where(rows.notna(), None).iloc[0].to_dict()
        self._district_id = int(row.pop("id"))
        metric = None if row["metric_srid"] is None else int(row["metric_srid"])
        self.district = District(**{**row, "metric_srid": metric, "simulated": bool(row["simulated"])})

    def __repr__(self) -> str:
        return f"Database({self.district.name})"

    def layers(self) -> pd.DataFrame:
        """What can be had: names, columns, by what each can be narrowed."""
        held = set(self._ask(HELD)["table_name"])
        rows = [
            {
                "name": one.name,
                "permitted": one.name in held,
                "narrowed": list(one.narrowed),
                "shape": one.shape,
                "columns": list(one.names),
            }
            for one in LAYERS.values()
        ]
        return pd.DataFrame(rows)

    def indicators(
        self,
        of: str = "district",
        *,
        level: str = "subdistrict",
        since: Day | None = None,
        until: Day | None = None,
    ) -> pd.DataFrame:
        """None of them: the platform alone works them out.

        Raises
        ------
        PlatformError
            `server_only`.
        """
        raise PlatformError("server_only", name="indicators")

    def _rows(self, layer: Layer, narrowed: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
        at = self._ask(TOLD)["at"].iloc[0]
        names = list(narrowed)
        if layer.name == "areas" and "on" not in names:
            names.append("on")
        frame = self._ask(question(layer, names), self._bound(narrowed))
        if layer.shape is not None:
            frame["geometry"] = shapely.from_wkb(frame["geometry"].to_numpy())
        return frame, pd.Timestamp(at).isoformat(timespec="seconds")

    def _bound(self, narrowed: Mapping[str, Any]) -> dict[str, Any]:
        zone = self.district.timezone
        bound = {
            "district": self._district_id,
            "on": datetime.now(midnight("2000-01-01", zone).tzinfo).date(),
        }
        for name, value in narrowed.items():
            if name == "area":
                rows = self._ask(INTERVAL, {"district": self._district_id, "code": value})
                if rows.empty:
                    raise PlatformError("area_unknown", code=value)
                bound |= {part: int(rows[part].iloc[0]) for part in ("first", "last")}
            elif name in {"since", "until"}:
                bound[name] = midnight(value, zone, after=name == "until")
            else:
                bound[name] = value
        return bound

    def _ask(self, statement: str, bound: Mapping[str, Any] | None = None) -> pd.DataFrame:
        with warnings.catch_warnings():
            # A plain connection of psycopg does as well; pandas would rather have SQLAlchemy's.
            warnings.filterwarnings("ignore", "pandas only supports SQLAlchemy", UserWarning)
            return pd.read_sql(statement, self._connectable, params=bound)

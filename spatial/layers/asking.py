"""How a layer is asked of the database: one text for the platform and for an analyst's own login.

Made of fixed pieces of this file and of `LAYERS`; what a person gives is bound, never written into it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from spatial.layers.platform import Kind, Layer

CONDITIONS: Mapping[str, str] = {
    "district": "l.district_id = %(district)s",
    "level": "l.level = %(level)s",
    "area": "l.area_no BETWEEN %(first)s AND %(last)s",
    "since": "l.{when} >= %(since)s",
    "until": "l.{when} < %(until)s",
    "as_of": "l.recorded_at <= %(as_of)s",
    "on": "daterange(l.{begin}, l.{end}) @> %(on)s::date",
}

DAYS = {"areas": ("valid_from_on", "valid_to_on"), "assignments": ("from_on", "until_on")}
"""Of a layer that can be asked for as of a day: the columns of its first day and of the first day after it."""

INTERVAL = """
SELECT n.no AS first, n.last_no AS last FROM area_numbers n JOIN area_levels l USING (district_id, level)
WHERE n.district_id = %(district)s AND n.code = %(code)s ORDER BY l.depth, n.no LIMIT 1
"""
"""The numbers of the area with a code and of what lies in it; of several the widest."""


def question(
    layer: Layer, narrowed: Collection[str], shape: str = "ST_AsBinary(l.geom, 'NDR') AS geometry"
) -> str:
    """The statement that asks for a layer, in the order of its key.

    Parameters
    ----------
    narrowed
        Names of conditions, of which each takes values of its name (`area` takes `first` and `last`); it always takes
        the `district`.
    shape
        What is asked for in place of the shape.
    """
    begin, end = DAYS.get(layer.name, ("", ""))
    conditions = [
        CONDITIONS[name].format(when=layer.when, begin=begin, end=end) for name in ("district", *narrowed)
    ]
    columns = [shape if c.kind is Kind.SHAPE else f"l.{c.name}" for c in layer.columns]
    kinds = {column.name: column.kind for column in layer.columns}
    order = [f'l.{name} COLLATE "C"' if kinds[name] is Kind.TEXT else f"l.{name}" for name in layer.key]
    asked = f"SELECT {', '.join(columns)} FROM layers.{layer.name} l"
    return f"{asked} WHERE {' AND '.join(conditions)} ORDER BY {', '.join(order)}"

"""A map that an analyst saved draws where there is no network: it asks nobody for anything."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from playwright.sync_api import Browser

from spatial import maps

pytestmark = pytest.mark.browser


def test_drawn_with_the_network_cut(chrome: Browser, tmp_path: Path) -> None:
    shapes = [shapely.box(102.7 + i / 100, 25, 102.71 + i / 100, 25.01) for i in range(4)]
    cells = gpd.GeoDataFrame({"name": list("甲乙丙丁")}, geometry=shapes, crs=4490)
    middles = gpd.GeoDataFrame(
        {"name": list("甲乙丙丁")}, geometry=[one.centroid for one in shapes], crs=4490
    )
    made = {
        "choropleth": maps.choropleth(cells, [1, 2, 3, 4], title="案件", unit="件", source="演练"),
        "pair": maps.pair(cells, [1, 2, 3, 4], [4, 3, 2, 1], title="前后", unit="件", source="演练"),
        "points": maps.points(cells, middles, title="食堂", called="食堂", label="name", source="演练"),
    }
    for name, one in made.items():
        path = one.save(tmp_path / f"{name}.html")
        context = chrome.new_context(offline=True)
        page = context.new_page()
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function("document.querySelectorAll('.leaflet-container canvas').length > 0")
        coloured = page.evaluate(COLOURED)
        context.close()
        assert asked == [path.as_uri()]
        assert not faults
        assert coloured == (2 if name == "pair" else 1)


COLOURED = """
[...document.querySelectorAll('.leaflet-container canvas')].filter(one => {
  const {data} = one.getContext('2d').getImageData(0, 0, one.width, one.height);
  return data.some((value, i) => i % 4 === 3 && value > 0);
}).length
"""
"""How many of the maps have something drawn on them."""

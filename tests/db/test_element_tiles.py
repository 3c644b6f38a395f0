"""Tiles of elements hold what the database shows whoever asks, counted exactly, at every zoom; and nobody's home."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import asinh, pi, radians, tan
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts import store as accounts
from app.accounts.rules import Role
from app.db import Actor, transaction
from app.postgres import Cluster
from app.registry.rules.kinds import PlaceType
from app.tiles.elements.rules import KINDS, OUTLINED_FROM, SORTS, TYPES, Sort
from tests import registered, town
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

MORE = 900
SPREAD = """
INSERT INTO elements (district_id, kind, type, name, geom, site_id, area_no, unit_id, valid_from_on, valid_to_on,
    source)
SELECT 1, :kind, :type, :name, CASE WHEN :lon > 0 THEN ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) END, :site,
    (SELECT no FROM area_numbers WHERE code = :cell), :unit, :since, :until, 'test' RETURNING id
"""
SEEN = """
SELECT e.id, e.kind, e.type, ST_X(g.at) AS x, ST_Y(g.at) AS y, p.shape IS NOT NULL AS outlined
FROM elements e LEFT JOIN elements s ON s.id = e.site_id LEFT JOIN elements t ON t.id = s.site_id
LEFT JOIN places p ON p.id = e.id
CROSS JOIN LATERAL (SELECT CASE WHEN e.geom IS NOT NULL THEN e.geom_3857 WHEN s.geom IS NOT NULL THEN s.geom_3857
    ELSE t.geom_3857 END AS at) g
WHERE e.kind <> 'person' AND e.type <> 'dwelling' AND e.merged_into IS NULL
    AND daterange(e.valid_from_on, e.valid_to_on) @> CAST(:day AS date)
"""
OUTLINES = """
UPDATE places p SET shape = ST_Buffer(e.geom, 0.004) FROM elements e WHERE e.id = p.id AND e.type = 'building'
"""
TODAY, LONG_AGO = date(2026, 11, 20), date(2021, 6, 1)
NOON = "T04:00:00Z"
HALF_M = 20037508.342789244
WHO = [
    (Role.DUTY_OFFICER, town.DISTRICT, "command_centre"),
    (Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), "command_centre"),
    (Role.COMMUNITY_DESK, town.community("c"), "command_centre"),
    (Role.GRID_OFFICER, town.cell(1, 1), "command_centre"),
    (Role.UNIT_DISPATCHER, None, "sanitation"),
]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks."""

    client: FlaskClient
    actor: Actor


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with registered.built(cluster) as (url, made):
        luck = random.Random(20261120)
        with transaction(url) as connection:
            units = connection.execute(text("SELECT id FROM units WHERE code = 'sanitation'")).scalars().all()
            sites = [*made.buildings.tolist(), *made.flats.tolist()]
            for n in range(MORE):
                connection.execute(text(SPREAD), _some(luck, n, sites, units[0]))
            connection.execute(
                text("UPDATE elements SET merged_into = :into WHERE id = :id"),
                {"into": int(made.objects[0]), "id": int(made.objects[1])},
            )
            connection.execute(
                text("UPDATE places p SET height_m = CASE WHEN e.id % 2 = 0 THEN 31.5 END,"
                     " shape = ST_Buffer(e.geom, 0.0002) FROM elements e WHERE e.id = p.id AND e.id = ANY (:ids)"),
                {"ids": made.buildings[:8].tolist()},
            )  # fmt: skip
            connection.execute(text("UPDATE data_versions SET version = version + 1"))
        yield url


def _some(luck: random.Random, n: int, sites: list[int], unit: int) -> dict[str, object]:
    """An element of any kind: at a place of its own, at one that others have too, in a building, in a flat, nowhere."""
    kind = luck.choice(["object", "organisation", "place"])
    types = {
        "object": ["0305", "0402"],
        "organisation": ["enterprise", "school"],
        "place": ["shop", "compound", "courtyard", "building", "building_site", "public_place", "stall_zone"],
    }
    how = luck.choice(["own", "own", "own", "corner", "site", "nowhere"])
    lon = town.WEST + luck.uniform(-0.2, 4.2) * town.STEP
    lat = town.SOUTH + luck.uniform(-0.2, 4.2) * town.STEP
    if how == "corner":
        lon, lat = town.centre(luck.choice(list(town.CELLS)))
    ended = luck.random() < 0.1
    cell = luck.choice(list(town.CELLS))
    return {
        "cell": cell, "kind": kind, "type": luck.choice(types[kind]), "name": f"n-{n}",
        "lon": lon if how in {"own", "corner"} else 0,
        "lat": lat, "site": luck.choice(sites) if how == "site" else None,
        "unit": unit if luck.random() < 0.2 else None,
        "since": date(2020, 1, 1) if luck.random() < 0.8 else date(2022, 1, 1),
        "until": date(2023, 1, 1) if ended else None,
    }  # fmt: skip


@pytest.fixture(scope="module", params=WHO, ids=lambda who: str(who[0]))
def reader(request: pytest.FixtureRequest, built: str) -> Reader:
    role, area, unit = request.param
    person = employ(built, role, area, unit=unit)
    with transaction(built) as connection:
        actor = accounts.actor_of(connection, person.account_id)
    return Reader(sign_in(registered.served(built), person), actor)


def sort_of(row: pd.Series) -> Sort:
    plain = {"object": Sort.OBJECT, "organisation": Sort.ORGANISATION}
    return plain.get(row["kind"]) or TYPES.get(row["type"], Sort.OTHER_PLACE)


def seen(url: str, actor: Actor, day: date) -> pd.DataFrame:
    """What the walls of the rows show an actor, with the place of what is seen."""
    with transaction(url, actor=actor, read_only=True) as connection:
        rows = connection.execute(text(SEEN), {"day": day})
        found = pd.DataFrame(rows.fetchall(), columns=list(rows.keys()))
    found["sort"] = [sort_of(row) for _, row in found.iterrows()]
    return found


def tiles_at(zoom: int) -> list[tuple[int, int]]:
    n = 1 << zoom
    west, east = (int((lon + 180) / 360 * n) for lon in (102.69, 102.75))
    north, south = (int((1 - asinh(tan(radians(lat))) / pi) / 2 * n) for lat in (25.05, 24.99))
    return [(x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


def decoded(folder: Path, body: bytes, zoom: int, x: int, y: int) -> dict[str, pd.DataFrame]:
    if not body:
        return {}
    path = folder / f"{y}.mvt"
    path.write_bytes(body)
    whole = ["element_id", "sort", "site_id"]
    frames = {
        name: pyogrio.read_dataframe(path, layer=name, X=x, Y=y, Z=zoom)
        for name, _ in pyogrio.list_layers(path)
    }
    # What no mark of a tile says is no column of it.
    return {
        name: frame.assign(**{one: None for one in whole if one not in frame})
        for name, frame in frames.items()
    }


def within(rows: pd.DataFrame, zoom: int, x: int, y: int) -> pd.DataFrame:
    side = 2 * HALF_M / (1 << zoom)
    column = ((rows["x"] + HALF_M) // side).fillna(-1).astype(int)
    row = ((HALF_M - rows["y"]) // side).fillna(-1).astype(int)
    return rows[(column == x) & (row == y)]


@pytest.mark.parametrize("zoom", [9, 12, 14, 16, 18])
def test_every_tile_holds_what_the_database_shows(
    built: str, reader: Reader, tmp_path: Path, zoom: int
) -> None:
    luck = random.Random(zoom)
    places = tiles_at(zoom)
    for day in (TODAY, LONG_AGO):
        shown = seen(built, reader.actor, day)
        sorts = set(luck.sample(SORTS, 5))
        for x, y in luck.sample(places, min(12, len(places))):
            said = reader.client.get(
                f"/tiles/elements/{zoom}/{x}/{y}.mvt?kinds={','.join(sorts)}&as_of={day}{NOON}"
            )
            assert said.status_code == 200
            layers = decoded(tmp_path, said.data, zoom, x, y)
            expected = within(shown[shown["sort"].isin(sorts)], zoom, x, y)
            if zoom >= OUTLINED_FROM:
                expected = expected[~expected["outlined"]]
            for kind in ("place", "object", "organisation"):
                mine = expected[expected["kind"] == kind]
                marks = layers.get(kind, pd.DataFrame({"count": []}))
                assert marks["count"].sum() == len(mine), (zoom, x, y, kind)
                if len(marks):
                    single = marks[marks["count"] == 1]
                    told = dict(zip(single["element_id"].astype(int), single["sort"], strict=True))
                    assert told.items() <= dict(zip(mine["id"], mine["sort"], strict=True)).items()


def test_marks_stand_alone_from_near_and_name_the_place_that_they_share(
    built: str, reader: Reader, tmp_path: Path
) -> None:
    shown = seen(built, reader.actor, TODAY)
    lies = shown[shown["x"].notna() & (shown["kind"] == "organisation")]
    with transaction(built) as connection:
        building = dict(connection.execute(text("SELECT id, kind FROM elements")).all())
    alone, several, sites = set(), 0, set()
    for x, y in {
        (int((a + HALF_M) / 2 / HALF_M * 2**18), int((HALF_M - b) / 2 / HALF_M * 2**18))
        for a, b in zip(lies["x"], lies["y"], strict=True)
    }:
        body = reader.client.get(
            f"/tiles/elements/18/{x}/{y}.mvt?kinds=organisation&as_of={TODAY}{NOON}"
        ).data
        marks = decoded(tmp_path, body, 18, x, y)["organisation"]
        alone |= set(marks["element_id"].dropna().astype(int))
        several += int(marks[marks["count"] > 1]["count"].sum())
        sites |= set(marks["site_id"].dropna().astype(int)) if "site_id" in marks else set()
    assert len(alone) + several == len(lies)
    assert alone <= set(lies["id"])
    assert {building[one] for one in sites} <= {"place"}


def test_counts_are_those_of_the_rows(built: str, reader: Reader) -> None:
    shown = seen(built, reader.actor, TODAY)
    said = reader.client.get(f"/tiles/elements/counts?as_of={TODAY}{NOON}").get_json()["items"]
    assert [row["kind"] for row in said] == list(SORTS)
    on_map = Counter(shown[shown["x"].notna()]["sort"])
    whole = Counter(shown["sort"])
    for row in said:
        assert (row["count"], row["unplaced"]) == (
            on_map[row["kind"]],
            whole[row["kind"]] - on_map[row["kind"]],
        )
    assert sum(whole.values()) > 20


def test_outlines_have_a_recorded_height_or_one_of_their_floors(
    built: str, reader: Reader, tmp_path: Path
) -> None:
    shown = seen(built, reader.actor, TODAY)
    mine = shown[(shown["type"] == PlaceType.BUILDING) & shown["outlined"]]
    found: dict[int, tuple[float, bool]] = {}
    for x, y in tiles_at(15):
        body = reader.client.get(f"/tiles/buildings/15/{x}/{y}.mvt").data
        for row in decoded(tmp_path, body, 15, x, y).get("buildings", pd.DataFrame()).itertuples():
            found[int(row.mvt_id)] = (float(row.height), bool(row.assumed))
    assert found.keys() == set(mine["id"])
    for one, (height, assumed) in found.items():
        assert (height, assumed) == ((31.5, False) if one % 2 == 0 else (6.0, True))
    assert reader.client.get("/tiles/buildings/14/12870/7003.mvt").data == b""


def test_people_are_no_marks(built: str, reader: Reader) -> None:
    assert reader.client.get("/tiles/elements/9/402/219.mvt?kinds=person").status_code == 400
    assert reader.client.get("/tiles/elements/9/402/219.mvt?kinds=").status_code == 200
    assert KINDS.keys() == set(SORTS)
    assert "person" not in set(KINDS.values())


def test_what_lies_beyond_leaves_no_trace(cluster: Cluster) -> None:
    """The same bytes, tag for tag, as where there is nothing beyond."""
    with registered.built(cluster) as (url, _):
        with transaction(url) as connection:
            connection.execute(text(OUTLINES))
        person = employ(url, Role.COMMUNITY_DESK, town.community("c"))
        client = sign_in(registered.served(url), person)
        asked = [
            *(f"/tiles/elements/{zoom}/{x}/{y}.mvt" for zoom in (9, 13, 15, 16) for x, y in tiles_at(zoom)),
            *(f"/tiles/buildings/16/{x}/{y}.mvt" for x, y in tiles_at(16)),
            "/tiles/elements/counts", "/tiles/elements.json",
        ]  # fmt: skip

        def told() -> list[tuple[bytes, str | None]]:
            return [(said.data, said.headers.get("ETag")) for said in map(client.get, asked)]

        before = told()
        with transaction(url) as connection:
            gone = connection.execute(
                text("DELETE FROM elements WHERE NOT area_no <@ (SELECT int8range(no, last_no, '[]') FROM area_numbers"
                     " WHERE code = :code)"), {"code": town.community("c")},
            ).rowcount  # fmt: skip
            connection.execute(
                text("UPDATE data_versions SET version = version + 1 WHERE topic = 'registry'")
            )
        assert gone > 50
        after = told()
        assert [a for a, b, c in zip(asked, before, after, strict=True) if b != c] == []
        assert sum(len(body) for body, _ in before) > 2_000

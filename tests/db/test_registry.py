"""The registry in the database: cells by the rule, walls, walks, mergers, and what follows when something moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.accounts import store as accounts
from app.accounts.rules import Role
from app.accounts.service.managing import CONSOLE
from app.db import Actor, transaction
from app.errors import InvalidError, UnavailableError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import AreaRows, put_areas, the_district
from app.postgres import Cluster
from app.registry import store as registry
from app.registry.service import retention
from app.registry.service.retention import Over
from app.registry.store import reading
from app.seals.service import Column, sealer
from app.seals.service.rotating import rotate
from spatial.locate import Locator
from tests import registered, town
from tests.cluster import clone
from tests.people import employ
from tests.registered import CELLS, Registered

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture
def held(built: tuple[str, Registered]) -> Iterator[tuple[Connection, Registered]]:
    """The platform's own transaction, undone at the end."""
    with transaction(built[0]) as connection:
        yield connection, built[1]
        connection.get_transaction().rollback()  # type: ignore[union-attr]


def actor(url: str, role: Role, area: str | None, unit: str = "command_centre") -> Actor:
    person = employ(url, role, area, unit=unit, username=f"{role}-{area}-{unit}"[:60])
    with transaction(url) as connection:
        return accounts.actor_of(connection, person.account_id)


@pytest.fixture(scope="module")
def officer(built: tuple[str, Registered]) -> Actor:
    """A community's desk."""
    return actor(built[0], Role.COMMUNITY_DESK, town.community("a"))


def cells_of(connection: Connection, ids: Any) -> list[str]:
    rows = connection.execute(
        text(
            "SELECT e.id, n.code FROM elements e JOIN area_numbers n ON n.no = e.area_no WHERE e.id = ANY (:ids)"
        ),
        {"ids": [int(one) for one in ids]},
    )
    found = {row.id: row.code for row in rows}
    return [found[int(one)] for one in ids]


def test_everything_lies_in_the_cell_that_its_place_has(held: tuple[Connection, Registered]) -> None:
    connection, made = held
    assert cells_of(connection, made.buildings) == CELLS
    assert cells_of(connection, made.flats) == [code for code in CELLS for _ in range(2)]
    assert cells_of(connection, made.persons) == [code for code in CELLS for _ in range(3)]
    assert cells_of(connection, made.organisations) == CELLS


def test_who_moves_takes_the_cell_of_the_new_flat_and_is_where_they_were_before(
    held: tuple[Connection, Registered],
) -> None:
    connection, made = held
    mover, old, new = int(made.persons[0]), int(made.flats[0]), int(made.flats[-1])
    connection.execute(
        text("UPDATE relations SET to_on = '2026-01-01' WHERE source_id = :who AND kind = 'lives_in'"),
        {"who": mover},
    )
    assert (
        connection.execute(text("SELECT site_id FROM elements WHERE id = :id"), {"id": mover}).scalar()
        is None
    )
    connection.execute(
        text(
            "INSERT INTO relations (kind, source_id, target_id, from_on, source)"
            " VALUES ('lives_in', :who, :there, '2026-01-01', 'test')"
        ),
        {"who": mover, "there": new},
    )
    assert cells_of(connection, [mover]) == [CELLS[-1]]
    days = "SELECT n.code FROM elements_on(:d, {}) e JOIN area_numbers n ON n.no = e.area_no WHERE e.id = :id"
    district = connection.execute(text("SELECT id FROM districts")).scalar()
    about = {"d": district, "id": mover}
    assert connection.execute(text(days.format("district_today(:d) - 1")), about).scalar() == CELLS[0]
    assert connection.execute(text(days.format("district_today(:d)")), about).scalar() == CELLS[-1]
    assert (
        connection.execute(text("SELECT site_id FROM elements WHERE id = :id"), {"id": old}).scalar()
        is not None
    )


def test_a_building_that_is_placed_anew_takes_flats_and_people_along(
    held: tuple[Connection, Registered],
) -> None:
    connection, made = held
    lon, lat = town.centre(CELLS[-1])
    connection.execute(
        text("UPDATE elements SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) WHERE id = :id"),
        {"lon": lon, "lat": lat, "id": int(made.buildings[0])},
    )
    moved = [made.buildings[0], *made.flats[:2], *made.persons[:3], made.organisations[0]]
    assert set(cells_of(connection, moved)) == {CELLS[-1]}


def test_a_grid_drawn_anew_takes_everything_along(held: tuple[Connection, Registered]) -> None:
    """A cell is cut in two, two others become one: sums are kept, and each thing is where `spatial.locate` has it."""
    connection, _ = held
    district = the_district(connection)
    present = grid.current_areas(connection, district.id, "cell")
    codes, shapes = list(present.codes), dict(zip(present.codes, present.shapes, strict=True))
    cut, (one, other) = town.cell(0, 0), (town.cell(2, 2), town.cell(3, 2))
    west, south, east, north = shapely.bounds(shapes[cut])
    new = f"{cut[:12]}005"
    lon = west + 0.3 * (east - west)
    shapes[new] = shapely.box(lon, south, east, north)
    shapes[cut] = shapely.box(west, south, lon, north)
    shapes[one] = shapely.union(shapes[one], shapes.pop(other))
    codes = sorted([code for code in codes if code != other] + [new])
    before = counted(connection)
    rows = AreaRows(
        codes=np.array(codes, dtype=object),
        names=np.array(codes, dtype=object),
        parents=np.array([code[:12] for code in codes], dtype=object),
        kinds=np.full(len(codes), None, dtype=object),
        households=np.full(len(codes), None, dtype=object),
        shapes=np.array([shapes[code] for code in codes], dtype=object),
        names_en=np.full(len(codes), None, dtype=object),
    )
    put_areas(connection, district, Level.CELL, rows, source="test")
    assert registry.relink(connection, district.id) == 4  # buildings and objects; all else follows
    now = counted(connection)
    assert sum(now.values()) == sum(before.values())
    assert other not in now and now[one] == before[one] + before[other]
    assert cut not in now and now[new] == before[cut]
    points = connection.execute(
        text(
            "SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM elements WHERE geom IS NOT NULL ORDER BY id"
        )
    ).all()
    locate = Locator(np.array([shapes[code] for code in codes], dtype=object), codes)
    found = locate(np.array([row.lon for row in points]), np.array([row.lat for row in points]))
    assert cells_of(connection, [row.id for row in points]) == [codes[i] for i in found]
    assert counted(connection, 1) == before
    assert registry.relink(connection, district.id) == 0


def counted(connection: Connection, days_ago: int = 0) -> dict[str, int]:
    """Elements by the code of their cell, as they lay so many days ago."""
    rows = connection.execute(
        text(
            "SELECT n.code, count(*) AS n FROM districts d, elements_on(d.id, district_today(d.id) - :days) e"
            " JOIN area_numbers n ON n.no = e.area_no GROUP BY n.code"
        ),
        {"days": days_ago},
    )
    return {row.code: row.n for row in rows}


def test_nothing_lies_in_itself(held: tuple[Connection, Registered]) -> None:
    connection, made = held
    with pytest.raises(DBAPIError, match="lie in itself"):
        connection.execute(
            text(
                "INSERT INTO relations (kind, source_id, target_id, from_on, source)"
                " VALUES ('located_in', :building, :flat, '2026-01-01', 'test')"
            ),
            {"building": int(made.buildings[0]), "flat": int(made.flats[0])},
        )


def test_numbers_open_again_and_only_where_they_belong(held: tuple[Connection, Registered]) -> None:
    connection, made = held
    seal = sealer(connection)
    rows = connection.execute(
        text("SELECT id, identity, identity_index, phone, phone_index FROM persons ORDER BY id LIMIT 2")
    ).all()
    one, two = rows
    assert seal.open(Column.IDENTITY, bytes(one.identity), bytes(one.identity_index)) == registered.identity(
        0
    )
    assert seal.open(Column.PERSON_PHONE, bytes(two.phone), bytes(two.phone_index)) == registered.phone(1)
    for value, index in ((one.identity, two.identity_index), (one.phone, one.identity_index)):
        with pytest.raises(Exception, match="seal_broken"):
            seal.open(Column.IDENTITY, bytes(value), bytes(index))
    assert len(made.persons) == connection.execute(text("SELECT count(*) FROM persons")).scalar()


def test_a_community_sees_its_own(built: tuple[str, Registered], officer: Actor) -> None:
    url, made = built
    own = {code for code in CELLS if code.startswith(town.community("a"))}
    with transaction(url, actor=officer, read_only=True) as connection:
        seen = connection.execute(text("SELECT id FROM elements")).scalars().all()
        assert set(cells_of(connection, seen)) == own
        assert len(seen) == len(own) * 8
        assert connection.execute(text("SELECT count(*) FROM persons")).scalar() == len(own) * 3
        found = reading.found(
            connection, 1, words="ref", kinds=None, types=None, area_no=None, box=None, after=None, limit=100
        )
        assert {one for one, _ in found} <= set(seen)
        # What serves a building of another community: neither the relation nor that there is one.
        ties = connection.execute(
            text("SELECT source_id, target_id FROM relations WHERE kind = 'serves'")
        ).all()
        assert all({row.source_id, row.target_id} <= set(seen) for row in ties)
    everything = set(map(int, made.buildings)) | set(map(int, made.organisations))
    assert everything - set(seen)


@pytest.mark.parametrize(
    "role", [Role.UNIT_DISPATCHER, Role.ANALYST, Role.LEADER, Role.DUTY_OFFICER, Role.SYS_ADMIN]
)
def test_who_serves_nobody_there_sees_no_persons(built: tuple[str, Registered], role: Role) -> None:
    url, made = built
    area = None if role is Role.UNIT_DISPATCHER else town.DISTRICT
    who = actor(url, role, area, "urban_management" if role is Role.UNIT_DISPATCHER else "command_centre")
    with transaction(url, actor=who, read_only=True) as connection:
        for table in ("persons", "person_needs", "households"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM elements WHERE kind = 'person'")).scalar() == 0
        around = reading.neighbourhood(
            connection, element=int(made.flats[0]), case=None, depth=3, kinds=None, each=100, most=500
        )
        persons = set(map(int, made.persons))
        assert not [tie for tie in around if tie["source_id"] in persons or tie["target_id"] in persons]


def test_the_neighbourhood_is_what_walking_relations_gives(
    built: tuple[str, Registered], officer: Actor
) -> None:
    url, made = built
    with transaction(url, actor=officer, read_only=True) as connection:
        ties = connection.execute(
            text("SELECT id, source_id, case_id, target_id FROM relations WHERE to_on IS NULL")
        ).all()
        start = int(made.buildings[CELLS.index(town.cell(0, 2))])
        for depth in (1, 2, 3):
            reached: set[Any] = {start}
            expected: set[int] = set()
            for _ in range(depth):
                ring = [
                    t for t in ties if {t.source_id, t.target_id, t.case_id and ("case", t.case_id)} & reached
                ]
                expected |= {t.id for t in ring}
                for t in ring:
                    reached |= {t.target_id, t.source_id or ("case", t.case_id)}
            found = reading.neighbourhood(
                connection, element=start, case=None, depth=depth, kinds=None, each=100, most=500
            )
            assert {row["id"] for row in found} == expected
            assert not any(row["cut"] for row in found)


def test_two_records_of_one_thing(built: tuple[str, Registered], officer: Actor) -> None:
    url, made = built
    own = [i for i, code in enumerate(CELLS) if code.startswith(town.community("a"))]
    kept, gone = (int(made.organisations[i]) for i in own[:2])
    everything = "SELECT * FROM relations ORDER BY id"
    with transaction(url, actor=officer) as connection:
        before = connection.execute(text(everything)).all()
        merge = connection.execute(
            text("SELECT merge_elements(:kept, :gone, 'twice')"), {"kept": kept, "gone": gone}
        ).scalar_one()
        tied = connection.execute(
            text("SELECT kind, target_id FROM relations WHERE source_id = :kept ORDER BY kind, target_id"),
            {"kept": kept},
        ).all()
        manages = {row.target_id for row in tied if row.kind == "manages"}
        assert manages == {int(made.buildings[i]) for i in own[:2]}
        assert [row.kind for row in tied].count("located_in") == 1
        assert not connection.execute(
            text("SELECT id FROM relations WHERE :gone IN (source_id, target_id)"), {"gone": gone}
        ).all()
        connection.execute(text("SELECT part_elements(:merge)"), {"merge": merge})
        assert connection.execute(text(everything)).all() == before
        assert [row["reason"] for row in reading.history(connection, gone, before=None, limit=9)] == [
            "parted",
            "merged",
        ]
        connection.get_transaction().rollback()  # type: ignore[union-attr]


def test_nobody_merges_what_is_not_theirs(built: tuple[str, Registered], officer: Actor) -> None:
    url, made = built
    away = next(i for i, code in enumerate(CELLS) if code.startswith(town.community("b")))
    own = next(i for i, code in enumerate(CELLS) if code.startswith(town.community("a")))
    with transaction(url, actor=officer) as connection, pytest.raises(DBAPIError, match="not in sight"):
        connection.execute(
            text("SELECT merge_elements(:kept, :gone, 'x')"),
            {"kept": int(made.buildings[own]), "gone": int(made.buildings[away])},
        )


def test_what_is_over_is_what_is_deleted(held: tuple[Connection, Registered]) -> None:
    connection, made = held
    gone, partly = int(made.persons[0]), int(made.persons[1])
    connection.execute(text("UPDATE persons SET retain_until_on = '2026-01-01' WHERE id = :id"), {"id": gone})
    connection.execute(
        text(
            "INSERT INTO person_needs VALUES (:id, 'lives_alone', 'x', '2020-01-01', '2026-01-01', 'test'),"
            " (:id, 'aged_60', 'x', '2020-01-01', '2099-01-01', 'test')"
        ),
        {"id": partly},
    )
    connection.execute(text("SELECT remember_element(:id, 'edited')"), {"id": partly})
    about = {"d": connection.execute(text("SELECT id FROM districts")).scalar(), "day": date(2026, 6, 1)}
    shown = connection.execute(text("SELECT * FROM retention_over(:d, :day)"), about).all()
    done = connection.execute(text("SELECT * FROM retention_delete(:d, :day)"), about).all()
    assert sorted(shown) == sorted(done) == [(gone, None), (partly, "lives_alone")]
    left = "SELECT count(*) FROM {} WHERE :id = {}"
    for table, column in (
        ("elements", "id"),
        ("persons", "id"),
        ("relations", "source_id"),
        ("element_changes", "element_id"),
    ):
        assert connection.execute(text(left.format(table, column)), {"id": gone}).scalar() == 0
    kept = (
        connection.execute(text("SELECT need FROM person_needs WHERE person_id = :id"), {"id": partly})
        .scalars()
        .all()
    )
    assert kept == ["aged_60"]
    (before,) = reading.history(connection, partly, before=None, limit=2)
    assert [one["need"] for one in before["before"]["needs"]] == ["aged_60"]
    assert not connection.execute(text("SELECT * FROM retention_over(:d, :day)"), about).all()


def test_numbers_are_sealed_anew_under_another_key(
    cluster: Cluster, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("PANLONG_SEAL_KEYS_FILE", str(tmp_path / "seal.keys"))
    with clone(cluster) as url:
        town.build(url)
        made = registered.register(url)
        assert (tmp_path / "seal.keys").stat().st_mode & 0o777 == 0o600
        told: list[int] = []
        assert rotate(url, "sm4-gcm", told.append) == 2
        assert told[-1] == 2 * len(made.persons)
        with transaction(url, read_only=True) as connection:
            seal = sealer(connection)
            assert (seal.newest.no, seal.newest.cipher.name) == (2, "sm4-gcm")
            row = connection.execute(
                text("SELECT phone, phone_index FROM persons WHERE id = :id"), {"id": int(made.persons[5])}
            ).one()
            assert bytes(row.phone)[0] == 2
            assert seal.index(Column.PERSON_PHONE, registered.phone(5)) == bytes(row.phone_index)
            assert seal.open(
                Column.PERSON_PHONE, bytes(row.phone), bytes(row.phone_index)
            ) == registered.phone(5)
        keys = (tmp_path / "seal.keys").read_text().split()
        monkeypatch.setenv("PANLONG_SEAL_KEYS", keys[0])
        with (
            transaction(url, read_only=True) as connection,
            pytest.raises(UnavailableError, match="seal_key_missing"),
        ):
            sealer(connection)
        monkeypatch.setenv("PANLONG_SEAL_KEYS", f"{keys[0]} 2:{'0' * 64}")
        with (
            transaction(url, read_only=True) as connection,
            pytest.raises(UnavailableError, match="seal_key_wrong"),
        ):
            sealer(connection)
        monkeypatch.setenv("PANLONG_SEAL_KEYS", "2:abc")
        with (
            transaction(url, read_only=True) as connection,
            pytest.raises(InvalidError, match="seal_keys_invalid"),
        ):
            sealer(connection)


def test_the_log_keeps_only_that_somebody_was_deleted(held: tuple[Connection, Registered]) -> None:
    connection, made = held
    district = connection.execute(text("SELECT id FROM districts")).scalar_one()
    gone = int(made.persons[4])
    connection.execute(text("UPDATE persons SET retain_until_on = '2026-01-01' WHERE id = :id"), {"id": gone})
    shown = retention.due(connection, district, date(2026, 6, 1))
    assert shown == retention.delete(connection, district, date(2026, 6, 1), by=CONSOLE) == Over((gone,), ())
    (entry,) = connection.execute(
        text("SELECT subject_id, facts FROM access_log WHERE action = 'person.delete'")
    ).all()
    assert tuple(entry) == (str(gone), {"why": "retention"})

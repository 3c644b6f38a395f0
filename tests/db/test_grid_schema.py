"""What the database itself refuses of a grid, and how it finds a point's cell."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

pytestmark = pytest.mark.db

SQUARE = "MULTIPOLYGON((({0} {1},{2} {1},{2} {3},{0} {3},{0} {1})))"
STEP = 0.01
WEST, SOUTH = 102.7, 25.0


def square(column: float, row: float, width: float = 1, height: float = 1) -> str:
    """A rectangle of the toy grid as WKT; the cell in column 0, row 0 is the south-western one."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return SQUARE.format(west, south, west + width * STEP, south + height * STEP)


def add_area(
    connection: Connection, level: str, code: str, shape: str, parent: int | None, edition: int | None
) -> int:
    statement = text(
        "INSERT INTO areas (district_id, level, code, name, parent_id, edition_id, valid_from_on, geom)"
        " VALUES (1, :level, :code, :code, :parent, :edition,"
        " CASE WHEN CAST(:edition AS int) IS NULL THEN DATE '2000-01-01' END,"
        " ST_GeomFromText(:shape, 4490)) RETURNING id"
    )
    values = {"level": level, "code": code, "shape": shape, "parent": parent, "edition": edition}
    return connection.execute(statement, values).scalar_one()


@pytest.fixture
def edition(connection: Connection) -> tuple[Connection, int, int]:
    """A city of 2 x 2 squares with an empty draft edition: connection, edition, root."""
    connection.execute(
        text(
            "INSERT INTO districts (id, code, name, timezone, metric_srid) OVERRIDING SYSTEM VALUE"
            " VALUES (1, 'toy', '玩具城', 'Asia/Shanghai', 4543)"
        )
    )
    connection.execute(
        text("INSERT INTO area_levels (district_id, level, depth) VALUES (1, 'district', 0), (1, 'cell', 1)")
    )
    root = add_area(connection, "district", "toy", square(0, 0, 2, 2), None, None)
    number = connection.execute(
        text(
            "INSERT INTO grid_editions (district_id, name, effective_on) VALUES (1, '1', '2020-01-01') RETURNING id"
        )
    ).scalar_one()
    return connection, number, root


def enforce(connection: Connection, edition: int) -> None:
    connection.execute(text("UPDATE grid_editions SET state = 'in_force' WHERE id = :id"), {"id": edition})


FULL = {"a": square(0, 1), "b": square(1, 1), "c": square(0, 0), "d": square(1, 0)}


def fill(connection: Connection, edition: int, root: int, cells: dict[str, str]) -> dict[str, int]:
    return {code: add_area(connection, "cell", code, shape, root, edition) for code, shape in cells.items()}


def test_a_full_grid_takes_effect(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL)
    enforce(connection, number)
    assert (
        connection.execute(
            text("SELECT count(*) FROM areas_on(1, DATE '2024-01-01') WHERE level = 'cell'")
        ).scalar()
        == 4
    )
    assert (
        connection.execute(
            text("SELECT count(*) FROM areas_on(1, DATE '2019-01-01') WHERE level = 'cell'")
        ).scalar()
        == 0
    )


@pytest.mark.parametrize(
    ("fault", "cells"),
    [
        ("overlap", FULL | {"d": square(0.5, 0, 1.5, 1)}),
        ("overlap", FULL | {"e": square(0.25, 0.25, 0.5, 0.5)}),
        ("gap", {code: shape for code, shape in FULL.items() if code != "d"}),
        ("gap", FULL | {"d": square(1.01, 0, 0.99, 1)}),
        ("outside_parent", FULL | {"d": square(1, -0.1, 1, 1.1)}),
    ],
)
def test_a_faulty_grid_does_not(
    edition: tuple[Connection, int, int], fault: str, cells: dict[str, str]
) -> None:
    connection, number, root = edition
    fill(connection, number, root, cells)
    found = (
        connection.execute(text("SELECT kind FROM grid_edition_faults(:id)"), {"id": number}).scalars().all()
    )
    assert set(found) == {fault}
    with pytest.raises(IntegrityError, match="cannot take effect"):
        enforce(connection, number)


def test_what_overlaps_on_one_side_does_not_make_up_for_a_gap_on_the_other(
    edition: tuple[Connection, int, int],
) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL | {"d": square(0.99, 0, 1, 1)})
    found = connection.execute(text("SELECT kind FROM grid_edition_faults(:id)"), {"id": number}).scalars()
    assert set(found) == {"overlap", "gap"}


def test_gaps_are_allowed_where_the_district_says_so(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    connection.execute(text("UPDATE districts SET gaps_allowed = true"))
    fill(connection, number, root, {"a": square(0, 1)})
    enforce(connection, number)


def test_rounding_is_no_fault(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL | {"d": square(1 + 1e-7, 0, 1 - 1e-7, 1)})
    enforce(connection, number)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE areas SET geom = ST_Translate(geom, 0.001, 0) WHERE code = 'a'",
        "UPDATE areas SET code = 'z' WHERE code = 'a'",
        "DELETE FROM areas WHERE code = 'a'",
        "UPDATE areas SET geom = ST_Translate(geom, 0.001, 0) WHERE code = 'toy'",
    ],
)
def test_an_edition_in_force_is_kept(edition: tuple[Connection, int, int], change: str) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL)
    enforce(connection, number)
    with pytest.raises(IntegrityError):
        connection.execute(text(change))


def test_two_editions_cannot_hold_on_one_day(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL)
    enforce(connection, number)
    other = connection.execute(
        text(
            "INSERT INTO grid_editions (district_id, name, effective_on) VALUES (1, '2', '2024-01-01') RETURNING id"
        )
    ).scalar_one()
    fill(connection, other, root, FULL)
    with pytest.raises(IntegrityError, match="one_at_a_time"):
        enforce(connection, other)


def test_an_invalid_shape_is_refused(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    bow_tie = "MULTIPOLYGON(((102.7 25,102.71 25.01,102.71 25,102.7 25.01,102.7 25)))"
    with pytest.raises(IntegrityError):
        add_area(connection, "cell", "a", bow_tie, root, number)


def test_a_code_must_begin_with_its_parents_where_the_rule_says_so(
    edition: tuple[Connection, int, int],
) -> None:
    connection, number, root = edition
    connection.execute(text("UPDATE area_levels SET code_extends_parent = true WHERE level = 'cell'"))
    with pytest.raises(IntegrityError, match="does not begin"):
        add_area(connection, "cell", "a", square(0, 0), root, number)


def test_points_on_edges_belong_to_the_smallest_code(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    cells = fill(connection, number, root, FULL)
    enforce(connection, number)
    places = {
        "inside": (0.5, 0.5, "c"),
        "edge": (1, 0.5, "c"),
        "upper edge": (0.5, 1, "a"),
        "corner of four": (1, 1, "a"),
        "outer edge": (0, 0.5, "c"),
        "outside": (3, 3, None),
    }
    for column, row, code in places.values():
        point = {"x": WEST + column * STEP, "y": SOUTH + row * STEP}
        found = connection.execute(
            text("SELECT cell_at(1, ST_SetSRID(ST_MakePoint(:x, :y), 4490))"), point
        ).scalar()
        assert found == (cells[code] if code else None)


def test_area_and_label_are_measured(edition: tuple[Connection, int, int]) -> None:
    connection, number, root = edition
    fill(connection, number, root, FULL)
    area, inside = connection.execute(
        text("SELECT area_m2, ST_Covers(geom_3857, label_3857) FROM areas WHERE code = 'a'")
    ).one()
    assert area == pytest.approx(1007.6 * 1107.8, rel=2e-3)  # metres of 0.01 degrees at 25 N
    assert inside

"""The area tree as nested intervals: numbers nest, stay through editions, and move with an area and its cases."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

pytestmark = pytest.mark.db

SHAPE = "ST_Multi(ST_MakeEnvelope(102.7, 25, 102.71, 25.01, 4490))"


def add(connection: Connection, level: str, code: str, parent: int | None, edition: int | None = None) -> int:
    statement = text(
        "INSERT INTO areas (district_id, level, code, name, parent_id, edition_id, valid_from_on, geom)"
        " VALUES (1, :level, :code, :code, :parent, :edition, CASE WHEN CAST(:edition AS int) IS NULL THEN"
        f" DATE '2000-01-01' END, {SHAPE}) RETURNING id"
    )
    values = {"level": level, "code": code, "parent": parent, "edition": edition}
    return int(connection.execute(statement, values).scalar_one())


def interval(connection: Connection, area: int) -> tuple[int, int]:
    row = connection.execute(text("SELECT no, last_no FROM areas WHERE id = :id"), {"id": area}).one()
    return row.no, row.last_no


@pytest.fixture
def tree(connection: Connection) -> tuple[Connection, dict[str, int]]:
    """A district of two communities, the first with two cells and a resident group."""
    run = connection.execute
    run(text("INSERT INTO districts (id, code, name, timezone, metric_srid) OVERRIDING SYSTEM VALUE"
             " VALUES (1, 'd', 'd', 'Asia/Shanghai', 4543)"))  # fmt: skip
    run(text("INSERT INTO area_levels (district_id, level, depth) VALUES (1, 'district', 0), (1, 'community', 1),"
             " (1, 'cell', 2), (1, 'resident_group', 2)"))  # fmt: skip
    run(text("INSERT INTO grid_editions (id, district_id, name, effective_on) OVERRIDING SYSTEM VALUE"
             " VALUES (1, 1, 'first', '2000-01-01'), (2, 1, 'second', '2026-01-01')"))  # fmt: skip
    ids = {"d": add(connection, "district", "d", None)}
    for name in ("p", "q"):
        ids[name] = add(connection, "community", name, ids["d"])
    for name, level in (("1", "cell"), ("2", "cell"), ("g", "resident_group")):
        ids[name] = add(connection, level, name, ids["p"], 1 if level == "cell" else None)
    return connection, ids


def test_intervals_nest_and_part(tree: tuple[Connection, dict[str, int]]) -> None:
    connection, ids = tree
    of = {name: interval(connection, area) for name, area in ids.items()}
    for inner, outer in (("p", "d"), ("q", "d"), ("1", "p"), ("2", "p"), ("g", "p")):
        assert of[outer][0] < of[inner][0] <= of[inner][1] <= of[outer][1]
    for one, other in (("p", "q"), ("1", "2"), ("2", "g")):
        assert of[one][1] < of[other][0]


def test_a_place_keeps_its_number_through_editions(tree: tuple[Connection, dict[str, int]]) -> None:
    connection, ids = tree
    assert interval(connection, add(connection, "cell", "1", ids["p"], 2)) == interval(connection, ids["1"])
    fresh = interval(connection, add(connection, "cell", "3", ids["p"], 2))
    assert fresh[0] > interval(connection, ids["g"])[1]


def test_an_area_takes_its_cells_and_cases_along(tree: tuple[Connection, dict[str, int]]) -> None:
    connection, ids = tree
    connection.execute(text("INSERT INTO case_categories (district_id, code, name) VALUES (1, 'x', 'x')"))
    for name in ("g", "q"):
        connection.execute(
            text(
                "INSERT INTO cases (district_id, category_id, state, reported_at, area_id) VALUES"
                " (1, (SELECT id FROM case_categories), 'reported', now(), :area)"
            ),
            {"area": ids[name]},
        )
    before = {name: interval(connection, area) for name, area in ids.items()}
    connection.execute(
        text("UPDATE areas SET parent_id = :to WHERE id = :id"), {"to": ids["q"], "id": ids["g"]}
    )
    after = {name: interval(connection, area) for name, area in ids.items()}
    assert after["q"][0] < after["g"][0] <= after["g"][1] <= after["q"][1]
    assert {name: after[name] for name in "dpq12"} == {name: before[name] for name in "dpq12"}
    on = connection.execute(
        text("SELECT a.code, c.area_no FROM cases c JOIN areas a ON a.id = c.area_id")
    ).all()
    assert dict(on) == {"g": after["g"][0], "q": after["q"][0]}


def test_a_whole_branch_moves(tree: tuple[Connection, dict[str, int]]) -> None:
    """The interval of a community is shifted with all that is below it, to below another parent."""
    connection, ids = tree
    connection.execute(text("UPDATE area_levels SET depth = depth + 1 WHERE level <> 'district'"))
    connection.execute(
        text("INSERT INTO area_levels (district_id, level, depth) VALUES (1, 'subdistrict', 1)")
    )
    roots = [add(connection, "subdistrict", code, ids["d"]) for code in ("s", "t")]
    branch = add(connection, "community", "b", roots[0])
    cell = add(connection, "cell", "b1", branch, 2)
    apart = interval(connection, cell)[0] - interval(connection, branch)[0]
    connection.execute(
        text("UPDATE areas SET parent_id = :to WHERE id = :id"), {"to": roots[1], "id": branch}
    )
    first, last = interval(connection, roots[1])
    assert first < interval(connection, branch)[0] < interval(connection, cell)[0] <= last
    assert interval(connection, cell)[0] - interval(connection, branch)[0] == apart
    assert (
        interval(connection, add(connection, "cell", "b2", branch, 2))[1] <= interval(connection, branch)[1]
    )


def test_numbers_run_out_loudly(tree: tuple[Connection, dict[str, int]]) -> None:
    connection, ids = tree
    connection.execute(
        text(
            "INSERT INTO area_numbers SELECT n.no + 32767 * area_width(2), n.no + 32768 * area_width(2) - 1, 1, 'cell',"
            " 'last', n.no FROM area_numbers n JOIN areas a ON a.no = n.no WHERE a.id = :parent"
        ),
        {"parent": ids["p"]},
    )
    with pytest.raises(DBAPIError, match="no number is left"):
        add(connection, "cell", "4", ids["p"], 2)

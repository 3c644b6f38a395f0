"""`panlong grid split` and `merge`: what they refuse, what a dry run says, and that nothing is left half done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from app.db import transaction
from app.errors import NotFoundError
from app.interop.service import redrawing
from app.postgres import Cluster
from app.staffing import store as staffing
from app.staffing.rules import Duty
from app.staffing.store import cells
from tests import town
from tests.cli import Command, caller
from tests.db import redrawn

pytestmark = pytest.mark.db

WHOLE, EAST = town.cell(0, 0), town.cell(1, 0)
COMMUNITY = WHOLE[:12]


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    with redrawn.peopled(cluster) as found:
        yield found


@pytest.fixture
def grid(url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    call = caller(url, monkeypatch, capfd)
    return lambda *arguments, **options: call("grid", *arguments, **options)


@pytest.fixture
def middle(tmp_path: Path) -> Path:
    """A line through the middle of the first cell, from south to north."""
    lon, lat = town.centre(WHOLE)
    return redrawn.write_line(
        tmp_path / "middle.geojson", [(lon + 0.001, lat - 0.02), (lon + 0.001, lat + 0.02)]
    )


def digest(url: str) -> dict[str, str]:
    """What stands in every table, but for what sequences are."""
    with transaction(url, read_only=True) as connection:
        tables = connection.execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'spatial%'"
            )
        ).scalars()
        statement = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
        return {name: connection.execute(text(statement.format(name))).scalar() for name in tables.all()}


def parts(path: Path, *boxes: tuple[float, float, float, float], **codes: str) -> Path:
    """A layer of parts of the first cell, each as its sides in shares of the cell's."""
    west, south = town.WEST, town.SOUTH
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"part {n}", **({"code": codes[f"c{n}"]} if codes else {})},
            "geometry": shapely.geometry.mapping(
                shapely.box(
                    *(start + town.STEP * share for start, share in zip((west, south) * 2, box, strict=True))
                )
            ),
        }
        for n, box in enumerate(boxes, start=1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_dry_run_says_what_then_happens(grid: Command, url: str, middle: Path) -> None:
    before = digest(url)
    would = grid("split", WHOLE, "--line", middle, "--dry-run", lang="en")
    assert would.status == 0
    assert digest(url) == before
    done = grid("split", WHOLE, "--line", middle, lang="en")
    assert done.text.splitlines()[1:] == would.text.splitlines()[1:]
    assert digest(url) != before
    assert f"{COMMUNITY}005" in done.text
    assert f"ref-{WHOLE} (ref-{WHOLE})" in done.text
    assert "500 households" in done.text


def test_codes_go_on_and_are_never_used_again(grid: Command, url: str, middle: Path) -> None:
    assert grid("split", WHOLE, "--line", middle).status == 0
    first, second = f"{COMMUNITY}005", f"{COMMUNITY}006"
    assert grid("merge", first, second).status == 0
    assert grid("split", f"{COMMUNITY}007", "--line", middle, "--name", "甲", "--name", "乙").status == 0
    with transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT code, name FROM areas_on(1, district_today(1)) WHERE level = 'cell'"
                " AND code LIKE :of ORDER BY 1"
            ),
            {"of": f"{COMMUNITY}%"},
        ).all()
    assert [row.code[12:] for row in rows] == ["001", "002", "004", "008", "009"]
    assert [row.name for row in rows[-2:]] == ["甲", "乙"]
    assert "已用过" in grid("merge", f"{COMMUNITY}008", f"{COMMUNITY}009", "--code", WHOLE).text


REFUSED: list[tuple[Callable[[Path], list[Any]], str]] = [
    (lambda at: ["split", "530199009009009", "--line", at / "middle.geojson"], "530199009009009"),
    (lambda at: ["split", WHOLE], "--line 或 --parts"),
    (lambda at: ["split", WHOLE, "--line", at / "away.geojson"], "贯穿"),
    (lambda at: ["split", WHOLE, "--line", at / "thin.geojson"], "平均宽"),
    (lambda at: ["split", WHOLE, "--line", at / "middle.geojson", "--name", "甲"], "1 个名称"),
    (lambda at: ["split", WHOLE, "--line", parts(at / "p.geojson", (0, 0, 1, 1))], "不是线"),
    (lambda at: ["split", WHOLE, "--parts", at / "none.geojson"], "none.geojson"),
    (lambda at: ["split", WHOLE, "--parts", parts(at / "p.geojson", (0, 0, 1, 1))], "两部分"),
    (
        lambda at: [
            "split",
            WHOLE,
            "--parts",
            parts(at / "p.geojson", (0, 0, 0.5, 1), (0.5, 0, 1, 1), c1=EAST, c2="x"),
        ],
        "x",
    ),
    (lambda at: ["merge", WHOLE], "两个"),
    (lambda at: ["merge", WHOLE, WHOLE], "两个"),
    (lambda at: ["merge", WHOLE, town.cell(2, 0)], "不同社区"),
    (lambda at: ["merge", WHOLE, town.cell(1, 1)], "没有公共边"),
    (lambda at: ["merge", WHOLE, EAST, "--code", "530199001002"], "三位数字"),
    (lambda at: ["merge", WHOLE, EAST, "--code", EAST], "已用过"),
    (lambda at: ["merge", WHOLE, EAST, "--officer", "nobody"], "专职网格员"),
]


def test_what_cannot_be_drawn_is_refused(grid: Command, url: str, middle: Path, tmp_path: Path) -> None:
    lon, lat = town.centre(WHOLE)
    redrawn.write_line(tmp_path / "away.geojson", [(lon, lat), (lon + 0.001, lat)])
    edge = town.WEST + 0.00001
    redrawn.write_line(tmp_path / "thin.geojson", [(edge, lat - 0.02), (edge, lat + 0.02)])
    before = digest(url)
    for arguments, words in REFUSED:
        said = grid(*arguments(tmp_path))
        assert said.status == 2, said.text
        assert words in said.text
    assert digest(url) == before


def test_all_faults_of_drawn_parts_are_told_at_once(grid: Command, url: str, tmp_path: Path) -> None:
    drawn = parts(
        tmp_path / "p.geojson", (0, 0, 0.4, 1), (0.3, 0, 0.7, 0.9), (0.7, 0, 1.2, 1), (0.7, 0, 0.701, 1)
    )
    said = grid("split", WHOLE, "--parts", drawn, lang="en")
    assert said.status == 2
    for word in ("overlaps", "lie outside", "belong to no area", "wide on average; 10.0 m at least"):
        assert word in said.text


def test_drawn_parts_with_codes_of_their_own(grid: Command, url: str, tmp_path: Path) -> None:
    codes = {"c1": f"{COMMUNITY}101", "c2": f"{COMMUNITY}102"}
    drawn = parts(tmp_path / "p.geojson", (0, 0, 0.4, 1), (0.4, 0, 1, 1), **codes)
    assert grid("split", WHOLE, "--parts", drawn).status == 0
    redrawn.check_places(url)
    with transaction(url) as connection:
        names = connection.execute(text("SELECT name FROM areas WHERE code = ANY (:c) ORDER BY code"),
                                   {"c": list(codes.values())}).scalars().all()  # fmt: skip
    assert names == ["part 1", "part 2"]


def test_the_officer_who_is_named_goes_on(grid: Command, url: str) -> None:
    said = grid("merge", WHOLE, EAST, "--officer", f"ref-{EAST}", "--name", "合", lang="en")
    assert f"ref-{EAST} (ref-{EAST}), Grid officer" in said.text.replace("grid officer", "Grid officer")
    assert f"ref-{WHOLE} (ref-{WHOLE})" in next(line for line in said.text.splitlines() if "×" in line)
    with transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT s.code, n.code AS cell FROM assignments x JOIN staff_members s ON s.id = x.staff_id"
                " JOIN area_numbers n ON n.no = x.cell_no WHERE x.until_on IS NULL AND n.code LIKE :of ORDER BY 2"
            ),
            {"of": f"{COMMUNITY}%"},
        ).all()
    assert (f"ref-{EAST}", f"{COMMUNITY}005") in [tuple(row) for row in rows]
    assert f"ref-{WHOLE}" not in [row.code for row in rows]


def test_posts_rules_and_the_wall_go_along(grid: Command, url: str, middle: Path) -> None:
    with transaction(url) as connection:
        no = connection.execute(text("SELECT no FROM areas WHERE code = :c"), {"c": WHOLE}).scalar_one()
        unit = staffing.unit_ids(connection, 1)["sanitation"]
        post = staffing.add_post(connection, unit, "grid_officer", "x", [no])
        connection.execute(
            text(
                "INSERT INTO routing_rules (district_id, line, area_no, unit_code) VALUES (1, 'x', :no, 'sanitation')"
            ),
            {"no": no},
        )
        connection.execute(
            text("INSERT INTO wall_settings (district_id, focus_no) VALUES (1, :no)"), {"no": no}
        )
    assert grid("split", WHOLE, "--line", middle).status == 0
    made = {f"{COMMUNITY}005", f"{COMMUNITY}006"}
    with transaction(url) as connection:

        def codes(of: str) -> set[str]:
            statement = f"SELECT n.code FROM area_numbers n JOIN ({of}) x ON x.no = n.no"
            return set(connection.execute(text(statement)).scalars())

        assert codes(f"SELECT area_no AS no FROM post_areas WHERE post_id = {post}") == {WHOLE, *made}
        held = "SELECT area_no AS no FROM routing_rules WHERE valid_to_on IS"
        assert codes(f"{held} NULL AND line = 'x'") == made
        assert codes(f"{held} NOT NULL AND line = 'x'") == {WHOLE}
        assert codes("SELECT focus_no AS no FROM wall_settings") == {COMMUNITY}


@pytest.mark.parametrize(
    "step",
    [
        "carry_staff",
        "carry_rules",
        "settle_households",
        "store.follow_cells",
        "registry.relink",
        "ledger.add",
    ],
)
def test_a_step_that_fails_undoes_all(
    grid: Command, url: str, middle: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise NotFoundError("district_missing")

    before = digest(url)
    room, _, name = step.rpartition(".")
    monkeypatch.setattr(getattr(redrawing, room) if room else redrawing, name, fail)
    assert grid("split", WHOLE, "--line", middle).status == 2
    assert digest(url) == before


def test_a_volunteer_follows_their_building(grid: Command, url: str, middle: Path) -> None:
    with transaction(url) as connection:
        no = connection.execute(text("SELECT no FROM areas WHERE code = :c"), {"c": WHOLE}).scalar_one()
        for code, place in (("v1", f"ref-{WHOLE}"), ("v2", "nowhere known")):
            who = staffing.add_staff(connection, district_id=1, code=code, name=code)
            cells.assign(connection, [(who, no, Duty.BUILDING_HEAD)], redrawn.START)
            cells.place_of(connection, who, no, Duty.BUILDING_HEAD, place)
    assert grid("split", WHOLE, "--line", middle).status == 0
    with transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT s.code, n.code AS cell FROM assignments x JOIN staff_members s ON s.id = x.staff_id"
                " JOIN area_numbers n ON n.no = x.cell_no WHERE s.code IN ('v1', 'v2') AND x.until_on IS NULL"
                " ORDER BY 1, 2"
            )
        ).all()
    west, east = f"{COMMUNITY}005", f"{COMMUNITY}006"
    assert [tuple(row) for row in rows] == [("v1", west), ("v2", west), ("v2", east)]

"""Cases from elsewhere have a log: a row `imported`, another when the source changes its mind, none once moved here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from app.cases.rules.folding import LoggedMove, fold
from app.cases.service.situation import situation
from app.cases.store import bulk, chaining
from app.db import transaction
from app.interop.service import CaseImport, import_cases
from app.interop.service.report import ImportReport
from app.postgres import Cluster
from tests import town
from tests.cluster import clone

pytestmark = pytest.mark.db

HEADER = "编号,类别,状态,上报时间,到期时间,结案时间,描述,经度,纬度\n"


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as made:
        town.build(made)
        yield made


def row(number: int, state: str = "handling", words: str = "井盖破损", closed: str = "") -> str:
    lon, lat = town.centre(list(town.CELLS)[number % 16])
    due = f"2026-11-{number % 20 + 2:02} 09:30:00.250000"
    return f"外-{number},道路破损,{state},2026-11-01 08:00:00,{due},{closed},{words},{lon},{lat}\n"


def take_in(url: str, folder: Path, rows: list[str]) -> ImportReport:
    path = folder / "cases.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return import_cases(url, path, CaseImport())


def query(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement), values))


LOG = """
SELECT t.* FROM case_transitions t JOIN cases c ON c.id = t.case_id WHERE c.external_ref = :ref ORDER BY version
"""


def folds(url: str, ref: str) -> int:
    """The row is what its log gives, the chain holds; how many rows there are."""
    rows = query(url, LOG, ref=ref)
    case = query(url, "SELECT * FROM cases WHERE external_ref = :ref", ref=ref)[0]
    now = fold(LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows)
    assert (now.state, now.loop, now.version, now.unit) == (case.state, case.loop, case.version, case.unit_id)
    assert now.closed_at == case.closed_at
    return len(rows)


def broken(url: str) -> int:
    return int(
        query(
            url,
            "SELECT count(*) AS n FROM case_transitions t WHERE hash <> transition_hash(t) OR previous IS DISTINCT FROM"
            " CASE version WHEN 1 THEN first_link(case_id) ELSE (SELECT b.hash FROM case_transitions b"
            " WHERE b.case_id = t.case_id AND b.version = t.version - 1) END",
        )[0].n
    )


@pytest.mark.parametrize("apart", [False, True])
def test_a_new_case_begins_with_what_its_source_said(
    url: str, tmp_path: Path, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_ROWS", 3 if apart else 50_000)
    report = take_in(
        url, tmp_path, [row(1), row(2, "closed", '引号"与\\反斜线', "2026-11-03 10:00:00"), row(3), row(4)]
    )
    assert report.added == 4
    for ref in ("外-1", "外-2", "外-3", "外-4"):
        assert folds(url, ref) == 1
    said = query(
        url,
        "SELECT t.facts, imported_facts(c) AS own, t.area_no = c.area_no AS there, c.version,"
        " t.tableoid = 'case_transitions_live'::regclass AS live"
        " FROM case_transitions t JOIN cases c ON c.id = t.case_id WHERE t.move = 'imported'"
        " AND c.external_ref LIKE '外-%'",
    )
    assert len(said) == 4
    for one in said:
        assert set(one.facts) == set(one.own)
        for name in set(one.own) - {"due_at", "reported_at", "closed_at"}:
            assert one.facts[name] == one.own[name]
        assert one.there and one.version == 1 and one.live != apart
    times = query(
        url,
        "SELECT count(*) AS n FROM case_transitions t JOIN cases c ON c.id = t.case_id AND c.external_ref LIKE '外-%'"
        " WHERE (t.facts ->> 'due_at')::timestamptz = c.due_at AND (t.facts ->> 'reported_at')::timestamptz"
        " = c.reported_at AND (t.facts ->> 'closed_at')::timestamptz IS NOT DISTINCT FROM c.closed_at",
    )
    assert times[0].n == 4
    assert broken(url) == 0


def test_the_same_again_changes_nothing_and_another_word_is_another_row(url: str, tmp_path: Path) -> None:
    take_in(url, tmp_path, [row(1), row(2)])
    again = take_in(url, tmp_path, [row(1), row(2, "closed", closed="2026-11-04 10:00:00"), row(3)])
    assert (again.added, again.changed, again.unchanged) == (1, 1, 1)
    assert (folds(url, "外-1"), folds(url, "外-2")) == (1, 2)
    second = query(url, LOG, ref="外-2")[1]
    assert (second.source, second.target, second.move) == ("handling", "closed", "imported")
    assert second.facts["closed_at"].startswith("2026-11-04T02:00:00")
    assert second.facts["import"] == query(url, "SELECT max(id) AS id FROM imports")[0].id
    assert broken(url) == 0


def test_a_case_without_a_log_gets_what_it_was_and_what_it_became(url: str, tmp_path: Path) -> None:
    ref = f"ref-{town.cell(0, 3)}"
    changed = row(1).replace("外-1,", f"{ref},", 1)
    assert take_in(url, tmp_path, [changed]).changed == 1
    assert folds(url, ref) == 2
    assert broken(url) == 0


def test_a_case_that_was_moved_here_is_left_alone_and_told(url: str, tmp_path: Path) -> None:
    take_in(url, tmp_path, [row(1), row(2)])
    with transaction(url) as connection:
        case = connection.execute(text("SELECT id FROM cases WHERE external_ref = '外-1'")).scalar_one()
        found = situation(connection, case, None)
        connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, source, target, loop, area_no, at)"
                " SELECT id, 2, 'remind', state, state, loop, area_no, now() FROM cases WHERE id = :case"
            ),
            {"case": case},
        )
        connection.execute(text("UPDATE cases SET version = 2 WHERE id = :case"), {"case": case})
    assert found.case.version == 1
    report = take_in(
        url, tmp_path, [row(1, "closed", closed="2026-11-04 10:00:00"), row(2, words="换了说法")]
    )
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    assert ("cases_moved_here", {"count": 1}) in report.notes
    assert query(url, "SELECT state FROM cases WHERE external_ref = '外-1'")[0].state == "handling"
    assert folds(url, "外-1") == 2


@pytest.mark.parametrize("apart", [False, True])
def test_what_is_told_in_confidence_stays_veiled_however_it_comes(
    url: str, tmp_path: Path, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_ROWS", 3 if apart else 50_000)
    with transaction(url) as connection:
        connection.execute(text("UPDATE case_categories SET restricted = true"))
    rows = [row(1), row(2), row(3), row(4)]
    take_in(url, tmp_path, rows)
    assert take_in(url, tmp_path, rows).unchanged == 4
    changed = [row(1, "closed", "另一段话", "2026-11-04 10:00:00"), *rows[1:]]
    assert take_in(url, tmp_path, changed).changed == 1
    shown = query(
        url,
        "SELECT c.description, c.address, ST_Equals(c.geom, ST_PointOnSurface(a.geom)) AS middle,"
        " ST_Equals(c.geom_3857, ST_Transform(c.geom, 3857)) AS web FROM cases c JOIN areas a ON a.id = c.cell_id"
        " WHERE c.external_ref LIKE '外-%'",
    )
    assert {tuple(one) for one in shown} == {(None, None, True, True)} and len(shown) == 4
    kept = query(
        url,
        "SELECT r.version, r.body FROM case_remarks r JOIN cases c ON c.id = r.case_id"
        " WHERE c.external_ref = '外-1' AND field = 'kept_description' ORDER BY 1",
    )
    assert [tuple(one) for one in kept] == [(1, "井盖破损"), (2, "另一段话")]
    assert broken(url) == 0


def test_the_chain_is_the_same_in_both_languages(url: str) -> None:
    """Whatever a row holds, Python hashes it as the database does."""
    given = {
        "opinion": {"sha256": "ab"},
        "évidence": [1, 2],
        "a": True,
        "b": None,
        "bb": 'x"\\\n\t\x07…𠮷',
        "unit": -3,
    }
    with transaction(url) as connection:
        stored = connection.execute(
            text(
                "INSERT INTO case_transitions (case_id, version, move, target, loop, area_no, seats, given, at)"
                " VALUES (77, 1, 'x', 'y', 'z', 5, '{a,b}', CAST(:given AS jsonb), '2026-11-01T00:00:00.25Z')"
                " RETURNING hash, previous, given::text AS given,"
                " (extract(epoch FROM recorded_at) * 1000000)::bigint AS at"
            ),
            {"given": chaining.canonical(given)},
        ).one()
        connection.rollback()
    assert stored.given == chaining.canonical(given)
    at = np.datetime64("2026-11-01T00:00:00.25", "us").astype(int)
    body = (
        f'[77, 1, "x", null, "y", "z", null, 5, null, null, ["a", "b"], {chaining.canonical(given)}, {{}}, {at},'
        f" {stored.at}, null]"
    )
    assert stored.previous == chaining.first_link(77)
    assert stored.hash == chaining.link(stored.previous, body)

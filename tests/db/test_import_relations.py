"""Files of relations: both ends by code, number or id; added once, ended later, every fault by row and column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli.registry import registry
from app.interop.rules.relations import RELATION
from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.report import ImportReport
from app.postgres import Cluster
from spatial.errors import LayerError, SourceError
from tests import registered, town
from tests.cluster import clone
from tests.db.test_import_elements import ask, counts, csv
from tests.registered import CELLS, Registered, credit, identity

pytestmark = pytest.mark.db

HEADER = "关系,主体,客体,起始日期,终止日期"
OBJECT = "5301990305000003"
TIED = "SELECT kind, source_id, case_id, target_id, from_on::text, to_on::text FROM relations WHERE source = 'r.csv'" \
    " ORDER BY id"  # fmt: skip


@pytest.fixture
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with clone(cluster) as url:
        town.build(url)
        yield url, registered.register(url)


def take(url: str, folder: Path, *lines: str, **options: Any) -> ImportReport:
    path = csv(folder / "r.csv", HEADER, *lines)
    return import_elements(url, path, ElementImport(RELATION, **options))


def faults(url: str, folder: Path, *lines: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(LayerError) as refused:
        take(url, folder, *lines)
    assert ask(url, TIED) == []
    assert not any(identity(n) in str(fault.value) for n in (0, 1) for fault in refused.value.faults)
    return [(one.row, one.field, one.code.removeprefix("entry.")) for one in refused.value.faults]


def test_ends_are_known_by_code_number_and_id(built: tuple[str, Registered], tmp_path: Path) -> None:
    url, ids = built
    lines = [
        f"就职于,{identity(0)},{credit(2)},2024-01-01,",
        f"owns,{ids.persons[1]},{OBJECT},2024-01-01,2025-01-01",
        f"负责,{credit(2).lower()},{OBJECT},2024-01-01,",
        f"涉及,ref-{CELLS[2]},{ids.organisations[2]},2024-01-01,",
    ]
    lines[2] = lines[2].replace(credit(2).lower(), credit(2))
    assert counts(take(url, tmp_path, *lines)) == (4, 4, 0, 0, 0)
    ((case,),) = ask(url, "SELECT id FROM cases WHERE external_ref = :ref", ref=f"ref-{CELLS[2]}")
    assert ask(url, TIED) == [
        ("works_at", ids.persons[0], None, ids.organisations[2], "2024-01-01", None),
        ("owns", ids.persons[1], None, ids.objects[3], "2024-01-01", "2025-01-01"),
        ("responsible_for", ids.organisations[2], None, ids.objects[3], "2024-01-01", None),
        ("concerns", None, case, ids.organisations[2], "2024-01-01", None),
    ]
    assert counts(take(url, tmp_path, *lines)) == (4, 0, 0, 4, 0)
    lines[0] += "2025-06-01"
    assert counts(take(url, tmp_path, *lines)) == (4, 0, 1, 3, 0)
    assert ask(url, TIED)[0][4:] == ("2024-01-01", "2025-06-01")


def test_every_fault_is_told(built: tuple[str, Registered], tmp_path: Path) -> None:
    url, ids = built
    person, firm = identity(0), credit(2)
    assert faults(
        url, tmp_path, f"喜欢,{person},{firm},,", f"就职于,,{firm},,", f"就职于,{identity(900)},{firm},,",
        f"就职于,{firm},{person},,", f"就职于,{person},{firm},2099-01-01,", f"就职于,{person},{firm},昨天,",
        f"就职于,{person},{firm},2024-01-01,2023-01-01", f"居住于,{person},{ids.flats[0]},,",
        f"监护,{person},{ids.persons[0]},,", f"就职于,{person},NOBODY,,", f"服务,{firm},{person},,",
        f"服务,{ids.organisations[2]},{ids.persons[0]},,", f"涉及,无此案,{firm},,",
    ) == [
        (1, "关系", "relation_unknown"), (2, "主体", "value_missing"), (3, "主体", "target_unknown"),
        (4, "关系", "does_not_tie"), (5, "起始日期", "day_later"), (6, "起始日期", "day_unreadable"),
        (7, "终止日期", "days_reversed"), (8, "关系", "relation_by_site"), (9, "客体", "target_unknown"),
        (10, "客体", "target_unknown"), (12, "主体", "code_twice"), (13, "主体", "target_unknown"),
    ]  # fmt: skip


def test_a_file_without_ends_is_none(built: tuple[str, Registered], tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        import_elements(built[0], csv(tmp_path / "r.csv", "关系,主体", "就职于,1"), ElementImport(RELATION))


def test_the_command(built: tuple[str, Registered], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.registry.workspace_url", lambda: built[0])
    path = csv(
        tmp_path / "r.csv", HEADER, f"就职于,{identity(0)},{credit(2)},,", f"就职于,{identity(0)},NOBODY,,"
    )
    marked = tmp_path / "marked.xlsx"
    told = CliRunner().invoke(
        registry, ["import", str(path), "--kind", "relation", "--skip-bad", "--errors", str(marked)]
    )
    assert told.exit_code == 0, told.output
    assert marked.exists()
    assert len(ask(built[0], TIED)) == 1

"""Definitions of reports: what can be composed, and what is refused."""

from __future__ import annotations

import pytest

from app.errors import InvalidError
from app.reports.rules.definitions import BUILT_IN, choosable, composed, formats_of
from app.reports.rules.formats import MEDIA_TYPES, Format
from app.reports.rules.kinds import KINDS, About, ReportKind
from app.reports.service.formats import ROOMS


def test_each_kind_has_a_definition_and_each_format_a_room_and_a_type() -> None:
    assert [one.kind for one in BUILT_IN.values()] == list(ReportKind) and set(KINDS) == set(ReportKind)
    assert set(ROOMS) == set(MEDIA_TYPES) == set(Format)


@pytest.mark.parametrize("kind", [kind for kind in ReportKind if KINDS[kind].about is About.PLACE])
def test_what_comes_with_the_program_can_be_composed(kind: ReportKind) -> None:
    composed(kind, KINDS[kind].sections, ["pdf"])
    assert set(KINDS[kind].sections) <= set(choosable(kind))


@pytest.mark.parametrize(
    ("sections", "formats", "code"),
    [
        ([], ["pdf"], "report_sections_none"),
        (["summary", "nothing"], ["pdf"], "report_section_unknown"),
        (["summary", "summary"], ["pdf"], "report_section_twice"),
        (["photos"], ["pdf"], "report_section_unknown"),
        (["summary"], [], "report_formats_none"),
        (["summary"], ["exe"], "report_format_unknown"),
    ],
)
def test_what_cannot_be_composed_is_refused(sections: list[str], formats: list[str], code: str) -> None:
    with pytest.raises(InvalidError) as error:
        composed(ReportKind.WEEKLY, sections, formats)
    assert error.value.code == code


def test_a_format_is_written_once() -> None:
    assert formats_of(["xlsx", "pdf", "xlsx"]) == (Format.XLSX, Format.PDF)

"""报表定义: of which sections a report is made, and in which formats, by code and version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import InvalidError
from app.reports.rules.formats import Format
from app.reports.rules.kinds import KINDS, PERIODIC, About, ReportKind

FIRST = 1
"""The version of a definition that comes with the program; one that a district makes of it is a later one."""

USUAL = (Format.PDF, Format.HTML, Format.XLSX)


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition in one version.

    Parameters
    ----------
    title, title_en
        How its reports are called, without place and period; empty for the name of the kind.
    """

    code: str
    version: int
    kind: ReportKind
    sections: tuple[str, ...]
    formats: tuple[Format, ...]
    title: str = ""
    title_en: str = ""
    retired: bool = False

    def called(self, locale: str) -> str:
        """Its title in a language; empty for the name of the kind."""
        return self.title if locale.startswith("zh") else self.title_en or self.title


BUILT_IN: dict[str, Definition] = {
    kind.value: Definition(kind.value, FIRST, kind, rule.sections, USUAL) for kind, rule in KINDS.items()
}


def choosable(kind: ReportKind) -> tuple[str, ...]:
    """The sections that a report of a kind can have."""
    rule = KINDS[kind]
    if rule.about is not About.PLACE or kind is ReportKind.ATLAS:
        return rule.sections
    return tuple(dict.fromkeys((*PERIODIC, *KINDS[ReportKind.DAILY].sections)))


def composed(kind: ReportKind, sections: Sequence[str], formats: Sequence[str]) -> None:
    """See that a definition can be made of this.

    Raises
    ------
    InvalidError
        `report_sections_none`, `report_section_unknown`, `report_section_twice`, `report_formats_none`,
        `report_format_unknown`.
    """
    known = choosable(kind)
    if not sections:
        raise InvalidError("report_sections_none")
    if strange := [one for one in sections if one not in known]:
        raise InvalidError("report_section_unknown", section=strange[0][:40], known=", ".join(known))
    if len(set(sections)) < len(sections):
        twice = next(one for one in sections if list(sections).count(one) > 1)
        raise InvalidError("report_section_twice", section=twice)
    formats_of(formats)


def formats_of(names: Sequence[str]) -> tuple[Format, ...]:
    """Formats by their names, each once.

    Raises
    ------
    InvalidError
        `report_formats_none`, `report_format_unknown`.
    """
    if not names:
        raise InvalidError("report_formats_none")
    known = [one.value for one in Format]
    if strange := [name for name in names if name not in known]:
        raise InvalidError("report_format_unknown", format=strange[0][:40], known=", ".join(known))
    return tuple(dict.fromkeys(Format(name) for name in names))

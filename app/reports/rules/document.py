"""A report as sections of words, figures, tables, trends and maps: every format is written from it and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.reports.rules.blocks import Block, Words


class Style(StrEnum):
    """What it is on paper: a report of many pages, a form of one, or a sign that is read from afar."""

    REPORT = "report"
    FORM = "form"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under a heading.

    Parameters
    ----------
    fresh
        Whether it begins a page, as each sheet of an atlas does.
    """

    code: str
    title: str
    blocks: tuple[Block, ...]
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a report comes from.

    Parameters
    ----------
    known_at
        As of which instant.
    definition, version
        By which definition.
    counts
        How many rows of what it was made of.
    rules
        By which rules it counts, a sentence each.
    """

    known_at: datetime
    timezone: str
    definition: str
    version: int
    counts: Mapping[str, int]
    rules: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Parameters
    ----------
    number
        What it is called by on paper: 盘龙季报 2026-3-04.
    since_on, until_on
        First and last day of its period.
    """

    kind: str
    title: str
    subtitle: str
    issuer: str
    scope: str
    since_on: date
    until_on: date
    locale: str
    sections: tuple[Section, ...]
    provenance: Provenance
    wide: bool = False
    style: Style = Style.REPORT
    number: str = ""

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with the section that it stands in."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block

    def reworded(self, words: Mapping[tuple[str, str], str]) -> Report:
        """The same report with other words.

        Parameters
        ----------
        words
            By section and block; others stay as they are.

        Raises
        ------
        ValueError
            There is no such paragraph.
        """
        known = {(section.code, one.code) for section, one in self.blocks() if isinstance(one, Words)}
        if strange := sorted(words.keys() - known):
            raise ValueError("/".join(strange[0]))

        def block(section: Section, one: Block) -> Block:
            if isinstance(one, Words) and (section.code, one.code) in words:
                return replace(one, text=words[section.code, one.code])
            return one

        sections = tuple(
            replace(section, blocks=tuple(block(section, one) for one in section.blocks))
            for section in self.sections
        )
        return replace(self, sections=sections)

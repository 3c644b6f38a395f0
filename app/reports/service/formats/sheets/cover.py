"""The first sheet: what the report is, its first figures and words, and where the rest stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.reports.rules.blocks import Block, Code, Failed, Figures, Photos, Signatures, Words
from app.reports.rules.document import Section
from app.reports.rules.values import Kind
from app.reports.service.formats.sheets.leaf import Leaf
from app.reports.service.formats.sheets.looks import aligned

COLUMNS = (34, 20, 44, 14)
ROOM = float(sum(COLUMNS))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of sheets.

    Parameters
    ----------
    sort
        What is in it: a word of `office.sort_*`.
    rows
        How many; None where nobody counts them.
    """

    sheet: str
    sort: str
    section: str
    rows: int | None


class Cover:
    """The first sheet, written from above to below."""

    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self._row = 1
        for letter, wide in zip("ABCD", COLUMNS, strict=True):
            leaf.sheet.column_dimensions[letter].width = wide

    def write(self, entries: Sequence[Entry]) -> None:
        """Write it; the list of sheets follows the section with the first figures."""
        self._head()
        first = next((s for s, one in self.leaf.report.blocks() if isinstance(one, Figures)), None)
        if first is None:
            self._list(entries)
        for section in self.leaf.report.sections:
            self._section(section)
            if section is first:
                self._list(entries)
        self.leaf.sheet.sheet_view.showGridLines = False
        self.leaf.print_as(len(COLUMNS))

    def _head(self) -> None:
        report, leaf = self.leaf.report, self.leaf
        self._across(report.title, "name")
        told = [report.subtitle, report.issuer, report.number]
        if report.since_on.isoformat() not in report.subtitle:
            told.append(leaf.t("period", since=report.since_on, until=report.until_on))
        if leaf.known_at not in report.subtitle:
            told.append(leaf.t("as_of", at=leaf.known_at))
        self._across(" · ".join(one for one in told if one), "quiet")
        if leaf.simulated:
            self._across(leaf.simulated, "mark")
        self._row += 1

    def _section(self, section: Section) -> None:
        blocks = [one for one in section.blocks if isinstance(one, TOLD)]
        if not blocks:
            return
        self._across(section.title, "section")
        for one in blocks:
            if one.title:
                self._across(one.title, "part")
            self._block(one)
            if one.note:
                self._across(one.note, "quiet")
        self._row += 1

    def _block(self, one: Block) -> None:
        match one:
            case Words():
                self._across(one.text, "words")
            case Failed():
                self._across(one.text, "failed")
            case Figures():
                self._figures(one)
            case Code():
                self._across(f"{one.caption}: {one.content}", "words")
            case Photos():
                for at, photo in enumerate(one.photos, 1):
                    self._across(self.leaf.t("photo", number=at, caption=photo.caption), "words")
            case Signatures():
                for place in one.places:
                    self._across(f"{place}: ____________________", "words")

    def _figures(self, one: Figures) -> None:
        self.leaf.heads(
            [self.leaf.t("figure"), self.leaf.t("value"), self.leaf.t("beside"), ""],
            [Kind.TEXT, Kind.COUNT, Kind.TEXT, Kind.TEXT],
            self._row,
        )
        for figure in one.figures:
            self._row += 1
            self.leaf.put(self._row, 1, figure.title)
            cell = self.leaf.put(self._row, 2, figure.value, figure.kind, "late" if figure.late else "")
            cell.alignment = aligned("right", wrap=False)
            self.leaf.put(self._row, 3, figure.beside)
            self.leaf.put(self._row, 4, "")
        self._row += 1

    def _list(self, entries: Sequence[Entry]) -> None:
        leaf = self.leaf
        self._across(leaf.t("contents"), "section")
        titles = [leaf.t("sheet"), leaf.t("sort"), leaf.t("section"), leaf.t("rows")]
        leaf.heads(titles, [Kind.TEXT, Kind.TEXT, Kind.TEXT, Kind.COUNT], self._row)
        for entry in entries:
            self._row += 1
            leaf.link(self._row, 1, entry.sheet, entry.sheet)
            leaf.put(self._row, 2, leaf.t(f"sort_{entry.sort}"))
            leaf.put(self._row, 3, entry.section)
            leaf.put(self._row, 4, "" if entry.rows is None else entry.rows, Kind.COUNT)
        self._row += 2

    def _across(self, text: str, look: str) -> None:
        self.leaf.across(self._row, text, look, len(COLUMNS), ROOM)
        self._row += 1


TOLD = (Words, Failed, Figures, Code, Photos, Signatures)
"""Blocks that stand on the first sheet; others have sheets of their own."""

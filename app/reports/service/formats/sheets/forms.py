"""Names and values as a sheet: the facts of a form, and where the report comes from."""

from __future__ import annotations

from collections.abc import Sequence

from app.reports.rules.blocks import Fact, Facts
from app.reports.rules.values import Kind
from app.reports.service.formats.sheets.leaf import HEAD, Leaf
from app.reports.service.formats.sheets.looks import aligned, width
from app.reports.service.keeping import digest
from app.web.i18n import translate

VALUE_ROOM = 60


def write_facts(leaf: Leaf, facts: Facts, title: str) -> None:
    """Write a form, one line each."""
    _lines(leaf, facts.facts, title, facts.note)


def write_origin(leaf: Leaf, title: str) -> None:
    """Write as of when, by which definition, of how many rows and by which rules; and the digest of it all."""
    report, of = leaf.report, leaf.report.provenance

    def line(name: str, value: str | int, kind: Kind = Kind.TEXT) -> Fact:
        return Fact(name, translate(report.locale, f"report.{name}"), value, kind)

    _lines(
        leaf,
        (
            Fact("known_at", translate(report.locale, "report.known_at"), of.known_at, Kind.INSTANT),
            Fact("timezone", leaf.t("timezone"), of.timezone),
            Fact("since", leaf.t("since"), report.since_on, Kind.DAY),
            Fact("until", leaf.t("until"), report.until_on, Kind.DAY),
            line("definition", of.definition),
            Fact("version", leaf.t("version"), of.version, Kind.COUNT),
            *(line(f"rows_{name}", count, Kind.COUNT) for name, count in of.counts.items()),
            *(line("rule", rule) for rule in of.rules),
            line("digest", digest(report), Kind.CODE),
        ),
        title,
        "",
    )


def _lines(leaf: Leaf, facts: Sequence[Fact], title: str, note: str) -> None:
    names = max((width(one.title) for one in facts), default=0)
    room = leaf.widen([names, VALUE_ROOM])
    leaf.sheet.column_dimensions["B"].width = VALUE_ROOM + 8  # a digest is 64 digits, and stands in one line
    leaf.top(title, note, 2, room + 20)
    leaf.heads([leaf.t("item"), leaf.t("value")], [Kind.TEXT, Kind.TEXT])
    for row, one in enumerate(facts, HEAD + 1):
        leaf.put(row, 1, one.title)
        cell = leaf.put(row, 2, one.value, one.kind, "late" if one.late else "")
        cell.alignment = aligned("left", wrap=True)
    leaf.sheet.freeze_panes = leaf.sheet.cell(HEAD + 1, 1)
    leaf.back(3)
    leaf.print_as(2, HEAD)

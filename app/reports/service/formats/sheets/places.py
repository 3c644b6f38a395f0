"""What a map shows as sheets: the numbers of its areas, and where its marks are."""

from __future__ import annotations

import numpy as np

from app.reports.rules.maps import Fill, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.formats.sheets.leaf import HEAD, Leaf, widest
from app.reports.service.formats.sheets.looks import DEGREES
from app.reports.service.formats.sheets.tables import write_table
from app.reports.service.mapping import classes_of, legend_words, numbers_of


def write_fill(leaf: Leaf, fill: Fill, title: str, note: str) -> None:
    """Write the areas of a map with their numbers, and into which class each falls."""
    columns = (
        Column("code", leaf.t("code"), Kind.CODE),
        Column("name", leaf.t("name")),
        Column("value", fill.title, fill.kind),
        Column("class", leaf.t("class")),
    )
    zone = leaf.report.provenance.timezone
    rows = tuple(zip(fill.codes, fill.names, fill.values, class_words(fill, zone), strict=True))
    write_table(leaf, Table("fill", title, columns, rows, note), title, compared=True)


def write_marks(leaf: Leaf, marks: Marks, title: str, note: str) -> None:
    """Write the places of a map's marks, in degrees, as many digits as ten centimetres need."""
    titles = [leaf.t("lon"), leaf.t("lat"), leaf.t("name")]
    kinds = [Kind.HOURS, Kind.HOURS, Kind.TEXT]
    room = leaf.widen([11, 11, widest(marks.names, Kind.TEXT, titles[2])], 2)
    leaf.top(title, note, len(titles), room)
    leaf.heads(titles, kinds)
    for row, (place, name) in enumerate(zip(marks.places, marks.names, strict=True), HEAD + 1):
        for column, degrees in enumerate(place, 1):
            cell = leaf.put(row, column, None if np.isnan(degrees) else degrees, Kind.HOURS)  # type: ignore[arg-type]
            cell.number_format = DEGREES
        leaf.put(row, 3, name)
    if not marks.places:
        leaf.put(HEAD + 1, 1, leaf.t("no_rows"))
    leaf.sheet.freeze_panes = leaf.sheet.cell(HEAD + 1, 1)
    leaf.sheet.auto_filter.ref = f"A{HEAD}:C{HEAD + len(marks.places)}"
    leaf.back(len(titles) + 1)
    leaf.print_as(len(titles), HEAD)


def class_words(fill: Fill, zone: str) -> list[str | None]:
    """The class of each area in the legend's words; None where it has no number."""
    classes = classes_of(fill)
    if classes is None:
        return [None] * len(fill.values)
    words = legend_words(classes, fill.kind, zone)
    return [words[at] if at >= 0 else None for at in classes.of(numbers_of(fill)).tolist()]

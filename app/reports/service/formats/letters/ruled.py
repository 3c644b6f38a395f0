"""Ruled tables of a letter, written as XML: python-docx takes minutes for ten thousand rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.reports.service.formats.letters.looks import ink
from spatial.writers.sheets import clean

TWIPS_A_MM = 1440 / 25.4
HALF_POINTS = 18
PAD_MM = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A cell.

    Parameters
    ----------
    size
        Of its letters, in half points; None for those of the table.
    side
        "left", "center" or "right".
    span
        Over how many columns it lies.
    """

    text: str
    side: str = "left"
    bold: bool = False
    colour: str = "text"
    fill: str = ""
    size: int | None = None
    span: int = 1


def add_table(
    document: Document,
    widths_mm: Sequence[float],
    rows: Iterable[Sequence[Box]],
    *,
    heads: int = 0,
    grid: bool = False,
    pad_mm: float = PAD_MM,
    size: int = HALF_POINTS,
    alt: str = "",
) -> Any:
    """Add a table.

    Parameters
    ----------
    heads
        How many rows are repeated on every page.
    grid
        Whether every cell has a frame; else there are rules between rows only.
    pad_mm
        Room at each side of a cell.
    size
        Of letters, in half points, where a cell has no other.
    alt
        What it holds, for who has it read out.
    """
    widths = [round(one * TWIPS_A_MM) for one in widths_mm]
    written = "".join(_row(row, widths, size, head=number < heads) for number, row in enumerate(rows))
    columns = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    told = f'<w:tblCaption w:val="{escape(clean(alt), {chr(34): "&quot;"})}"/>' if alt else ""
    given = f"<w:tblW w:w='{sum(widths)}' w:type='dxa'/><w:jc w:val='center'/>{_borders(grid)}"
    table = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>{given}<w:tblLayout w:type='fixed'/>{_margins(pad_mm)}{told}</w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{written}</w:tbl>"
    )
    document.element.body.insert_element_before(table, "w:sectPr")
    return table


def _row(row: Sequence[Box], widths: Sequence[int], size: int, *, head: bool) -> str:
    cells, at = [], 0
    for box in row:
        cells.append(_cell(box, sum(widths[at : at + box.span]), box.size or size))
        at += box.span
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(box: Box, width: int, size: int) -> str:
    span = f'<w:gridSpan w:val="{box.span}"/>' if box.span > 1 else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{ink(box.fill)}"/>' if box.fill else ""
    bold = "<w:b/>" if box.bold else ""
    letters = (
        f'<w:rPr>{bold}<w:color w:val="{ink(box.colour)}"/><w:sz w:val="{size}"/>'
        f'<w:szCs w:val="{size}"/></w:rPr>'
    )
    paragraphs = "".join(
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/><w:jc w:val="{box.side}"/>'
        f'</w:pPr><w:r>{letters}<w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in clean(box.text).split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraphs}</w:tc>"
    )


def _borders(grid: bool) -> str:
    strong, fine = ink("text"), ink("line-control" if grid else "line-2")
    edges = {
        "top": strong,
        "left": strong,
        "bottom": strong,
        "right": strong,
        "insideH": fine,
        "insideV": fine,
    }
    if not grid:
        del edges["left"], edges["right"], edges["insideV"]
    drawn = "".join(
        f'<w:{edge} w:val="single" w:sz="{8 if colour == strong else 4}" w:space="0" w:color="{colour}"/>'
        for edge, colour in edges.items()
    )
    return f"<w:tblBorders>{drawn}</w:tblBorders>"


def _margins(pad_mm: float) -> str:
    pad = round(pad_mm * TWIPS_A_MM)
    sides = "".join(f'<w:{side} w:w="{pad}" w:type="dxa"/>' for side in ("left", "right"))
    return f"<w:tblCellMar>{sides}</w:tblCellMar>"
